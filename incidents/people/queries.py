"""Finding people, and what they were to the school on a day."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, cast

from sqlalchemy import ColumnElement, Row, Select, Subquery, and_, case, exists, or_, select, union_all
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
KIND_OF: dict[Employed, PersonKind] = {
    Employed.EMPLOYEE: PersonKind.STAFF,
    Employed.AGENCY: PersonKind.STAFF,
    Employed.GOVERNOR: PersonKind.GOVERNOR,
    Employed.VOLUNTEER: PersonKind.VOLUNTEER,
}
_PLACE_OF = {kind: place for place, kind in enumerate(KIND_OF)}


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


@dataclass(frozen=True)
class Known:
    """Somebody who is on the list or was named: what they were to the school on a day, and whether they worked there then
    or on a day soon after it."""

    status: Status
    works_here: bool = False


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


def close_to(person_ids: Collection[uuid.UUID], on: date) -> dict[uuid.UUID, set[uuid.UUID]]:
    """Who is recorded as close to each of these entries from this day on, either way round: every entry of theirs."""
    found: dict[uuid.UUID, set[uuid.UUID]] = {}
    for person_id, close_id in _close(person_ids, on).tuples() if person_ids else ():
        found.setdefault(person_id, set()).add(close_id)
    return found


def close_to_any(person_ids: Collection[uuid.UUID], on: date) -> Sequence[tuple[uuid.UUID, uuid.UUID]]:
    """The same for persons of whom one entry is known, and others may be: an entry of theirs, and who is close to it."""
    return _close_to_any(person_ids, on).tuples().all()


@question
def _close(person_ids: Any, on: Any) -> Select[tuple[uuid.UUID, uuid.UUID]]:
    return _either_way(person_ids, on)


@question
def _close_to_any(person_ids: Any, on: Any) -> Select[tuple[uuid.UUID, uuid.UUID]]:
    asked = entries("asked")
    return _either_way(select(asked.c.entry_id).where(asked.c.person_id.in_(person_ids)), on)


def _either_way(person_ids: Any, on: Any) -> Select[tuple[uuid.UUID, uuid.UUID]]:
    """One way and the other, each by its index: asked for either at once, SQLite reads every kinship of the school."""
    ways = union_all(*(
        select(Kinship.school_id, near.label("near_id"), far.label("far_id"))
        .where(near.in_(person_ids), or_(Kinship.ends.is_(None), Kinship.ends >= on))
        for near, far in ((Kinship.person_id, Kinship.other_id), (Kinship.other_id, Kinship.person_id))
    )).subquery()  # fmt: skip
    same = entries()
    return select(ways.c.near_id, same.c.entry_id).join(
        same, and_(same.c.school_id == ways.c.school_id, same.c.person_id == ways.c.far_id)
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
    """What each of these was to the school on this day."""
    known = known_of(person_ids, on, on)
    return {each: known[each].status if each in known else NOBODY_TO_THE_SCHOOL for each in person_ids}


def known_of(person_ids: Collection[uuid.UUID], first: date, last: date) -> dict[uuid.UUID, Known]:
    """Those of these that there are: what each was on the first day, and whether they worked here by the last."""
    rows: dict[uuid.UUID, list[Row[Any]]] = {}
    for row in _known(person_ids, first, last) if person_ids else ():
        rows.setdefault(row.asked_id, []).append(row)
    return {
        person_id: Known(_status(several, first), any(row.job_id for row in several))
        for person_id, several in rows.items()
    }


def _status(rows: Sequence[Row[Any]], on: date) -> Status:
    """Of several facts the first counts: pupil, staff, governor, volunteer, parent. Of several of a kind the latest."""
    if enrolled := [row for row in rows if row.enrolment_id]:
        row = max(enrolled, key=lambda row: (row.enrolled, row.enrolment_id))
        return Status(PersonKind.PUPIL, row.year_group, row.year_group, row.form)
    if jobs := [row for row in rows if row.job_id and row.starts <= on <= (row.ends or on)]:
        row = max(jobs, key=lambda row: (-_PLACE_OF[row.kind], row.starts, row.job_id))
        kind = KIND_OF[Employed(row.kind)]
        return Status(kind, row.job or PERSON_KIND_LABELS[kind])
    if close := [row.relation for row in rows if row.pupil_id]:
        return Status(PersonKind.PARENT, f"{close[-1]} of a pupil".capitalize())
    return NOBODY_TO_THE_SCHOOL


@question
def _known(person_ids: Any, first: Any, last: Any) -> Select[Any]:
    """A row for each way to put their facts together, under whichever entry of theirs each stands: few, since most are one."""
    asked, entry, other, child = aliased(Person), aliased(Person), aliased(Person), aliased(Person)
    pupil = aliased(Enrolment)
    worked = and_(Employment.starts <= last, or_(Employment.ends.is_(None), Employment.ends >= first))
    return (
        select(
            asked.id.label("asked_id"),
            Employment.id.label("job_id"), Employment.kind, Employment.job, Employment.starts, Employment.ends,
            Enrolment.id.label("enrolment_id"), Enrolment.starts.label("enrolled"), Enrolment.year_group, Enrolment.form,
            Kinship.relation, pupil.id.label("pupil_id"),
        )
        .join(entry, and_(entry.school_id == asked.school_id, entry.one_id == asked.one_id))
        .outerjoin(Employment, and_(_about(Employment, entry), worked))
        .outerjoin(Enrolment, and_(_about(Enrolment, entry), _on(Enrolment, first)))
        .outerjoin(Kinship, and_(_about(Kinship, entry), _on(Kinship, first)))
        .outerjoin(other, and_(other.school_id == Kinship.school_id, other.id == Kinship.other_id))
        .outerjoin(child, and_(child.school_id == other.school_id, child.one_id == other.one_id))
        .outerjoin(pupil, and_(_about(pupil, child), _on(pupil, first)))
        .where(asked.id.in_(person_ids))
        .order_by(Kinship.starts, Kinship.id)
    )  # fmt: skip


def _about(fact: Any, entry: Any) -> ColumnElement[bool]:
    return and_(fact.school_id == entry.school_id, fact.person_id == entry.id)


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
    for person_id, who, given_name, family_name, *what in _contacts(person_ids, on).tuples():
        told = Contact(who, f"{given_name} {family_name}".strip(), *what)
        if all(each.person_id != told.person_id for each in found[person_id]):
            found[person_id].append(told)
    for several in found.values():
        several.sort(key=lambda each: not each.parental_responsibility)
    return found


@question
def _contacts(person_ids: Any, on: Any) -> Select[Any]:
    same, entry, again = entries(), aliased(Person), entries("again")
    # Said twice, so that SQLite goes by the index of those asked about, and not through every kinship of the school.
    theirs = select(again.c.entry_id).where(again.c.person_id.in_(person_ids))
    what = Kinship.relation, Kinship.parental_responsibility, Kinship.do_not_tell, Kinship.note
    return (
        select(same.c.person_id, Person.id, Person.given_name, Person.family_name, *what)
        .join(Kinship, and_(Kinship.school_id == same.c.school_id, Kinship.other_id == same.c.entry_id))
        .join(entry, entry.id == Kinship.person_id)
        .join(Person, Person.id == entry.one_id)
        .where(same.c.person_id.in_(person_ids), Kinship.other_id.in_(theirs), _on(Kinship, on))
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
