"""Which children and parents share one form: read from who has parental responsibility, and from nothing else.

The school's list holds no addresses, so a household is: parents who have exactly the same children here, unless the school
said that one of them lives apart. That errs towards two forms: a form too many is thrown away, one that shows a child to
somebody who should not know of it is not.
"""

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

_KEYS = uuid.UUID("9b0d6a1e-7c1f-4e35-8a55-5d1c3a0f2f10")
LINES = 2  # room for two parents on every form


@dataclass(frozen=True)
class Child:
    """A pupil of the school on the day asked about."""

    person_id: uuid.UUID
    given_name: str
    name: str
    year_group: str
    form: str

    @property
    def group(self) -> tuple[str, str]:
        """Their class: year group and form."""
        return self.year_group, self.form


@dataclass(frozen=True)
class Parent:
    """Somebody with parental responsibility for a child."""

    person_id: uuid.UUID
    name: str
    do_not_tell: bool = False


@dataclass(frozen=True)
class Household:
    """Who gets one form, and the children that stand on it. Without a parent: nobody on the list may have a link."""

    parents: tuple[Parent, ...]
    children: tuple[Child, ...]

    @cached_property
    def key(self) -> uuid.UUID:
        """The same as long as it is these parents and these children; it tells nothing of them."""
        people = sorted(
            [str(each.person_id) for each in self.parents] + [str(each.person_id) for each in self.children]
        )
        return uuid.uuid5(_KEYS, f"{len(self.parents)} {' '.join(people)}")

    @property
    def room(self) -> int:
        """How many may answer on one form."""
        return max(LINES, len(self.parents))

    def child_in(self, group: tuple[str, str]) -> list[Child]:
        """The children of this household in one class."""
        return [child for child in self.children if child.group == group]


def households(
    children: Sequence[Child], parents_of: Mapping[uuid.UUID, Sequence[Parent]], apart: Collection[uuid.UUID] = ()
) -> list[Household]:
    """The households of these children, in the children's order.

    Whoever must not be told about a child is left out of that child's form as if they were not there. A child whom nobody
    may answer for still gets a form, with no link: the school knows to whom to hand it.
    """
    known: dict[uuid.UUID, Parent] = {}
    theirs: dict[uuid.UUID, list[Child]] = {}
    left: list[Child] = []
    for child in children:
        told = [each for each in parents_of.get(child.person_id, ()) if not each.do_not_tell]
        for parent in told:
            known[parent.person_id] = parent
            theirs.setdefault(parent.person_id, []).append(child)
        if not told:
            left.append(child)
    found = [Household(tuple(known[each] for each in several), tuple(theirs[several[0]]))
             for several in _together(theirs, apart)]  # fmt: skip
    place = {child.person_id: number for number, child in enumerate(children)}
    found += [Household((), (child,)) for child in left]
    return sorted(found, key=lambda each: (place[each.children[0].person_id], [str(p.person_id) for p in each.parents]))


def _together(
    theirs: Mapping[uuid.UUID, Sequence[Child]], apart: Collection[uuid.UUID]
) -> Iterable[list[uuid.UUID]]:  # fmt: skip
    """Parents of the same children, those who live apart each by themselves."""
    groups: dict[tuple[object, ...], list[uuid.UUID]] = {}
    for parent_id, several in theirs.items():
        alone = parent_id if parent_id in apart else None
        groups.setdefault((frozenset(each.person_id for each in several), alone), []).append(parent_id)
    return groups.values()
