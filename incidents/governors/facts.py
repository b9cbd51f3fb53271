"""The facts that a report is counted from: what was recorded on the days of a term, and what was left to the annex."""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select, tuple_
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
from incidents.database import question, remembered
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
_FOUR_CS = frozenset(FourCs)
_ASKED = (DIRECTION, TIME, CONTROL, POWER, FOUR_CS, MOTIVES)


# --- what the report is about ----------------------------------------------------------------------------------------


def _moments(first: date, last: date, calendar: SchoolCalendar) -> tuple[datetime, datetime]:
    """When the first of these days begins and the last has ended, local time."""
    return calendar.at(first, time.min), calendar.at(last + timedelta(days=1), time.min)


def _in_report(row: Any, kind: str, begins: Any, ends: Any, annexed: Any) -> ColumnElement[bool]:
    """The condition on a matter that a report of the days between is about it."""
    return and_(row.recorded_at >= begins, row.recorded_at < ends, _not_left_out(row, kind, annexed))


def _not_left_out(row: Any, kind: str, annexed: Any) -> ColumnElement[bool]:
    """`annexed`: what is left to the annex, by anchor."""
    return and_(row.kind == kind, row.sphere != Sphere.HEAD, row.anchor_id.not_in(annexed))


def persons_alleged(term: Term, calendar: SchoolCalendar, at: datetime) -> set[uuid.UUID]:
    """Of whom something is alleged in what is left to the annex: recorded this term or in the year before, or in a case
    that still ran in the term. It is not for them."""
    begins, ends = _moments(term.first, term.last, calendar)
    recorded = and_(Matter.recorded_at >= calendar.at(term.first - YEAR, time.min), Matter.recorded_at < ends)
    ran = exists().where(
        Case.school_id == Matter.school_id,
        Case.id == Matter.anchor_id,
        Case.recorded_at < ends,
        or_(Case.closed_at.is_(None), Case.closed_at >= begins),
    )
    left_out = or_(Matter.sphere == Sphere.HEAD, Matter.anchor_id.in_(_annexed(at)))
    of_matter = and_(Matter.school_id == Conflict.school_id, Matter.id == Conflict.matter_id)
    named = select(Conflict.person_id).join(Matter, of_matter).where(or_(recorded, ran), left_out)
    return set(db.session.scalars(named.where(Conflict.why == Why.ALLEGED, Conflict.ends.is_(None))))


def _annexed(at: datetime) -> frozenset[uuid.UUID]:
    """What alleges something of somebody who reviews the report, with all that hangs together with it, by anchor."""
    return remembered(("annex", at), lambda: frozenset(_about_the_board(at).scalars()))


@question
def _about_the_board(at: Any) -> Select[tuple[uuid.UUID]]:
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
    """Each incident recorded on the term's days, local time, as far as the report needs to know it."""
    days, annexed = _moments(term.first, term.last, calendar), _annexed(at)
    broken = _broken(*days, annexed)
    year_before = calendar.at(term.first - YEAR, time.min)
    return [_recorded_as(row, broken[row.id], calendar) for row in _incidents(*days, year_before, annexed)]


@question
def _incidents(begins: Any, ends: Any, year_before: Any, annexed: Any) -> Select[Any]:
    """What is known of each: the answers that stand, when it was first triaged, by which means as it was last put right."""
    triaged, means, said = aliased(Decision), aliased(Particulars), {asked: aliased(Decision) for asked in _ASKED}
    query = (
        select(
            Matter.id, Matter.recorded_at, triaged.at.label("triaged_at"), means.method, means.platform,
            _is_target(PersonKind.STAFF).label("staff_target"), _again(year_before, annexed).label("repeated"),
            said[POWER].reasons.label("tests"), said[MOTIVES].reasons.label("named"),
            *(row.answer.label(asked) for asked, row in said.items()),
        )
        .outerjoin(triaged, and_(_decided(triaged, DISPOSITION), triaged.supersedes_id.is_(None)))
        .outerjoin(means, _last_put_right(means))
        .where(_in_report(Matter, "incident", begins, ends, annexed))
    )  # fmt: skip
    for asked, row in said.items():
        query = query.outerjoin(row, and_(_decided(row, asked), standing(row)))
    return query


def _decided(row: Any, asked: str) -> ColumnElement[bool]:
    return and_(row.school_id == Matter.school_id, row.matter_id == Matter.id, row.question == asked)


def _last_put_right(means: Any) -> ColumnElement[bool]:
    newer = aliased(Particulars)
    same = and_(newer.school_id == means.school_id, newer.incident_id == means.incident_id)
    last = ~exists().where(same, newer.number > means.number)
    return and_(means.school_id == Matter.school_id, means.incident_id == Matter.id, last)


def _is_target(kind: PersonKind) -> ColumnElement[bool]:
    """Whether the incident was aimed at somebody who was this to the school."""
    target = aliased(Involvement)
    return _aimed(target, target.id).where(target.person_kind == kind).exists()


def _again(since: Any, annexed: Any) -> ColumnElement[bool]:
    """Whether the incident was aimed at somebody at whom an earlier one was; what the annex has does not count here.

    Outer joins, because a database that was never told how much it holds is free to begin a plain one with everybody.
    """
    target, before, entry, same = aliased(Involvement), aliased(Involvement), aliased(Person), aliased(Person)
    earlier = aliased(Matter, flat=True)
    sooner = tuple_(earlier.recorded_at, earlier.id) < tuple_(Matter.recorded_at, Matter.id)
    reported = and_(earlier.recorded_at >= since, sooner, _not_left_out(earlier, "incident", annexed))
    return (
        _aimed(target, func.count(earlier.id) > 0)
        .outerjoin(entry, and_(entry.school_id == target.school_id, entry.id == target.person_id))
        .outerjoin(same, and_(same.school_id == entry.school_id, same.one_id == entry.one_id))
        .outerjoin(before, and_(before.school_id == same.school_id, before.person_id == same.id, _is_aimed(before)))
        .outerjoin(earlier, and_(earlier.school_id == before.school_id, earlier.id == before.incident_id, reported))
        .scalar_subquery()
    )


def _aimed(target: Any, *what: Any) -> Select[Any]:
    """What is to be known of those at whom the incident was aimed."""
    of_incident = and_(target.school_id == Matter.school_id, target.incident_id == Matter.id)
    return select(*what).select_from(target).where(of_incident, _is_aimed(target)).correlate(Matter)


def _is_aimed(row: Any) -> ColumnElement[bool]:
    return and_(row.part == Part.TARGET, row.ended_at.is_(None))


@question
def _cited_as_broken(begins: Any, ends: Any, annexed: Any) -> Select[tuple[uuid.UUID, str, str]]:
    withdrawn = exists().where(
        CitationWithdrawn.school_id == Citation.school_id, CitationWithdrawn.citation_id == Citation.id
    )
    return (
        select(Citation.matter_id, Citation.code, Policy.kind)
        .join(Matter, and_(Matter.school_id == Citation.school_id, Matter.id == Citation.matter_id))
        .join(Clause, and_(Clause.school_id == Citation.school_id, Clause.id == Citation.clause_id))
        .join(PolicyVersion, and_(PolicyVersion.school_id == Clause.school_id, PolicyVersion.id == Clause.version_id))
        .join(Policy, and_(Policy.school_id == PolicyVersion.school_id, Policy.id == PolicyVersion.policy_id))
        .where(_in_report(Matter, "incident", begins, ends, annexed), Citation.meant_as == MeantAs.BREACHED, ~withdrawn)
    )


def _broken(begins: datetime, ends: datetime, annexed: frozenset[uuid.UUID]) -> defaultdict[uuid.UUID, set[str]]:
    """The rules that are said to be broken in each, by kind of policy and code: the same rule in two versions is one."""
    found: defaultdict[uuid.UUID, set[str]] = defaultdict(set)
    for matter_id, code, kind in _cited_as_broken(begins, ends, annexed).tuples():
        found[matter_id].add(f"{POLICY_KIND_LABELS[PolicyKind(kind)]}, {code}")
    return found


def _recorded_as(row: Any, broken: Iterable[str], calendar: SchoolCalendar) -> Recorded:
    return Recorded(
        direction=Direction(row.direction) if row.direction else None,
        outside_hours=row.time in (SchoolTime.OUT_OF_HOURS, SchoolTime.SPANS),
        off_site=row.control == Control.OFF_SITE,
        relied_on=frozenset(row.tests or ()).intersection(TESTS),  # the reasons of the power to act
        staff_target=row.staff_target,
        triaged_in_one_day=_within(PROMPTLY, row.recorded_at, row.triaged_at, calendar),
        method=Method(row.method) if row.method else Method.OTHER,
        platform=row.platform or "",
        four_cs=FourCs(row.four_cs) if row.four_cs in _FOUR_CS else None,
        motives=frozenset(row.named) if row.motives == NAMED else frozenset(),
        repeated=row.repeated,
        broken=frozenset(broken),
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
    days, annexed = _moments(term.first, term.last, calendar), _annexed(at)
    findings = findings_counted(select(Case.id).where(_in_report(Case, "case", *days, annexed)))
    steps = {case_id: (count, on_time) for case_id, count, on_time in _steps(*days, annexed).tuples()}
    return [
        _opened_as(row, findings.get(row.id), *steps.get(row.id, (0, 0)), days[1], calendar)
        for row in _cases(*days, annexed)
    ]


@question
def _cases(begins: Any, ends: Any, annexed: Any) -> Select[Any]:
    outcome = aliased(Decision)
    return (
        select(Case.id, Case.recorded_at, Case.closed_at, outcome.answer.label("outcome"))
        .outerjoin(outcome, and_(_decided(outcome, OUTCOME), standing(outcome)))
        .where(_in_report(Case, "case", begins, ends, annexed))
    )


@question
def _steps(begins: Any, ends: Any, annexed: Any) -> Select[tuple[uuid.UUID, int, int]]:
    """For each case how many steps fell due, and how many were done in time. What was not needed is not counted."""
    on_time = func.sum(case((Step.ended_at <= Step.due_at, 1), else_=0))
    of_case = and_(Step.school_id == Matter.school_id, Step.case_id == Matter.id)
    return (
        select(Matter.id, func.count(Step.id), on_time)
        .outerjoin(Step, and_(of_case, Step.due_at < ends, Step.state != StepState.SKIPPED))
        .where(_in_report(Matter, "case", begins, ends, annexed))
        .group_by(Matter.id)
    )


def _opened_as(
    row: Any, finding: Finding | None, steps: int, on_time: int, end: datetime, calendar: SchoolCalendar
) -> Opened:
    closed = row.closed_at is not None and row.closed_at < end
    return Opened(
        closed=closed,
        closed_in_20_days=closed and _within(SOON, row.recorded_at, row.closed_at, calendar),
        finding=finding,
        outcomes=frozenset(outcomes_of(row.outcome)),
        steps=steps,
        steps_on_time=on_time,
    )
