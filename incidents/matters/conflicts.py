"""Who is in conflict with which matter: read for those who matter to one viewer's access, or around one matter."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, and_, select

from incidents.accounts.viewer import Viewer
from incidents.database import question, remembered
from incidents.matters.models import Conflict, Matter, Why

INVOLVED = (Why.ALLEGED, Why.TARGET, Why.WITNESS)
InConflict = tuple[uuid.UUID, str, uuid.UUID, uuid.UUID]  # person, why, matter, anchor


@dataclass(frozen=True)
class Conflicts:
    """Standing conflicts: few, and asked for again and again."""

    rows: Sequence[Row[InConflict]]

    def of(self, persons: frozenset[uuid.UUID], family: frozenset[uuid.UUID]) -> frozenset[uuid.UUID]:
        """What somebody is kept from: any conflict of their own, or something that involves somebody close to them."""
        return self.anchors(persons, Why) | self.anchors(family, INVOLVED)

    def anchors(self, persons: frozenset[uuid.UUID], why: Iterable[Why]) -> frozenset[uuid.UUID]:
        """The clusters in which these persons have a conflict of this kind anywhere: what hangs together shares it."""
        reasons = frozenset(why)
        return frozenset(row.anchor_id for row in self.rows if row.person_id in persons and row.why in reasons)

    def matters(self, persons: frozenset[uuid.UUID], why: Iterable[Why]) -> frozenset[uuid.UUID]:
        """The very matters that name these persons, not only something that hangs together with them."""
        reasons = frozenset(why)
        return frozenset(row.matter_id for row in self.rows if row.person_id in persons and row.why in reasons)


def conflicts_of(viewer: Viewer) -> Conflicts:
    """Those of the viewer, of who decides before them or in their place, and of all who are close to these."""
    return remembered(("conflicts", viewer), lambda: Conflicts(_of_persons(_persons_around(viewer)).all()))


def around(matter: Matter) -> Conflicts:
    """Those with what hangs together with a matter. A page asks of several who may take it."""
    return remembered(("conflicts around", matter.anchor_id), lambda: Conflicts(_of_cluster(matter.anchor_id).all()))


def conflicts_around(matter: Matter) -> list[tuple[uuid.UUID, str]]:
    """Every person in conflict with what hangs together with the matter, and why."""
    return [(row.person_id, row.why) for row in around(matter).rows]


def _persons_around(viewer: Viewer) -> frozenset[uuid.UUID]:
    seats = [seat for several in viewer.seats.values() for seat in several]
    return (viewer.person_ids | viewer.family_ids).union(*(seat.persons | seat.family for seat in seats))


@question
def _of_persons(person_ids: Any) -> Select[InConflict]:
    return _standing().where(Conflict.person_id.in_(person_ids))


@question
def _of_cluster(anchor_id: Any) -> Select[InConflict]:
    return _standing().where(Matter.anchor_id == anchor_id)


def _standing() -> Select[InConflict]:
    return (
        select(Conflict.person_id, Conflict.why, Conflict.matter_id, Matter.anchor_id)
        .join(Matter, and_(Matter.school_id == Conflict.school_id, Matter.id == Conflict.matter_id))
        .where(Conflict.ends.is_(None))
    )
