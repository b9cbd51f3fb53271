"""The current school: itself, its calendar, its pack, its numbers, its key."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import Select, literal, select, union_all

from incidents.database import current_school, question, remembered
from incidents.errors import NotFound
from incidents.extensions import Model, db
from incidents.keys import keyring
from incidents.schools import statutes
from incidents.schools.calendar import ClosedDays, ClosureKind, SchoolCalendar, TermDates
from incidents.schools.jurisdiction import Nation, SchoolType, load, versions
from incidents.schools.law import VERSION, laid_over, laws_laid_over
from incidents.schools.models import Closure, NumberKind, PackChange, SafetyNumber, School, Term
from incidents.schools.pack import Pack
from incidents.schools.statutes import Statutes

_BESIDE_THE_SAFEGUARDERS = (NumberKind.LADO, NumberKind.SOCIAL_CARE, NumberKind.OUTSIDE)
Entry = TypeVar("Entry", Term, Closure, SafetyNumber)
# Working days are counted beyond the last term entered: a limit may run into the next year but one.
YEARS_AHEAD = 3


def this_school() -> School:
    """The school whose rows are in scope."""
    return _read_school(current_school())[0]


def _read_school(school_id: uuid.UUID) -> tuple[School, Sequence[PackChange]]:
    """With all that it ever changed about its pack: every page needs both."""
    return remembered(
        ("school", school_id), lambda: _together(_school(school_id).tuples().all()), until_written=(School, PackChange)
    )


def _together(rows: Sequence[tuple[School, PackChange | None]]) -> tuple[School, Sequence[PackChange]]:
    return rows[0][0], [change for _, change in rows if change]


@question
def _school(school_id: Any) -> Select[tuple[School, PackChange]]:
    both = select(School, PackChange).outerjoin(PackChange, PackChange.school_id == School.id)
    return both.where(School.id == school_id).order_by(PackChange.number)


def pack_of(school: School) -> Pack:
    """The law and vocabulary of the school's nation and type: in the version that it took up, with its own edits over it."""
    return remembered(("pack", school.id), lambda: _pack(school, pack_changes(school)), until_written=(PackChange,))


def pack_as(school: School, version: str) -> Pack:
    """The pack as it stood when something was decided under it: `version` as the decision keeps it."""
    name, _, number = version.partition("+")
    then = [each for each in pack_changes(school) if each.key != VERSION and each.number <= int(number or 0)]
    return _pack(school, then, name)


def _pack(school: School, changes: Sequence[PackChange], version: str | None = None) -> Pack:
    """A version under which a school's own edits stand is told apart by the number of the last: "2026-11+3"."""
    nation, kind, now = Nation(school.nation), SchoolType(school.school_type), standing_changes(changes)
    pack = load(nation, kind, version or now.get(VERSION) or versions(nation)[0])
    own = [each.number for each in changes if each.key != VERSION]
    return replace(laid_over(pack, now), version=f"{pack.version}+{own[-1]}") if own else pack


def pack_changes(school: School) -> Sequence[PackChange]:
    """All that the school ever changed about its pack, the oldest first."""
    return _read_school(school.id)[1]


def standing_changes(changes: Iterable[PackChange]) -> dict[str, str]:
    """What stands of them, by key: a later one takes the place of an earlier, or puts the pack's own value back."""
    latest = {each.key: each.says for each in changes}
    return {key: says for key, says in latest.items() if says is not None}


def newer_pack(school: School) -> Pack | None:
    """The newest version of the school's pack as it comes, if the school uses an older one."""
    nation, kind = Nation(school.nation), SchoolType(school.school_type)
    used = standing_changes(pack_changes(school)).get(VERSION) or versions(nation)[0]
    newest = load(nation, kind)
    return newest if newest.version != used else None


def statutes_of(school: School) -> Statutes:
    """The laws that may be relevant, as the school reads them: ask `statutes.why_not` and the rest `among` these."""
    return remembered(
        ("laws", school.id),
        lambda: laws_laid_over(statutes.load(), standing_changes(pack_changes(school))),
        until_written=(PackChange,),
    )


def school_key() -> bytes:
    """The key of the school in scope, under which its files' own keys are wrapped."""
    return keyring().school_key(this_school().wrapped_key)


def terms() -> Sequence[Term]:
    """The school's terms, the earliest first."""
    return _terms().scalars().all()


@question
def _terms() -> Select[tuple[Term]]:
    return select(Term).order_by(Term.starts)


def closures() -> Sequence[Closure]:
    """The days on which pupils are not in school, the earliest first."""
    return _closures().scalars().all()


@question
def _closures() -> Select[tuple[Closure]]:
    return select(Closure).order_by(Closure.starts, Closure.ends)


def calendar() -> SchoolCalendar:
    """The school's calendar, as it is entered now."""
    with db.session.no_autoflush:
        return remembered(
            "calendar", lambda: _calendar_as_entered(this_school()), until_written=(School, Term, Closure)
        )


def _calendar_as_entered(school: School) -> SchoolCalendar:
    rows = _terms_and_closures().all()
    return calendar_of(school, [row for row in rows if not row.kind], [row for row in rows if row.kind])


@question
def _terms_and_closures() -> Select[Any]:
    """What a calendar takes of them, in one statement: many pages ask for it. A term has no kind."""
    of_terms = select(literal("").label("kind"), Term.name, Term.starts, Term.ends)
    of_closures = select(Closure.kind, Closure.name, Closure.starts, Closure.ends)
    both = union_all(of_terms, of_closures).subquery()
    return select(both).order_by(both.c.starts, both.c.ends)


def calendar_of(school: School, terms: Iterable[Any], closures: Iterable[Any]) -> SchoolCalendar:
    """A calendar of these terms and closures for this school. Raises `Refused` for what can't be."""
    dates = tuple(TermDates(term.name, term.starts, term.ends) for term in terms)
    closed = tuple(ClosedDays(row.starts, row.ends, ClosureKind(row.kind), row.name) for row in closures)
    years = [school.created_at.year, *(day.first.year for day in dates), *(day.last.year for day in dates)]
    holidays = pack_of(school).bank_holidays(range(min(years) - 1, max(years) + YEARS_AHEAD + 1))
    return _calendar(dates, closed, school.day_starts, school.day_ends, school.timezone, holidays)


# Kept by all that is in it: made again as soon as anything of it is another.
_calendar = lru_cache(maxsize=256)(SchoolCalendar)


def numbers() -> Sequence[SafetyNumber]:
    """The numbers that every page about an incident shows, beside those of the safeguarding leads and the police."""
    return remembered("numbers", lambda: _numbers().scalars().all())


@question
def _numbers() -> Select[tuple[SafetyNumber]]:
    beside = SafetyNumber.kind.in_(_BESIDE_THE_SAFEGUARDERS)
    return select(SafetyNumber).where(beside).order_by(SafetyNumber.position)


def every_number() -> Sequence[SafetyNumber]:
    """All the numbers that the school entered, in their order."""
    return db.session.scalars(select(SafetyNumber).order_by(SafetyNumber.position)).all()


def one_at_a_time() -> None:
    """Hold the school's row until the transaction ends, so that of two equal entries at once the second sees the first.

    SQLite has one writer anyway. Rows that only belong to the school can be added meanwhile.
    """
    db.session.execute(select(School.id).where(School.id == current_school()).with_for_update(key_share=True))


def entry(kind: type[Entry], entry_id: uuid.UUID) -> Entry:
    """One term, closure or number of this school. Raises `NotFound` for an unknown one and another school's alike."""
    found = db.session.scalar(select(kind).where(kind.id == entry_id))
    if found is None:
        raise NotFound
    return found


def is_used(term: Term) -> bool:
    """Whether a row of any table points at this term: asked of the tables, since those come from later slices."""
    for table in Model.metadata.tables.values():
        for key in table.foreign_key_constraints:
            if key.referred_table is not Term.__table__:
                continue
            same = [table.c[each.parent.name] == getattr(term, each.column.name) for each in key.elements]
            if db.session.execute(select(literal(1)).select_from(table).where(*same).limit(1)).first():
                return True
    return False


@dataclass(frozen=True)
class YearPart:
    """A term with the days on which it is shut; or, without a term, closed days outside all of them."""

    term: Term | None
    shut: list[Closure]


def year_parts() -> list[YearPart]:
    """The terms in order, each with its closed days, and last the closed days outside every term."""
    entered, left = terms(), list(closures())
    parts = []
    for term in entered:
        inside = [each for each in left if term.starts <= each.starts <= term.ends]
        left = [each for each in left if each not in inside]
        parts.append(YearPart(term, inside))
    return [*parts, YearPart(None, left)] if left else parts
