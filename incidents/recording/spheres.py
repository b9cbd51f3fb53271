"""Whose business an incident is, by who is in it: the strictest that fits (domain 2 and 6)."""

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from incidents.access import Sphere
from incidents.recording.words import Part, PersonKind

# The parts by which something is alleged of somebody.
ALLEGING = frozenset({Part.ALLEGED, Part.AUTHOR})
ADULTS_OF_THE_SCHOOL = frozenset({PersonKind.STAFF, PersonKind.GOVERNOR, PersonKind.VOLUNTEER})

# What a part makes of somebody towards the incident, in the words that a conflict is kept in. A source is in none.
CONFLICT_OF: dict[Part, str] = {
    Part.ALLEGED: "alleged",
    Part.AUTHOR: "alleged",
    Part.TARGET: "target",
    Part.PHOTOGRAPHED: "target",
    Part.WITNESS: "witness",
}


@dataclass(frozen=True)
class Involved:
    """One person or account in an incident: `may_be` are the staff whom a typed name may well mean."""

    part: Part
    kind: PersonKind
    person_id: uuid.UUID | None = None
    works_here: bool = False
    may_be: frozenset[uuid.UUID] = frozenset()

    @property
    def persons(self) -> frozenset[uuid.UUID]:
        """The person, and those whom the name may mean."""
        return self.may_be | ({self.person_id} if self.person_id else frozenset())


def sphere_of(involved: Collection[Involved], heads: Iterable[uuid.UUID]) -> Sphere:
    """The head's own matter, staff conduct, a pupil's, or between adults.

    Where nobody is known yet it may well be a pupil's, so the safeguarding lead has it.
    """
    alleged = [each for each in involved if each.part in ALLEGING]
    if any(each.persons & frozenset(heads) for each in alleged):
        return Sphere.HEAD
    if any(each.works_here or each.may_be or each.kind in ADULTS_OF_THE_SCHOOL for each in alleged):
        return Sphere.STAFF_CONDUCT
    kinds = {each.kind for each in involved}
    if PersonKind.PUPIL in kinds or not kinds - {PersonKind.UNKNOWN}:
        return Sphere.PUPIL
    return Sphere.ADULT


def conflicts_of(involved: Iterable[Involved]) -> dict[tuple[uuid.UUID, str], str]:
    """Who may not decide it, or not even know of it, and which act says so."""
    found: dict[tuple[uuid.UUID, str], str] = {}
    for each in involved:
        why = CONFLICT_OF.get(each.part)
        if why is None:
            continue
        if each.part in ALLEGING:
            found |= {(person, why): "name_match" for person in each.may_be}
        if each.person_id:
            found[each.person_id, why] = "involvement"
    return found
