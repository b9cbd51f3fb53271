"""Who did it to whom, from the people on the record: the direction that it suggests, and whom a direction means."""

from collections.abc import Collection, Mapping

from incidents.matters.words import Direction, Method
from incidents.people.kinds import PersonKind

DIRECTION_KIND: dict[Direction, PersonKind] = {
    Direction.PUPIL_TO_PUPIL: PersonKind.PUPIL,
    Direction.PUPIL_TO_STAFF: PersonKind.PUPIL,
    Direction.PARENT_TO_STAFF: PersonKind.PARENT,
    Direction.PARENT_TO_PARENT: PersonKind.PARENT,
    Direction.PARENT_TO_CHILD: PersonKind.PARENT,
    Direction.STAFF_CONDUCT: PersonKind.STAFF,
    Direction.STAFF_TO_STAFF: PersonKind.STAFF,
    Direction.STAFF_CONTACT: PersonKind.STAFF,
    Direction.GOVERNOR_OR_VOLUNTEER: PersonKind.GOVERNOR,
    Direction.STRANGER_TO_PUPIL: PersonKind.PUBLIC,
    Direction.COMMENT_ON_SCHOOL_ACCOUNT: PersonKind.UNKNOWN,
    Direction.SCHOOL_ACCOUNT: PersonKind.STAFF,
    Direction.UNKNOWN_AUTHOR: PersonKind.UNKNOWN,
}
"""Who is meant when nobody alleged is on the record yet."""


def kinds_meant(direction: Direction, alleged: Collection[PersonKind]) -> frozenset[PersonKind]:
    """Who the question is about: the people on the record; the direction speaks only when there are none."""
    return frozenset(alleged) or frozenset({DIRECTION_KIND[direction]})


_AUTHORS = (PersonKind.STAFF, PersonKind.GOVERNOR, PersonKind.VOLUNTEER, PersonKind.PUPIL, PersonKind.PARENT)

_TOWARDS: dict[PersonKind, tuple[tuple[PersonKind, Direction], ...]] = {
    PersonKind.STAFF: (
        (PersonKind.PUPIL, Direction.STAFF_CONTACT),
        (PersonKind.PARENT, Direction.STAFF_CONTACT),
        (PersonKind.STAFF, Direction.STAFF_TO_STAFF),
    ),
    PersonKind.PUPIL: ((PersonKind.PUPIL, Direction.PUPIL_TO_PUPIL), (PersonKind.STAFF, Direction.PUPIL_TO_STAFF)),
    PersonKind.PARENT: (
        (PersonKind.STAFF, Direction.PARENT_TO_STAFF),
        (PersonKind.PUPIL, Direction.PARENT_TO_CHILD),
        (PersonKind.PARENT, Direction.PARENT_TO_PARENT),
    ),
}

_OTHERWISE: dict[PersonKind, Direction] = {
    PersonKind.STAFF: Direction.STAFF_CONDUCT,
    PersonKind.GOVERNOR: Direction.GOVERNOR_OR_VOLUNTEER,
    PersonKind.VOLUNTEER: Direction.GOVERNOR_OR_VOLUNTEER,
    PersonKind.PUPIL: Direction.PUPIL_TO_PUPIL,
    PersonKind.PARENT: Direction.PARENT_TO_STAFF,
}


def direction_of(alleged: Mapping[PersonKind, int], targets: Collection[PersonKind], method: Method) -> Direction:
    """The direction that the record suggests; a person confirms it or chooses another.

    Staff come first among several: what is alleged of an adult in school asks its own first question.
    """
    kinds = {kind for kind, count in alleged.items() if count}
    author = next((kind for kind in _AUTHORS if kind in kinds), None)
    if author is not None and author is not PersonKind.PUPIL and method is Method.SCHOOL_ACCOUNT_COMMENT:
        return _OTHERWISE[author] if author is not PersonKind.PARENT else Direction.COMMENT_ON_SCHOOL_ACCOUNT
    if author is not None:
        towards = (direction for kind, direction in _TOWARDS.get(author, ()) if kind in targets)
        return next(towards, _OTHERWISE[author])
    if method is Method.SCHOOL_ACCOUNT_COMMENT:
        return Direction.COMMENT_ON_SCHOOL_ACCOUNT
    if kinds == {PersonKind.PUBLIC}:
        return Direction.STRANGER_TO_PUPIL
    return Direction.UNKNOWN_AUTHOR
