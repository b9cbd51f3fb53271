"""Reading cases: which there are for somebody, what is to be done, what has happened, who sees it."""

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Integer, Select, and_, exists, func, select
from sqlalchemy.orm import aliased

from incidents.access import Right
from incidents.accounts.queries import family_of, names_of, persons_of_accounts
from incidents.accounts.viewer import Viewer
from incidents.casework.chronology import outcomes_of
from incidents.casework.closing import ClosingFacts, StepFact
from incidents.casework.deadlines import Limit, LimitUnit, due, overdue_by
from incidents.casework.established import finding_counted, findings_in, without_finding
from incidents.casework.lifecycle import StepFacts
from incidents.casework.models import IS_OPEN, Case, CaseIncident, Step
from incidents.casework.progress import StepNow
from incidents.casework.sanction import Exclusion, section_51a_applies
from incidents.casework.words import CaseState, Records, StepState
from incidents.casework.workflow import StepPlan, load
from incidents.database import question, remembered
from incidents.decisions.queries import all_current
from incidents.errors import NotFound
from incidents.extensions import db
from incidents.matters.conflicts import INVOLVED, conflicts_around
from incidents.matters.models import Capacity, Grant, Matter
from incidents.matters.visibility import Asking, Standing, asked_by, seen_with, sees
from incidents.phrases import Phrase
from incidents.recording.lifecycle import IncidentState
from incidents.recording.models import Incident
from incidents.schools.calendar import CalendarUnknown, SchoolCalendar
from incidents.schools.jurisdiction import Nation, SchoolType
from incidents.schools.queries import calendar, pack_as, pack_of, this_school

MOST_OFFERED = 100  # incidents to choose from: a longer list is read by nobody
NO_LIMIT = Limit(1, LimitUnit.DAYS)  # a date set by hand is told in plain days once it is past


# --- one case


def incidents_of(case: Case) -> Sequence[Incident]:
    """The incidents in a case now, the first recorded first. A case's page asks for them in each of its parts."""
    return remembered(("incidents of", case.id), lambda: _incidents(case.id).scalars().all())


@question
def _incidents(case_id: Any) -> Select[tuple[Incident]]:
    of_incident = and_(CaseIncident.school_id == Incident.school_id, CaseIncident.incident_id == Incident.id)
    return (
        select(Incident)
        .join(CaseIncident, of_incident)
        .where(CaseIncident.case_id == case_id, CaseIncident.unlinked_at.is_(None))
        .order_by(Incident.recorded_at, Incident.id)
    )


def link_of(incident: Incident) -> CaseIncident | None:
    """The link by which an incident is in a case now, if it is in one."""
    return db.session.scalars(
        select(CaseIncident).where(CaseIncident.incident_id == incident.id, CaseIncident.unlinked_at.is_(None))
    ).one_or_none()


def case_of(incident: Incident) -> Case | None:
    """The case that an incident is in now."""
    return None if incident.anchor_id == incident.id else _case_of(incident.id).scalars().one_or_none()


@question
def _case_of(incident_id: Any) -> Select[tuple[Case]]:
    its = and_(CaseIncident.school_id == Case.school_id, CaseIncident.case_id == Case.id)
    return (
        select(Case)
        .join(CaseIncident, its)
        .where(CaseIncident.incident_id == incident_id, CaseIncident.unlinked_at.is_(None))
    )


def steps_of(case: Case) -> Sequence[Step]:
    """A case's steps in their order. Its page asks for them in several of its parts."""
    return remembered(("steps of", case.id), lambda: _steps(case.id).scalars().all())


@question
def _steps(case_id: Any) -> Select[tuple[Step]]:
    return select(Step).where(Step.case_id == case_id).order_by(Step.position)


def step_of(case: Case, step_id: uuid.UUID) -> Step:
    """One step of this case. Raises NotFound."""
    step = db.session.scalars(select(Step).where(Step.case_id == case.id, Step.id == step_id)).one_or_none()
    if step is None:
        raise NotFound
    return step


def own_step(case: Case, held: Standing | None, viewer: Viewer, step_id: uuid.UUID) -> Step:
    """The step, if it is theirs or they work on the case. Raises NotFound: of any other there is nothing to see."""
    step = step_of(case, step_id)
    if held is None or not (held.may(Right.WORK) or held.may(Right.DO_OWN_STEPS)):
        raise NotFound
    if step.owner_id != viewer.account_id and not held.may(Right.WORK):
        raise NotFound
    return step


def plan_of(case: Case, step: Step) -> StepPlan:
    """What the workflow says of a step."""
    return load(case.workflow).step(step.key)


def owner_of_case(case: Case) -> uuid.UUID | None:
    """The account that owns the case now."""
    return _owner(case.id).scalars().first()


@question
def _owner(case_id: Any) -> Select[tuple[uuid.UUID]]:
    owns = (Grant.matter_id == case_id, Grant.capacity == Capacity.OWNER, Grant.ends.is_(None))
    return select(Grant.account_id).where(*owns).order_by(Grant.starts.desc())


def closing_facts(case: Case, *, anew: bool = False) -> ClosingFacts:
    """The case as the rules of closing look at it.

    What was settled is held against the check list that it was settled by: a newer pack asks nothing of an old case, but
    of what is settled `anew`.
    """
    school = this_school()
    decisions = all_current(case)
    findings = findings_in(case)
    settled = decisions.get("outcome")
    facts = settled.facts if settled else {}
    return ClosingFacts(
        workflow=load(case.workflow),
        steps=tuple(StepFact(step.key, step.title, StepState(step.state), step.words) for step in steps_of(case)),
        finding=finding_counted(findings),
        without_finding=without_finding(findings),
        outcomes=frozenset(outcomes_of(settled.answer if settled else None)),
        checks=(pack_as(school, settled.pack_version) if settled and not anew else pack_of(school)).sanction_checks,
        ticked=tuple(settled.reasons) if settled else (),
        exclusion=Exclusion(**facts["exclusion"]) if facts.get("exclusion") else None,
        under_51a=section_51a_applies(Nation(school.nation), SchoolType(school.school_type)),
    )


def step_facts(case: Case, step: Step, *, reason: str = "", someone_chosen: bool = True) -> StepFacts:
    """A step as the rules of its lifecycle look at it."""
    decisions = all_current(case)
    recorded = {Records.FINDING} if all(findings_in(case).values()) else set()
    if decisions.get("outcome"):
        recorded.add(Records.OUTCOME)
    return StepFacts(
        case_open=case.state == CaseState.OPEN,
        waits_for=waits_for(step, steps_of(case)) or None,
        records=plan_of(case, step).records,
        recorded=frozenset(recorded),
        reason=reason,
        someone_chosen=someone_chosen,
    )


# --- steps and their dates


def due_or_why(limit: Limit | None, start: datetime, dates: SchoolCalendar) -> tuple[datetime | None, str]:
    """When a step is due; or none and why: it has no limit, or the school's dates are not entered."""
    if limit is None:
        return None, "No date"
    try:
        return due(limit, start, dates), ""
    except CalendarUnknown as unknown:
        return None, f"No date yet. {unknown}"


def due_of(step: Any, dates: SchoolCalendar) -> tuple[datetime | None, str]:
    """When a step is due as it stands now; or none, and why where its clock runs."""
    if step.due_at is not None or step.started_at is None:
        return step.due_at, ""
    return due_or_why(limit_of(step), step.started_at, dates)


def limit_of(step: Any) -> Limit | None:
    """The step's own limit, as the case opened with it."""
    if step.limit_amount is None or step.limit_unit is None:
        return None
    return Limit(step.limit_amount, LimitUnit(step.limit_unit))


def waits_for(step: Step, steps: Iterable[Step]) -> str:
    """The title of the step that this one starts after, while that one is not over."""
    return titles_to_do(steps).get(step.starts, "")


def titles_to_do(steps: Iterable[Any]) -> dict[str, str]:
    """Of these the steps that are not over, by the words in which another says that it starts after them."""
    return {f"after:{each.key}": each.title for each in steps if each.state == StepState.TODO}


def steps_now(steps: Sequence[Step], at: datetime, dates: SchoolCalendar) -> list[StepNow]:
    """These steps of one case as they stand at this moment."""
    names = names_of(step.owner_id for step in steps)
    to_do = titles_to_do(steps)
    return [_step_now(step, to_do.get(step.starts, ""), names, at, dates) for step in steps]


def _step_now(step: Any, waits: str, names: Mapping[uuid.UUID, str], at: datetime, dates: SchoolCalendar) -> StepNow:
    """`step` is a step, or a row of what is asked of it for a list."""
    due_at, why = due_of(step, dates)
    todo = step.state == StepState.TODO
    late = overdue_by(due_at, at, limit_of(step) or NO_LIMIT, dates) if due_at and todo else ""
    return StepNow(
        id=step.id, key=step.key, title=step.title, state=StepState(step.state), due=due_at, why_no_date=why, late=late,
        owner=names.get(step.owner_id, "") if step.owner_id else "", waits_for=waits if todo else "",
        ended=step.ended_at, safety=step.safety, words=step.words,
    )  # fmt: skip


@dataclass(frozen=True)
class Waiting:
    """A step of somebody's that waits, with the case it belongs to. `case` is shown only to those who see it in full."""

    step: StepNow
    case_id: uuid.UUID
    reference: str
    title: str
    in_full: bool

    @property
    def words(self) -> str:
        """Which case it is, for those who may know it."""
        return f"Case {self.reference}, {self.title}" if self.in_full else ""


def steps_for(viewer: Viewer) -> list[Waiting]:
    """The steps that are this person's and wait, most urgent first: overdue, then by date, then those without one."""
    in_full, theirs = seen_with(viewer, Right.SEE_IN_FULL), seen_with(viewer, Right.DO_OWN_STEPS, Right.WORK)
    rows = _waiting_steps(viewer.account_id, in_full, theirs).all()
    if not rows:
        return []
    dates = calendar()
    found = [
        Waiting(_step_now(row, "", {}, viewer.at, dates), row.case_id, row.reference, row.case_title, row.in_full)
        for row in rows
    ]
    return sorted(found, key=lambda each: (each.step.due is None, each.step.due.timestamp() if each.step.due else 0))


@question
def _waiting_steps(account_id: Any, in_full: Any, theirs: Any) -> Select[Any]:
    return (
        select(*_OF_A_STEP, Case.reference, Case.title.label("case_title"), in_full.label("in_full"))
        .join(Case, and_(Case.school_id == Step.school_id, Case.id == Step.case_id))
        .where(Step.owner_id == account_id, _TO_DO_NOW, theirs)
    )


def waiting_for(viewer: Viewer) -> Phrase[int]:
    """How many steps wait for this person: the number on the tab."""
    return asked_by(viewer, _own_steps, kind=Integer())


def _own_steps(asking: Asking) -> ColumnElement[int]:
    return (
        select(func.count())
        .select_from(Step)
        .join(Case, and_(Case.school_id == Step.school_id, Case.id == Step.case_id))
        .where(Step.owner_id == asking.account, _TO_DO_NOW, sees(asking, Right.DO_OWN_STEPS, Right.WORK))
        .scalar_subquery()
    )


def tonight(at: datetime, timezone: str) -> datetime:
    """The end of this day by the school's own clock."""
    here = ZoneInfo(timezone)
    return datetime.combine(at.astimezone(here).date() + timedelta(days=1), time.min, here)


def own_steps_due(asking: Asking, by: datetime) -> ColumnElement[int]:
    """How many of the asker's steps are overdue or due by then."""
    theirs = (Step.owner_id == asking.account, Step.state == StepState.TODO, Step.due_at < by)
    return (
        select(func.count())
        .select_from(Step)
        .join(Case, and_(Case.school_id == Step.school_id, Case.id == Step.case_id))
        .where(*theirs, IS_OPEN, sees(asking, Right.DO_OWN_STEPS, Right.WORK))
        .scalar_subquery()
    )


# What a list shows of a step, without the rest of it.
_OF_A_STEP = (
    Step.id, Step.case_id, Step.key, Step.title, Step.starts, Step.state, Step.owner_id, Step.started_at, Step.due_at,
    Step.ended_at, Step.limit_amount, Step.limit_unit, Step.safety, Step.words,
)  # fmt: skip
_before = aliased(Step, flat=True)
WAITS = (  # what it starts after is not over
    exists()
    .where(
        _before.school_id == Step.school_id,
        _before.case_id == Step.case_id,
        Step.starts == "after:" + _before.key,
        _before.state == StepState.TODO,
    )
    .correlate(Step)
)
_TO_DO_NOW = and_(Step.state == StepState.TODO, IS_OPEN, ~WAITS)


# --- which may be put together


def incidents_to_join(viewer: Viewer, case: Case) -> Sequence[Incident]:
    """The newest that may be put in this case: in no other, the viewer decides them, the same people may know of them."""
    return db.session.scalars(
        select(Incident)
        .where(Incident.state != IncidentState.IN_CASE, Incident.sphere == case.sphere, seen_with(viewer, Right.DECIDE))
        .order_by(Incident.recorded_at.desc(), Incident.id)
        .limit(MOST_OFFERED)
    ).all()


def takes_in(viewer: Viewer, incident: Incident) -> Phrase[bool]:
    """The condition on `Case` that this incident may be put in it: open, the viewer sees it in full and decides it, and the
    same people may know of it."""
    return asked_by(viewer, _takes_in, incident.sphere)


def _takes_in(asking: Asking, sphere: str) -> ColumnElement[bool]:
    return and_(IS_OPEN, Case.sphere == sphere, sees(asking, Right.DECIDE), sees(asking, Right.SEE_IN_FULL))


# --- people


def barred_from(matter: Matter, at: datetime) -> set[uuid.UUID]:
    """The persons in conflict with what hangs together with the matter, and those close to somebody involved."""
    rows = conflicts_around(matter)
    barred = {person for person, _ in rows}
    return barred | family_of({person for person, why in rows if why in INVOLVED}, at)


def in_conflict(matter: Matter, account_ids: Collection[uuid.UUID], at: datetime) -> set[uuid.UUID]:
    """Which of these accounts are, or are close to, somebody in conflict with what hangs together with the matter."""
    barred = barred_from(matter, at)
    return {account for account, persons in persons_of_accounts(account_ids).items() if persons & barred}
