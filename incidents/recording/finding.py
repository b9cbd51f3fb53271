"""The list of incidents and the search box: what somebody may see in full, newest first."""

import uuid

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select, tuple_, union_all
from sqlalchemy.orm import InstrumentedAttribute, aliased

from incidents.access import Right
from incidents.accounts.viewer import Viewer
from incidents.extensions import db
from incidents.matters import reference
from incidents.matters.models import Matter
from incidents.matters.visibility import of_kind, seen_with
from incidents.people.models import NameWord, Person
from incidents.people.scraps import first_after, looked_for
from incidents.recording.models import FoundBy, Incident, Involvement
from incidents.recording.queries import PAGE

FEW = 1_000  # incidents that a database looks up and sorts in the time of a page


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
    """What has every one of these words, in what was said or in somebody's name, each as the beginning of a word.

    If few have the rarest of them, those are looked up and tried for the others. If many have each, what has all of them
    is met soon enough on the way from the newest to the oldest.
    """
    words = looked_for(typed)
    if not words:
        return false()
    have = {word: _how_many_have(viewer, word) for word in words}
    rarest = min(words, key=lambda word: have[word])
    first = _few_have(viewer, rarest) if have[rarest] <= FEW else _has(rarest)
    return and_(first, *(_has(word) for word in words if word != rarest))


def _how_many_have(viewer: Viewer, word: str) -> int:
    """So many have it; counted no further than it takes to know that they are not few."""
    counted = union_all(*_those_with(viewer, word)).limit(FEW + 1).subquery()
    return db.session.scalar(select(func.count()).select_from(counted)) or 0


def _few_have(viewer: Viewer, word: str) -> ColumnElement[bool]:
    said, named = _those_with(viewer, word)
    return Incident.id.in_(union_all(said, named))


def _those_with(viewer: Viewer, word: str) -> tuple[Select[tuple[uuid.UUID]], Select[tuple[uuid.UUID]]]:
    """The incidents found by a word that begins so, and those of somebody so called, under whichever entry of theirs."""
    said = select(FoundBy.id).where(FoundBy.school_id == viewer.school_id, _begins(FoundBy.word, word))
    named = select(Involvement.incident_id).where(
        Involvement.school_id == viewer.school_id,
        Involvement.ended_at.is_(None),
        Involvement.person_id.in_(_entries_named(viewer, word)),
    )
    return said, named


def _entries_named(viewer: Viewer, word: str) -> Select[tuple[uuid.UUID]]:
    entry, called = aliased(Person), aliased(Person)
    so_called = select(NameWord.id).where(NameWord.school_id == viewer.school_id, _begins(NameWord.word, word))
    ones = select(called.one_id).where(called.school_id == viewer.school_id, called.id.in_(so_called))
    return select(entry.id).where(entry.school_id == viewer.school_id, entry.one_id.in_(ones))


def _has(word: str) -> ColumnElement[bool]:
    """The same of one incident."""
    said = exists().where(
        FoundBy.school_id == Incident.school_id, FoundBy.id == Incident.id, _begins(FoundBy.word, word)
    )
    entry, called = aliased(Person), aliased(Person)
    named = exists().where(
        Involvement.school_id == Incident.school_id,
        Involvement.incident_id == Incident.id,
        Involvement.ended_at.is_(None),
        entry.school_id == Incident.school_id,
        entry.id == Involvement.person_id,
        called.school_id == Incident.school_id,
        called.one_id == entry.one_id,
        NameWord.school_id == Incident.school_id,
        NameWord.id == called.id,
        _begins(NameWord.word, word),
    )
    return or_(said, named)


def _begins(column: InstrumentedAttribute[str], word: str) -> ColumnElement[bool]:
    return and_(column >= word, column < first_after(word))
