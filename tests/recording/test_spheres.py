"""Whose business an incident is follows from who is in it; the strictest that fits."""

import uuid

import pytest

from incidents.access import Sphere
from incidents.people.kinds import PersonKind
from incidents.recording.spheres import Involved, conflicts_of, sphere_of
from incidents.recording.words import Part

HEAD, TEACHER, PUPIL, PARENT = (uuid.uuid4() for _ in range(4))


def person(part: Part, who: uuid.UUID, kind: PersonKind, *, works_here: bool = False) -> Involved:
    return Involved(part, kind, who, works_here)


TARGET_PUPIL = person(Part.TARGET, PUPIL, PersonKind.PUPIL)
ALLEGED_HEAD = person(Part.ALLEGED, HEAD, PersonKind.STAFF, works_here=True)
NAMED_LIKE_HEAD = Involved(Part.AUTHOR, PersonKind.UNKNOWN, None, False, frozenset({HEAD}))
NAMED_LIKE_TEACHER = Involved(Part.ALLEGED, PersonKind.PUBLIC, PARENT, False, frozenset({TEACHER}))


@pytest.mark.parametrize(
    ("involved", "sphere"),
    [
        ([], Sphere.PUPIL),
        ([Involved(Part.ALLEGED, PersonKind.UNKNOWN)], Sphere.PUPIL),
        ([TARGET_PUPIL], Sphere.PUPIL),
        ([TARGET_PUPIL, ALLEGED_HEAD], Sphere.HEAD),
        ([NAMED_LIKE_HEAD], Sphere.HEAD),
        ([person(Part.WITNESS, HEAD, PersonKind.STAFF, works_here=True), TARGET_PUPIL], Sphere.PUPIL),
        ([person(Part.TARGET, HEAD, PersonKind.STAFF, works_here=True)], Sphere.ADULT),
        ([NAMED_LIKE_TEACHER, TARGET_PUPIL], Sphere.STAFF_CONDUCT),
        ([person(Part.ALLEGED, TEACHER, PersonKind.PARENT, works_here=True), TARGET_PUPIL], Sphere.STAFF_CONDUCT),
        ([Involved(Part.ALLEGED, PersonKind.VOLUNTEER), TARGET_PUPIL], Sphere.STAFF_CONDUCT),
        ([person(Part.TARGET, TEACHER, PersonKind.STAFF, works_here=True),
          person(Part.ALLEGED, PARENT, PersonKind.PARENT)], Sphere.ADULT),
        ([person(Part.ALLEGED, PARENT, PersonKind.PARENT), TARGET_PUPIL], Sphere.PUPIL),
    ],
)  # fmt: skip
def test_the_strictest_that_fits(involved: list[Involved], sphere: Sphere) -> None:
    assert sphere_of(involved, [HEAD]) == sphere


def test_everybody_but_the_source_is_in_conflict_with_it() -> None:
    involved = [TARGET_PUPIL, ALLEGED_HEAD, NAMED_LIKE_TEACHER, person(Part.SOURCE, TEACHER, PersonKind.STAFF)]
    assert conflicts_of(involved) == {
        (PUPIL, "target"): "involvement",
        (HEAD, "alleged"): "involvement",
        (PARENT, "alleged"): "involvement",
        (TEACHER, "alleged"): "name_match",
    }
