"""Lists by class: a line for each household with a child in it, or for each member of staff; and what they come to."""

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from incidents.declarations.answers import Given, Share, State, state_of
from incidents.declarations.households import Child, Household
from incidents.people.matching import by_number

Group = tuple[str, str]  # year group and form


@dataclass(frozen=True)
class Member:
    """Somebody who works for, volunteers for or governs the school."""

    person_id: uuid.UUID
    name: str
    job: str


@dataclass(frozen=True)
class Line:
    """One form: whose it is, and what came back on it. `state` counts the child's other household too."""

    key: uuid.UUID
    name: str
    note: str
    state: State
    own: tuple[Given, ...]
    household: Household | None = None
    person_id: uuid.UUID | None = None

    @property
    def is_open(self) -> bool:
        """Whether nothing came back on this very form."""
        return not self.own


def member_line(member: Member, given: Iterable[Given]) -> Line:
    """The line of somebody who answers for themselves."""
    own = tuple(each for each in given if each.counts and each.person_id == member.person_id)
    return Line(member.person_id, member.name, member.job, state_of(own), own, person_id=member.person_id)


def family_lines(households: Sequence[Household], given: Iterable[Given], group: Group | None = None) -> list[Line]:
    """The lines of one class, by the children's names, or of the whole school."""
    by_child = _by_child(given)
    keys = {each.key for each in households}
    lines = [_family_line(each, by_child, keys, group) for each in households if not group or each.child_in(group)]
    return sorted(lines, key=lambda line: line.name) if group else lines


def _by_child(given: Iterable[Given]) -> dict[uuid.UUID, list[Given]]:
    found: dict[uuid.UUID, list[Given]] = {}
    for each in given:
        for child_id in each.children if each.counts else ():
            found.setdefault(child_id, []).append(each)
    return found


def _family_line(
    household: Household,
    by_child: Mapping[uuid.UUID, Sequence[Given]],
    keys: Collection[uuid.UUID],
    group: Group | None,
) -> Line:
    """The line of a household, in the list of one class (None: of the whole school).

    An answer of a parent who is not known belongs to the household that it came from; if that is one no longer (a child
    joined or left), to each that has the child now.
    """
    here = household.child_in(group) if group else list(household.children)
    elsewhere = [child for child in household.children if child not in here]
    parents = {parent.person_id for parent in household.parents}
    covering = {each.id: each for child in household.children for each in by_child.get(child.person_id, ())}
    own = tuple(
        each
        for each in covering.values()
        if each.person_id in parents
        or each.household == household.key
        or (each.person_id is None and each.household not in keys)
    )
    state = min((state_of(by_child.get(child.person_id, ())) for child in here), key=_RANK.index)
    names = ", ".join(parent.name for parent in household.parents) or "no parent on the list whom we may tell"
    also = f"; also {', '.join(f'{child.given_name} ({_class(child)})' for child in elsewhere)}" if elsewhere else ""
    return Line(household.key, " and ".join(child.name for child in here), names + also, state, own, household)


_RANK = [State.OPEN, State.DECLINED, State.SIGNED]  # of several children the one with the least


def _class(child: Child) -> str:
    return child.form or child.year_group


def in_order(group: Group) -> tuple[tuple[bool, int, str], ...]:
    """Year 7 stands before Year 10, and its own classes follow it."""
    return tuple(by_number(part) for part in group)


def total(shares: Mapping[Group, Share]) -> Share:
    """All classes together."""
    return Share(*(sum(getattr(each, part) for each in shares.values()) for part in ("asked", "signed", "declined")))
