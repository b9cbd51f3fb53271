"""The timetable: each round once whatever happens, each reminder once for each day, to those who may act and may know."""

from collections import Counter
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from incidents import clock, jobs, mail, timekeeper
from incidents.casework import actions as casework
from incidents.casework.queries import steps_of
from incidents.database import writing
from incidents.extensions import db
from incidents.matters.actions import put_in_conflict
from incidents.matters.models import Why
from incidents.notifications.models import JobSlot, Notice, NoticeKind
from incidents.notifications.rhythm import ROUNDS
from incidents.recording.words import Part
from incidents.reminders import make_reminders
from tests.casework.cases import a_case, step
from tests.cast import Cast
from tests.triage.recorded import record

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
REMINDERS = (NoticeKind.STEP_DUE, NoticeKind.STEP_OVERDUE, NoticeKind.REVIEW_DUE, NoticeKind.UNTRIAGED)


def reminded(cast: Cast) -> Counter[tuple[str, str]]:
    """Who was reminded of what kind of thing, and how often."""
    who = {account: key for key, account in cast.accounts.items()}
    kinds = select(Notice.account_id, Notice.kind).where(Notice.kind.in_(REMINDERS))
    return Counter((who[account], kind) for account, kind in db.session.execute(kinds))


def remind_at(*moments: datetime) -> None:
    for at in moments:
        with writing(audited=False):
            make_reminders(at)


def slots_taken(job: str = "messages") -> list[datetime]:
    return list(db.session.scalars(select(JobSlot.slot).where(JobSlot.job == job).order_by(JobSlot.slot)))


# --- what is reminded of, and who


def one_step(cast: Cast, key: str, due: datetime):
    """A case in which one step only has a date."""
    case = a_case(cast)
    with writing(audited=False):
        for each in steps_of(case):
            each.due_at, each.started_at = (due, clock.now()) if each.key == key else (None, None)
    return case, step(case, key)


def test_a_step_is_told_on_its_day_and_once_it_is_overdue_and_not_again(cast):
    with cast.here():
        due = clock.now() + 2 * DAY
        one_step(cast, "evidence", due)
        remind_at(due - DAY)
        assert not reminded(cast)
        remind_at(due - HOUR, due - MINUTE)
        assert reminded(cast) == {("teacher", NoticeKind.STEP_DUE): 1}
        remind_at(due + MINUTE, due + HOUR, due + 3 * DAY)
        assert reminded(cast) == {("teacher", NoticeKind.STEP_DUE): 1, ("teacher", NoticeKind.STEP_OVERDUE): 1}


def test_if_the_day_moves_the_reminder_follows(cast):
    with cast.here():
        due = clock.now() + 2 * HOUR
        _, moved = one_step(cast, "evidence", due)
        remind_at(due - HOUR)
        with writing():
            casework.change_date(moved, due + 2 * DAY, "More time.", by=cast.viewer("head"), at=clock.now())
        remind_at(due + HOUR)
        assert sum(reminded(cast).values()) == 1
        remind_at(due + 2 * DAY - HOUR)
        assert [kind for _, kind in reminded(cast).elements()] == [NoticeKind.STEP_DUE] * 2


def test_a_review_is_told_some_days_before_and_on_its_day(cast):
    with cast.here():
        due = clock.now() + 7 * DAY
        one_step(cast, "review_target", due)
        remind_at(due - 5 * DAY)
        assert not reminded(cast)
        remind_at(due - 2 * DAY, due - HOUR)
        assert {kind for _, kind in reminded(cast)} == {NoticeKind.REVIEW_DUE, NoticeKind.STEP_DUE}


def test_what_is_done_or_waits_for_another_step_is_not_told(cast):
    with cast.here():
        due = clock.now() + HOUR
        _, evidence = one_step(cast, "evidence", due)
        with writing(audited=False):
            evidence.started_at = None
        remind_at(due)
        assert not reminded(cast)
        with writing(audited=False):
            evidence.started_at = clock.now()
        with writing():
            casework.do_step(evidence, "Done.", by=cast.viewer("dsl"), at=clock.now())
        remind_at(due, due + DAY)
        assert not [kind for _, kind in reminded(cast) if kind == NoticeKind.STEP_OVERDUE]


@pytest.mark.parametrize(("gone", "told"), [((), "teacher"), (("teacher",), "dsl"), (("teacher", "dsl"), "head")])
def test_a_step_whose_owner_may_not_know_any_more_goes_to_the_cases_owner_then_to_who_decides(cast, gone, told):
    with cast.here():
        due = clock.now() + HOUR
        case, evidence = one_step(cast, "evidence", due)
        with writing():
            casework.assign_step(evidence, cast.accounts["teacher"], by=cast.viewer("head"), at=clock.now())
        with writing():
            for who in gone:
                put_in_conflict(case, cast.persons[who], Why.ALLEGED, "involvement", by=None, at=clock.now())
        remind_at(due)
        assert set(reminded(cast)) == {(told, NoticeKind.STEP_DUE)}


def test_an_incident_that_nobody_decided_for_a_day_is_told_to_who_decides_it_and_never_to_who_is_alleged(cast):
    with cast.here():
        record(cast)
        record(cast, [(Part.ALLEGED, "head"), (Part.TARGET, "mother")], by="dsl")
        remind_at(clock.now() + DAY - MINUTE)
        assert not reminded(cast)
        remind_at(clock.now() + DAY, clock.now() + 3 * DAY)
        assert reminded(cast) == {("head", NoticeKind.UNTRIAGED): 1, ("case_manager", NoticeKind.UNTRIAGED): 1}


# --- the rounds


def test_a_round_is_made_once_and_the_next_one_an_hour_later(cast):
    with cast.here():
        at = clock.now()
        assert [jobs.run_due(at + n * 20 * MINUTE) for n in range(4)] == [2, 0, 0, 1]
        assert slots_taken() == [at.replace(minute=0), at.replace(minute=0) + HOUR]


def test_after_three_days_off_there_is_one_round_and_one_message_an_account(cast, monkeypatch):
    went = []
    monkeypatch.setattr(mail, "_keep", lambda message: went.append(message["To"]))
    with cast.here():
        jobs.run_due(clock.now())
        a_case(cast)
        record(cast)
        later = clock.now() + 3 * DAY
        jobs.run_due(later)
        mail.send(later)
        assert len(slots_taken()) == 2
        assert sum(reminded(cast).values()) > 1
        assert Counter(went).most_common(1)[0][1] == 1


def test_a_round_that_fails_is_not_taken_and_holds_up_no_other_job(cast, monkeypatch):
    def fail(at: datetime) -> None:
        raise ValueError

    with cast.here():
        broken = jobs.Job("messages", ROUNDS, fail)
        tidy = jobs.TIMETABLE[1]
        monkeypatch.setattr(jobs, "TIMETABLE", (broken, tidy))
        assert jobs.run_due(clock.now()) == 1
        assert (slots_taken(), len(slots_taken("tidy"))) == ([], 1)


def test_rounds_long_past_are_forgotten(cast):
    with cast.here():
        jobs.run_due(clock.now() - 40 * DAY)
        with writing(audited=False):
            jobs.tidy_up(clock.now())
        assert slots_taken() == []


def test_a_round_by_hand_is_not_made_again_by_the_timetable(cast):
    with cast.here():
        jobs.round_by_hand(clock.now())
        jobs.run_due(clock.now())
        assert len(slots_taken()) == 1
        assert db.session.scalar(select(func.count()).select_from(Notice).where(Notice.sent_at.is_(None))) == 0


def test_a_look_that_fails_is_only_written_down_without_a_word_of_what_it_was_about(cast, monkeypatch, caplog):
    def fail(at: datetime, **_: object) -> int:
        raise OSError("isla.fenwick")

    monkeypatch.setattr(jobs, "run_due", fail)
    timekeeper.look(cast.app)
    assert "OSError" in caplog.text
    assert "isla" not in caplog.text


def test_every_job_has_hours_that_no_change_of_the_clocks_touches():
    assert all(hour > 2 for job in jobs.TIMETABLE for hour in job.hours)
    assert len({job.name for job in jobs.TIMETABLE}) == len(jobs.TIMETABLE)


def test_told_to_stop_the_rounds_are_left_to_whoever_looks_next(cast: Cast):
    with cast.here():
        a_case(cast)
    with cast.app.app_context():
        assert jobs.run_due(clock.now(), told_to_stop=lambda: True) == 0
        assert jobs.run_due(clock.now()) == 2
