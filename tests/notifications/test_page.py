"""The page of messages: one's own, when and no more; the bell until it is silenced; and what the office must know."""

from dataclasses import replace
from datetime import timedelta

import pytest

from incidents import clock, jobs, mail
from incidents.database import writing
from incidents.extensions import db
from incidents.notifications import actions
from incidents.notifications.models import Notice, NoticeKind
from incidents.notifications.smtp import NotTaken, Problem
from tests.cast import Cast
from tests.triage.recorded import record


def send(cast: Cast, who: str, kind: NoticeKind = NoticeKind.NEEDS_YOU) -> None:
    with cast.here():
        with writing(audited=False):
            actions.notify(cast.accounts[who], kind, at=clock.now())
        mail.deliver(clock.now())


def page(cast: Cast, who: str) -> str:
    return cast.client(who).get("/messages").text


def test_it_shows_what_was_sent_to_this_account_and_nobody_elses(cast):
    send(cast, "teacher")
    assert "Something in Incident Book needs you." in page(cast, "teacher")
    assert "Nothing was sent to you yet." in page(cast, "other_teacher")


def test_it_says_nothing_of_what_a_message_was_about(cast):
    with cast.here():
        reference = record(cast).reference
        mail.deliver(clock.now())
    shown = page(cast, "head")
    assert "Something in Incident Book needs you." in shown
    assert [word for word in (reference, "Fenwick", "/incidents/") if word in shown] == []


def test_a_changed_role_leads_to_the_page_of_roles(cast):
    send(cast, "dsl", NoticeKind.ROLE_CHANGED)
    assert "Who may do what has changed" in page(cast, "dsl")


def test_the_bell_counts_messages_until_its_reader_saw_them(cast):
    send(cast, "teacher")
    client = cast.client("teacher")
    assert '1<span class="govuk-visually-hidden"> new' in client.get("/my-records").text
    assert client.post("/messages/seen").status_code == 303
    assert 'visually-hidden"> new' not in client.get("/my-records").text
    assert "Something in Incident Book needs you." in client.get("/messages").text


def test_a_long_list_goes_on_over_the_page(cast):
    with cast.here():
        at = clock.now()
        with writing(audited=False):
            for number in range(30):
                then = at - timedelta(hours=number)
                db.session.add(Notice(school_id=cast.school_id, account_id=cast.accounts["teacher"], kind="needs_you",
                                      made_at=then, sent_at=then))  # fmt: skip
    client = cast.client("teacher")
    first = client.get("/messages").text
    after = first.partition("before=")[2].partition('"')[0]
    older = client.get(f"/messages?before={after}").text
    assert (first.count("<li>Something") + first.count("needs you."), older.count("needs you.")) == (25, 5)
    assert client.get("/messages?before=never").status_code == 200


def given_up(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(message) -> None:
        raise NotTaken(Problem.ADDRESS)

    with monkeypatch.context() as patch:
        patch.setattr(mail, "_keep", refuse)
        patch.setattr("incidents.notifications.rhythm.BACK_OFF", ())
        send(cast, "teacher")


def test_what_was_given_up_is_shown_to_the_office_by_role_only_and_can_be_tried_again(cast, monkeypatch):
    given_up(cast, monkeypatch)
    client = cast.client("administrator")
    shown = client.get("/messages").text
    assert "To: Staff" in shown
    assert [word for word in ("Raman", "teacher@") if word in shown] == []
    assert "Could not be sent" not in page(cast, "head")
    assert client.post("/messages/again").status_code == 303
    with cast.here():
        assert mail.send(clock.now()) == 1
    assert "Could not be sent" not in client.get("/messages").text


def test_only_the_office_tries_again(cast):
    assert cast.client("head").post("/messages/again").status_code == 403


def test_the_office_learns_when_nothing_goes_round(cast):
    assert "do not go round" not in page(cast, "head")
    assert "do not go round" in page(cast, "administrator") or clock.now().minute <= 10
    with cast.here():
        jobs.run_due(clock.now())
    assert "do not go round" not in page(cast, "administrator")


def test_in_a_demo_a_person_reads_their_own_mail(cast, monkeypatch):
    send(cast, "teacher")
    settings = cast.app.config["SETTINGS"]
    assert "Your mail in this demo" not in page(cast, "teacher")
    monkeypatch.setitem(cast.app.config, "SETTINGS", replace(settings, demo=True))
    shown = page(cast, "teacher")
    assert "Subject: Incident Book" in shown
    assert settings.address in shown
    assert "Your mail in this demo" not in page(cast, "external")
