"""What can become of an incident, as a table; and how every lifecycle of the product is written, asked and drawn."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Generic, TypeVar

from incidents.access import Right

Facts = TypeVar("Facts")


@dataclass(frozen=True)
class Need(Generic[Facts]):
    """Something that must be so before a move: in words for the diagram, and as a rule that returns its reasons."""

    words: str
    unmet: Callable[[Facts], list[str]]


@dataclass(frozen=True)
class Move(Generic[Facts]):
    """One line of a lifecycle. `came_from` is None where it begins; any one of `rights` will do, none means everyone
    who may record."""

    verb: str
    came_from: str | None
    to: str
    rights: tuple[Right, ...]
    needs: tuple[Need[Facts], ...] = ()


@dataclass(frozen=True)
class Lifecycle(Generic[Facts]):
    """All moves of one kind of thing. `states` names each state, `instead` says what to do where no move fits."""

    thing: str
    moves: tuple[Move[Facts], ...]
    states: Mapping[str, str]
    instead: Mapping[str, str]

    def move(self, verb: str, state: str | None) -> Move[Facts] | None:
        """The line for this verb in this state, or None. Raises KeyError for a verb that the table does not know."""
        lines = [move for move in self.moves if move.verb == verb]
        if not lines:
            raise KeyError(f"the lifecycle of a {self.thing} has no {verb}")
        return next((move for move in lines if move.came_from == state), None)

    def reasons_not_to(self, verb: str, state: str, facts: Facts) -> list[str]:
        """Why this can't be done now, in sentences. An empty list means go."""
        move = self.move(verb, state)
        if move is None:
            return [self.instead[state]]
        return [reason for need in move.needs for reason in need.unmet(facts)]

    def may(self, verb: str, state: str, rights: Collection[Right]) -> bool:
        """Whether somebody with these rights may do it, if it can be done at all."""
        move = self.move(verb, state)
        return move is not None and (not move.rights or any(right in rights for right in move.rights))


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


def mermaid(life: Lifecycle[Facts]) -> str:
    """The lifecycle as a Mermaid state diagram: one arrow for each two states, with every verb that leads along it."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for move in life.moves:
        verbs = arrows.setdefault((move.came_from or "[*]", move.to), [])
        verbs.append(move.verb.replace("_", " "))
    lines = [f'    state "{words}" as {state}' for state, words in life.states.items()]
    lines += [f"    {start} --> {end}: {', '.join(verbs)}" for (start, end), verbs in arrows.items()]
    return "\n".join(["stateDiagram-v2", *lines])
