"""The timetable of every scheduled job, and doing what is due by it: each round once, however many ask."""

import logging
import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from incidents import mail
from incidents.database import across_schools, of_school, writing
from incidents.declarations.reminding import remind_unsigned
from incidents.extensions import db
from incidents.notifications.actions import forget_slots, let_go, take_slot
from incidents.notifications.queries import is_taken
from incidents.notifications.rhythm import ROUND, ROUNDS, latest_slot
from incidents.people.importing import forget_lists
from incidents.registers.reminding import remind_of_registers
from incidents.reminders import make_reminders
from incidents.schools.models import School

SLOTS_KEPT = timedelta(days=30)

log = logging.getLogger("incident-book.jobs")


@dataclass(frozen=True)
class Job:
    """Something done once in each round, in every school: at these full hours by the school's own clock.

    `work` is done in the transaction that takes the round: cut off half-way, neither is, and somebody else does both.
    """

    name: str
    hours: Collection[int]
    work: Callable[[datetime], object]


def go_round(at: datetime) -> None:
    """Remind of what is due, and let go what waited for the hour."""
    make_reminders(at)
    remind_unsigned(at)
    remind_of_registers(at)
    let_go(at)


def tidy_up(at: datetime) -> None:
    """Forget rounds long past, and lists of people that nobody applied."""
    forget_slots(at - SLOTS_KEPT)
    forget_lists(at)


MESSAGES = Job(ROUND, ROUNDS, go_round)
TIMETABLE: tuple[Job, ...] = (
    MESSAGES,
    Job("tidy", (3,), tidy_up),
)


def run_due(at: datetime, told_to_stop: Callable[[], bool] = lambda: False) -> int:
    """Do, in every school, the last round of each job that nobody has done; how many were done.

    Rounds that were missed while nothing ran are not made up one by one: the last one finds all that is due. Told to
    stop, it ends with the school that it is in: the others' rounds are for whoever looks next.
    """
    done = 0
    for school_id, timezone in _schools():
        if told_to_stop():
            break
        for job in TIMETABLE:
            slot = latest_slot(job.hours, timezone, at)
            try:
                done += _do(school_id, job, slot, at)
            except Exception as error:  # one school's round holds up no other's; it is tried again at the next look
                log.error("The job %s failed in one school: %s", job.name, type(error).__name__)
    return done


def _schools() -> list[tuple[uuid.UUID, str]]:
    with across_schools():
        return [row._tuple() for row in db.session.execute(select(School.id, School.timezone).order_by(School.id))]


def _do(school_id: uuid.UUID, job: Job, slot: datetime, at: datetime) -> bool:
    with of_school(school_id):
        if is_taken(job.name, slot):
            return False
        with writing(audited=False):  # the product's own round, not somebody's act
            if not take_slot(job.name, slot, at):
                return False
            job.work(at)
    return True


def round_by_hand(at: datetime) -> int:
    """A round of messages now, whatever the hour; how many messages went. What the timetable does later finds little left."""
    for school_id, timezone in _schools():
        with of_school(school_id), writing(audited=False):
            take_slot(MESSAGES.name, latest_slot(MESSAGES.hours, timezone, at), at)
            MESSAGES.work(at)
    return mail.send(at)
