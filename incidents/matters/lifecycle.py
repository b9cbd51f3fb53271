"""How every lifecycle of the product is written, asked and drawn: a table of moves."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

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


def mermaid(life: Lifecycle[Facts]) -> str:
    """The lifecycle as a Mermaid state diagram: one arrow for each two states, with every verb that leads along it."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for move in life.moves:
        verbs = arrows.setdefault((move.came_from or "[*]", move.to), [])
        verbs.append(move.verb.replace("_", " "))
    lines = [f'    state "{words}" as {state}' for state, words in life.states.items()]
    lines += [f"    {start} --> {end}: {', '.join(verbs)}" for (start, end), verbs in arrows.items()]
    return "\n".join(["stateDiagram-v2", *lines])
