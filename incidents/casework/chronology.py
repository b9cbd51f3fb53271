"""What has happened in a case, in the order it happened: which acts are told, and in which words."""

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from incidents.casework.progress import outcomes_in_words
from incidents.casework.words import FINDING_LABELS, Finding, Outcome

FINDING, OUTCOME, CLOSING = "finding", "outcome", "closing"
CLOSED, REOPENED = "closed", "reopened"

# How it is told that somebody was given sight of the case, by the capacity they were given it in.
GIVEN_WORDS: Final[Mapping[str, str]] = {
    "owner": "{who} has the case.",
    "delegate": "{who} decides in the headteacher’s place.",
    "panel": "{who} may read the case, for a panel.",
    "investigator": "{who} may read the case, to look into it.",
    "adviser": "{who} may read the case, to advise.",
}


@dataclass(frozen=True)
class Entry:
    """One line of the chronology. `strong` stands before `text`; a decision is marked."""

    at: datetime
    by: uuid.UUID | None
    text: str
    strong: str = ""
    decision: bool = False


def in_order(entries: Iterable[Entry]) -> list[Entry]:
    """The newest first; of what happened at one moment, what was told later."""
    return sorted(entries, key=lambda entry: entry.at)[::-1]


def decided(question: str, answer: str, sentence: str, words: str) -> tuple[str, str] | None:
    """How a decision is told: the strong words and the rest; None for those that only lead up to another."""
    told = _TOLD.get(question.partition(":")[0])
    if told is None:
        return None
    strong, rest = told(answer, sentence)
    return strong, " ".join(part for part in (rest, words) if part)


_TOLD: Final[Mapping[str, Callable[[str, str], tuple[str, str]]]] = {
    "power": lambda answer, sentence: ("Decision.", sentence),  # noqa: ARG005 - each is given both
    FINDING: lambda answer, sentence: ("Finding.", FINDING_LABELS[Finding(answer)] + "."),  # noqa: ARG005
    OUTCOME: lambda answer, sentence: ("Outcome.", outcomes_in_words(outcomes_of(answer)) + "."),  # noqa: ARG005
    CLOSING: lambda answer, sentence: ("Case closed." if answer == CLOSED else "Case opened again.", sentence),
}


def outcomes_of(joined: str | None) -> tuple[Outcome, ...]:
    """The outcomes from how they are kept: one line with commas between; nothing for none."""
    return tuple(Outcome(word) for word in joined.split(",")) if joined else ()


def joined(outcomes: Sequence[Outcome]) -> str:
    """How outcomes are kept: in the order of the list, with commas between."""
    return ",".join(outcome.value for outcome in Outcome if outcome in outcomes)
