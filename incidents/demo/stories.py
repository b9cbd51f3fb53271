"""What an incident of the demo consists of: what was recorded by whom and when, how it was triaged, how far it got."""

from dataclasses import dataclass, field
from datetime import time

from incidents.casework.words import Finding, Outcome
from incidents.demo.drawing import Picture
from incidents.recording.hours import Control
from incidents.recording.models import StatementKind
from incidents.recording.words import Danger, Direction, Intimate, Method, Part
from incidents.triage.action_tests import ReasonableAnswer, TestAnswer, TestName
from incidents.triage.questions import YesNo

HEAD_OF_YEAR = "head_of_year"
"""Stands for whoever was head of the pupil's year on the day it was recorded: the years go up in September."""


@dataclass(frozen=True)
class DayBack:
    """A day counted back from the day it was recorded: `d` calendar days, `s` school days; with a time, if known."""

    unit: str
    back: int
    clock: time | None


@dataclass(frozen=True)
class When:
    """When it happened, as the recorder knew it. Nothing known: no first day."""

    first: DayBack | None = None
    last: DayBack | None = None


@dataclass(frozen=True)
class Shot:
    """A file of the story: what it shows and as which kind of file it arrives."""

    encoding: str
    picture: Picture


@dataclass(frozen=True)
class Answers:
    """What was answered at triage. A test that is not asked has no answer."""

    after: int  # school days after the recording
    at: time
    by: str
    says: str
    tests: dict[TestName, TestAnswer]
    reasonable: ReasonableAnswer | None
    harm: YesNo | None
    identifies: YesNo | None
    motives: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()  # a policy’s key and a clause’s code, or `law` and its key
    rules_why: str = ""


@dataclass(frozen=True)
class Triage:
    """The first decision: its answers, what follows, and sometimes a later decision that took its place."""

    answers: Answers
    then: str  # case, none, join
    joins: str
    workflow: str
    owner: str
    because: tuple[str, ...]  # why nothing more is done
    again: Answers | None


@dataclass(frozen=True)
class Later:
    """Words that the recorder added, or put right, after it was sent."""

    after: int
    at: time
    kind: StatementKind
    words: str


@dataclass(frozen=True)
class Reopened:
    """A closed case that began again."""

    after: int
    why: str


@dataclass(frozen=True)
class Known:
    """An unknown account that proved to be somebody."""

    handle: str
    person: str
    after: int
    why: str


@dataclass(frozen=True)
class Work:
    """How far the case got: the steps that are over, what was found, and whether it was closed or reopened."""

    steps: tuple[str, ...]
    notes: dict[str, str]
    skips: dict[str, str]
    days: dict[str, int]
    finding: Finding | None
    outcomes: tuple[Outcome, ...]
    close: str
    reopened: Reopened | None
    known: Known | None


@dataclass(frozen=True)
class Story:
    """One incident."""

    key: str
    by: str
    term: int  # terms before the one that is under way
    day: int  # school days before the last school day of that term; of the present one before today
    at: time
    title: str
    words: str
    when: When
    place: Control
    platform: str
    account: str
    url: str
    method: Method
    direction: Direction
    people: dict[Part, tuple[str, ...]]  # keys of the cast; @name for an unknown account
    danger: Danger
    intimate: Intimate
    device: str
    told: str
    shots: tuple[Shot, ...]
    later: tuple[Later, ...]
    triage: Triage | None
    work: Work | None = None
    named: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        everyone = (key for keys in self.people.values() for key in keys)
        object.__setattr__(self, "named", frozenset(key for key in everyone if not key.startswith("@")))

    @property
    def pupils_of(self) -> tuple[str, ...]:
        """Those whose year and form the words speak of, the foremost first."""
        parts = (Part.TARGET, Part.ALLEGED, Part.PHOTOGRAPHED, Part.AUTHOR, Part.WITNESS, Part.SOURCE)
        return tuple(key for part in parts for key in self.people.get(part, ()))

    @property
    def opened(self) -> int:
        """The position of the day of triage: school days before the last school day of its term."""
        return self.day - (self.triage.answers.after if self.triage else 0)


@dataclass(frozen=True)
class Usual:
    """What is usually written when a step is done, and how many school days after the case was opened."""

    day: int
    notes: tuple[str, ...]
