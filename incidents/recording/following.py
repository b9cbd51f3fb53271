"""What happens in the incidents when two entries prove to be one person, or two after all: at once, in all of them."""

import uuid
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from incidents.audit.actions import record
from incidents.errors import NotPossibleNow, Refused
from incidents.extensions import db
from incidents.matters.actions import set_years
from incidents.matters.models import Matter, MatterYear
from incidents.people.merging import WHEN_MERGED, is_only_named, merge, take_apart
from incidents.people.models import Person
from incidents.people.queries import on_list, status_of
from incidents.recording import queries
from incidents.recording.models import Incident, Involvement
from incidents.recording.settling import settle_again
from incidents.schools.queries import this_school

_AS_WAS = ("person_kind", "year_group", "form", "as_was")


def say_who(
    incident: Incident, involvement: Involvement, person_id: uuid.UUID, reason: str, *, by: uuid.UUID, at: datetime
) -> None:
    """Say which person of the list somebody is whose name was typed here. Access changes with this very act."""
    entry = _typed(incident, involvement)
    if not reason.strip():
        raise Refused("Say how it is known who this is.", "reason")
    merge(entry, on_list(person_id), reason, by=by, at=at)


def say_somebody_else(
    incident: Incident, involvement: Involvement, reason: str, *, by: uuid.UUID, at: datetime
) -> None:
    """Take that back. Everything is as it was when only the name was known."""
    if not reason.strip():
        raise Refused("Say why it is somebody else.", "reason")
    take_apart(_typed(incident, involvement), reason, by=by, at=at)


def typed_entry(involvement: Involvement) -> Person | None:
    """The entry behind an involvement if its name was only typed in an incident."""
    entry = db.session.get(Person, (involvement.school_id, involvement.person_id)) if involvement.person_id else None
    return entry if entry and is_only_named(entry) else None


def _typed(incident: Incident, involvement: Involvement) -> Person:
    entry = typed_entry(involvement) if involvement.incident_id == incident.id and not involvement.ended_at else None
    if entry is None:
        raise NotPossibleNow("This was put right already. Load the page again.")
    return entry


def follow(entry_ids: Collection[uuid.UUID], at: datetime) -> None:
    """Whoever is known now was something to the school that day; conflicts, sphere and year groups follow.

    In the log it is nobody's act: whoever merged two entries of the list knows of no incident.
    """
    rows = db.session.scalars(
        select(Involvement).where(Involvement.person_id.in_(entry_ids), Involvement.ended_at.is_(None))
    ).all()
    for incident_id in dict.fromkeys(row.incident_id for row in rows):
        incident = db.session.get_one(Incident, (rows[0].school_id, incident_id))
        for row in rows:
            if row.incident_id == incident_id:
                _follow(incident, row, at)
        settle_again(incident, None, at)
        _years_again(incident)


def _years_again(incident: Incident) -> None:
    """The year groups by which heads of year find it and what hangs together with it: those, and no others."""
    together = db.session.scalars(select(Matter).where(Matter.anchor_id == incident.anchor_id)).all()
    years = queries.years_of([matter.id for matter in together if isinstance(matter, Incident)])
    for matter in together:
        mine = [matter.id] if isinstance(matter, Incident) else list(years)
        own = {year for incident_id in mine for year in years.get(incident_id, ())}
        db.session.execute(
            delete(MatterYear).where(MatterYear.matter_id == matter.id, MatterYear.year_group.not_in(own))
        )
        set_years(matter, own)


def _follow(incident: Incident, row: Involvement, at: datetime) -> None:
    entry = typed_entry(row)
    if entry is None:
        return
    held = _as_typed(row) if entry.one_id == entry.id else _as_known(incident, entry)
    if all(getattr(row, name) == value for name, value in held.items()):
        return
    known = Involvement(
        school_id=row.school_id, incident_id=row.incident_id, person_id=row.person_id, handle_id=None, part=row.part,
        by=row.by, at=at, **held,
    )  # fmt: skip
    db.session.add(known)
    db.session.flush()
    row.ended_at, row.superseded_by = at, known.id
    record("followed", known, by=None, at=at, matter=incident.id, part=row.part)


def _as_known(incident: Incident, entry: Person) -> dict[str, Any]:
    status = status_of(entry.id, queries.day_of(incident, queries.particulars(incident.id), this_school()))
    return {"person_kind": status.kind, "year_group": status.year_group, "form": status.form, "as_was": status.as_was}


def _as_typed(row: Involvement) -> dict[str, Any]:
    """As it was when the name was typed: the first of the rows that took each other's place."""
    earlier: Involvement | None = row
    while earlier is not None:
        row = earlier
        earlier = db.session.scalar(
            select(Involvement).where(
                Involvement.superseded_by == row.id,
                Involvement.incident_id == row.incident_id,
                Involvement.person_id == row.person_id,
            )
        )
    return {name: getattr(row, name) for name in _AS_WAS}


WHEN_MERGED.append(follow)
