"""What answers come to: of one person or child, of a class, and for somebody in an incident on the day it happened."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from incidents.declarations.words import HOW_LABELS, Answer, How


class State(StrEnum):
    """Where somebody stands who was asked."""

    SIGNED = "signed"
    DECLINED = "declined"
    OPEN = "open"


STATE_LABELS: dict[State, str] = {
    State.SIGNED: "Signed",
    State.DECLINED: "Declined",
    State.OPEN: "No answer yet",
}


@dataclass(frozen=True)
class Given:
    """An answer that stands: nothing has superseded it."""

    id: uuid.UUID
    answer: Answer
    how: How
    signed_on: date
    person_id: uuid.UUID | None
    who: str  # a name, as it was typed or stands on the list; empty if it is not known which parent it was
    household: uuid.UUID | None
    children: frozenset[uuid.UUID] = frozenset()

    @property
    def counts(self) -> bool:
        """Whether it is an answer at all: what was entered by mistake is none."""
        return self.answer is not Answer.TAKEN_BACK


def state_of(given: Iterable[Given]) -> State:
    """One signature with parental responsibility is enough, whatever the other parent said; two are kept."""
    said = {each.answer for each in given if each.counts}
    if Answer.SIGNED in said:
        return State.SIGNED
    return State.DECLINED if said else State.OPEN


@dataclass(frozen=True)
class Share:
    """How many of those asked signed, declined, or have not answered."""

    asked: int = 0
    signed: int = 0
    declined: int = 0

    @property
    def left(self) -> int:
        """How many have not answered."""
        return self.asked - self.signed - self.declined

    @property
    def words(self) -> str:
        """The share in one line: “27 of 30 signed, 1 declined”."""
        declined = f", {self.declined} declined" if self.declined else ""
        return f"{self.signed} of {self.asked} signed{declined}"


def share_of(states: Iterable[State]) -> Share:
    """The share of these."""
    several = list(states)
    return Share(len(several), several.count(State.SIGNED), several.count(State.DECLINED))


# --- somebody in an incident, on the day it happened -----------------------------------------------------------------


@dataclass(frozen=True)
class Told:
    """A version and what one person or their household answered to it, standing or not."""

    title: str
    number: int
    in_force: bool  # on the day of the incident
    given: tuple[Given, ...]
    was_asked: bool = True  # by that day


def signed_line(versions: Sequence[Told], day: date, *, by_household: bool, as_parent: uuid.UUID | None = None) -> str:
    """Of one policy, in one sentence: which version was signed and when, or not at all. Empty if none was in force that day.

    `versions` are those of one policy, the newest first. For a parent, `as_parent`, it may be known only that one of the
    two signed: then the sentence says just that.
    """
    current = next((each for each in versions if each.in_force), None)
    if current is None:
        return ""
    name = f"{current.title}, version {current.number}"
    if said := _said(current.given, day, by_household, as_parent):
        return f"{name}: {said}"
    earlier = next(
        (
            (each, said)
            for each in versions
            if each.number < current.number and (said := _said(each.given, day, by_household, as_parent))
        ),
        None,
    )
    if earlier:
        return f"{name}: not signed; version {earlier[0].number}: {earlier[1]}"
    return f"{name}: not signed" if current.was_asked else f"{name}: not asked to sign it by that day"


def _said(given: Iterable[Given], day: date, by_household: bool, as_parent: uuid.UUID | None) -> str:
    """What counts of these answers: one's own before the other parent's, signed before declined, the earliest first."""
    answers = sorted(
        (each for each in given if each.counts),
        key=lambda each: (as_parent is not None and each.person_id != as_parent, each.answer != Answer.SIGNED,
                          each.signed_on),
    )  # fmt: skip
    if as_parent is not None:  # the other parent's signature is not theirs
        answers = [each for each in answers if each.person_id in (as_parent, None)]
    if not answers:
        return ""
    first = answers[0]
    words = f"{first.answer.value} {_day(first.signed_on)}, {HOW_LABELS[first.how]}"
    if as_parent is not None and first.person_id is None:
        words += ", by one parent: it is not known which"
    elif by_household:
        words = f"{words}, by the household"
    return f"{words}, after this happened" if first.signed_on > day else words


def _day(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"
