"""One message an account, whatever waits; tried again, never given up in silence, and never sent to who may not know."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import Mock

import pytest
from sqlalchemy import select

from incidents import clock, mail
from incidents.database import writing
from incidents.extensions import db
from incidents.matters.actions import put_in_conflict
from incidents.matters.models import Why
from incidents.notifications import actions, queries
from incidents.notifications.models import Notice, NoticeKind
from incidents.notifications.rhythm import BACK_OFF, BACK_OFF_IN_DANGER, TAKEN_FOR
from incidents.notifications.smtp import NotTaken, Problem
from tests.cast import Cast
from tests.triage.recorded import record

MINUTE = timedelta(minutes=1)


def notify(cast: Cast, *kinds: NoticeKind, who: str = "head") -> None:
    with writing(audited=False):
        for kind in kinds:
            actions.notify(cast.accounts[who], kind, at=clock.now())


def notices() -> list[Notice]:
    db.session.expire_all()
    return list(db.session.scalars(select(Notice).order_by(Notice.made_at, Notice.id)))


@contextmanager
def mail_goes(monkeypatch: pytest.MonkeyPatch, problem: Problem | None = None) -> Iterator[list[str]]:
    """Messages are handed to nobody; the list says whom they were for. With a problem none is taken."""
    went: list[str] = []

    def take(message) -> None:
        if problem:
            raise NotTaken(problem)
        went.append(f"{message['To']}: {message.get_content().splitlines()[0]}")

    with monkeypatch.context() as patch:
        patch.setattr(mail, "_keep", take)
        yield went


def test_what_can_wait_waits_for_the_round(cast, monkeypatch):
    with cast.here(), mail_goes(monkeypatch) as went:
        notify(cast, NoticeKind.NEEDS_YOU)
        assert (mail.send(clock.now()), went) == (0, [])
        assert mail.deliver(clock.now()) == 1


def test_however_much_waits_an_account_gets_one_message(cast, monkeypatch):
    with cast.here(), mail_goes(monkeypatch) as went:
        incident = record(cast)
        with writing(audited=False):
            for kind in (NoticeKind.NEEDS_YOU, NoticeKind.STEP_DUE, NoticeKind.ROLE_CHANGED):
                actions.notify(cast.accounts["head"], kind, at=clock.now())
                actions.notify(cast.accounts["head"], kind, at=clock.now(), matter_id=incident.id)
        mail.deliver(clock.now())
        assert [each for each in went if each.startswith("head@")] == [
            "head@penwick.example: Something in Incident Book needs you."
        ]
        assert {notice.sent_at for notice in notices()} == {clock.now()}


def test_danger_goes_at_once_and_says_no_more_than_that_it_is_urgent(cast, monkeypatch):
    with cast.here(), mail_goes(monkeypatch) as went:
        notify(cast, NoticeKind.DANGER, NoticeKind.NEEDS_YOU)
        mail.send(clock.now())
        assert went == ["head@penwick.example: Something in Incident Book needs you now."]
        assert sorted(bool(notice.sent_at) for notice in notices()) == [False, True]


@pytest.mark.parametrize(("kind", "waits"), [(NoticeKind.NEEDS_YOU, BACK_OFF), (NoticeKind.DANGER, BACK_OFF_IN_DANGER)])
def test_a_message_that_fails_is_tried_again_and_at_last_given_up_and_shown_to_the_office(
    cast, monkeypatch, kind, waits
):
    with cast.here(), mail_goes(monkeypatch, Problem.ADDRESS):
        notify(cast, kind)
        at = clock.now()
        mail.deliver(at)
        for wait in waits:
            [notice] = notices()
            assert (notice.next_try_at, notice.given_up_at) == (at + wait, None)
            mail.send(at + wait - MINUTE)
            assert notices()[0].tries == notice.tries, "tried before its time"
            at += wait
            mail.send(at)
        [stuck] = queries.not_sent(at)
        assert (stuck.role, stuck.at, stuck.problem) == ("Headteacher", at, Problem.ADDRESS)
        assert db.session.scalar(select(queries.new_for(cast.viewer("administrator")))) == 1
        assert mail.deliver(at + timedelta(days=2)) == 0


def test_what_was_given_up_goes_when_somebody_put_it_right(cast, monkeypatch):
    with cast.here():
        with mail_goes(monkeypatch, Problem.AWAY):
            notify(cast, NoticeKind.NEEDS_YOU)
            mail.deliver(clock.now())
            with writing(audited=False):
                notices()[0].given_up_at = clock.now()
        with writing():
            assert actions.try_again(by=cast.viewer("administrator"), at=clock.now()) == 1
        with mail_goes(monkeypatch) as went:
            mail.send(clock.now())
        assert len(went) == 1
        assert queries.not_sent(clock.now()) == []


def test_whoever_was_named_in_it_between_two_tries_gets_nothing(cast, monkeypatch):
    with cast.here():
        incident = record(cast)
        with mail_goes(monkeypatch, Problem.AWAY):
            mail.deliver(clock.now())
        with writing():
            put_in_conflict(incident, cast.persons["head"], Why.ALLEGED, "involvement", by=None, at=clock.now())
        with mail_goes(monkeypatch) as went:
            mail.send(clock.now() + BACK_OFF[0])
        assert [each for each in went if each.startswith("head@")] == []
        assert [each for each in went if each.startswith("dsl@")]


def test_a_disabled_account_gets_nothing(cast, monkeypatch):
    with cast.here(), mail_goes(monkeypatch) as went:
        notify(cast, NoticeKind.NEEDS_YOU)
        with writing(audited=False):
            db.session.get_one(actions.Account, cast.accounts["head"]).disabled_at = clock.now()
        assert (mail.deliver(clock.now()), went) == (0, [])


def test_what_one_has_taken_out_another_leaves_until_it_is_clear_that_nothing_comes_of_it(cast, monkeypatch):
    with cast.here():
        notify(cast, NoticeKind.NEEDS_YOU)
        at = clock.now()
        with writing(audited=False):
            actions.let_go(at)
            [taken] = actions.take_out(at)
        with mail_goes(monkeypatch) as went:
            mail.send(at + TAKEN_FOR - MINUTE)
            assert went == []
            mail.send(at + TAKEN_FOR)
            assert len(went) == 1
        assert notices()[0].id == taken.key


def test_cut_off_before_it_was_settled_a_message_is_the_same_file_again(cast, data, monkeypatch):
    before = set((data / "outbox").glob("*.eml"))
    with cast.here():
        notify(cast, NoticeKind.NEEDS_YOU, who="clerk")
        at = clock.now()
        with monkeypatch.context() as patch:
            patch.setattr(mail, "_settle", Mock(side_effect=KeyboardInterrupt))
            with pytest.raises(KeyboardInterrupt):
                mail.deliver(at)
        once = set((data / "outbox").glob("*.eml")) - before
        mail.send(at + TAKEN_FOR)
        assert set((data / "outbox").glob("*.eml")) - before == once
        assert len(once) == 1
        assert notices()[0].sent_at


def test_a_mail_server_is_waited_for_with_no_transaction_open(cast, monkeypatch):
    with cast.here():
        notify(cast, NoticeKind.NEEDS_YOU)

        def take(message) -> None:
            assert not db.session.info.get("writing")

        monkeypatch.setattr(mail, "_keep", take)
        assert mail.deliver(clock.now()) == 1
