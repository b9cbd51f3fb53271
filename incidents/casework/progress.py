"""How far a case and its steps have got, in sentences: state first."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from incidents.casework.words import OUTCOME_LABELS, CaseState, Outcome, StepState
from incidents.schools.calendar import SchoolCalendar, day_in_words, time_in_words


@dataclass(frozen=True)
class StepNow:
    """A step as it stands at one moment, ready to be shown. `late` is in words and empty when it is not late."""

    id: uuid.UUID
    key: str
    title: str
    state: StepState
    owner: str = ""
    due: datetime | None = None
    why_no_date: str = ""
    waits_for: str = ""  # the title of the step it starts after, while that one is not over
    late: str = ""
    ended: datetime | None = None
    safety: bool = False
    words: str = ""

    @property
    def is_open(self) -> bool:
        """Still to do, and its time has come."""
        return self.state is StepState.TODO and not self.waits_for


def day_of(moment: datetime, calendar: SchoolCalendar) -> str:
    """The local day in words: "Friday 20 November"."""
    return day_in_words(calendar.local(moment).date())


def moment_of(moment: datetime, calendar: SchoolCalendar) -> str:
    """The local day and time in words: "Friday 20 November, 15:50"."""
    local = calendar.local(moment)
    return f"{day_in_words(local.date())}, {time_in_words(local.time())}"


def when_of(step: StepNow, calendar: SchoolCalendar) -> tuple[str, str]:
    """The strong words and the rest beside a step: ("Overdue by 2 school days", "was due Monday 30 November")."""
    if step.state is StepState.DONE:
        return "", f"Done {day_of(step.ended, calendar)}" if step.ended else "Done"
    if step.state is StepState.SKIPPED:
        return "", "Not needed"
    if step.waits_for:
        return "", f"After “{step.waits_for}”"
    if step.due is None:
        return "", step.why_no_date or "No date"
    if step.late:
        return f"Overdue by {step.late}", f"was due {day_of(step.due, calendar)}"
    return "", f"Due {day_of(step.due, calendar)}"


def moved(was: datetime | None, now: datetime | None, because: str, calendar: SchoolCalendar) -> str:
    """ "Moved from Friday 4 December to Monday 7 December, because …"; a time of day only where the day is the same."""
    says = day_of
    if was and now and day_of(was, calendar) == day_of(now, calendar):
        says = moment_of
    before, after = (says(each, calendar) if each else "no date" for each in (was, now))
    return f"Moved from {before} to {after}, because {because}."


def next_step(steps: Sequence[StepNow]) -> StepNow | None:
    """What is to be done now: the most overdue, then the earliest due, then the first without a date."""
    waiting = [step for step in steps if step.is_open]
    return min(waiting, key=lambda step: (step.due is None, step.due.timestamp() if step.due else 0), default=None)


def next_id(steps: Sequence[StepNow]) -> uuid.UUID | None:
    """The step that the page points to."""
    step = next_step(steps)
    return step.id if step else None


def look_of(step: StepNow, pointed_to: uuid.UUID | None) -> str:
    """Which shape stands before a step: done, late, next or later."""
    if step.state is not StepState.TODO:
        return "done"
    if step.late:
        return "late"
    return "next" if step.id == pointed_to else "later"


@dataclass(frozen=True)
class HowFar:
    """What is told of all of a case's steps: how many are over and how many late, and what is next, by when."""

    over: int
    steps: int
    late: int
    next_title: str = ""
    next_by: datetime | None = None  # none where it has no date, and where it is late


def how_far(steps: Sequence[StepNow]) -> HowFar:
    """How far these steps have got."""
    over, late = sum(step.state is not StepState.TODO for step in steps), sum(bool(step.late) for step in steps)
    step = next_step(steps)
    return HowFar(over, len(steps), late, step.title if step else "", step.due if step and not step.late else None)


def counts(far: HowFar) -> str:
    """ "4 of 9 steps done, 1 overdue"."""
    return f"{far.over} of {far.steps} steps done" + (f", {far.late} overdue" if far.late else "")


def state_sentence(
    state: CaseState,
    far: HowFar,
    *,
    found: bool,
    settled: bool,
    closed: datetime | None,
    calendar: SchoolCalendar,
) -> tuple[str, str]:
    """The strong words and the rest of the sentence that a case's page begins with."""
    if state is CaseState.CLOSED:
        return ("Closed" + (f" on {day_of(closed, calendar)}." if closed else "."), f"{counts(far)}.")
    strong = "Open: following up." if settled else ("Open: deciding what to do." if found else "Open: finding out.")
    return strong, f"{counts(far)}. {_what_next(far, calendar)}"


def _what_next(far: HowFar, calendar: SchoolCalendar) -> str:
    title = far.next_title
    if not title:
        return "Nothing is left to do: the case can be closed."
    title = title[:1].lower() + title[1:] if title[1:2].islower() else title
    by = f", by {day_of(far.next_by, calendar)}" if far.next_by else ""
    return f"Next: {title}{by}."


def outcomes_in_words(outcomes: Sequence[Outcome]) -> str:
    """The outcomes as one line, in the order of the list."""
    return "; ".join(OUTCOME_LABELS[outcome] for outcome in sorted(set(outcomes), key=_IN_LIST.__getitem__))


_IN_LIST = {outcome: place for place, outcome in enumerate(Outcome)}
