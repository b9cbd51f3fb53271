"""Which open cases an incident may belong to, and why: the same people, account, weeks or picture."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, tuple_
from sqlalchemy.orm import aliased

from incidents.access import Right
from incidents.accounts.viewer import Viewer
from incidents.casework.models import Case, CaseIncident
from incidents.casework.queries import takes_in
from incidents.extensions import db
from incidents.files.models import File, FileState
from incidents.matters.models import Matter, MatterYear
from incidents.matters.visibility import seen_with
from incidents.people.models import Handle, Person
from incidents.recording.models import Incident, Involvement, Particulars
from incidents.recording.queries import particulars
from incidents.schools.queries import calendar
from incidents.triage.sentence import NUMBERS

MOST_CASES = 50
SAME_WEEKS = timedelta(days=21)
Found = Mapping[uuid.UUID, int]  # for each case, how much of it is the same


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
    fits, linked = takes_in(viewer, incident), _linked(viewer, incident)
    found = [(words, read(viewer, incident, linked)) for read, words in REASONS]
    likely = {case_id for _, same in found for case_id in same}
    newest = select(Case).where(fits).order_by(Case.recorded_at.desc(), Case.id).limit(MOST_CASES)
    rows = {case.id: case for case in db.session.scalars(select(Case).where(fits, Case.id.in_(likely)))}
    rows |= {case.id: case for case in db.session.scalars(newest)}
    cases = sorted(rows.values(), key=lambda case: case.recorded_at, reverse=True)
    possible = [
        PossibleCase(
            case.id, case.reference, case.title, tuple(words(same[case.id]) for words, same in found if case.id in same)
        )
        for case in cases
    ]
    people = found[0][1]
    return sorted(possible, key=lambda each: (-len(each.reasons), -people.get(each.case_id, 0)))


def _linked(viewer: Viewer, incident: Incident) -> ColumnElement[bool]:
    """The condition on `CaseIncident`: in a case that may take the incident in, and seen in full by the viewer itself."""
    return and_(
        CaseIncident.unlinked_at.is_(None),
        CaseIncident.incident_id != incident.id,
        CaseIncident.case_id.in_(select(Case.id).where(takes_in(viewer, incident))),
        _sees(viewer, CaseIncident, CaseIncident.incident_id, Right.SEE_IN_FULL),
    )


def _sees(viewer: Viewer, row: type[CaseIncident | File], matter_id: Any, right: Right) -> ColumnElement[bool]:
    """That the viewer has this right in the matter of a row: tried for the few rows in question, and not by a list of all
    that they may see."""
    matter = select(Matter.id).where(
        Matter.school_id == row.school_id, Matter.id == matter_id, seen_with(viewer, right)
    )
    return matter.correlate(row).exists()


def _counted(pairs: Iterable[uuid.UUID]) -> Found:
    found: dict[uuid.UUID, int] = {}
    for case_id in pairs:
        found[case_id] = found.get(case_id, 0) + 1
    return found


def _people(viewer: Viewer, incident: Incident, linked: ColumnElement[bool]) -> Found:  # noqa: ARG001 - each takes the same
    """People count once, under whichever entry of theirs they are in the one and in the other."""
    its = and_(Person.school_id == Involvement.school_id, Person.id == Involvement.person_id)
    own = select(Person.one_id).where(
        Person.id.in_(
            select(Involvement.person_id).where(Involvement.incident_id == incident.id, Involvement.ended_at.is_(None))
        )
    )
    return _counted(
        db.session.scalars(
            select(CaseIncident.case_id, Person.one_id)
            .join(Involvement, _in_linked())
            .join(Person, its)
            .where(linked, Involvement.ended_at.is_(None), Person.one_id.in_(own))
            .distinct()
        )
    )


def _accounts(viewer: Viewer, incident: Incident, linked: ColumnElement[bool]) -> Found:  # noqa: ARG001
    """An account counts where it stands, and where it has proved to be somebody's; not where it was a mistake."""
    stood = or_(Involvement.ended_at.is_(None), Involvement.superseded_by.is_not(None))
    account = func.lower(Handle.platform), func.lower(Handle.name)
    its = and_(Handle.school_id == Involvement.school_id, Handle.id == Involvement.handle_id)
    own = select(*account).join(Involvement, its).where(Involvement.incident_id == incident.id, stood)
    return _counted(
        db.session.scalars(
            select(CaseIncident.case_id, *account)
            .join(Involvement, _in_linked())
            .join(Handle, its)
            .where(linked, stood, tuple_(*account).in_(own))
            .distinct()
        )
    )


def _in_linked() -> ColumnElement[bool]:
    return and_(Involvement.school_id == CaseIncident.school_id, Involvement.incident_id == CaseIncident.incident_id)


def _weeks(viewer: Viewer, incident: Incident, linked: ColumnElement[bool]) -> Found:  # noqa: ARG001
    """The same year group, and it happened within three weeks; where the day is not known, the day it was recorded counts."""
    held, later = particulars(incident.id), aliased(Particulars)
    day = held.day_from or calendar().local(incident.recorded_at).date()
    first, last = day - SAME_WEEKS, day + SAME_WEEKS
    recorded = (incident.recorded_at - SAME_WEEKS, incident.recorded_at + SAME_WEEKS)
    superseded = exists().where(
        later.school_id == Particulars.school_id,
        later.incident_id == Particulars.incident_id,
        later.number > Particulars.number,
    )
    near = or_(
        Particulars.day_from.between(first, last),
        and_(Particulars.day_from.is_(None), Matter.recorded_at.between(*recorded)),
    )
    years = select(MatterYear.year_group).where(MatterYear.matter_id == incident.id)
    of_incident = CaseIncident.incident_id
    return _counted(
        db.session.scalars(
            select(CaseIncident.case_id)
            .join(Matter, and_(Matter.school_id == CaseIncident.school_id, Matter.id == of_incident))
            .join(Particulars, and_(Particulars.school_id == Matter.school_id, Particulars.incident_id == Matter.id))
            .join(MatterYear, and_(MatterYear.school_id == Matter.school_id, MatterYear.matter_id == Matter.id))
            .where(linked, near, ~superseded, MatterYear.year_group.in_(years))
        )
    )


def _pictures(viewer: Viewer, incident: Incident, linked: ColumnElement[bool]) -> Found:
    """The same bytes, by the seal of the original, and only where the viewer may see the files of both. What was blanked
    is nobody's to compare."""
    sees = _sees(viewer, File, File.matter_id, Right.SEE_FILES)
    sealed = File.state == FileState.SEALED
    own = db.session.scalars(select(File.sha256).where(File.matter_id == incident.id, sealed, sees)).all()
    if not own:
        return {}
    return _counted(
        db.session.execute(
            select(CaseIncident.case_id, File.sha256)
            .join(
                File,
                and_(
                    File.school_id == CaseIncident.school_id,
                    or_(File.matter_id == CaseIncident.incident_id, File.matter_id == CaseIncident.case_id),
                ),
            )
            .where(linked, sealed, File.sha256.in_(own), sees)
            .distinct()
        ).scalars()
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


# How each reason is found, and how it is said. People stand first: among cases with as many reasons they decide.
REASONS = ((_people, _of_people), (_accounts, _of_accounts), (_weeks, _of_weeks), (_pictures, _of_pictures))
