"""Bringing in a list of people: kept when it was read, held against those who are known, applied by one press."""

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TypeVar

from sqlalchemy import ColumnElement, delete, exists, or_, select

from incidents.audit.actions import record
from incidents.database import current_school
from incidents.errors import NotFound, Refused
from incidents.extensions import db
from incidents.people.actions import keep_names
from incidents.people.comparing import ONE_DAY, Change, Choices, Comparison, Fact, KinKey, Known, People, compare
from incidents.people.listing import ListKind, Scheme
from incidents.people.matching import fold
from incidents.people.models import BroughtList, Employment, Enrolment, Identifier, Kinship, Person
from incidents.people.queries import is_listed
from incidents.people.reading import Id, Listed, Sheet, listed
from incidents.schools.queries import one_at_a_time

KEPT_FOR = timedelta(days=1)
Row = Enrolment | Employment | Kinship
Key = TypeVar("Key")
Value = TypeVar("Value")
Found = TypeVar("Found", bound=Person | Enrolment | Employment | Kinship)
FACTS: Mapping[ListKind, type[Row]] = {
    ListKind.PUPILS: Enrolment,
    ListKind.STAFF: Employment,
    ListKind.CONTACTS: Kinship,
}


def keep_list(sheet: Sheet, kind: ListKind, holds_from: date, *, by: uuid.UUID, at: datetime) -> BroughtList:
    """Keep what was read, until it is applied or thrown away. Raises `Unreadable` for a list that can't be meant."""
    forget_lists(at)
    compare(kind, sheet.lines, people_on(holds_from))
    brought = BroughtList(
        school_id=current_school(), kind=kind, holds_from=holds_from, lines=[line.kept() for line in sheet.lines],
        unused=list(sheet.unused), by=by, at=at,
    )  # fmt: skip
    db.session.add(brought)
    db.session.flush()
    record("read a list", brought, by=by, at=at, of=kind, lines=len(sheet.lines))
    return brought


def forget_lists(at: datetime) -> int:
    """Remove the lists that nobody applied within a day: they name people. How many those were."""
    old = db.session.execute(delete(BroughtList).where(BroughtList.at < at - KEPT_FOR))
    return int(old.rowcount)  # type: ignore[attr-defined]  # a DELETE gives a cursor's result


def brought_list(list_id: uuid.UUID, at: datetime) -> BroughtList:
    """A list that waits to be applied. Raises `NotFound` when it was, or after a day."""
    found = db.session.scalar(select(BroughtList).where(BroughtList.id == list_id, BroughtList.at >= at - KEPT_FOR))
    if found is None:
        raise NotFound
    return found


def preview(brought: BroughtList, choices: Choices | None = None) -> Comparison:
    """What the list would do now."""
    return compare(ListKind(brought.kind), lines_of(brought), people_on(brought.holds_from), choices)


def lines_of(brought: BroughtList) -> list[Listed]:
    """The lines as they were read."""
    return [listed(line) for line in brought.lines]


def throw_away(brought: BroughtList, *, by: uuid.UUID, at: datetime) -> None:
    """Remove a list without applying it."""
    record("threw away", brought, by=by, at=at)
    db.session.delete(brought)


def first_of_kind(kind: ListKind) -> bool:
    """Whether nobody came from such a list yet."""
    scheme = {ListKind.PUPILS: (Scheme.UPN, Scheme.ADMISSION), ListKind.CONTACTS: (Scheme.CONTACT,)}.get(
        kind, (Scheme.STAFF_CODE,)
    )
    return db.session.scalar(select(Identifier.id).where(Identifier.scheme.in_(scheme)).limit(1)) is None


# --- those who are known, in a few statements however many they are


def people_on(day: date) -> People:
    """Everybody on the school's list, with what holds on this day or later. Who was only named in an incident is not."""
    one = dict(db.session.execute(select(Person.id, Person.one_id)).tuples().all())
    ids = _gathered(
        (one[person_id], (Scheme(scheme), value))
        for person_id, scheme, value in db.session.execute(
            select(Identifier.person_id, Identifier.scheme, Identifier.value)
        ).tuples()
    )
    enrolments = _gathered(
        (one[row.person_id], Fact(row.id, row.starts, row.ends, (row.year_group, row.form)))
        for row in db.session.scalars(select(Enrolment).where(_lasts(Enrolment, day)).order_by(Enrolment.starts))
    )
    jobs = _gathered(
        (one[row.person_id], Fact(row.id, row.starts, row.ends, (row.kind, row.job)))
        for row in db.session.scalars(select(Employment).where(_lasts(Employment, day)).order_by(Employment.starts))
    )
    known = [
        Known(
            row.id, row.given_name, row.family_name, row.title, row.date_of_birth, frozenset(ids.get(row.id, ())),
            tuple(enrolments.get(row.id, ())), tuple(jobs.get(row.id, ())),
        )
        for row in db.session.execute(
            select(Person.id, Person.given_name, Person.family_name, Person.title, Person.date_of_birth)
            .where(Person.id == Person.one_id, or_(is_listed(), _has_identifier()))
            .order_by(Person.folded, Person.id)
        )
    ]  # fmt: skip
    return People(known, _kin(one, day), day)


def _kin(one: Mapping[uuid.UUID, uuid.UUID], day: date) -> dict[KinKey, Fact]:
    rows = db.session.scalars(select(Kinship).where(_lasts(Kinship, day)).order_by(Kinship.starts.desc(), Kinship.id))
    return {
        (one[row.person_id], one[row.other_id]):
            Fact(row.id, row.starts, row.ends, (row.relation, row.parental_responsibility, row.do_not_tell))
        for row in rows
    }  # fmt: skip


def _has_identifier() -> ColumnElement[bool]:
    return exists().where(Identifier.school_id == Person.school_id, Identifier.person_id == Person.id)


def _lasts(row: type[Row], day: date) -> ColumnElement[bool]:
    return or_(row.ends.is_(None), row.ends >= day)


def _gathered(pairs: Iterable[tuple[Key, Value]]) -> dict[Key, list[Value]]:
    found: dict[Key, list[Value]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return found


# --- applying


def apply(
    brought: BroughtList,
    choices: Choices,
    seen: str,
    *,
    by: uuid.UUID,
    at: datetime,
    own: Collection[uuid.UUID] = (),
) -> Comparison:
    """Do what the preview showed, all of it. Raises `Refused` if the people on the list have changed since.

    `own` are the persons who the one applying it is: whose family they are keeps them from cases, so they don't end that.
    """
    one_at_a_time()
    if preview(brought).digest != seen:
        raise Refused("Somebody changed the list of people meanwhile. Look at what would change now, and press again.")
    settled = preview(brought, choices)
    if any(change.of and change.ends and {change.person_id, change.of} & set(own) for change in settled.changes):
        raise Refused("This list would end whose family you are. Somebody else of the office has to bring it in.")
    _Applied(brought, by, at).all(settled.changes)
    record("applied a list", brought, by=by, at=at, of=brought.kind, changes=len(settled.changes))
    db.session.delete(brought)
    db.session.flush()
    return settled


@dataclass
class _Applied:
    """The changes of one list, gathered and written together."""

    brought: BroughtList
    by: uuid.UUID
    at: datetime
    new: dict[tuple[Id, ...], Person] = field(default_factory=dict)

    def all(self, changes: Sequence[Change]) -> None:
        """Write them; one entry in the log for each."""
        lines = {line.line: line for line in lines_of(self.brought)}
        persons = _rows(Person, [change.person_id for change in changes if change.renamed])
        kind = FACTS[ListKind(self.brought.kind)]
        facts = _rows(kind, [fact_id for change in changes for fact_id in change.ends])
        for change in changes:
            line = lines.get(change.line)
            person_id = change.person_id or self._newcomer(lines[change.line]).id
            if line and change.renamed:
                _rename(persons[change.person_id], line, change.renamed)
            db.session.add_all(
                Identifier(school_id=self.brought.school_id, person_id=person_id, scheme=scheme, value=value, added_at=self.at)
                for scheme, value in change.ids
            )  # fmt: skip
            ended = [facts[fact_id] for fact_id in change.ends]
            for fact in ended:
                self._end(fact)
            if change.starts:
                db.session.add(self._fact(change, person_id, ended))
            self._record(change, person_id)
        db.session.flush()
        keep_names(self.new.values())
        if persons:
            keep_names(persons.values(), renamed=True)

    def _newcomer(self, line: Listed) -> Person:
        if line.ids not in self.new:
            self.new[line.ids] = person = Person(
                id=uuid.uuid4(), school_id=self.brought.school_id, given_name=line.given_name,
                family_name=line.family_name, title=line.title or "", folded=fold(line.name),
                date_of_birth=line.date_of_birth, added_by=self.by, added_at=self.at,
            )  # fmt: skip
            db.session.add(person)
        return self.new[line.ids]

    def _end(self, fact: Row) -> None:
        """It held until the day before; what had not begun by then never holds."""
        if fact.starts >= self.brought.holds_from:
            db.session.delete(fact)
        else:
            fact.ends = self.brought.holds_from - ONE_DAY

    def _fact(self, change: Change, person_id: uuid.UUID, ended: Sequence[Row]) -> Row:
        school, starts, until = self.brought.school_id, self.brought.holds_from, change.until
        match ListKind(self.brought.kind), change.starts:
            case ListKind.PUPILS, (str(year_group), str(form)):
                return Enrolment(
                    school_id=school, person_id=person_id, year_group=year_group, form=form, starts=starts, ends=until
                )
            case ListKind.STAFF, (str(kind), str(job)):
                return Employment(school_id=school, person_id=person_id, kind=kind, job=job, starts=starts, ends=until)
            case _, (str(relation), bool(responsible), bool(silent)):
                note = next((fact.note for fact in ended if isinstance(fact, Kinship)), "")
                return Kinship(
                    school_id=school, person_id=person_id, other_id=change.of, relation=relation, note=note,
                    parental_responsibility=responsible, do_not_tell=silent, starts=starts, ends=until,
                )  # fmt: skip
        raise ValueError(f"a list of {self.brought.kind} can't say {change.starts}")

    def _record(self, change: Change, person_id: uuid.UUID) -> None:
        record(
            "brought in", _Named(person_id), by=self.by, at=self.at, list=self.brought.id, what=change.what,
            fields=",".join(change.renamed), ended=len(change.ends), began=int(bool(change.starts)),
        )  # fmt: skip


@dataclass
class _Named:
    """A person for the log, without reading them."""

    id: uuid.UUID
    __tablename__: str = "person"


def _rows(kind: type[Found], ids: Iterable[uuid.UUID | None]) -> dict[uuid.UUID | None, Found]:
    wanted = [each for each in ids if each]
    return {row.id: row for row in db.session.scalars(select(kind).where(kind.id.in_(wanted)))} if wanted else {}


def _rename(person: Person, line: Listed, fields: Iterable[str]) -> None:
    for name in fields:
        setattr(person, name, getattr(line, name))
    person.folded = fold(person.name)
