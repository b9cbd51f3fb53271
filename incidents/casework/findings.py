"""Findings about several people: about whom one is asked, and which of several counts for the case."""

import hashlib
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from incidents.casework.chronology import FINDING
from incidents.casework.words import Finding
from incidents.recording.words import Part

SAID_TO_HAVE_DONE_IT: Final = (Part.ALLEGED, Part.AUTHOR)

# Which finding counts for the case where there are several: what is established, the gravest first; then what is open;
# then what was not so. Findings of different kinds of case never meet.
FOREMOST: Final[tuple[Finding, ...]] = (
    Finding.SUBSTANTIATED,
    Finding.CONFIRMED_BULLYING,
    Finding.UPHELD,
    Finding.NO_CONSENT,
    Finding.RULES_NOT_KEPT,
    Finding.ACCOUNT_NOT_APPROVED,
    Finding.UPHELD_IN_PART,
    Finding.HURTFUL_ONCE,
    Finding.CONFLICT,
    Finding.AUTHOR_NOT_FOUND,
    Finding.NOT_CLEAR,
    Finding.UNSUBSTANTIATED,
    Finding.NOT_UPHELD,
    Finding.UNFOUNDED,
    Finding.FALSE,
    Finding.MALICIOUS,
    Finding.CONSENT_HELD,
    Finding.RULES_KEPT,
)


def counting(found: Iterable[Finding]) -> Finding | None:
    """The finding that a case is counted by, in the report to governors too.

    Where persons differ the case counts once, by the finding that stands first in `FOREMOST`, in whatever order they were
    recorded: one confirmed bully among three makes it a case of bullying. Only the findings that stand, about those who are
    still said to have done it, are given to this.
    """
    return min(found, key=FOREMOST.index, default=None)


def question_about(about: uuid.UUID | None) -> str:
    """The question as a decision keeps it: about one person; without one, about what nobody is known to have done."""
    return f"{FINDING}:{about}" if about else FINDING


def is_finding(question: str) -> bool:
    """Whether a decision's question asks what is established, about somebody or about nobody known."""
    return question.partition(":")[0] == FINDING


def about_whom(question: str) -> uuid.UUID | None:
    """The person that a finding is about; none for a finding about nobody known, and for every other question."""
    asked, _, person = question.partition(":")
    return uuid.UUID(person) if person and asked == FINDING else None


def as_read(answers: Mapping[uuid.UUID | None, uuid.UUID | None]) -> str:
    """A short word for what somebody had before them: about whom a finding is asked, and which decision stood."""
    lines = sorted(f"{about}={decision}" for about, decision in answers.items())
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Subject:
    """Somebody about whom a finding is asked, with the one that stands. No `about`: nobody knows who did it."""

    about: uuid.UUID | None
    name: str
    as_was: str = ""
    finding: Finding | None = None
    words: str = ""


@dataclass(frozen=True)
class Said:
    """A finding that is to be recorded."""

    about: uuid.UUID | None
    answer: str
    words: str
