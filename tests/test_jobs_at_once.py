"""Four processes keep the timetable for thirty simulated days over both changes of the clocks; three are killed on the way."""

import multiprocessing
import os
import signal
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from incidents import clock, jobs, mail
from incidents.casework.models import Step
from incidents.database import writing
from incidents.extensions import db
from incidents.notifications.models import JobSlot, Notice, NoticeKind
from tests.casework.cases import a_case
from tests.cast import Cast

LONDON = ZoneInfo("Europe/London")
DAYS = 15
CHANGES = {date(2027, 3, 21): (date(2027, 3, 28), 0, 1), date(2027, 10, 24): (date(2027, 10, 31), 1, 0)}
ROUNDS = (7, 12, 19)  # hours by the clock in London; fewer than there are, for the test's own time
LOOKED_AT = (*ROUNDS, 22)
MID_ROUND, BEFORE_SETTLING = (20, 60), 8  # the how-manieth round or message kills whoever makes it
FORK = multiprocessing.get_context("fork")


def looks(minute: int) -> Iterator[datetime]:
    """Every moment at which a process looks at the clock."""
    for first in CHANGES:
        for day in range(DAYS):
            for hour in LOOKED_AT:
                yield datetime.combine(first + timedelta(days=day), time(hour, minute), LONDON).astimezone(UTC)


def rounds() -> set[datetime]:
    """Each round that there must be, reckoned from the table of the changes alone."""
    found = set()
    for first, (change, before, after) in CHANGES.items():
        for n in range(DAYS):
            day = first + timedelta(days=n)
            found |= {datetime.combine(day, time(h - (before if day < change else after)), UTC) for h in ROUNDS}
    return found


class Doom:
    """Counts over all processes, and kills the one that comes to the fatal number."""

    def __init__(self) -> None:
        self.rounds, self.messages = FORK.Value("i", 0), FORK.Value("i", 0)

    def at(self, counter: Any, *fatal: int) -> None:
        with counter.get_lock():
            counter.value += 1
            here = counter.value in fatal
        if here:
            os.kill(os.getpid(), signal.SIGKILL)


def keep_time(cast: Cast, minute: int, start: Any, doom: Doom) -> None:
    with cast.app.app_context():
        db.engine.dispose(close=False)  # the parent's connections are the parent's
        made, settled = jobs.go_round, mail._settle

        def go_round(at: datetime) -> None:
            made(at)
            db.session.flush()
            doom.at(doom.rounds, *MID_ROUND)

        def settle(*given: Any) -> None:
            doom.at(doom.messages, BEFORE_SETTLING)
            settled(*given)

        mail._settle = settle
        jobs.TIMETABLE = (jobs.Job("messages", ROUNDS, go_round),)
        start.wait()
        for at in looks(minute):
            jobs.run_due(at)
            mail.send(at)


@pytest.fixture
def steps(cast: Cast) -> dict[Any, date]:
    """Steps that are due at three in the afternoon, every second or third day."""
    days = [first + timedelta(days=n) for first in CHANGES for n in range(1, DAYS, 3)]
    with cast.here():
        a_case(cast)
        with writing(audited=False):
            found = dict(zip(db.session.scalars(select(Step).order_by(Step.position)), days, strict=False))
            for step, day in found.items():
                step.due_at = step.started_at = datetime.combine(day, time(15), LONDON).astimezone(UTC)
                step.key += "_"  # so that none is a review
        mail.deliver(clock.now())
        return {step.id: day for step, day in found.items()}


@pytest.mark.process
def test_no_round_is_made_twice_or_missed_and_no_message_is_lost_or_sent_twice(
    cast: Cast, steps: dict[Any, date], data: Path
):
    before, start, doom = set((data / "outbox").glob("*.eml")), FORK.Barrier(4), Doom()
    processes = [FORK.Process(target=keep_time, args=(cast, minute, start, doom)) for minute in (0, 5, 20, 40)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(120)
    assert sorted(process.exitcode or 0 for process in processes) == [-9, -9, -9, 0]
    with cast.here():
        taken = list(db.session.scalars(select(JobSlot.slot).where(JobSlot.job == "messages")))
        assert Counter(taken) == Counter(sorted(rounds()))
        reminders = db.session.scalars(select(Notice).where(Notice.about_id.is_not(None))).all()
        told = Counter((notice.kind, notice.about_id, notice.due_on) for notice in reminders)
        kinds = (NoticeKind.STEP_DUE, NoticeKind.STEP_OVERDUE)
        assert told == Counter((kind, step, day) for step, day in steps.items() for kind in kinds)
        assert all(notice.sent_at and notice.sent_at >= notice.made_at for notice in reminders)
        messages = {(notice.account_id, notice.sent_at) for notice in reminders}
        assert len(set((data / "outbox").glob("*.eml")) - before) == len(messages)
