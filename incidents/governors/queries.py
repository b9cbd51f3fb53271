"""Reading reports, and the facts that a new one is counted from."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, and_, select

from incidents.access import Sphere
from incidents.audit.queries import acts_on
from incidents.casework.deadlines import due
from incidents.casework.models import Case
from incidents.decisions.models import Decision
from incidents.decisions.queries import standing
from incidents.errors import NotFound
from incidents.extensions import db
from incidents.governors.disclosure import NEVER_PUPILS, TESTS, Figures, Quoted, Term
from incidents.governors.figures import GROUP_OF, Opened, Recorded, figures_of
from incidents.governors.models import EditionState, PublishedCell, ReportEdition
from incidents.governors.paper import Paper
from incidents.governors.periods import Dates, in_prose, report_term
from incidents.governors.shown import Shown
from incidents.matters.models import Matter
from incidents.people.models import Person
from incidents.recording.hours import Control, SchoolTime
from incidents.recording.models import Involvement
from incidents.recording.words import Direction, Part, PersonKind
from incidents.schools import queries as schools
from incidents.schools.calendar import CalendarUnknown, SchoolCalendar
from incidents.schools.limits import Limit, LimitUnit
from incidents.schools.models import Term as TermRow
from incidents.triage.actions import CONTROL, DIRECTION, DISPOSITION, POWER, TIME

PROMPTLY = Limit(1, LimitUnit.SCHOOL_DAYS)
QUOTED = 5  # as many earlier terms as the chart has room for
_ASKED = (DIRECTION, TIME, CONTROL, POWER)
_LET_OUT = (EditionState.PUBLISHED, EditionState.RECALLED)


# --- editions --------------------------------------------------------------------------------------------------------


def edition_of(edition_id: uuid.UUID, *states: EditionState) -> ReportEdition:
    """The edition, if it is in one of these states; else `NotFound`: for who may not read it there is none."""
    found = db.session.scalars(select(ReportEdition).where(ReportEdition.id == edition_id)).one_or_none()
    if found is None or EditionState(found.state) not in states:
        raise NotFound
    return found


def editions(*states: EditionState) -> Sequence[tuple[ReportEdition, TermRow]]:
    """Editions with their terms, the newest term first."""
    rows = db.session.execute(
        select(ReportEdition, TermRow)
        .join(TermRow, and_(TermRow.school_id == ReportEdition.school_id, TermRow.id == ReportEdition.term_id))
        .where(ReportEdition.state.in_(states))
        .order_by(TermRow.starts.desc(), ReportEdition.number.desc())
    ).all()
    return [row._tuple() for row in rows]


def begun_terms(today: date) -> Sequence[TermRow]:
    """The terms that a report could be made for, the newest first."""
    return db.session.scalars(select(TermRow).where(TermRow.starts < today).order_by(TermRow.starts.desc())).all()


def opened_by(edition: ReportEdition) -> dict[uuid.UUID, datetime]:
    """Who opened the edition, and when for the first time, from the log."""
    first: dict[uuid.UUID, datetime] = {}
    for entry in acts_on(edition.id):
        if entry.verb == "opened" and entry.actor_id is not None:
            first.setdefault(entry.actor_id, entry.at)
    return first


def names_on_record() -> Sequence[tuple[str, str]]:
    """Everybody whose name must not be in a report."""
    return db.session.execute(select(Person.given_name, Person.family_name)).tuples().all()


# --- what a report says ----------------------------------------------------------------------------------------------


def paper_of(edition: ReportEdition, at: datetime) -> Paper:
    """The edition as page and PDF draw it: what was published from its stored JSON alone, a draft from today's facts."""
    frozen = Figures.from_json(edition.figures) if edition.figures else figures_now(edition, at)
    school = schools.this_school()
    published = schools.calendar().local(edition.published_at).date() if edition.published_at else None
    return Paper(
        school=school.name,
        figures=frozen,
        words=edition.words,
        asks=tuple(edition.asks),
        meeting=edition.meeting_on,
        edition=edition.number,
        published=published,
        changed=edition.changed,
        board=schools.pack_of(school).term("governors"),
    )


def figures_now(edition: ReportEdition, at: datetime) -> Figures:
    """The figures of the edition's term, counted now and let through the gate."""
    calendar = schools.calendar()
    row = db.session.scalars(select(TermRow).where(TermRow.id == edition.term_id)).one()
    dates = [Dates(each.name, each.starts, each.ends) for each in schools.terms()]
    term = report_term(Dates(row.name, row.starts, row.ends), dates, reported_terms(), calendar.local(at).date())
    incidents, cases = _incidents(term, calendar), _cases(term, calendar)
    return figures_of(incidents, cases, term=term, earlier=_earlier(row))


def reported_terms() -> list[Term]:
    """The days that published reports covered, recalled ones too: what was once read was read."""
    parts: dict[uuid.UUID, dict[str, str]] = defaultdict(dict)
    for edition_id, key, shown in db.session.execute(
        select(PublishedCell.edition_id, PublishedCell.key, PublishedCell.shown).where(PublishedCell.key.like("term.%"))
    ):
        parts[edition_id][key] = shown
    return [
        Term(part["term.name"], date.fromisoformat(part["term.first"]), date.fromisoformat(part["term.last"]))
        for part in parts.values()
    ]


def _earlier(row: TermRow) -> list[Quoted]:
    """The totals of earlier terms from their latest published editions, the oldest first."""
    latest: dict[uuid.UUID, Quoted] = {}
    for term, edition, cell in db.session.execute(
        select(TermRow, ReportEdition, PublishedCell)
        .join(ReportEdition, and_(ReportEdition.school_id == TermRow.school_id, ReportEdition.term_id == TermRow.id))
        .join(
            PublishedCell,
            and_(PublishedCell.school_id == ReportEdition.school_id, PublishedCell.edition_id == ReportEdition.id),
        )
        .where(
            TermRow.starts < row.starts, ReportEdition.state == EditionState.PUBLISHED, PublishedCell.key == "incidents"
        )
        .order_by(TermRow.starts, ReportEdition.number)
    ):
        latest[edition.term_id] = Quoted(in_prose(term.name), Shown(cell.shown))
    return list(latest.values())[-QUOTED:]


# --- the facts -------------------------------------------------------------------------------------------------------


def _of_term(kind: str, term: Term, calendar: SchoolCalendar) -> ColumnElement[bool]:
    """Matters recorded on the term's days, local time. What is alleged of the headteacher is left out, always."""
    return and_(
        Matter.kind == kind,
        Matter.sphere != Sphere.HEAD,
        Matter.recorded_at >= calendar.at(term.first, time.min),
        Matter.recorded_at < calendar.at(term.last + timedelta(days=1), time.min),
    )


def _cases(term: Term, calendar: SchoolCalendar) -> list[Opened]:
    end = calendar.at(term.last + timedelta(days=1), time.min)
    closed = db.session.scalars(select(Case.closed_at).where(_of_term("case", term, calendar))).all()
    return [Opened(closed=closed_at is not None and closed_at < end) for closed_at in closed]


def _incidents(term: Term, calendar: SchoolCalendar) -> list[Recorded]:
    chosen = _of_term("incident", term, calendar)
    answers: dict[uuid.UUID, dict[str, Decision]] = defaultdict(dict)
    of_matter = and_(Matter.school_id == Decision.school_id, Matter.id == Decision.matter_id)
    for decision in db.session.scalars(
        select(Decision).join(Matter, of_matter).where(chosen, Decision.question.in_(_ASKED), standing())
    ):
        answers[decision.matter_id][decision.question] = decision
    first = and_(Decision.question == DISPOSITION, Decision.supersedes_id.is_(None))
    triaged: dict[uuid.UUID, datetime] = dict(
        db.session.execute(select(Decision.matter_id, Decision.at).join(Matter, of_matter).where(chosen, first))
        .tuples()
        .all()
    )
    staff = set(
        db.session.scalars(
            select(Involvement.incident_id)
            .join(Matter, and_(Matter.school_id == Involvement.school_id, Matter.id == Involvement.incident_id))
            .where(
                chosen,
                Involvement.part == Part.TARGET,
                Involvement.person_kind == PersonKind.STAFF,
                Involvement.ended_at.is_(None),
            )
        )
    )
    return [
        _recorded(
            answers[matter_id],
            staff_target=matter_id in staff,
            in_time=_in_time(recorded_at, triaged.get(matter_id), calendar),
        )
        for matter_id, recorded_at in db.session.execute(select(Matter.id, Matter.recorded_at).where(chosen))
    ]


def _recorded(answers: dict[str, Decision], *, staff_target: bool, in_time: bool) -> Recorded:
    said = {question: decision.answer for question, decision in answers.items()}
    direction = Direction(said[DIRECTION]) if DIRECTION in said else None
    power = answers.get(POWER)  # its reasons are the tests that it relies on
    over_pupils = power is not None and direction is not None and GROUP_OF[direction] not in NEVER_PUPILS
    return Recorded(
        direction=direction,
        outside_hours=said.get(TIME) in (SchoolTime.OUT_OF_HOURS, SchoolTime.SPANS),
        off_site=said.get(CONTROL) == Control.OFF_SITE,
        relied_on=frozenset(power.reasons).intersection(TESTS) if power and over_pupils else frozenset(),
        staff_target=staff_target,
        triaged_in_one_day=in_time,
    )


def _in_time(recorded_at: datetime, triaged_at: datetime | None, calendar: SchoolCalendar) -> bool:
    """Within one school day. Where the school's dates end before that day, only the same day counts: never a guess."""
    if triaged_at is None:
        return False
    try:
        return triaged_at <= due(PROMPTLY, recorded_at, calendar)
    except CalendarUnknown:
        return calendar.local(triaged_at).date() == calendar.local(recorded_at).date()
