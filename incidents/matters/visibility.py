"""Who sees which matter: one expression over roles, grants and conflicts, computed live; deny wins.

Every list, count, search, file and message goes through `seen_with` or `standing`; nothing else decides visibility.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, false, or_, select
from sqlalchemy.orm import aliased

from incidents.access import CHAIN, RIGHTS, SAFEGUARDING_ROLES, Basis, Right, Role, Sphere
from incidents.accounts.viewer import Seat, Viewer
from incidents.extensions import db
from incidents.matters.models import Capacity, Conflict, Grant, Matter, MatterYear, Told, Why

_INVOLVED = (Why.ALLEGED, Why.TARGET, Why.WITNESS)

_CAPACITY_BASIS: dict[Capacity, Basis] = {
    Capacity.OWNER: Basis.OWNER,
    Capacity.DELEGATE: Basis.DELEGATE,
    Capacity.STEP: Basis.STEP,
    Capacity.PANEL: Basis.READER,
    Capacity.INVESTIGATOR: Basis.READER,
    Capacity.ADVISER: Basis.READER,
}


@dataclass(frozen=True)
class Standing:
    """What one person is to one matter."""

    matter_id: uuid.UUID
    bases: frozenset[Basis]

    def may(self, right: Right) -> bool:
        """Whether any basis gives the right."""
        return any(right in RIGHTS[basis] for basis in self.bases)


def standing(viewer: Viewer, matter_id: uuid.UUID) -> Standing | None:
    """How this person comes to this matter; None when for them it does not exist."""
    columns = bases_of(viewer)
    row = db.session.execute(
        select(*(column.label(basis.value) for basis, column in columns.items())).where(Matter.id == matter_id)
    ).first()
    held = frozenset(basis for basis in columns if row and getattr(row, basis.value))
    return Standing(matter_id, held) if held else None


def seen_with(viewer: Viewer, *rights: Right) -> ColumnElement[bool]:
    """The condition on `Matter` under which this person holds any of these rights in it."""
    return or_(false(), *(column for basis, column in bases_of(viewer).items() if RIGHTS[basis] & set(rights)))


def free_of(viewer: Viewer) -> ColumnElement[bool]:
    """The condition on `Matter` that neither the viewer nor anybody close to them is in conflict with it."""
    return and_(~_conflicted(viewer, *Why), ~_family_conflicted(viewer))


def bases_of(viewer: Viewer) -> dict[Basis, ColumnElement[bool]]:
    """For each basis the condition on `Matter` under which this viewer has it. Put together once a viewer: a page asks often."""
    if "bases" not in viewer.known:
        viewer.known["bases"] = _bases(viewer)
    bases: dict[Basis, ColumnElement[bool]] = viewer.known["bases"]
    return bases


def _bases(viewer: Viewer) -> dict[Basis, ColumnElement[bool]]:
    clear = free_of(viewer)
    own = Matter.recorded_by == viewer.account_id
    alleged = _conflicted(viewer, Why.ALLEGED)
    columns: dict[Basis, ColumnElement[bool]] = {
        Basis.DECIDER: and_(clear, _decides(viewer)),
        Basis.SAFEGUARDING: and_(clear, _safeguards(viewer)),
        Basis.YEAR: and_(clear, _of_their_year(viewer)),
        Basis.REPORTER: and_(own, ~alleged),
        Basis.AUTHOR_ALLEGED: and_(own, alleged),
        Basis.PARTY: and_(~alleged, _is_party(viewer)),
    }
    for basis in (Basis.OWNER, Basis.DELEGATE, Basis.STEP, Basis.READER):
        columns[basis] = and_(clear, _granted(viewer, basis))
    return columns


def deciders(matter: Matter, seats: Mapping[Role, Sequence[Seat]]) -> list[uuid.UUID]:
    """The accounts that decide this matter now: the first role of its chain with somebody who is free of conflict.

    Nobody: the empty list, and then the matter is the outside body's (its number stands on the page of who recorded it).
    """
    free = _free_seats(matter, seats)
    return next((free[role] for role in CHAIN[Sphere(matter.sphere)] if free[role]), [])


def safeguarders(matter: Matter, seats: Mapping[Role, Sequence[Seat]]) -> list[uuid.UUID]:
    """The safeguarding leads who have this matter before them now."""
    if matter.sphere != Sphere.PUPIL:
        return []
    free = _free_seats(matter, seats)
    return [account for role in SAFEGUARDING_ROLES for account in free[role]]


def _free_seats(matter: Matter, seats: Mapping[Role, Sequence[Seat]]) -> defaultdict[Role, list[uuid.UUID]]:
    """For each role the accounts that are not in conflict with what hangs together with the matter."""
    sibling = aliased(Matter, flat=True)
    named = db.session.execute(
        select(Conflict.person_id, Conflict.why)
        .join(sibling, and_(sibling.school_id == Conflict.school_id, sibling.id == Conflict.matter_id))
        .where(sibling.anchor_id == matter.anchor_id, Conflict.ends.is_(None))
    ).all()
    persons = {person for person, _ in named}
    involved = {person for person, why in named if why in _INVOLVED}
    free: defaultdict[Role, list[uuid.UUID]] = defaultdict(list)
    for role, several in seats.items():
        free[role] = [s.account_id for s in several if not (s.persons & persons or s.family & involved)]
    return free


# --- the roles


def _decides(viewer: Viewer) -> ColumnElement[bool]:
    """Holds a role of the matter's chain, and everybody before it in the chain is in conflict or not there."""
    ways: list[ColumnElement[bool]] = []
    for sphere, chain in CHAIN.items():
        places = [place for place, role in enumerate(chain) if role in viewer.roles]
        if places:
            earlier = [seat for role in chain[: min(places)] for seat in viewer.seats.get(role, ())]
            ways.append(and_(Matter.sphere == sphere, *(_seat_conflicted(seat) for seat in earlier)))
    return or_(false(), *ways)


def _safeguards(viewer: Viewer) -> ColumnElement[bool]:
    return Matter.sphere == Sphere.PUPIL if viewer.roles & set(SAFEGUARDING_ROLES) else false()


def _of_their_year(viewer: Viewer) -> ColumnElement[bool]:
    if Role.HEAD_OF_YEAR not in viewer.roles or not viewer.year_groups:
        return false()
    return and_(
        Matter.sphere == Sphere.PUPIL,
        exists().where(
            MatterYear.school_id == Matter.school_id,
            MatterYear.matter_id == Matter.id,
            MatterYear.year_group.in_(viewer.year_groups),
        ),
    )


def _granted(viewer: Viewer, basis: Basis) -> ColumnElement[bool]:
    """What was given on a case counts for the incidents in it too; a step is given on its own."""
    capacities = [capacity for capacity, given in _CAPACITY_BASIS.items() if given is basis]
    here = Grant.matter_id == Matter.id
    return exists().where(
        Grant.school_id == Matter.school_id,
        here if basis is Basis.STEP else or_(here, Grant.matter_id == Matter.anchor_id),
        Grant.account_id == viewer.account_id,
        Grant.capacity.in_(capacities),
        Grant.starts <= viewer.at,
        or_(Grant.ends.is_(None), Grant.ends > viewer.at),
    )


def _is_party(viewer: Viewer) -> ColumnElement[bool]:
    """Target or witness; or told something by the school, as family are. Family learn of it from a person, not from a list."""
    told = exists().where(
        Told.school_id == Matter.school_id,
        Told.matter_id == Matter.id,
        Told.person_id.in_(viewer.person_ids),
    )
    return or_(_named(viewer, Why.TARGET, Why.WITNESS), told)


# --- the conflicts


def _named(viewer: Viewer, *why: Why) -> ColumnElement[bool]:
    """In conflict with this very matter, not only with one that hangs together with it."""
    return exists().where(
        Conflict.school_id == Matter.school_id,
        Conflict.matter_id == Matter.id,
        Conflict.person_id.in_(viewer.person_ids),
        Conflict.why.in_(why),
        Conflict.ends.is_(None),
    )


def _conflicted(viewer: Viewer, *why: Why) -> ColumnElement[bool]:
    return _conflict_among(Conflict.person_id.in_(viewer.person_ids), why)


def _family_conflicted(viewer: Viewer) -> ColumnElement[bool]:
    return _conflict_among(Conflict.person_id.in_(viewer.family_ids), _INVOLVED) if viewer.family_ids else false()


def _seat_conflicted(seat: Seat) -> ColumnElement[bool]:
    own = Conflict.person_id.in_(seat.persons)
    return _conflict_among(or_(own, and_(Conflict.person_id.in_(seat.family), Conflict.why.in_(_INVOLVED))), Why)


def _conflict_among(whose: ColumnElement[bool], why: Iterable[Why]) -> ColumnElement[bool]:
    """A standing conflict in anything that hangs together with the matter."""
    sibling = aliased(Matter, flat=True)
    return (
        select(Conflict.id)
        .join(sibling, and_(sibling.school_id == Conflict.school_id, sibling.id == Conflict.matter_id))
        .where(
            sibling.school_id == Matter.school_id,
            sibling.anchor_id == Matter.anchor_id,
            Conflict.why.in_(list(why)),
            Conflict.ends.is_(None),
            whose,
        )
        .correlate(Matter)
        .exists()
    )
