"""What can become of an entry of a register, as a table."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from incidents.access import Right
from incidents.matters.lifecycle import Lifecycle, Move, Need
from incidents.registers.kinds import EntryState, Register


class Verb(StrEnum):
    """What is done with an entry."""

    ASK = "ask"
    ENTER = "enter"
    APPROVE = "approve"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    CHANGE = "change"
    TELL = "tell"
    NOT_TELL = "not_tell"
    END = "end"


@dataclass(frozen=True)
class EntryFacts:
    """What a move looks at: the register, and what was given with it."""

    register: Register
    words: str = ""
    starts: date | None = None
    ends: date | None = None
    review_on: date | None = None
    on: date | None = None  # the day on which somebody was told


NO_END: Final = "Say until which day."
NO_REVIEW: Final = "Say on which day it is reviewed."
ENDS_EARLY: Final = "The last day is before the first."
REVIEW_EARLY: Final = "The review can’t be before it starts."
NO_REASON: Final = "Give the reason in a sentence: it is kept."
NO_DAY: Final = "Say on which day."
# Beside which field of a form each of these belongs.
FIELD_OF: Final[Mapping[str, str]] = {
    NO_END: "ends", ENDS_EARLY: "ends", NO_REVIEW: "review_on", REVIEW_EARLY: "review_on", NO_REASON: "words", NO_DAY: "on",
}  # fmt: skip


def _words(facts: EntryFacts) -> list[str]:
    return [] if facts.words.strip() else [NO_REASON]


def _in_order(facts: EntryFacts) -> list[str]:
    found = []
    if facts.ends and facts.starts and facts.ends < facts.starts:
        found.append(ENDS_EARLY)
    if facts.review_on and facts.starts and facts.review_on < facts.starts:
        found.append(REVIEW_EARLY)
    return found


def _dates(facts: EntryFacts) -> list[str]:
    missing = [NO_END] if facts.register.end_needed and not facts.ends else []
    missing += [NO_REVIEW] if facts.register.review_needed and not facts.review_on else []
    return missing + _in_order(facts)


def _asks(facts: EntryFacts) -> list[str]:
    return [] if facts.register.asks else ["Nothing in this register is asked for."]


def _holds_at_once(facts: EntryFacts) -> list[str]:
    return ["This must be asked for, and decided by somebody else."] if facts.register.asks else []


def _can_end(facts: EntryFacts) -> list[str]:
    return [] if facts.register.has_end else ["This is done, and has no end."]


def _may_be_untold(facts: EntryFacts) -> list[str]:
    return [] if not facts.register.shared else ["Only about monitoring is it said whether somebody was told."]


def _told_how(facts: EntryFacts) -> list[str]:
    return ([] if facts.on else [NO_DAY]) + _words(facts)


ASKS: Final = Need("the register is one in which somebody asks", _asks)
HOLDS_AT_ONCE: Final = Need("the register is one in which nobody asks", _holds_at_once)
IN_ORDER: Final = Need("days in their order", _in_order)
DATES: Final = Need("days in their order; an end and a review where the register needs them", _dates)
REASON: Final = Need("a reason", _words)
CAN_END: Final = Need("the register has ends", _can_end)
ABOUT_MONITORING: Final = Need("it is about monitoring", _may_be_untold)
TOLD_HOW: Final = Need("when and how", _told_how)

_DECIDE: Final = (Right.DECIDE,)
_ASKED, _APPROVED, _REFUSED, _ENDED = EntryState

ENTRY: Final = Lifecycle[EntryFacts](
    thing="entry of a register",
    moves=(
        Move(Verb.ASK, None, _ASKED, (), (ASKS, IN_ORDER)),
        Move(Verb.ENTER, None, _APPROVED, (), (HOLDS_AT_ONCE, DATES)),
        Move(Verb.APPROVE, _ASKED, _APPROVED, _DECIDE, (DATES,)),
        Move(Verb.REFUSE, _ASKED, _REFUSED, _DECIDE, (REASON,)),
        Move(Verb.WITHDRAW, _ASKED, _ENDED, (Right.ADD_WORDS,)),
        Move(Verb.CHANGE, _APPROVED, _APPROVED, _DECIDE, (DATES, REASON, CAN_END)),
        Move(Verb.TELL, _APPROVED, _APPROVED, _DECIDE, (ABOUT_MONITORING, TOLD_HOW)),
        Move(Verb.NOT_TELL, _APPROVED, _APPROVED, _DECIDE, (ABOUT_MONITORING, REASON)),
        Move(Verb.END, _APPROVED, _ENDED, _DECIDE, (CAN_END, REASON)),
    ),
    states={_ASKED: "Asked for", _APPROVED: "Agreed", _REFUSED: "Refused", _ENDED: "Over"},
    instead={
        _ASKED: "Nobody has decided on this yet.",
        _APPROVED: "This was approved already.",
        _REFUSED: "This was refused already.",
        _ENDED: "This is over already.",
    },
)


def stands(state: EntryState, starts: date | None, ends: date | None, day: date) -> bool:
    """Whether an entry holds on a day. One that was ended held until its last day."""
    agreed = state in (_APPROVED, _ENDED)
    return agreed and starts is not None and starts <= day and (ends is None or day <= ends)
