"""The list of incidents and the search box: what somebody may see in full, newest first."""

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Row,
    Select,
    Text,
    Uuid,
    and_,
    exists,
    func,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, aliased, with_polymorphic

from incidents.access import Right
from incidents.accounts.viewer import Viewer
from incidents.database import question
from incidents.matters import reference
from incidents.matters.models import Matter
from incidents.matters.visibility import Asking, asked_by, seen_with, sees
from incidents.people.models import NameWord, Person
from incidents.people.scraps import first_after, looked_for
from incidents.phrases import Phrase, value
from incidents.recording.models import FoundBy, Incident, Involvement
from incidents.recording.progress import Progress
from incidents.recording.queries import PAGE, progress_in
from incidents.rows import Moment

FEW = 1_000  # incidents that a database looks up and sorts in the time of a page
Found = Row[Any]  # what a list shows of an incident: id, anchor_id, kind, reference, recorded_at, state
Condition = Phrase[bool]


def seen_in_full(viewer: Viewer, typed: str = "", before: uuid.UUID | None = None) -> tuple[Sequence[Found], bool]:
    """A page of the incidents that the viewer may see in full, newest first, and whether there are more.

    `typed` is a reference, a name or words; `before` is the last incident of the page before. A reference that is one is
    not looked for in what was said as well.
    """
    typed = typed.strip()
    seen = [asked_by(viewer, _any_seen, Right.SEE_IN_FULL), *_after(viewer, before, Right.SEE_IN_FULL)]
    if reference.is_one(typed) and (found := _newest(*seen, _called(typed)).all()):
        return _page(found)
    if not typed:
        return _page(_newest(*seen).all())
    words = looked_for(typed)
    return _page(_newest(*seen, _matching(viewer, words)).all() if words else [])


def own_records(viewer: Viewer, before: uuid.UUID | None = None) -> tuple[Sequence[Found], bool]:
    """A page of what this account recorded and may still follow, newest first, and whether there are more."""
    return _page(_newest(asked_by(viewer, _own_seen), *_after(viewer, before, Right.SEE_OWN_WORDS)).all())


def followed(viewer: Viewer, ids: Iterable[uuid.UUID]) -> frozenset[uuid.UUID]:
    """Those of their own records of which nothing is alleged of them: of the others they read their own words alone."""
    return frozenset(_among(list(ids), seen_with(viewer, Right.ADD_WORDS)).scalars())


@question
def _among(incident_ids: Any, seen: Any) -> Select[tuple[uuid.UUID]]:
    return select(Incident.id).where(Incident.id.in_(incident_ids), seen)


def progress_of_each(incidents: Sequence[Any]) -> dict[uuid.UUID, Progress]:
    """How far each of these has got, with their cases read in one statement."""
    elsewhere = {incident.anchor_id for incident in incidents if incident.anchor_id != incident.id}
    matters = _with_what_a_case_has(elsewhere).scalars()
    cases = {matter.id: matter for matter in matters if matter.kind == "case"}
    return {incident.id: progress_in(incident, cases.get(incident.anchor_id)) for incident in incidents}


@question
def _with_what_a_case_has(matter_ids: Any) -> Select[Any]:
    """Cases are a later slice's; read on its own, what only they have is another statement for each."""
    whole = with_polymorphic(Matter, "*", flat=True)
    return select(whole).where(whole.id.in_(matter_ids))


def _page(found: Sequence[Found]) -> tuple[Sequence[Found], bool]:
    return found[:PAGE], len(found) > PAGE


@question
def _newest(*conditions: Any) -> Select[Any]:
    shown = (Incident.id, Incident.anchor_id, Incident.kind, Incident.reference, Incident.recorded_at, Incident.state)
    return select(*shown).where(*conditions).order_by(Matter.recorded_at.desc(), Matter.id.desc()).limit(PAGE + 1)


# --- which


def _any_seen(asking: Asking, right: Right) -> ColumnElement[bool]:
    """In the words of the index by which a list goes newest first."""
    return and_(Matter.school_id == asking.school, Matter.kind == "incident", sees(asking, right))


def _own_seen(asking: Asking) -> ColumnElement[bool]:
    mine = and_(Matter.school_id == asking.school, Matter.recorded_by == asking.account)
    return and_(mine, sees(asking, Right.SEE_OWN_WORDS))


def _after(viewer: Viewer, before: uuid.UUID | None, right: Right) -> list[Condition]:
    """Going on from the last of the page before; a hidden one is no place to go on from, like one that is not there."""
    place = _place(before, seen_with(viewer, right)).first() if before else None
    return [Phrase(_older, None, [value(place[0], Moment()), value(place[1], Uuid())], Boolean())] if place else []


@question
def _place(before: Any, seen: Any) -> Select[Any]:
    return select(Matter.recorded_at, Matter.id).where(Matter.id == before, seen)


def _older(form: None, place: Sequence[Any]) -> ColumnElement[bool]:  # noqa: ARG001 - the form of a phrase
    return tuple_(Matter.recorded_at, Matter.id) < tuple_(*place)


def _called(typed: str) -> Condition:
    return Phrase(_of_reference, None, [value(reference.tidy(typed), Text())], Boolean())


def _of_reference(form: None, typed: Sequence[Any]) -> ColumnElement[bool]:  # noqa: ARG001
    return and_(Matter.reference == typed[0])


# --- words


def _matching(viewer: Viewer, words: Sequence[str]) -> Condition:
    """What has every one of these words, in what was said or in somebody's name, each as the beginning of a word.

    If few have the rarest of them, those are looked up and tried for the others. If many have each, what has all of them
    is met soon enough on the way from the newest to the oldest.
    """
    have = {word: _how_many_have(viewer.school_id, word, first_after(word)).scalar_one() for word in words}
    first, *others = sorted(words, key=lambda word: have[word])
    ends = [value(end, Text()) for word in (first, *others) for end in (word, first_after(word))]
    return Phrase(_with_words, have[first] <= FEW, [value(viewer.school_id, Uuid()), *ends], Boolean())


def _with_words(few: bool, values: Sequence[Any]) -> ColumnElement[bool]:
    school, *ends = values
    first, *others = zip(ends[::2], ends[1::2], strict=True)
    return and_(_one_of_those(school, *first) if few else _has(*first), *(_has(*word) for word in others))


@question
def _how_many_have(school: Any, word: Any, after: Any) -> Select[tuple[int]]:
    """About so many: the incidents where it was said, and the people so called. Counted only until they are not few."""
    said = select(FoundBy.id).where(FoundBy.school_id == school, _begins(FoundBy.word, word, after))
    called = select(NameWord.id).where(NameWord.school_id == school, _begins(NameWord.word, word, after))
    return select(func.count()).select_from(union_all(said, called).limit(FEW + 1).subquery())


def _one_of_those(school: Any, word: Any, after: Any) -> ColumnElement[bool]:
    """The incidents found by a word that begins so, and those of somebody so called, under whichever entry of theirs."""
    said = select(FoundBy.id).where(FoundBy.school_id == school, _begins(FoundBy.word, word, after))
    so_called = select(NameWord.id).where(NameWord.school_id == school, _begins(NameWord.word, word, after))
    entry, called = aliased(Person), aliased(Person)
    ones = select(called.one_id).where(called.school_id == school, called.id.in_(so_called))
    entries = select(entry.id).where(entry.school_id == school, entry.one_id.in_(ones))
    named = select(Involvement.incident_id).where(
        Involvement.school_id == school, Involvement.ended_at.is_(None), Involvement.person_id.in_(entries)
    )
    return Incident.id.in_(union_all(said, named))


def _has(word: Any, after: Any) -> ColumnElement[bool]:
    """The same of one incident."""
    said = exists().where(
        FoundBy.school_id == Incident.school_id, FoundBy.id == Incident.id, _begins(FoundBy.word, word, after)
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
        _begins(NameWord.word, word, after),
    )
    return or_(said, named)


def _begins(column: InstrumentedAttribute[str], word: Any, after: Any) -> ColumnElement[bool]:
    return and_(column >= word, column < after)
