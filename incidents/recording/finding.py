"""The list of incidents and the search box: what somebody may see in full, newest first."""

import uuid

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, tuple_
from sqlalchemy.orm import aliased

from incidents.access import Right
from incidents.accounts.viewer import Viewer
from incidents.extensions import db
from incidents.matters import reference
from incidents.matters.models import Matter
from incidents.matters.visibility import of_kind, seen_with
from incidents.people.matching import fold
from incidents.people.models import Person
from incidents.recording.models import Incident, Involvement, Statement
from incidents.recording.queries import PAGE


def seen_in_full(viewer: Viewer, typed: str = "", before: uuid.UUID | None = None) -> tuple[list[Incident], bool]:
    """A page of the incidents that the viewer may see in full, newest first, and whether there are more.

    `typed` is a reference, a name or words; `before` is the last incident of the page before. A reference that is one is
    not looked for in what was said as well.
    """
    seen = select(Incident).where(of_kind(viewer, "incident"), seen_with(viewer, Right.SEE_IN_FULL))
    seen, typed = _after(viewer, seen, before, Right.SEE_IN_FULL), typed.strip()
    found = _newest(seen.where(Matter.reference == reference.tidy(typed))) if reference.is_one(typed) else []
    if not found:
        found = _newest(seen.where(_matching(viewer, typed)) if typed else seen)
    return found[:PAGE], len(found) > PAGE


def own_records(viewer: Viewer, before: uuid.UUID | None = None) -> tuple[list[Incident], bool]:
    """A page of what this account recorded and may still follow, newest first, and whether there are more."""
    mine = and_(Matter.school_id == viewer.school_id, Matter.recorded_by == viewer.account_id)
    seen = select(Incident).where(mine, seen_with(viewer, Right.SEE_OWN_WORDS))
    found = _newest(_after(viewer, seen, before, Right.SEE_OWN_WORDS))
    return found[:PAGE], len(found) > PAGE


def _after(
    viewer: Viewer, seen: Select[tuple[Incident]], before: uuid.UUID | None, right: Right
) -> Select[tuple[Incident]]:
    """Going on from the last of the page before; a hidden one is no place to go on from, like one that is not there."""
    if before is None:
        return seen
    place = select(Matter.recorded_at, Matter.id).where(Matter.id == before, seen_with(viewer, right))
    row = db.session.execute(place).first()
    return seen.where(tuple_(Matter.recorded_at, Matter.id) < tuple_(row.recorded_at, row.id)) if row else seen


def _newest(query: Select[tuple[Incident]]) -> list[Incident]:
    return list(db.session.scalars(query.order_by(Matter.recorded_at.desc(), Matter.id.desc()).limit(PAGE + 1)))


def _matching(viewer: Viewer, typed: str) -> ColumnElement[bool]:
    """What has these words in it, or somebody of this name. The people are looked up first and once, not at each incident."""
    said = exists().where(
        Statement.school_id == Incident.school_id,
        Statement.incident_id == Incident.id,
        func.lower(Statement.words).contains(typed.lower(), autoescape=True),
    )
    name = fold(typed)
    return or_(Incident.id.in_(_with_somebody(viewer, name.split())), said) if name else said


def _with_somebody(viewer: Viewer, words: list[str]) -> Select[tuple[uuid.UUID]]:
    """The incidents of those whose names have words that begin so, under whichever entry of theirs they are in them."""
    entry = aliased(Person)
    begins = ((" " + Person.folded).contains(f" {word}", autoescape=True) for word in words)
    so_called = select(Person.id).where(Person.school_id == viewer.school_id, *begins)
    entries = select(entry.id).where(
        entry.school_id == viewer.school_id, or_(entry.id.in_(so_called), entry.one_id.in_(so_called))
    )
    return select(Involvement.incident_id).where(
        Involvement.school_id == viewer.school_id, Involvement.ended_at.is_(None), Involvement.person_id.in_(entries)
    )
