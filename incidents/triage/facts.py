"""What the question of power is decided from, and what the answer is made of: plain values, without a name in them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple, Protocol

from incidents.matters.directions import kinds_meant
from incidents.recording.hours import UNDER_CONTROL, Control, SchoolTime, tests_are_asked
from incidents.recording.words import Direction, PersonKind
from incidents.triage.action_tests import Answer, ReasonableAnswer, TestAnswer, TestName
from incidents.triage.questions import TESTED_KINDS


class May(StrEnum):
    """What the school may do about the people the matter is about."""

    MAY_ACT = "may_act"
    MAY_NOT_PUNISH = "may_not_punish"
    NO_POWER = "no_power"
    UNDECIDED = "undecided"


MAY_LABELS: dict[May, str] = {
    May.MAY_ACT: "The school may act",
    May.MAY_NOT_PUNISH: "The school may not punish",
    May.NO_POWER: "The school has no power to punish",
    May.UNDECIDED: "Not decided yet",
}


class Ground(Protocol):
    """A ground for acting and where it is written, as a nation's pack supplies it."""

    @property
    def text(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def confirm(self) -> bool: ...


BEHAVIOUR_POLICY = "its behaviour policy"  # where the school has put none on record

OVER_FIRST = (
    PersonKind.PUPIL,
    PersonKind.STAFF,
    PersonKind.VOLUNTEER,
    PersonKind.GOVERNOR,
    PersonKind.PARENT,
    PersonKind.PUBLIC,
    PersonKind.UNKNOWN,
)
"""Of several people, the sentence is about the first of these kinds; the notes speak of the others."""


@dataclass(frozen=True)
class PowerFacts:
    """The facts, each from where it belongs: calendar, place, people on record, answers, and the nation's pack.

    Days are dates and people are counts, so that no name can reach the sentence. `grounds` are the pack's, by its own
    keys. `policy` is the school's own rule, as in “its anti-bullying policy, 4.2”. `found` is true once a finding
    says that it was done.
    """

    direction: Direction
    alleged: Mapping[PersonKind, int]
    time: SchoolTime
    control: Control
    grounds: Mapping[str, Ground]
    nation: str
    answers: Mapping[TestName, TestAnswer] = field(default_factory=dict)
    reasonable: ReasonableAnswer | None = None
    policy: str = BEHAVIOUR_POLICY
    day_from: date | None = None
    day_until: date | None = None
    found: bool = False
    governed: bool = True  # whether such a school has governors

    @property
    def kinds(self) -> frozenset[PersonKind]:
        return kinds_meant(self.direction, [kind for kind, count in self.alleged.items() if count > 0])

    @property
    def over(self) -> PersonKind:
        """Whom the sentence is about."""
        return next(kind for kind in OVER_FIRST if kind in self.kinds)

    @property
    def in_care(self) -> bool:
        return self.control in UNDER_CONTROL

    @property
    def ground(self) -> Ground | None:
        """The pack's ground over the people the sentence is about; none over someone who is not known."""
        if self.over is PersonKind.PUPIL:
            return self.grounds["pupil_on_site" if self.in_care else "pupil_off_site"]
        return None if self.over is PersonKind.UNKNOWN else self.grounds[self.over]

    @property
    def about_pupils(self) -> bool:
        """Whether a pupil did it, or may have: over nobody else do the tests mean anything."""
        return bool(self.kinds & TESTED_KINDS)

    @property
    def tests_asked(self) -> bool:
        """Outside school hours, off-site or either unknown, and only where a pupil may have done it."""
        return self.about_pupils and tests_are_asked(self.time, self.control)

    @property
    def reasonable_asked(self) -> bool:
        """2006 Act s.89(5) and s.90(2)(a): asked of a pupil's conduct that was, or may have been, off-site."""
        return self.tests_asked and not self.in_care

    def tests_answered(self, answer: Answer) -> tuple[TestName, ...]:
        """The tests that were asked and have this answer, in the policy's order."""
        if not self.tests_asked:
            return ()
        return tuple(test for test in TestName if test in self.answers and self.answers[test].answer is answer)

    @property
    def tests_open(self) -> tuple[TestName, ...]:
        """The tests that are asked and have no answer yet."""
        return tuple(test for test in TestName if test not in self.answers) if self.tests_asked else ()


class Clause(NamedTuple):
    """One clause of the sentence: its first words, which a page sets in bold, and the rest."""

    lead: str
    rest: str = ""

    def __str__(self) -> str:
        return f"{self.lead} {self.rest}".strip()


@dataclass(frozen=True)
class Power:
    """What the school may do, over whom, on what ground: the same words on the page, in the log and in a letter.

    `notes` stand beside the sentence; `reminders` are what must be so before a sanction follows from it.
    """

    may: May
    over: PersonKind
    ground: str
    source: str
    clauses: tuple[Clause, Clause, Clause]
    notes: list[str]
    reminders: list[str]
    relied_on: list[TestName]
    asked_again: list[TestName]
    still_to_answer: list[str]

    @property
    def sentence(self) -> list[str]:
        return [str(clause) for clause in self.clauses]

    @property
    def in_full(self) -> str:
        """The whole sentence on one line, as the audit log and a letter carry it."""
        return " ".join(self.sentence)
