"""Opening a case, and which incidents are in it; with what every act on a case begins with."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from incidents.access import Sphere
from incidents.accounts.viewer import Viewer
from incidents.audit.actions import record
from incidents.casework import queries, who
from incidents.casework.lifecycle import CASE, CaseFacts, CaseVerb
from incidents.casework.models import Case, CaseIncident, Note, Step
from incidents.casework.naming import names_in
from incidents.casework.words import CaseState, StepRole, StepState
from incidents.casework.workflow import OPENED, StepPlan, in_words_of, load
from incidents.database import current_school
from incidents.errors import NotPossibleNow, Refused
from incidents.extensions import db
from incidents.matters.actions import give, hang_together, new_reference, set_years
from incidents.matters.models import Capacity, MatterYear
from incidents.notifications.actions import notify
from incidents.notifications.models import NoticeKind
from incidents.people.models import Person
from incidents.recording.lifecycle import INCIDENT, IncidentFacts, IncidentState, IncidentVerb
from incidents.recording.models import Incident, Involvement
from incidents.schools.calendar import SchoolCalendar
from incidents.schools.queries import calendar, pack_of, this_school


def must(reasons: Sequence[str]) -> None:
    if reasons:
        raise NotPossibleNow(reasons)


def case_reasons(case: Case, verb: CaseVerb, reason: str = "") -> list[str]:
    return CASE.reasons_not_to(verb, case.state, CaseFacts(queries.closing_facts(case), reason=reason))


def must_be_free(matter: Case | Incident, account_id: uuid.UUID, at: datetime, field: str) -> None:
    if queries.in_conflict(matter, [account_id], at):
        raise Refused("They are involved in this, or close to someone who is. Choose somebody else.", field)


def note_down(case: Case, words: str, *, by: uuid.UUID, at: datetime) -> Note:
    note = Note(school_id=case.school_id, case_id=case.id, words=words, by=by, at=at)
    db.session.add(note)
    db.session.flush()
    record("noted", note, by=by, at=at, matter=case.id, field="words", after=words)
    return note


def open_case(
    incident: Incident, workflow_key: str, title: str, owner_id: uuid.UUID, *, by: Viewer, at: datetime
) -> Case:
    """Answer an incident with a case: its steps are planned, dated and given to those who usually do them.

    Raises `Refused` for a title that names somebody involved, or an owner who is in conflict with it.
    """
    workflow = load(workflow_key)
    named = names_in(title, _people_of(incident))
    if not title.strip() or named:
        raise Refused(
            "Leave names out of the title: screens are seen by others." if named else "Give the case a title.", "title"
        )
    must_be_free(incident, owner_id, at, "owner")
    year, reference = new_reference(at, this_school())
    case = Case(
        id=uuid.uuid4(), school_id=current_school(), kind="case", reference=reference, reference_year=year,
        sphere=incident.sphere, recorded_by=None, recorded_at=at, retention_class=incident.retention_class,
        title=title.strip(), workflow=workflow.key, workflow_version=workflow.version, state=CaseState.OPEN, version=1,
    )  # fmt: skip
    case.anchor_id = case.id
    db.session.add(case)
    db.session.flush()
    record("opened", case, by=by.account_id, at=at, matter=case.id, workflow=workflow.key)
    give(case, owner_id, Capacity.OWNER, by=by, at=at)
    link(case, incident, by=by, at=at)
    usual = {role: _usual_owner(role, incident, owner_id, at) for role in {plan.role for plan in workflow.steps}}
    _plan_steps(case, workflow.steps, usual, by=by, at=at)
    notify(owner_id, NoticeKind.NEEDS_YOU, at=at, matter_id=case.id)
    return case


def link(case: Case, incident: Incident, *, by: Viewer, at: datetime) -> None:
    """Put an incident in a case. Those who may know of the one must be those who may know of the other."""
    db.session.refresh(incident, with_for_update=True)  # of two who put it in a case at once, the second is told
    must(case_reasons(case, CaseVerb.LINK_INCIDENT))
    facts = IncidentFacts(other_case_closed=case.state == CaseState.CLOSED)
    must(INCIDENT.reasons_not_to(IncidentVerb.PUT_IN_CASE, incident.state, facts))
    if incident.sphere != case.sphere:
        raise NotPossibleNow(
            "This incident is the business of other people than this case is. Open a case of its own for it."
        )
    row = CaseIncident(
        school_id=case.school_id, case_id=case.id, incident_id=incident.id, linked_at=at, linked_by=by.account_id
    )
    db.session.add(row)
    incident.state = IncidentState.IN_CASE
    hang_together(incident, case)
    set_years(case, db.session.scalars(select(MatterYear.year_group).where(MatterYear.matter_id == incident.id)))
    record("linked", row, by=by.account_id, at=at, matter=case.id, incident=incident.id)


def unlink(case: Case, incident: Incident, reason: str, *, by: Viewer, at: datetime) -> None:
    """Take an incident out of a case; it waits for triage again. The reason is kept as a note."""
    db.session.refresh(incident, with_for_update=True)
    row = queries.link_of(incident)
    if row is None or row.case_id != case.id:
        raise NotPossibleNow("This incident is not in this case.")
    facts = IncidentFacts(reason, case.state == CaseState.CLOSED, last_of_case=len(queries.incidents_of(case)) == 1)
    must(INCIDENT.reasons_not_to(IncidentVerb.TAKE_OUT, incident.state, facts))
    row.unlinked_at, row.unlinked_by = at, by.account_id
    incident.state = IncidentState.RECORDED
    hang_together(incident, incident)
    record("unlinked", row, by=by.account_id, at=at, matter=case.id, incident=incident.id)
    note_down(case, reason, by=by.account_id, at=at)


def _people_of(incident: Incident) -> list[tuple[str, str]]:
    rows = db.session.execute(
        select(Person.given_name, Person.family_name)
        .join(Involvement, (Involvement.school_id == Person.school_id) & (Involvement.person_id == Person.id))
        .where(Involvement.incident_id == incident.id)
    )
    return [row._tuple() for row in rows]


def _plan_steps(
    case: Case, plans: Sequence[StepPlan], usual: Mapping[StepRole, uuid.UUID | None], *, by: Viewer, at: datetime
) -> None:
    term, dates = pack_of(this_school()).term, calendar()
    steps = [
        _planned(case, plan, position, usual[plan.role], at, term, dates)
        for position, plan in enumerate(plans, start=1)
    ]
    db.session.add_all(steps)
    db.session.flush()
    for owner_id in dict.fromkeys(step.owner_id for step in steps if step.owner_id):
        give(case, owner_id, Capacity.STEP, by=by, at=at)
    for step in steps:
        record("planned", step, by=by.account_id, at=at, matter=case.id, step=step.key)


def _planned(
    case: Case, plan: StepPlan, position: int, owner_id: uuid.UUID | None, at: datetime, term: Callable[[str], str],
    dates: SchoolCalendar,
) -> Step:  # fmt: skip
    starts_now = plan.starts == OPENED
    return Step(
        school_id=case.school_id, case_id=case.id, key=plan.key, position=position, title=in_words_of(term, plan.title),
        what=in_words_of(term, plan.what), brief="", starts=plan.starts, safety=plan.safety, produces=plan.produces,
        limit_amount=plan.limit.amount if plan.limit else None, limit_unit=plan.limit.unit if plan.limit else None,
        owner_id=owner_id, started_at=at if starts_now else None,
        due_at=queries.due_or_why(plan.limit, at, dates)[0] if starts_now else None, state=StepState.TODO,
    )  # fmt: skip


def _usual_owner(role: StepRole, incident: Incident, owner_id: uuid.UUID, at: datetime) -> uuid.UUID | None:
    """Whom the step is given to at first. What needs choosing (who looks into it, the chair, a clerk) is left open."""
    if role is StepRole.OWNER:
        return owner_id
    if role is StepRole.HEADTEACHER:
        return who.first_decider(incident, at) or owner_id
    if role is StepRole.DSL:
        return who.first_safeguarder(incident, at) or owner_id
    if role is StepRole.RECORDER:
        recorder = incident.recorded_by
        theirs = incident.sphere == Sphere.PUPIL and recorder and not queries.in_conflict(incident, [recorder], at)
        return recorder if theirs else owner_id
    return None
