"""Who sees which matter: one expression over roles, grants and conflicts, computed live; deny wins.

Every list, count, search, file and message goes through `seen_with` or `standing`; nothing else decides visibility.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Row, and_, exists, false, or_, select, true
from sqlalchemy.orm import aliased

from incidents.access import CHAIN, RIGHTS, SAFEGUARDING_ROLES, Basis, Right, Role, Sphere
from incidents.accounts.viewer import Seat, Viewer
from incidents.database import remembered
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
_GIVEN_ON_A_CASE = (Basis.OWNER, Basis.DELEGATE, Basis.READER)


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
    return standings([viewer], matter_id)[0]


def standings(viewers: Sequence[Viewer], matter_id: uuid.UUID) -> list[Standing | None]:
    """What each of several people is to one matter, asked in one statement however many they are."""
    _read_conflicts_of(viewers)
    asked = [
        (place, basis, column) for place, viewer in enumerate(viewers) for basis, column in bases_of(viewer).items()
    ]
    row = db.session.execute(
        select(*(column.label(f"{basis.value}_{place}") for place, basis, column in asked)).where(
            Matter.id == matter_id
        )
    ).first()
    held: list[set[Basis]] = [set() for _ in viewers]
    for (place, basis, _), has in zip(asked, row or (), strict=False):
        if has:
            held[place].add(basis)
    return [Standing(matter_id, frozenset(bases)) if bases else None for bases in held]


def seen_with(viewer: Viewer, *rights: Right) -> ColumnElement[bool]:
    """The condition on `Matter` under which this person holds any of these rights in it."""
    return remembered(("seen", viewer, rights), lambda: _seen_with(viewer, frozenset(rights)))


def _seen_with(viewer: Viewer, rights: frozenset[Right]) -> ColumnElement[bool]:
    fitting = [basis for basis in Basis if RIGHTS[basis] & rights]
    given = [basis for basis in fitting if basis in _GIVEN_ON_A_CASE]
    columns = bases_of(viewer)
    ways = [columns[basis] for basis in fitting if basis not in given]
    if given:  # asked once for all of them: a list looks at every row
        ways.append(and_(free_of(viewer), _granted(viewer, *given)))
    return or_(false(), *ways)


def of_kind(viewer: Viewer, kind: str) -> ColumnElement[bool]:
    """The condition on `Matter` that it is of this kind, in the words of the index by which a list goes newest first."""
    return and_(Matter.school_id == viewer.school_id, Matter.kind == kind)


def free_of(viewer: Viewer) -> ColumnElement[bool]:
    """The condition on `Matter` that neither the viewer nor anybody close to them is in conflict with it."""
    return ~_hangs_in(_conflicts(viewer).of(viewer.person_ids, viewer.family_ids))


def kept_from(viewer: Viewer, seat: Seat) -> frozenset[uuid.UUID]:
    """The clusters, by their anchors, that somebody in office is in conflict with; of those around this viewer."""
    return _conflicts(viewer).of(seat.persons, seat.family)


def bases_of(viewer: Viewer) -> dict[Basis, ColumnElement[bool]]:
    """For each basis the condition on `Matter` under which this viewer has it. Put together once a transaction."""
    return remembered(("bases", viewer), lambda: _bases(viewer))


def _bases(viewer: Viewer) -> dict[Basis, ColumnElement[bool]]:
    clear = free_of(viewer)
    own = Matter.recorded_by == viewer.account_id
    alleged = _hangs_in(_conflicts(viewer).anchors(viewer.person_ids, (Why.ALLEGED,)))
    return {
        Basis.DECIDER: and_(clear, _decides(viewer)),
        Basis.SAFEGUARDING: and_(clear, _safeguards(viewer)),
        Basis.YEAR: and_(clear, _of_their_year(viewer)),
        Basis.REPORTER: and_(own, ~alleged),
        Basis.AUTHOR_ALLEGED: and_(own, alleged),
        Basis.PARTY: and_(~alleged, _is_party(viewer)),
        **{basis: and_(clear, _granted(viewer, basis)) for basis in (Basis.STEP, *_GIVEN_ON_A_CASE)},
    }


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
            known = _conflicts(viewer)
            barred = [known.of(seat.persons, seat.family) for seat in earlier]
            everybody = frozenset.intersection(*barred) if barred else None
            ways.append(and_(Matter.sphere == sphere, true() if everybody is None else _hangs_in(everybody)))
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


def _granted(viewer: Viewer, *bases: Basis) -> ColumnElement[bool]:
    """What was given on a case counts for the incidents in it too; a step is given on its own."""
    capacities = [capacity for capacity, given in _CAPACITY_BASIS.items() if given in bases]
    here = Grant.matter_id == Matter.id
    return exists().where(
        Grant.school_id == Matter.school_id,
        here if bases == (Basis.STEP,) else or_(here, Grant.matter_id == Matter.anchor_id),
        Grant.account_id == viewer.account_id,
        Grant.capacity.in_(capacities),
        Grant.starts <= viewer.at,
        or_(Grant.ends.is_(None), Grant.ends > viewer.at),
    )


def _is_party(viewer: Viewer) -> ColumnElement[bool]:
    """Target or witness; or told something by the school, as family are. Family learn of it from a person, not from a list."""
    told = select(Told.matter_id).where(Told.school_id == viewer.school_id, Told.person_id.in_(viewer.person_ids))
    named = _conflicts(viewer).matters(viewer.person_ids, (Why.TARGET, Why.WITNESS))
    return or_(Matter.id.in_(named) if named else false(), Matter.id.in_(told))


# --- the conflicts


@dataclass(frozen=True)
class _Conflicts:
    """The standing conflicts of those who matter to one viewer's access: few, and asked for again and again."""

    rows: Sequence[Row[tuple[uuid.UUID, str, uuid.UUID, uuid.UUID]]]  # person, why, matter, anchor

    def of(self, persons: frozenset[uuid.UUID], family: frozenset[uuid.UUID]) -> frozenset[uuid.UUID]:
        """What somebody is kept from: any conflict of their own, or something that involves somebody close to them."""
        return self.anchors(persons, Why) | self.anchors(family, _INVOLVED)

    def anchors(self, persons: frozenset[uuid.UUID], why: Iterable[Why]) -> frozenset[uuid.UUID]:
        """The clusters in which these persons have a conflict of this kind anywhere: what hangs together shares it."""
        reasons = frozenset(why)
        return frozenset(row.anchor_id for row in self.rows if row.person_id in persons and row.why in reasons)

    def matters(self, persons: frozenset[uuid.UUID], why: Iterable[Why]) -> frozenset[uuid.UUID]:
        """The very matters that name these persons, not only something that hangs together with them."""
        reasons = frozenset(why)
        return frozenset(row.matter_id for row in self.rows if row.person_id in persons and row.why in reasons)


def _conflicts(viewer: Viewer) -> _Conflicts:
    return remembered(("conflicts", viewer), lambda: _Conflicts(_conflicts_around([viewer])))


def _read_conflicts_of(viewers: Sequence[Viewer]) -> None:
    """Read once for all of them what each would read for themselves."""
    if len(viewers) > 1:
        together = _Conflicts(_conflicts_around(viewers))
        for viewer in viewers:
            remembered(("conflicts", viewer), lambda: together)


def _conflicts_around(viewers: Iterable[Viewer]) -> Sequence[Row[tuple[uuid.UUID, str, uuid.UUID, uuid.UUID]]]:
    persons: set[uuid.UUID] = set()
    for viewer in viewers:
        seats = [seat for several in viewer.seats.values() for seat in several]
        persons |= (viewer.person_ids | viewer.family_ids).union(*(seat.persons | seat.family for seat in seats))
    return db.session.execute(
        select(Conflict.person_id, Conflict.why, Conflict.matter_id, Matter.anchor_id)
        .join(Matter, and_(Matter.school_id == Conflict.school_id, Matter.id == Conflict.matter_id))
        .where(Conflict.person_id.in_(persons), Conflict.ends.is_(None))
    ).all()


def _hangs_in(anchors: frozenset[uuid.UUID]) -> ColumnElement[bool]:
    return Matter.anchor_id.in_(anchors) if anchors else false()
