"""What can become of an incident, as a table."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from incidents.access import Right
from incidents.matters.lifecycle import Lifecycle, Move, Need


class IncidentState(StrEnum):
    """Where an incident has got to."""

    RECORDED = "recorded"
    IN_CASE = "in_case"
    NO_FURTHER_ACTION = "no_further_action"


class IncidentVerb(StrEnum):
    """What is done with an incident. After the first each is a decision, which a later one supersedes."""

    RECORD = "record"
    PUT_IN_CASE = "put_in_case"
    TAKE_NO_ACTION = "take_no_action"
    TAKE_OUT = "take_out"


@dataclass(frozen=True)
class IncidentFacts:
    """What a decision on an incident looks at."""

    reason: str = ""
    case_closed: bool = False  # the case it is in now
    last_of_case: bool = False
    other_case_closed: bool = False  # the case it would be put in


def _reason(facts: IncidentFacts) -> list[str]:
    return [] if facts.reason.strip() else ["Give the reason in a sentence: it is kept with the decision."]


def _own_case_open(facts: IncidentFacts) -> list[str]:
    return ["Its case is closed. Reopen the case first."] if facts.case_closed else []


def _other_case_open(facts: IncidentFacts) -> list[str]:
    return ["The case you chose is closed. Reopen it first, or choose another."] if facts.other_case_closed else []


def _not_the_last(facts: IncidentFacts) -> list[str]:
    return ["A case needs an incident. Close the case instead."] if facts.last_of_case else []


REASON: Final = Need("a reason", _reason)
OWN_CASE_OPEN: Final = Need("its case is open", _own_case_open)
NOT_THE_LAST: Final = Need("another incident stays in the case", _not_the_last)
OTHER_CASE_OPEN: Final = Need("the case it goes to is open", _other_case_open)

_RECORDED, _IN_CASE, _NONE = IncidentState.RECORDED, IncidentState.IN_CASE, IncidentState.NO_FURTHER_ACTION
_DECIDE: Final = (Right.DECIDE,)

INCIDENT: Final = Lifecycle[IncidentFacts](
    thing="incident",
    moves=(
        Move(IncidentVerb.RECORD, None, _RECORDED, ()),
        Move(IncidentVerb.PUT_IN_CASE, _RECORDED, _IN_CASE, _DECIDE, (OTHER_CASE_OPEN,)),
        Move(IncidentVerb.TAKE_NO_ACTION, _RECORDED, _NONE, _DECIDE, (REASON,)),
        # What is decided instead gives its reason as it supersedes.
        Move(IncidentVerb.PUT_IN_CASE, _NONE, _IN_CASE, _DECIDE, (OTHER_CASE_OPEN,)),
        Move(IncidentVerb.TAKE_OUT, _IN_CASE, _RECORDED, _DECIDE, (REASON, OWN_CASE_OPEN, NOT_THE_LAST)),
    ),
    states={_RECORDED: "Waiting for triage", _IN_CASE: "In a case", _NONE: "No further action"},
    instead={
        _RECORDED: "Nobody has decided on this incident yet.",
        _IN_CASE: "This incident is in a case already.",
        _NONE: "It was decided already that nothing more is to be done.",
    },
)
