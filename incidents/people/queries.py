"""Finding people, and what they were to the school on a day."""

import uuid
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, TypeVar, cast

from sqlalchemy import ColumnElement, Result, Select, Subquery, and_, case, exists, or_, select
from sqlalchemy.orm import aliased

from incidents.database import question
from incidents.errors import NotFound
from incidents.extensions import db
from incidents.people.kinds import PERSON_KIND_LABELS, PersonKind
from incidents.people.matching import by_number, fold, means
from incidents.people.models import Employed, Employment, Enrolment, Identification, Kinship, Person

FEWEST_LETTERS = 2
PAGE = 25
DatedFact = Enrolment | Employment | Kinship
Fact = TypeVar("Fact", Enrolment, Employment)
KIND_OF: dict[Employed, PersonKind] = {
    Employed.EMPLOYEE: PersonKind.STAFF,
    Employed.AGENCY: PersonKind.STAFF,
    Employed.GOVERNOR: PersonKind.GOVERNOR,
    Employed.VOLUNTEER: PersonKind.VOLUNTEER,
}


@dataclass(frozen=True)
class Status:
    """What a person was to the school on a day; `as_was` says it in words without a name."""

    kind: PersonKind
    as_was: str
    year_group: str = ""
    form: str = ""


@dataclass(frozen=True)
class Found:
    """A person found by part of their name, with what they were to the school on the day asked about."""

    person_id: uuid.UUID
    name: str
    kind: PersonKind
    as_was: str
    year_group: str
    form: str


@dataclass(frozen=True)
class Contact:
    """Somebody close to a person, and whether they may be told. Read `do_not_tell` and `note` before anything is sent."""

    person_id: uuid.UUID
    name: str
    relation: str
    parental_responsibility: bool
    do_not_tell: bool
    note: str


NOBODY_TO_THE_SCHOOL = Status(PersonKind.PUBLIC, PERSON_KIND_LABELS[PersonKind.PUBLIC])


def _on(row: Any, day: Any) -> ColumnElement[bool]:
    """The condition on a dated fact that it holds on this day; its last day counts."""
    return and_(row.starts <= day, or_(row.ends.is_(None), row.ends >= day))


@cache
def entries(name: str = "same") -> Subquery:
    """Each entry (`person_id`) beside every entry that is the same person (`entry_id`), itself included: for joins.

    Put together once, because that costs more than asking it; two in one statement need two names.
    """
    asked, same = aliased(Person), aliased(Person)
    one = and_(same.school_id == asked.school_id, same.one_id == asked.one_id)
    return (
        select(asked.school_id, asked.id.label("person_id"), same.id.label("entry_id")).join(same, one).subquery(name)
    )


def same_as(person_ids: Collection[uuid.UUID]) -> frozenset[uuid.UUID]:
    """These and every other entry that is one of these persons."""
    pairs = entries()
    return frozenset(db.session.scalars(select(pairs.c.entry_id).where(pairs.c.person_id.in_(person_ids))))


def kin_pairs(person_ids: Collection[uuid.UUID], on: date) -> Sequence[tuple[uuid.UUID, uuid.UUID]]:
    """Who is close to whom from this day on, of those around these persons: every entry of each of the two."""
    return _kin_around(person_ids, on).tuples().all()


@question
def _kin_around(person_ids: Any, on: Any) -> Select[tuple[uuid.UUID, uuid.UUID]]:
    first, second = entries("first"), entries("second")
    return (
        select(first.c.entry_id, second.c.entry_id)
        .select_from(Kinship)
        .join(first, and_(first.c.school_id == Kinship.school_id, first.c.person_id == Kinship.person_id))
        .join(second, and_(second.c.school_id == Kinship.school_id, second.c.person_id == Kinship.other_id))
        .where(
            or_(Kinship.person_id.in_(person_ids), Kinship.other_id.in_(person_ids)),
            or_(Kinship.ends.is_(None), Kinship.ends >= on),
        )
    )


def has_facts() -> ColumnElement[bool]:
    """The condition on `Person` that this entry says what somebody is or was to the school."""
    facts = (
        (Enrolment, Enrolment.person_id), (Employment, Employment.person_id), (Kinship, Kinship.person_id),
        (Kinship, Kinship.other_id),
    )  # fmt: skip
    return or_(*(exists().where(row.school_id == Person.school_id, column == Person.id) for row, column in facts))


def is_listed() -> ColumnElement[bool]:
    """The condition on `Person` that they are or were something to the school, and no second entry of somebody.

    Who was only named in an incident is not: their name on a list would be a trace of it.
    """
    return and_(Person.one_id == Person.id, has_facts())


def find(typed: str, on: date, limit: int = 12) -> list[Found]:
    """The people on the school's list whose names have words that begin like the typed ones; nothing for under two letters.

    Somebody who was only named by hand in an incident is not found: that there is such a name would betray the incident.
    """
    words = fold(typed).split()
    if sum(map(len, words)) < FEWEST_LETTERS:
        return []
    spaced = " " + Person.folded
    wanted = [*(spaced.contains(f" {word}") for word in words), is_listed()]
    return _found(
        db.session.scalars(
            select(Person).where(*wanted).order_by(Person.family_name, Person.given_name, Person.id).limit(limit)
        ).all(),
        on,
    )


def _found(people: Sequence[Person], on: date) -> list[Found]:
    statuses = statuses_of([person.id for person in people], on)
    return [
        Found(each.id, each.name, status.kind, status.as_was, status.year_group, status.form)
        for each in people
        for status in [statuses[each.id]]
    ]


def listed(on: date, after: uuid.UUID | None = None) -> tuple[list[Found], uuid.UUID | None]:
    """A page of the people by family name, and the one after whom the next page starts."""
    query = select(Person).where(is_listed())
    if after is not None:
        last = on_list(after)
        query = query.where(
            or_(
                Person.family_name > last.family_name,
                and_(Person.family_name == last.family_name, Person.given_name > last.given_name),
                and_(Person.family_name == last.family_name, Person.given_name == last.given_name, Person.id > last.id),
            )
        )
    rows = db.session.scalars(query.order_by(Person.family_name, Person.given_name, Person.id).limit(PAGE + 1)).all()
    return _found(rows[:PAGE], on), rows[PAGE - 1].id if len(rows) > PAGE else None


def on_list(person_id: uuid.UUID) -> Person:
    """One person who is or was something to this school. Raises `NotFound` for an unknown one and another school's alike."""
    found = db.session.scalar(select(Person).where(Person.id == person_id, is_listed()))
    if found is None:
        raise NotFound
    return found


def found_by_id(person_id: uuid.UUID | None, on: date) -> list[Found]:
    """Somebody on the list as a search would find them; nobody for none. Raises `NotFound`."""
    return _found([on_list(person_id)], on) if person_id else []


def same_name(given: str, family: str, on: date) -> list[Found]:
    """Those of this name already on the list: a teacher who is also a parent here must stay one person."""
    folded = fold(f"{given} {family}")
    if not folded:
        return []
    return _found(db.session.scalars(select(Person).where(Person.folded == folded, is_listed())).all(), on)


def year_groups(on: date) -> list[str]:
    """The year groups that have pupils now, in the school's own words."""
    return sorted(db.session.scalars(select(Enrolment.year_group).where(_on(Enrolment, on)).distinct()), key=by_number)


def fact_of(kind: type[DatedFact], person_id: uuid.UUID, fact_id: uuid.UUID) -> DatedFact:
    """One dated fact about this person; a kinship is about both. Raises `NotFound`."""
    mine = same_as([person_id])
    theirs = [kind.person_id.in_(mine)] + ([Kinship.other_id.in_(mine)] if kind is Kinship else [])
    found = cast("DatedFact | None", db.session.scalar(select(kind).where(kind.id == fact_id, or_(*theirs))))
    if found is None:
        raise NotFound
    return found


def status_of(person_id: uuid.UUID, on: date) -> Status:
    """What this person was to the school on this day; somebody with no dated fact is outside the school."""
    return statuses_of([person_id], on)[person_id]


def statuses_of(person_ids: Collection[uuid.UUID], on: date) -> dict[uuid.UUID, Status]:
    """What each of these was to the school on this day. Of several the first counts: pupil, staff, governor,
    volunteer, parent."""
    found = dict.fromkeys(person_ids, NOBODY_TO_THE_SCHOOL)
    found |= _parents(person_ids, on)
    order = list(KIND_OF)
    jobs = _holding(Employment)(person_ids, on).tuples()
    for person_id, job in sorted(jobs, key=lambda pair: order.index(Employed(pair[1].kind)), reverse=True):
        kind = KIND_OF[Employed(job.kind)]
        found[person_id] = Status(kind, job.job or PERSON_KIND_LABELS[kind])
    for person_id, row in _holding(Enrolment)(person_ids, on).tuples():
        found[person_id] = Status(PersonKind.PUPIL, row.year_group, row.year_group, row.form)
    return found


@cache
def _holding(kind: type[Fact]) -> Callable[..., Result[tuple[uuid.UUID, Fact]]]:
    """Asks what holds on a day of each of these persons, under whichever entry of theirs it stands."""

    @question
    def holding(person_ids: Any, on: Any) -> Select[tuple[uuid.UUID, Fact]]:
        same = entries()
        return (
            select(same.c.person_id, kind)
            .join(same, and_(same.c.school_id == kind.school_id, same.c.entry_id == kind.person_id))
            .where(same.c.person_id.in_(person_ids), _on(kind, on))
            .order_by(kind.starts, kind.id)
        )

    return holding


def working_of(person_ids: Collection[uuid.UUID], first: date, last: date) -> set[uuid.UUID]:
    """Those of these who worked for, volunteered for or governed the school at some time from the first to the last day."""
    return set(_working(person_ids, first, last).scalars())


@question
def _working(person_ids: Any, first: Any, last: Any) -> Select[tuple[uuid.UUID]]:
    same, lasted = entries(), or_(Employment.ends.is_(None), Employment.ends >= first)
    return (
        select(same.c.person_id)
        .join(Employment, and_(Employment.school_id == same.c.school_id, Employment.person_id == same.c.entry_id))
        .where(same.c.person_id.in_(person_ids), Employment.starts <= last, lasted)
    )


def _parents(person_ids: Collection[uuid.UUID], on: date) -> dict[uuid.UUID, Status]:
    """Those who are something to a pupil of that day: "mother of a pupil"."""
    rows = _close_to_pupils(person_ids, on).tuples()
    return {person: Status(PersonKind.PARENT, f"{relation} of a pupil".capitalize()) for person, relation in rows}


@question
def _close_to_pupils(person_ids: Any, on: Any) -> Select[tuple[uuid.UUID, str]]:
    same, pupil = entries(), entries("pupil")
    return (
        select(same.c.person_id, Kinship.relation)
        .join(Kinship, and_(Kinship.school_id == same.c.school_id, Kinship.person_id == same.c.entry_id))
        .join(pupil, and_(pupil.c.school_id == Kinship.school_id, pupil.c.person_id == Kinship.other_id))
        .join(Enrolment, and_(Enrolment.person_id == pupil.c.entry_id, _on(Enrolment, on)))
        .where(same.c.person_id.in_(person_ids), _on(Kinship, on))
    )


def staff_named(words: str, on: date) -> list[uuid.UUID]:
    """Those who worked for, volunteered for or governed the school that day and whom these typed words may well mean."""
    rows = db.session.execute(
        select(Person, Employment.job).join(Employment, Employment.person_id == Person.id).where(_on(Employment, on))
    ).all()
    found = {person.id: None for person, job in rows if means(words, person.given_name, person.family_name, job)}
    return list(found)


def contacts_of(person_id: uuid.UUID, on: date) -> list[Contact]:
    """Whom the school may or must not tell about this person on this day, those with parental responsibility first."""
    return contacts_of_each([person_id], on)[person_id]


def contacts_of_each(person_ids: Collection[uuid.UUID], on: date) -> dict[uuid.UUID, list[Contact]]:
    """The same for each of several people, in one statement."""
    found: dict[uuid.UUID, list[Contact]] = {person_id: [] for person_id in person_ids}
    for person_id, kin, who in _contacts(person_ids, on).tuples():
        told = Contact(who.id, who.name, kin.relation, kin.parental_responsibility, kin.do_not_tell, kin.note)
        if all(each.person_id != told.person_id for each in found[person_id]):
            found[person_id].append(told)
    for several in found.values():
        several.sort(key=lambda each: not each.parental_responsibility)
    return found


@question
def _contacts(person_ids: Any, on: Any) -> Select[tuple[uuid.UUID, Kinship, Person]]:
    same, entry = entries(), aliased(Person)
    return (
        select(same.c.person_id, Kinship, Person)
        .join(Kinship, and_(Kinship.school_id == same.c.school_id, Kinship.other_id == same.c.entry_id))
        .join(entry, entry.id == Kinship.person_id)
        .join(Person, Person.id == entry.one_id)
        .where(same.c.person_id.in_(person_ids), _on(Kinship, on))
        .order_by(
            Kinship.do_not_tell.desc(), Kinship.parental_responsibility.desc(), Person.family_name, Person.given_name
        )
    )


def owner_of(handle_id: uuid.UUID) -> uuid.UUID | None:
    """The person who is behind a handle, as last said; None while it is not known."""
    current = identification_of(handle_id)
    return current.person_id if current else None


def identification_of(handle_id: uuid.UUID) -> Identification | None:
    """What holds now about who is behind a handle."""
    return identifications_of([handle_id]).get(handle_id)


def identifications_of(handle_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Identification]:
    """What holds now about who is behind each of these handles; those of unknown owners are left out."""
    return {row.handle_id: row for row in _identifications(handle_ids).scalars()} if handle_ids else {}


@question
def _identifications(handle_ids: Any) -> Select[tuple[Identification]]:
    later = select(Identification.supersedes_id).where(Identification.supersedes_id.is_not(None))
    return select(Identification).where(Identification.handle_id.in_(handle_ids), Identification.id.not_in(later))


def person(person_id: uuid.UUID) -> Person | None:
    """One person of this school."""
    return db.session.scalar(select(Person).where(Person.id == person_id))


def employments_of(person_id: uuid.UUID) -> Sequence[Employment]:
    """All that this person did for the school, the newest first."""
    return db.session.scalars(
        select(Employment).where(Employment.person_id.in_(same_as([person_id]))).order_by(Employment.starts.desc())
    ).all()


def enrolments_of(person_id: uuid.UUID) -> Sequence[Enrolment]:
    """All the years in which this person was a pupil here, the newest first."""
    return db.session.scalars(
        select(Enrolment).where(Enrolment.person_id.in_(same_as([person_id]))).order_by(Enrolment.starts.desc())
    ).all()


def kin_of(person_id: uuid.UUID) -> list[tuple[Kinship, Person]]:
    """Each kinship of this person, either way round, with the other person."""
    mine, entry = same_as([person_id]), aliased(Person)
    other = case((Kinship.person_id.in_(mine), Kinship.other_id), else_=Kinship.person_id)
    rows = db.session.execute(
        select(Kinship, Person)
        .join(entry, entry.id == other)
        .join(Person, Person.id == entry.one_id)
        .where(or_(Kinship.person_id.in_(mine), Kinship.other_id.in_(mine)))
        .order_by(Kinship.starts.desc(), Person.family_name)
    ).all()
    return [row._tuple() for row in rows]
