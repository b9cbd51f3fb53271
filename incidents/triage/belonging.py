"""Which open cases an incident may belong to, and why: the same people, account, weeks or picture."""

import uuid
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, exists, func, literal, or_, select, tuple_, union_all
from sqlalchemy.orm import aliased

from incidents.access import Right
from incidents.accounts.viewer import Viewer
from incidents.casework.models import Case, CaseIncident
from incidents.casework.queries import takes_in
from incidents.database import question
from incidents.files.models import File, FileState
from incidents.matters.models import Matter, MatterYear
from incidents.matters.visibility import seen_with
from incidents.people.models import Handle, Person
from incidents.recording.models import Incident, Involvement, Particulars
from incidents.recording.queries import files_in, particulars
from incidents.schools.queries import calendar
from incidents.triage.sentence import NUMBERS

MOST_CASES = 50
SAME_WEEKS = timedelta(days=21)
Found = Mapping[uuid.UUID, int]  # for each case, how much of it is the same
_LISTED = (Case.id, Case.reference, Case.title, Case.recorded_at)


@dataclass(frozen=True)
class PossibleCase:
    """An open case that this incident may belong to; `reasons` say why it is likely, in words without a name."""

    case_id: uuid.UUID
    reference: str
    title: str
    reasons: tuple[str, ...]

    @property
    def shares(self) -> str:
        """The reasons in one line; nothing where there is none."""
        return ", and ".join(self.reasons)


def possible_cases(viewer: Viewer, incident: Incident) -> list[PossibleCase]:
    """The open cases that it may be put in, those with most reasons first; one out of the viewer's sight never.

    Of the cases without a reason only the newest are listed; a case with one is listed however old it is.
    """
    fits = takes_in(viewer, incident)
    linked = _linked(fits, seen_with(viewer, Right.SEE_IN_FULL), incident.id).scalars().all()
    found = [*_same(incident, linked), _same_files(viewer, incident, linked)]
    rows = {case.id: case for case in _newest(fits, MOST_CASES)}
    if others := {case_id for same in found for case_id in same} - rows.keys():
        rows |= {case.id: case for case in _these(fits, others)}
    cases = sorted(rows.values(), key=lambda case: case.recorded_at, reverse=True)
    possible = [
        PossibleCase(
            case.id,
            case.reference,
            case.title,
            tuple(words(same[case.id]) for words, same in zip(SAID, found, strict=True) if case.id in same),
        )
        for case in cases
    ]
    people = found[0]
    return sorted(possible, key=lambda each: (-len(each.reasons), -people.get(each.case_id, 0)))


@question
def _newest(fits: Any, most: Any) -> Select[Any]:
    return select(*_LISTED).where(fits).order_by(Case.recorded_at.desc(), Case.id).limit(most)


@question
def _these(fits: Any, case_ids: Any) -> Select[Any]:
    return select(*_LISTED).where(fits, Case.id.in_(case_ids)).order_by(Case.id)


# --- what is the same


def _same(incident: Incident, linked: Collection[uuid.UUID]) -> list[Found]:
    """For each of the `REASONS` the cases that have it, asked in one statement."""
    held = particulars(incident.id)
    day = held.day_from or calendar().local(incident.recorded_at).date()
    near = (day - SAME_WEEKS, day + SAME_WEEKS, incident.recorded_at - SAME_WEEKS, incident.recorded_at + SAME_WEEKS)
    found: list[dict[uuid.UUID, int]] = [{} for _ in REASONS]
    for place, case_id in _reasons(linked, incident.id, *near) if linked else ():
        found[place][case_id] = found[place].get(case_id, 0) + 1
    return list(found)


@question
def _linked(fits: Any, seen: Any, incident_id: Any) -> Select[tuple[uuid.UUID]]:
    """The incidents in a case that may take this one in, seen in full by the viewer themselves. Asked first: they are few, and
    SQLite would else begin with everybody who was ever involved in anything."""
    return select(CaseIncident.incident_id).where(
        CaseIncident.unlinked_at.is_(None),
        CaseIncident.incident_id != incident_id,
        CaseIncident.case_id.in_(select(Case.id).where(fits)),
        _sees(seen, CaseIncident, CaseIncident.incident_id),
    )


@question
def _reasons(
    linked: Any, incident_id: Any, first: Any, last: Any, recorded_first: Any, recorded_last: Any
) -> Select[tuple[int, uuid.UUID]]:
    """A row for each thing that is the same: which reason it is, and in which case."""
    near = first, last, recorded_first, recorded_last
    parts = [reason(_in_one_of(linked), incident_id, *near) for reason in REASONS]
    named = [select(literal(place).label("place"), part.c.case_id) for place, part in enumerate(parts)]
    every = union_all(*named).subquery()
    return select(every.c.place, every.c.case_id)


def _in_one_of(linked: Any) -> ColumnElement[bool]:
    return and_(CaseIncident.unlinked_at.is_(None), CaseIncident.incident_id.in_(linked))


def _sees(seen: Any, row: type[CaseIncident | File], matter_id: Any) -> ColumnElement[bool]:
    """That the viewer has this right in the matter of a row: tried for the few rows in question, and not by a list of all
    that they may see."""
    matter = select(Matter.id).where(Matter.school_id == row.school_id, Matter.id == matter_id, seen)
    return matter.correlate(row).exists()


def _people(linked: Any, incident_id: Any, *near: Any) -> Subquery:  # noqa: ARG001 - each takes the same
    """People count once, under whichever entry of theirs they are in the one and in the other."""
    its = and_(Person.school_id == Involvement.school_id, Person.id == Involvement.person_id)
    own = select(Person.one_id).where(
        Person.id.in_(
            select(Involvement.person_id).where(Involvement.incident_id == incident_id, Involvement.ended_at.is_(None))
        )
    )
    return (
        select(CaseIncident.case_id, Person.one_id)
        .join(Involvement, _in_linked())
        .join(Person, its)
        .where(linked, Involvement.ended_at.is_(None), Person.one_id.in_(own))
        .distinct()
        .subquery()
    )


def _accounts(linked: Any, incident_id: Any, *near: Any) -> Subquery:  # noqa: ARG001
    """An account counts where it stands, and where it has proved to be somebody's; not where it was a mistake."""
    stood = or_(Involvement.ended_at.is_(None), Involvement.superseded_by.is_not(None))
    account = func.lower(Handle.platform).label("platform"), func.lower(Handle.name).label("name")
    its = and_(Handle.school_id == Involvement.school_id, Handle.id == Involvement.handle_id)
    own = select(*account).join(Involvement, its).where(Involvement.incident_id == incident_id, stood)
    return (
        select(CaseIncident.case_id, *account)
        .join(Involvement, _in_linked())
        .join(Handle, its)
        .where(linked, stood, tuple_(*account).in_(own))
        .distinct()
        .subquery()
    )


def _in_linked() -> ColumnElement[bool]:
    return and_(Involvement.school_id == CaseIncident.school_id, Involvement.incident_id == CaseIncident.incident_id)


def _weeks(linked: Any, incident_id: Any, first: Any, last: Any, recorded_first: Any, recorded_last: Any) -> Subquery:
    """The same year group, and it happened within three weeks; where the day is not known, the day it was recorded counts."""
    later = aliased(Particulars)
    superseded = exists().where(
        later.school_id == Particulars.school_id,
        later.incident_id == Particulars.incident_id,
        later.number > Particulars.number,
    )
    near = or_(
        Particulars.day_from.between(first, last),
        and_(Particulars.day_from.is_(None), Matter.recorded_at.between(recorded_first, recorded_last)),
    )
    years = select(MatterYear.year_group).where(MatterYear.matter_id == incident_id)
    of_incident = CaseIncident.incident_id
    return (
        select(CaseIncident.case_id)
        .join(Matter, and_(Matter.school_id == CaseIncident.school_id, Matter.id == of_incident))
        .join(Particulars, and_(Particulars.school_id == Matter.school_id, Particulars.incident_id == Matter.id))
        .join(MatterYear, and_(MatterYear.school_id == Matter.school_id, MatterYear.matter_id == Matter.id))
        .where(linked, near, ~superseded, MatterYear.year_group.in_(years))
        .subquery()
    )


REASONS = (
    _people,
    _accounts,
    _weeks,
)  # what is found in one statement; the files are compared apart, where there are any


def _same_files(viewer: Viewer, incident: Incident, linked: Collection[uuid.UUID]) -> Found:
    """The same bytes, by the seal of the original, and only where the viewer may see the files of both. What was blanked
    is nobody's to compare."""
    files = seen_with(viewer, Right.SEE_FILES)
    own = _seals(files, incident.id).scalars().all() if linked and files_in(incident) else ()
    return Counter(_with_seals(linked, files, own).scalars()) if own else {}


def _is_seen(files: Any) -> ColumnElement[bool]:
    return and_(File.state == FileState.SEALED, _sees(files, File, File.matter_id))


@question
def _seals(files: Any, incident_id: Any) -> Select[tuple[str]]:
    return select(File.sha256).where(File.matter_id == incident_id, _is_seen(files))


@question
def _with_seals(linked: Any, files: Any, own: Any) -> Select[Any]:
    either = or_(File.matter_id == CaseIncident.incident_id, File.matter_id == CaseIncident.case_id)
    return (
        select(CaseIncident.case_id, File.sha256)
        .join(File, and_(File.school_id == CaseIncident.school_id, either))
        .where(_in_one_of(linked), File.sha256.in_(own), _is_seen(files))
        .distinct()
    )


def _of_people(count: int) -> str:
    return "one person is in both" if count == 1 else f"{_number(count)} people are in both"


def _of_accounts(count: int) -> str:
    return "the same account is in both" if count == 1 else f"{_number(count)} accounts are in both"


def _of_weeks(count: int) -> str:  # noqa: ARG001 - each takes how much is the same
    return "the same year group, within three weeks"


def _of_pictures(count: int) -> str:
    return "the same picture or file is in both" if count == 1 else f"{_number(count)} of the same files are in both"


def _number(count: int) -> str:
    return NUMBERS[count] if count < len(NUMBERS) else str(count)


# How each reason is said. People stand first: among cases with as many reasons they decide.
SAID = (_of_people, _of_accounts, _of_weeks, _of_pictures)
