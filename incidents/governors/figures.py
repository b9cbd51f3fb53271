"""Counting a term: facts go in, figures that passed the gate come out; an exact count never leaves this file."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from incidents.governors.disclosure import TESTS, Counts, Figures, Group, Quoted, Term, gate
from incidents.recording.words import Direction

GROUP_OF: Mapping[Direction, Group] = {
    Direction.PUPIL_TO_PUPIL: Group.PUPIL_TO_PUPIL,
    Direction.PUPIL_TO_STAFF: Group.PUPIL_TO_STAFF,
    Direction.PARENT_TO_STAFF: Group.PARENT,
    Direction.PARENT_TO_PARENT: Group.PARENT,
    Direction.PARENT_TO_CHILD: Group.PARENT,
    Direction.STAFF_CONDUCT: Group.STAFF,
    Direction.STAFF_TO_STAFF: Group.STAFF,
    Direction.STAFF_CONTACT: Group.STAFF,
    Direction.GOVERNOR_OR_VOLUNTEER: Group.STAFF,
    Direction.STRANGER_TO_PUPIL: Group.STRANGER,
    Direction.COMMENT_ON_SCHOOL_ACCOUNT: Group.SCHOOL_ACCOUNT,
    Direction.SCHOOL_ACCOUNT: Group.SCHOOL_ACCOUNT,
    Direction.UNKNOWN_AUTHOR: Group.STRANGER,
}


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the report needs to know of one incident. `direction` is None until triage has decided it."""

    direction: Direction | None
    outside_hours: bool
    off_site: bool
    relied_on: frozenset[str]  # the tests relied on to act on a pupil
    staff_target: bool
    triaged_in_one_day: bool


@dataclass(frozen=True, slots=True)
class Opened:
    """What the report needs to know of one case opened in the term."""

    closed: bool  # by the last day of the report


def figures_of(
    incidents: Sequence[Recorded], cases: Sequence[Opened], *, term: Term, earlier: Iterable[Quoted] = ()
) -> Figures:
    """The figures of a term. An incident that nobody has triaged yet counts with those of unknown authors."""
    groups = Counter(GROUP_OF[each.direction] if each.direction else Group.STRANGER for each in incidents)
    relied = Counter(name for each in incidents for name in each.relied_on)
    counts = Counts(
        incidents=len(incidents),
        cases=len(cases),
        directions=groups,
        tests={name: relied[name] for name in TESTS},
        outside_hours=sum(each.outside_hours for each in incidents),
        off_site=sum(each.off_site for each in incidents),
        staff_targets=sum(each.staff_target for each in incidents),
        triaged_in_one_day=sum(each.triaged_in_one_day for each in incidents),
        cases_closed=sum(each.closed for each in cases),
    )
    return gate(counts, term=term, earlier=tuple(earlier))
