"""Setting a school up, and what it says about its own year."""

import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time

from incidents.audit.actions import record
from incidents.database import current_school, of_school
from incidents.errors import Refused
from incidents.extensions import db
from incidents.keys import keyring
from incidents.schools.calendar import CLOSED_WORDS, ClosedDays, ClosureKind, SchoolCalendar
from incidents.schools.entering import LONGEST_CLOSURE, LONGEST_TERM, check_dates, check_phone
from incidents.schools.jurisdiction import Nation, SchoolType, load
from incidents.schools.law import VERSION
from incidents.schools.law_changes import change_pack
from incidents.schools.models import Closure, NumberKind, SafetyNumber, School, Term, Trust
from incidents.schools.queries import (
    calendar,
    calendar_of,
    closures,
    every_number,
    is_used,
    newer_pack,
    one_at_a_time,
    terms,
    this_school,
)
from incidents.schools.year import short_day, span

# What later slices do when the calendar changes, in the same transaction: called with the calendar before and after, and
# why it changed, as it stands after "because".
WHEN_CALENDAR_CHANGES: list[Callable[[SchoolCalendar, SchoolCalendar, str, datetime], None]] = []


@contextmanager
def _changing_calendar(why: str, at: datetime) -> Iterator[None]:
    """Dates that were counted by the calendar move with it."""
    before = calendar()
    yield
    db.session.flush()
    after = calendar()
    for follow in WHEN_CALENDAR_CHANGES:
        follow(before, after, why, at)


def create_trust(name: str) -> Trust:
    """A board that several schools answer to. The caller records it with the schools it is made for."""
    trust = Trust(name=name)
    db.session.add(trust)
    db.session.flush()
    return trust


def create_school(
    *,
    name: str,
    short_name: str,
    nation: Nation,
    school_type: SchoolType,
    at: datetime,
    trust: Trust | None = None,
    day_starts: time = time(8, 45),
    day_ends: time = time(15, 20),
) -> School:
    """A school with a key of its own and the first entry of its log. Call it across schools.

    Raises `NoSuchPack` where the nation has no such type of school.
    """
    pack = load(nation, school_type)
    school = School(
        trust_id=trust.id if trust else None,
        name=name,
        short_name=short_name,
        nation=nation,
        school_type=school_type,
        timezone=pack.timezone,
        day_starts=day_starts,
        day_ends=day_ends,
        wrapped_key=keyring().new_school_key(),
        created_at=at,
    )
    db.session.add(school)
    db.session.flush()
    calendar_of(school, [], [])  # refuses hours that can't be
    with of_school(school.id):
        record("set up", school, by=None, at=at, nation=nation, type=school_type, pack=pack.version)
        if newer_pack(school):
            change_pack(VERSION, pack.version, "The newest when the school was set up.", by=None, at=at)
    return school


def add_term(name: str, starts: date, ends: date, *, by: uuid.UUID | None, at: datetime) -> Term:
    """Enter a term. Raises `Refused` if it overlaps another."""
    one_at_a_time()
    _check_term(name, starts, ends, terms(), at)
    term = Term(school_id=current_school(), name=name, starts=starts, ends=ends)
    calendar_of(this_school(), [*terms(), term], closures())
    with _changing_calendar(f"the dates of {name} were entered", at):
        db.session.add(term)
    record("added", term, by=by, at=at, starts=starts.isoformat(), ends=ends.isoformat())
    return term


def change_term(term: Term, name: str, starts: date, ends: date, *, by: uuid.UUID | None, at: datetime) -> None:
    """Put a term's name or dates right. Raises `Refused` if it would overlap another."""
    one_at_a_time()
    others = [other for other in terms() if other.id != term.id]
    _check_term(name, starts, ends, others, at)
    put_right = Term(school_id=term.school_id, name=name, starts=starts, ends=ends)
    calendar_of(this_school(), [*others, put_right], closures())
    was = f"{term.starts}..{term.ends}"
    with _changing_calendar(f"the dates of {name} were changed", at):
        term.name, term.starts, term.ends = name, starts, ends
    record("changed", term, by=by, at=at, was=was, now=f"{starts}..{ends}")


def _check_term(name: str, starts: date, ends: date, others: Iterable[Term], at: datetime) -> None:
    check_dates(starts, ends, LONGEST_TERM, at.date())
    for other in others:
        if other.name.casefold() == name.casefold():
            raise Refused("There is a term of this name already. Add the year to the name.", "name")
        if starts <= other.ends and other.starts <= ends:
            overlaps = (
                f"{other.name} runs from {short_day(other.starts)} to {short_day(other.ends)}. Terms can’t overlap."
            )
            raise Refused(overlaps, "starts" if other.starts <= starts else "ends")


def remove_term(term: Term, *, by: uuid.UUID | None, at: datetime) -> None:
    """Take back a term that was entered by mistake. Raises `Refused` once something is written about it."""
    if is_used(term):
        raise Refused("A report is about this term, so it stays. You can put its dates right.")
    record("removed", term, by=by, at=at, starts=term.starts.isoformat(), ends=term.ends.isoformat())
    with _changing_calendar(f"the dates of {term.name} were taken away", at):
        db.session.delete(term)


def add_closure(
    kind: ClosureKind, name: str, starts: date, ends: date, *, by: uuid.UUID | None, at: datetime
) -> Closure:
    """Enter days on which pupils are not in school. Raises `Refused` for days that are entered already."""
    one_at_a_time()
    _check_closure(kind, name, starts, ends, closures(), at)
    closure = Closure(school_id=current_school(), kind=kind, name=name, starts=starts, ends=ends)
    with _changing_calendar(f"{_shut(closure)} was added", at):
        db.session.add(closure)
    record("added", closure, by=by, at=at, closed=kind, starts=starts.isoformat(), ends=ends.isoformat())
    return closure


def change_closure(
    closure: Closure, kind: ClosureKind, name: str, starts: date, ends: date, *, by: uuid.UUID | None, at: datetime
) -> None:
    """Put right which days those are, or why. Raises `Refused` for days that are entered already."""
    one_at_a_time()
    _check_closure(kind, name, starts, ends, [each for each in closures() if each.id != closure.id], at)
    was = f"{closure.starts}..{closure.ends}"
    with _changing_calendar(f"{_shut(closure)} was put right", at):
        closure.kind, closure.name, closure.starts, closure.ends = kind, name, starts, ends
    record("changed", closure, by=by, at=at, closed=kind, was=was, now=f"{starts}..{ends}")


def _check_closure(
    kind: ClosureKind, name: str, starts: date, ends: date, others: Iterable[Closure], at: datetime
) -> None:
    check_dates(starts, ends, LONGEST_CLOSURE, at.date())
    ClosedDays(starts, ends, kind, name)  # refuses days in the wrong order
    if any((row.kind, row.starts, row.ends) == (kind, starts, ends) for row in others):
        raise Refused("These days are entered already.", "starts")


def remove_closure(closure: Closure, *, by: uuid.UUID | None, at: datetime) -> None:
    """Take back closed days that were entered by mistake."""
    record("removed", closure, by=by, at=at, starts=closure.starts.isoformat(), ends=closure.ends.isoformat())
    with _changing_calendar(f"{_shut(closure)} was taken away", at):
        db.session.delete(closure)


def _shut(closure: Closure) -> str:
    """What was added or taken away: "half-term, Monday 26 October 2026 to …,"."""
    called = f" ({closure.name})" if closure.name else ""
    return f"{CLOSED_WORDS[ClosureKind(closure.kind)]}{called}, {span(closure.starts, closure.ends)},"


def change_day(starts: time, ends: time, *, by: uuid.UUID | None, at: datetime) -> None:
    """Say when the school day starts and ends. Raises `Refused` for an end before the start."""
    school = this_school()
    was = f"{school.day_starts:%H:%M}-{school.day_ends:%H:%M}"
    with _changing_calendar("the times of the school day were changed", at):
        school.day_starts, school.day_ends = starts, ends
        calendar()  # refuses hours that can't be, before the database does
    record("changed day", school, by=by, at=at, was=was, now=f"{starts:%H:%M}-{ends:%H:%M}")


def add_number(kind: NumberKind, who: str, phone: str, *, by: uuid.UUID | None, at: datetime) -> SafetyNumber:
    """Enter a number to ring, after those that are there."""
    one_at_a_time()
    known = every_number()
    phone = _check_number(kind, who, phone, known)
    position = max((each.position for each in known), default=0) + 1
    number = SafetyNumber(school_id=current_school(), kind=kind, who=who, phone=phone, position=position)
    db.session.add(number)
    db.session.flush()
    record("added", number, by=by, at=at, number=kind)
    return number


def change_number(
    number: SafetyNumber, kind: NumberKind, who: str, phone: str, *, by: uuid.UUID | None, at: datetime
) -> None:
    """Put right whose number it is or which."""
    one_at_a_time()
    phone = _check_number(kind, who, phone, [each for each in every_number() if each.id != number.id])
    number.kind, number.who, number.phone = kind, who, phone
    record("changed", number, by=by, at=at, number=kind)


def _check_number(kind: NumberKind, who: str, phone: str, others: Iterable[SafetyNumber]) -> str:
    phone = check_phone(phone)
    if any((each.kind, each.who, each.phone) == (kind, who, phone) for each in others):
        raise Refused("This number is entered already.", "phone")
    return phone


def remove_number(number: SafetyNumber, *, by: uuid.UUID | None, at: datetime) -> None:
    """Take a number off every page."""
    record("removed", number, by=by, at=at, number=number.kind)
    db.session.delete(number)


def put_on_duty(account_id: uuid.UUID, *, by: uuid.UUID | None, at: datetime) -> None:
    """Say which account is to be rung now. That it is a safeguarding lead's is the caller's to know."""
    school = this_school()
    school.on_duty_id = account_id
    record("put on duty", school, by=by, at=at, account=account_id)
