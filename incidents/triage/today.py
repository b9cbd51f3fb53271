"""What needs somebody now: in which order, and in which words. State first, most serious first."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from incidents.casework.progress import StepNow, day_of, moment_of
from incidents.recording.words import DIRECTION_LABELS, Danger, Direction
from incidents.schools.calendar import SchoolCalendar, time_in_words
from incidents.triage.sentence import NUMBERS

ADULTS_IN_SCHOOL = frozenset(
    {
        Direction.STAFF_CONDUCT,
        Direction.STAFF_CONTACT,
        Direction.STAFF_TO_STAFF,
        Direction.GOVERNOR_OR_VOLUNTEER,
    }
)


class Rank(IntEnum):
    """How soon something is to be looked at."""

    IN_DANGER = 0
    MAY_BE_IN_DANGER = 1
    SAFETY_OVERDUE = 2
    DUE_TODAY = 3
    ADULT_IN_SCHOOL = 4
    INCIDENT = 5
    OVERDUE = 6
    TO_READ = 7
    COMING = 8


@dataclass(frozen=True)
class Item:
    """One line of the first page. `kind` and `says` are its state. An incident has no step; it may be theirs to decide."""

    rank: Rank
    when: datetime | None
    kind: str
    says: str
    title: str
    meta: str
    matter_id: uuid.UUID
    reference: str
    step_id: uuid.UUID | None = None
    decides: bool = False

    @property
    def order(self) -> tuple[int, bool, float]:
        return (self.rank, self.when is None, self.when.timestamp() if self.when else 0)


def incident_item(
    matter_id: uuid.UUID,
    reference: str,
    title: str,
    recorded_at: datetime,
    direction: Direction,
    danger: Danger,
    calendar: SchoolCalendar,
    *,
    decides: bool,
) -> Item:
    """An incident that nobody has decided on yet; `decides`: whether that is for this very person."""
    recorded = moment_of(recorded_at, calendar)
    rank, kind, says = {
        Danger.YES: (Rank.IN_DANGER, "overdue", f"In danger. Recorded {recorded}"),
        Danger.NOT_SURE: (Rank.MAY_BE_IN_DANGER, "today", f"May be in danger. Recorded {recorded}"),
        Danger.NO: (_rank_without_danger(direction, decides=decides), "new", f"New, {recorded}"),
    }[danger]
    meta = f"{DIRECTION_LABELS[direction]} · incident {reference}"
    return Item(rank, recorded_at, kind, says, title, meta, matter_id, reference, decides=decides)


def _rank_without_danger(direction: Direction, *, decides: bool) -> Rank:
    if not decides:
        return Rank.TO_READ
    return Rank.ADULT_IN_SCHOOL if direction in ADULTS_IN_SCHOOL else Rank.INCIDENT


def step_item(
    step: StepNow, case_id: uuid.UUID, reference: str, meta: str, now: datetime, calendar: SchoolCalendar
) -> Item:
    """A step of somebody's own; `meta` is what they may know of its case. What is due later is coming, not needed now."""
    if step.late:
        rank = Rank.SAFETY_OVERDUE if step.safety else Rank.OVERDUE
        kind, says = "overdue", f"Overdue by {step.late}"
    elif step.due and calendar.local(step.due).date() == calendar.local(now).date():
        rank, kind, says = Rank.DUE_TODAY, "today", f"Due today by {time_in_words(calendar.local(step.due).time())}"
    else:
        rank, kind = Rank.COMING, "new"
        says = f"Due {day_of(step.due, calendar)}" if step.due else step.why_no_date or "No date"
    return Item(rank, step.due, kind, says, step.title, meta, case_id, reference, step.id)


def in_words(count: int) -> str:
    return NUMBERS[count] if 0 < count < len(NUMBERS) else str(count)


def state_sentence(items: Sequence[Item]) -> tuple[str, str]:
    """The strong words and the rest of the sentence that the first page begins with."""
    danger = sum(item.rank is Rank.IN_DANGER for item in items)
    perhaps = sum(item.rank is Rank.MAY_BE_IN_DANGER for item in items)
    if danger:
        strong = f"Somebody is in danger in {_some(danger, 'incident')}. Ring first."
    elif perhaps:
        strong = f"Somebody may be in danger in {_some(perhaps, 'incident')}. Find out first."
    else:
        strong = "Nobody is recorded as in danger."
    incidents = [item for item in items if item.step_id is None and item.rank is not Rank.TO_READ]
    told = [
        (len(incidents), "waits for a decision", "wait for a decision", "incident"),
        (sum(item.rank is Rank.DUE_TODAY for item in items), "is due today", "are due today", "step"),
        (sum(item.rank in (Rank.SAFETY_OVERDUE, Rank.OVERDUE) for item in items), "is overdue", "are overdue", "step"),
    ]
    rest = [f"{_some(n, thing).capitalize()} {one if n == 1 else many}." for n, one, many, thing in told if n]
    return strong, " ".join(rest)


def _some(count: int, thing: str) -> str:
    return f"{in_words(count)} {thing}{'' if count == 1 else 's'}"
