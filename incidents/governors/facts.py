"""The facts that a report is counted from: what was recorded on the days of a term, and what was left to the annex."""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import aliased

from incidents.access import Role, Sphere
from incidents.accounts.models import AccountPerson, Membership
from incidents.accounts.queries import in_force
from incidents.casework.chronology import OUTCOME, outcomes_of
from incidents.casework.deadlines import due
from incidents.casework.established import findings_counted
from incidents.casework.models import Case, Step
from incidents.casework.words import Finding, StepState
from incidents.citations.models import Citation, CitationWithdrawn
from incidents.citations.words import MeantAs
from incidents.database import remembered
from incidents.decisions.models import Decision
from incidents.decisions.queries import standing
from incidents.extensions import db
from incidents.governors.disclosure import TESTS, Term
from incidents.governors.figures import Opened, Recorded
from incidents.matters.models import Conflict, Matter, Why
from incidents.people.models import Person
from incidents.people.queries import entries
from incidents.policies.kinds import POLICY_KIND_LABELS, PolicyKind
from incidents.policies.models import Clause, Policy, PolicyVersion
from incidents.recording.hours import Control, SchoolTime
from incidents.recording.models import Involvement, Particulars
from incidents.recording.words import Direction, FourCs, Method, Part, PersonKind
from incidents.schools.calendar import CalendarUnknown, SchoolCalendar
from incidents.schools.limits import Limit, LimitUnit
from incidents.triage.actions import CONTROL, DIRECTION, DISPOSITION, POWER, TIME
from incidents.triage.motives import FOUR_CS, MOTIVES, NAMED

PROMPTLY = Limit(1, LimitUnit.SCHOOL_DAYS)
SOON = Limit(20, LimitUnit.SCHOOL_DAYS)
YEAR = timedelta(days=365)
BOARD = (Role.CHAIR, Role.VICE_CHAIR, Role.GOVERNOR, Role.CLERK, Role.TRUST_LEAD)  # who reviews the report
_SAID_TO_HAVE_DONE_IT = (Part.ALLEGED, Part.AUTHOR)
_ASKED = (DIRECTION, TIME, CONTROL, POWER, FOUR_CS, MOTIVES)


# --- what the report is about ----------------------------------------------------------------------------------------


def in_report(kind: str, term: Term, calendar: SchoolCalendar, at: datetime) -> ColumnElement[bool]:
    """Matters recorded on the term's days, local time, without what is left to the annex."""
    return and_(Matter.kind == kind, _recorded(term.first, term.last, calendar), ~_left_to_annex(at))


def persons_alleged(term: Term, calendar: SchoolCalendar, at: datetime) -> set[uuid.UUID]:
    """Of whom something is alleged in what is left to the annex: recorded this term or in the year before, or in a case
    that still ran in the term. It is not for them."""
    begins, ends = calendar.at(term.first, time.min), calendar.at(term.last + timedelta(days=1), time.min)
    ran = exists().where(
        Case.school_id == Matter.school_id,
        Case.id == Matter.anchor_id,
        Case.recorded_at < ends,
        or_(Case.closed_at.is_(None), Case.closed_at >= begins),
    )
    chosen = and_(or_(_recorded(term.first - YEAR, term.last, calendar), ran), _left_to_annex(at))
    of_matter = and_(Matter.school_id == Conflict.school_id, Matter.id == Conflict.matter_id)
    named = select(Conflict.person_id).join(Matter, of_matter).where(chosen, Conflict.why == Why.ALLEGED)
    return set(db.session.scalars(named.where(Conflict.ends.is_(None))))


def _recorded(first: date, last: date, calendar: SchoolCalendar) -> ColumnElement[bool]:
    return and_(
        Matter.recorded_at >= calendar.at(first, time.min),
        Matter.recorded_at < calendar.at(last + timedelta(days=1), time.min),
    )


def _left_to_annex(at: datetime) -> ColumnElement[bool]:
    """What alleges something of the headteacher, or of somebody who reviews the report; with all that hangs together."""
    anchors = remembered(("annex", at), lambda: frozenset(db.session.scalars(_about_the_board(at))))
    return or_(Matter.sphere == Sphere.HEAD, Matter.anchor_id.in_(anchors))


def _about_the_board(at: datetime) -> Select[tuple[uuid.UUID]]:
    """What hangs together with an allegation of somebody who reviews the report. Read once: every figure leaves it out."""
    same = entries()
    on_board = (
        select(same.c.entry_id)
        .join(
            AccountPerson,
            and_(AccountPerson.school_id == same.c.school_id, AccountPerson.person_id == same.c.person_id),
        )
        .join(
            Membership,
            and_(
                Membership.school_id == AccountPerson.school_id,
                Membership.account_id == AccountPerson.account_id,
            ),
        )
        .where(Membership.role.in_(BOARD), in_force(at))
    )
    alleged = select(Conflict.matter_id).where(
        Conflict.why == Why.ALLEGED, Conflict.ends.is_(None), Conflict.person_id.in_(on_board)
    )
    governor = select(Involvement.incident_id).where(
        Involvement.part.in_(_SAID_TO_HAVE_DONE_IT),
        Involvement.person_kind == PersonKind.GOVERNOR,
        Involvement.ended_at.is_(None),
    )
    sibling = aliased(Matter, flat=True)
    named = (sibling.id.in_(each) for each in (alleged, governor, _of_governors()))
    return select(sibling.anchor_id).where(or_(*named))


def _of_governors() -> Select[tuple[uuid.UUID]]:
    """Decided to be about a governor or a volunteer, and no volunteer is named."""
    volunteer = exists().where(
        Involvement.school_id == Decision.school_id,
        Involvement.incident_id == Decision.matter_id,
        Involvement.part.in_(_SAID_TO_HAVE_DONE_IT),
        Involvement.person_kind == PersonKind.VOLUNTEER,
        Involvement.ended_at.is_(None),
    )
    return select(Decision.matter_id).where(
        Decision.question == DIRECTION, Decision.answer == Direction.GOVERNOR_OR_VOLUNTEER, standing(), ~volunteer
    )


# --- incidents -------------------------------------------------------------------------------------------------------


def incidents_of(term: Term, calendar: SchoolCalendar, at: datetime) -> list[Recorded]:
    """Each incident of the term's report, as far as the report needs to know it."""
    chosen = in_report("incident", term, calendar, at)
    answers = _answers(chosen, _ASKED)
    means = _means(chosen)
    aimed_at_staff = {
        row.incident_id for row in db.session.execute(_targets(chosen)) if row.person_kind == PersonKind.STAFF
    }
    triaged = _first_triaged(chosen)
    repeated = _repeated(term, calendar, at)
    broken = _broken(chosen)
    return [
        _recorded_as(
            answers[matter_id],
            staff_target=matter_id in aimed_at_staff,
            in_time=_within(PROMPTLY, recorded_at, triaged.get(matter_id), calendar),
            means=means.get(matter_id, (Method.OTHER, "")),
            repeated=matter_id in repeated,
            broken=frozenset(broken[matter_id]),
        )
        for matter_id, recorded_at in db.session.execute(select(Matter.id, Matter.recorded_at).where(chosen))
    ]


Answers = dict[str, tuple[str, list[str]]]


def _answers(chosen: ColumnElement[bool], questions: Iterable[str]) -> defaultdict[uuid.UUID, Answers]:
    """The answers that stand, with the keys of their reasons, by matter and question."""
    found: defaultdict[uuid.UUID, Answers] = defaultdict(dict)
    for matter_id, question, answer, reasons in db.session.execute(
        select(Decision.matter_id, Decision.question, Decision.answer, Decision.reasons)
        .join(Matter, _matter_of(Decision.school_id, Decision.matter_id))
        .where(chosen, Decision.question.in_(list(questions)), standing())
    ):
        found[matter_id][question] = (answer, reasons)
    return found


def _matter_of(school: Any, matter: Any) -> ColumnElement[bool]:
    return and_(Matter.school_id == school, Matter.id == matter)


def _first_triaged(chosen: ColumnElement[bool]) -> dict[uuid.UUID, datetime]:
    return dict(
        db.session.execute(
            select(Decision.matter_id, Decision.at)
            .join(Matter, _matter_of(Decision.school_id, Decision.matter_id))
            .where(chosen, Decision.question == DISPOSITION, Decision.supersedes_id.is_(None))
        )
        .tuples()
        .all()
    )


def _means(chosen: ColumnElement[bool]) -> dict[uuid.UUID, tuple[Method, str]]:
    """By which means and where, as it was last put right."""
    rows = db.session.execute(
        select(Particulars.incident_id, Particulars.method, Particulars.platform)
        .join(Matter, _matter_of(Particulars.school_id, Particulars.incident_id))
        .where(chosen)
        .order_by(Particulars.number)
    )
    return {incident_id: (Method(method), platform) for incident_id, method, platform in rows}


def _targets(chosen: ColumnElement[bool]) -> Any:
    """At whom it was aimed: one person, whichever entry of theirs stands in it."""
    return (
        select(Involvement.incident_id, Person.one_id, Involvement.person_kind)
        .join(Matter, _matter_of(Involvement.school_id, Involvement.incident_id))
        .outerjoin(Person, and_(Person.school_id == Involvement.school_id, Person.id == Involvement.person_id))
        .where(chosen, Involvement.part == Part.TARGET, Involvement.ended_at.is_(None))
        .order_by(Matter.recorded_at, Matter.id)
    )


def _repeated(term: Term, calendar: SchoolCalendar, at: datetime) -> set[uuid.UUID]:
    """Incidents aimed at somebody at whom an earlier one was aimed, in a year; what the annex has does not count here."""
    year = and_(Matter.kind == "incident", _recorded(term.first - YEAR, term.last, calendar), ~_left_to_annex(at))
    met: dict[uuid.UUID, uuid.UUID] = {}
    repeated = set()
    for incident_id, person_id, _ in db.session.execute(_targets(year)):
        if person_id is not None and met.setdefault(person_id, incident_id) != incident_id:
            repeated.add(incident_id)
    return repeated


def _broken(chosen: ColumnElement[bool]) -> defaultdict[uuid.UUID, set[str]]:
    """The rules that are said to be broken in each, by kind of policy and code: the same rule in two versions is one."""
    found: defaultdict[uuid.UUID, set[str]] = defaultdict(set)
    withdrawn = exists().where(
        CitationWithdrawn.school_id == Citation.school_id, CitationWithdrawn.citation_id == Citation.id
    )
    for matter_id, code, kind in db.session.execute(
        select(Citation.matter_id, Citation.code, Policy.kind)
        .join(Matter, _matter_of(Citation.school_id, Citation.matter_id))
        .join(Clause, and_(Clause.school_id == Citation.school_id, Clause.id == Citation.clause_id))
        .join(PolicyVersion, and_(PolicyVersion.school_id == Clause.school_id, PolicyVersion.id == Clause.version_id))
        .join(Policy, and_(Policy.school_id == PolicyVersion.school_id, Policy.id == PolicyVersion.policy_id))
        .where(chosen, Citation.meant_as == MeantAs.BREACHED, ~withdrawn)
    ):
        found[matter_id].add(f"{POLICY_KIND_LABELS[PolicyKind(kind)]}, {code}")
    return found


def _recorded_as(
    answers: Answers,
    *,
    staff_target: bool,
    in_time: bool,
    means: tuple[Method, str],
    repeated: bool,
    broken: frozenset[str],
) -> Recorded:
    said = {question: answer for question, (answer, _) in answers.items()}
    relied_on = answers[POWER][1] if POWER in answers else []  # its reasons are the tests that it relies on
    return Recorded(
        direction=Direction(said[DIRECTION]) if DIRECTION in said else None,
        outside_hours=said.get(TIME) in (SchoolTime.OUT_OF_HOURS, SchoolTime.SPANS),
        off_site=said.get(CONTROL) == Control.OFF_SITE,
        relied_on=frozenset(relied_on).intersection(TESTS),
        staff_target=staff_target,
        triaged_in_one_day=in_time,
        method=means[0],
        platform=means[1],
        four_cs=FourCs(said[FOUR_CS]) if said.get(FOUR_CS) in set(FourCs) else None,
        motives=frozenset(answers[MOTIVES][1]) if said.get(MOTIVES) == NAMED else frozenset(),
        repeated=repeated,
        broken=broken,
    )


def _within(limit: Limit, began: datetime, ended: datetime | None, calendar: SchoolCalendar) -> bool:
    """Within the limit. Where the school's dates end before that day, only the same day counts: never a guess."""
    if ended is None:
        return False
    try:
        return ended <= due(limit, began, calendar)
    except CalendarUnknown:
        return calendar.local(ended).date() == calendar.local(began).date()


# --- cases -----------------------------------------------------------------------------------------------------------


def cases_of(term: Term, calendar: SchoolCalendar, at: datetime) -> list[Opened]:
    """Each case opened on the term's days, as it stood after the last of them."""
    chosen = in_report("case", term, calendar, at)
    end = calendar.at(term.last + timedelta(days=1), time.min)
    answers, findings = _answers(chosen, (OUTCOME,)), findings_counted(select(Case.id).where(chosen))
    steps = _steps(chosen, end)
    return [
        _opened_as(findings.get(case_id), answers[case_id], steps[case_id], opened_at, closed_at, end, calendar)
        for case_id, opened_at, closed_at in db.session.execute(
            select(Case.id, Matter.recorded_at, Case.closed_at).where(chosen)
        )
    ]


def _opened_as(
    finding: Finding | None,
    answers: Answers,
    steps: list[bool],
    opened_at: datetime,
    closed_at: datetime | None,
    end: datetime,
    calendar: SchoolCalendar,
) -> Opened:
    closed = closed_at is not None and closed_at < end
    return Opened(
        closed=closed,
        closed_in_20_days=closed and _within(SOON, opened_at, closed_at, calendar),
        finding=finding,
        outcomes=frozenset(outcomes_of(answers[OUTCOME][0])) if OUTCOME in answers else frozenset(),
        steps=len(steps),
        steps_on_time=sum(steps),
    )


def _steps(chosen: ColumnElement[bool], end: datetime) -> defaultdict[uuid.UUID, list[bool]]:
    """For each case the steps that fell due, and whether each was done in time. What was not needed is not counted."""
    found: defaultdict[uuid.UUID, list[bool]] = defaultdict(list)
    for case_id, due_at, ended_at in db.session.execute(
        select(Step.case_id, Step.due_at, Step.ended_at)
        .join(Matter, _matter_of(Step.school_id, Step.case_id))
        .where(chosen, Step.due_at < end, Step.state != StepState.SKIPPED)
    ):
        found[case_id].append(ended_at is not None and ended_at <= due_at)
    return found
