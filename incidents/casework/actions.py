"""Working a case: open it, do its steps, say what is established and what was done, close it, open it again."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import asdict, replace
from datetime import datetime

from sqlalchemy import select

from incidents.access import Sphere
from incidents.accounts.viewer import Viewer
from incidents.audit.actions import record
from incidents.casework import queries, who
from incidents.casework.chronology import CLOSED, CLOSING, FINDING, OUTCOME, REOPENED, joined, outcomes_of
from incidents.casework.lifecycle import CASE, STEP, CaseFacts, CaseVerb, StepVerb
from incidents.casework.models import Case, CaseIncident, Note, Step
from incidents.casework.naming import names_in
from incidents.casework.sanction import Exclusion
from incidents.casework.words import CaseState, Finding, Outcome, Records, StepRole, StepState
from incidents.casework.workflow import OPENED, StepPlan, in_words_of, load
from incidents.database import current_school
from incidents.decisions.actions import decide
from incidents.decisions.models import Decision
from incidents.errors import NotPossibleNow, Refused
from incidents.evidence.actions import attach
from incidents.extensions import db
from incidents.files.models import File
from incidents.matters.actions import give, hang_together, new_reference, set_years, take_back
from incidents.matters.models import Capacity, Grant, MatterYear
from incidents.notifications.actions import notify
from incidents.notifications.models import NoticeKind
from incidents.people.models import Person
from incidents.recording.lifecycle import INCIDENT, IncidentFacts, IncidentState, IncidentVerb
from incidents.recording.models import Incident, Involvement
from incidents.schools.queries import calendar, pack_of, this_school

LONGEST_ANSWER = 120  # what the log takes as a code

def _must(reasons: Sequence[str]) -> None:
    if reasons:
        raise NotPossibleNow(reasons)


# --- opening, and which incidents are in it


def open_case(incident: Incident, workflow_key: str, title: str, owner_id: uuid.UUID, *, by: Viewer, at: datetime) -> Case:
    """Answer an incident with a case: its steps are planned, dated and given to those who usually do them.

    Raises `Refused` for a title that names somebody involved, or an owner who is in conflict with it.
    """
    workflow = load(workflow_key)
    named = names_in(title, _people_of(incident))
    if not title.strip() or named:
        raise Refused("Leave names out of the title: screens are seen by others." if named else "Give the case a title.", "title")
    _must_be_free(incident, owner_id, at, "owner")
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
    for position, plan in enumerate(workflow.steps, start=1):
        _plan_step(case, plan, position, _usual_owner(plan.role, incident, owner_id, at), by=by, at=at)
    notify(owner_id, NoticeKind.NEEDS_YOU, at=at, matter_id=case.id)
    return case


def link(case: Case, incident: Incident, *, by: Viewer, at: datetime) -> None:
    """Put an incident in a case. Those who may know of the one must be those who may know of the other."""
    _must(_case_reasons(case, CaseVerb.LINK_INCIDENT))
    facts = IncidentFacts(other_case_closed=case.state == CaseState.CLOSED)
    _must(INCIDENT.reasons_not_to(IncidentVerb.PUT_IN_CASE, incident.state, facts))
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
    row = queries.link_of(incident)
    if row is None or row.case_id != case.id:
        raise NotPossibleNow("This incident is not in this case.")
    facts = IncidentFacts(reason, case.state == CaseState.CLOSED, last_of_case=len(queries.incidents_of(case)) == 1)
    _must(INCIDENT.reasons_not_to(IncidentVerb.TAKE_OUT, incident.state, facts))
    row.unlinked_at, row.unlinked_by = at, by.account_id
    incident.state = IncidentState.RECORDED
    hang_together(incident, incident)
    record("unlinked", row, by=by.account_id, at=at, matter=case.id, incident=incident.id)
    _note(case, reason, by=by.account_id, at=at)


def _people_of(incident: Incident) -> list[tuple[str, str]]:
    rows = db.session.execute(
        select(Person.given_name, Person.family_name)
        .join(Involvement, (Involvement.school_id == Person.school_id) & (Involvement.person_id == Person.id))
        .where(Involvement.incident_id == incident.id)
    )
    return [row._tuple() for row in rows]


def _plan_step(
    case: Case, plan: StepPlan, position: int, owner_id: uuid.UUID | None, *, by: Viewer, at: datetime
) -> None:
    term = pack_of(this_school()).term
    starts_now = plan.starts == OPENED
    step = Step(
        school_id=case.school_id, case_id=case.id, key=plan.key, position=position, title=in_words_of(term, plan.title),
        what=in_words_of(term, plan.what), brief="", starts=plan.starts, safety=plan.safety, produces=plan.produces,
        limit_amount=plan.limit.amount if plan.limit else None, limit_unit=plan.limit.unit if plan.limit else None,
        owner_id=owner_id, started_at=at if starts_now else None,
        due_at=queries.due_or_why(plan.limit, at, calendar())[0] if starts_now else None, state=StepState.TODO,
    )  # fmt: skip
    db.session.add(step)
    db.session.flush()
    if owner_id:
        give(case, owner_id, Capacity.STEP, by=by, at=at)
    record("planned", step, by=by.account_id, at=at, matter=case.id, step=plan.key)


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


# --- steps


def do_step(
    step: Step, words: str, *, by: Viewer, at: datetime, seen_version: int | None = None, files: Sequence[File] = ()
) -> None:
    """A step is done; what starts after it starts now."""
    case = _case_of(step, seen_version)
    _must(STEP.reasons_not_to(StepVerb.DO, step.state, queries.step_facts(case, step)))
    for file in files:
        attach(case, file, by=by, at=at, step_id=step.id)
    _end(case, step, StepState.DONE, words, by=by, at=at)


def skip_step(step: Step, reason: str, *, by: Viewer, at: datetime, seen_version: int | None = None) -> None:
    """A step is not needed here, and why."""
    case = _case_of(step, seen_version)
    _must(STEP.reasons_not_to(StepVerb.SKIP, step.state, queries.step_facts(case, step, reason=reason)))
    _end(case, step, StepState.SKIPPED, reason, by=by, at=at)


def take_up_again(step: Step, reason: str, *, by: Viewer, at: datetime, seen_version: int | None = None) -> None:
    """A step that was over is to do again. What was said when it ended stays in the chronology, in its place."""
    case = _case_of(step, seen_version)
    _must(STEP.reasons_not_to(StepVerb.TAKE_UP_AGAIN, step.state, queries.step_facts(case, step, reason=reason)))
    if step.ended_by and step.ended_at:
        was = "not needed" if step.state == StepState.SKIPPED else "done"
        _note(case, f"{step.title}: {was}. {step.words}".strip(), by=step.ended_by, at=step.ended_at)
    _note(case, f"{step.title}: taken up again. {reason}", by=by.account_id, at=at)
    step.state, step.words, step.ended_at, step.ended_by = StepState.TODO, "", None, None
    step.version += 1
    if step.owner_id:
        give(case, step.owner_id, Capacity.STEP, by=by, at=at)
    for later in _after(case, step):
        later.started_at = later.due_at = None
        later.version += 1
    record("took up again", step, by=by.account_id, at=at, matter=case.id, field="words", after=reason)


def assign_step(
    step: Step, account_id: uuid.UUID, *, by: Viewer, at: datetime, words: str = "", seen_version: int | None = None
) -> None:
    """Give a step to somebody, with what they need to know. They see this step, and nothing else of the case by it."""
    case = _case_of(step, seen_version)
    _must(STEP.reasons_not_to(StepVerb.HAND_OVER, step.state, queries.step_facts(case, step)))
    _must_be_free(case, account_id, at, "account")
    before, step.owner_id, step.brief = step.owner_id, account_id, words
    step.version += 1
    db.session.flush()
    if before and before != account_id and not _has_steps(case, before):
        take_back(case, before, Capacity.STEP, by=by, at=at)
    give(case, account_id, Capacity.STEP, by=by, at=at)
    record("assigned", step, by=by.account_id, at=at, matter=case.id, field="brief", after=words, account=account_id)
    if account_id != by.account_id:
        notify(account_id, NoticeKind.NEEDS_YOU, at=at, matter_id=case.id)


def change_date(
    step: Step, due_at: datetime, reason: str, *, by: Viewer, at: datetime, seen_version: int | None = None
) -> None:
    """Another date for a step, and why."""
    case = _case_of(step, seen_version)
    _must(STEP.reasons_not_to(StepVerb.CHANGE_DATE, step.state, queries.step_facts(case, step, reason=reason)))
    if due_at < at:
        raise Refused("The new date must lie ahead.", "day")
    step.due_at = due_at
    step.version += 1
    _note(case, f"{step.title}: another date. {reason}", by=by.account_id, at=at)
    record("changed the date", step, by=by.account_id, at=at, matter=case.id, due=due_at.date().isoformat())


def _case_of(step: Step, seen_version: int | None) -> Case:
    """The step's case, both locked until the end: of two people who press at once the second is told."""
    db.session.refresh(step, with_for_update=True)
    if seen_version is not None and step.version != seen_version:
        raise NotPossibleNow("Somebody changed this step while you were reading. Look at it as it is now.")
    return _locked(db.session.scalars(select(Case).where(Case.id == step.case_id)).one())


def _locked(case: Case) -> Case:
    db.session.refresh(case, with_for_update=True)
    return case


def _end(case: Case, step: Step, state: StepState, words: str, *, by: Viewer, at: datetime) -> None:
    step.state, step.words, step.ended_at, step.ended_by = state, words.strip(), at, by.account_id
    step.version += 1
    dates = calendar()
    for later in _after(case, step):
        later.started_at = at
        later.due_at = queries.due_or_why(queries.limit_of(later), at, dates)[0]
        later.version += 1
        if later.owner_id and later.owner_id != by.account_id:
            notify(later.owner_id, NoticeKind.NEEDS_YOU, at=at, matter_id=case.id)
    record(state.value, step, by=by.account_id, at=at, matter=case.id, field="words", after=step.words, step=step.key)


def _after(case: Case, step: Step) -> list[Step]:
    return [each for each in queries.steps_of(case) if each.starts == f"after:{step.key}" and each.state == StepState.TODO]


def _has_steps(case: Case, account_id: uuid.UUID) -> bool:
    return any(step.owner_id == account_id and step.state == StepState.TODO for step in queries.steps_of(case))


# --- the case


def hand_over(case: Case, account_id: uuid.UUID, *, by: Viewer, at: datetime) -> None:
    """Give the case to another owner. The one before sees it no longer, unless by a role or a step."""
    _must(_case_reasons(_locked(case), CaseVerb.ASSIGN))
    _must_be_free(case, account_id, at, "account")
    before = queries.owner_of_case(case)
    if before == account_id:
        return
    if before:
        take_back(case, before, Capacity.OWNER, by=by, at=at)
    give(case, account_id, Capacity.OWNER, by=by, at=at)
    case.version += 1
    record("handed over", case, by=by.account_id, at=at, matter=case.id, account=account_id)
    notify(account_id, NoticeKind.NEEDS_YOU, at=at, matter_id=case.id)


def give_sight(
    case: Case, account_id: uuid.UUID, capacity: Capacity, ends: datetime, *, by: Viewer, at: datetime
) -> Grant:
    """Let somebody read this one case for a purpose and until a day. Who touched it can't sit on its panel."""
    if ends <= at:
        raise Refused("The last day must lie ahead.", "day")
    _must_be_free(case, account_id, at, "account")
    if capacity is Capacity.PANEL and account_id in who.touched(case):
        raise Refused("They have had to do with this case already, so they can’t hear it. Choose somebody else.", "account")
    return give(case, account_id, capacity, by=by, at=at, ends=ends)


def end_sight(case: Case, grant_id: uuid.UUID, *, by: Viewer, at: datetime) -> None:
    """Take back what `give_sight` gave, before its day."""
    grant = db.session.scalars(select(Grant).where(Grant.id == grant_id, Grant.matter_id == case.id)).one_or_none()
    if grant is None or grant.capacity not in who.SIGHT:
        raise NotPossibleNow("They can’t see it by a permission of its own.")
    if grant.ends is None or grant.ends > at:
        grant.ends = at
        record("took back", grant, by=by.account_id, at=at, matter=case.id, capacity=grant.capacity, account=grant.account_id)


def add_note(case: Case, words: str, *, by: Viewer, at: datetime) -> Note:
    """Words for the chronology."""
    _must(_case_reasons(case, CaseVerb.ADD_NOTE))
    if not words.strip():
        raise Refused("Write the note first.", "words")
    return _note(case, words.strip(), by=by.account_id, at=at)


def find(
    case: Case, answer: str, words: str, *, by: Viewer, at: datetime, about: uuid.UUID | None = None,
    reasons: Sequence[str] = (), seen: uuid.UUID | None = None,
) -> Decision:  # fmt: skip
    """Say what is established, and why; the step of the finding is done with it."""
    _locked(case)
    finding = Finding(answer) if answer in set(Finding) else None
    facts = CaseFacts(queries.closing_facts(case), reason=words, new_finding=finding)
    _must(CASE.reasons_not_to(CaseVerb.RECORD_FINDING, case.state, facts))
    _must_have_started(case, Records.FINDING)
    settled = replace(facts.closing, finding=finding)
    if settled.outcomes and about is None:
        _must(CASE.reasons_not_to(CaseVerb.RECORD_OUTCOME, case.state, CaseFacts(settled)))
    decision = decide(case, FINDING, answer, by=by, at=at, words=words, reasons=reasons, about=about, seen=seen)
    _end_recording_step(case, Records.FINDING, by=by, at=at)
    return decision


def settle_outcome(
    case: Case, answer: str | Collection[Outcome], words: str, *, by: Viewer, at: datetime,
    reasons: Sequence[str] = (), exclusion: Exclusion | None = None, seen: uuid.UUID | None = None,
) -> Decision:  # fmt: skip
    """Say what was done: one outcome or several (with commas between). `reasons` are the statements of the pack's check
    list before a sanction that were said to be so; `exclusion` is that path's own record."""
    _locked(case)
    outcomes = outcomes_of(answer) if isinstance(answer, str) else tuple(answer)
    facts = replace(
        queries.closing_facts(case), outcomes=frozenset(outcomes), ticked=tuple(reasons), exclusion=exclusion
    )
    _must(CASE.reasons_not_to(CaseVerb.RECORD_OUTCOME, case.state, CaseFacts(facts)))
    _must_have_started(case, Records.OUTCOME)
    if len(joined(outcomes)) > LONGEST_ANSWER:
        raise Refused("That is more than fits. Choose the outcomes that matter most.", "outcomes")
    held = {"exclusion": asdict(exclusion)} if exclusion else {}
    decision = decide(
        case, OUTCOME, joined(outcomes), by=by, at=at, words=words, reasons=reasons, facts=held, seen=seen
    )
    case.outcome = joined(outcomes)
    case.version += 1
    _end_recording_step(case, Records.OUTCOME, by=by, at=at)
    return decision


def close(case: Case, words: str, *, by: Viewer, at: datetime) -> None:
    """Nothing is left to do. What was given for single steps ends."""
    _must(_case_reasons(_locked(case), CaseVerb.CLOSE))
    decide(case, CLOSING, CLOSED, by=by, at=at, words=words or "Everything is done.")
    case.state, case.closed_at = CaseState.CLOSED, at
    case.version += 1
    for owner in {step.owner_id for step in queries.steps_of(case) if step.owner_id}:
        take_back(case, owner, Capacity.STEP, by=by, at=at)
    record("closed", case, by=by.account_id, at=at, matter=case.id)


def reopen(case: Case, words: str, *, by: Viewer, at: datetime) -> None:
    """Something new came up, and what. Finding and outcome stand until others take their place."""
    _must(_case_reasons(_locked(case), CaseVerb.REOPEN, words))
    decide(case, CLOSING, REOPENED, by=by, at=at, words=words)
    case.state, case.closed_at = CaseState.OPEN, None
    case.version += 1
    record("reopened", case, by=by.account_id, at=at, matter=case.id)


def _case_reasons(case: Case, verb: CaseVerb, reason: str = "") -> list[str]:
    return CASE.reasons_not_to(verb, case.state, CaseFacts(queries.closing_facts(case), reason=reason))


def _must_be_free(matter: Case | Incident, account_id: uuid.UUID, at: datetime, field: str) -> None:
    if queries.in_conflict(matter, [account_id], at):
        raise Refused("They are involved in this, or close to someone who is. Choose somebody else.", field)


def _recording_step(case: Case, records: Records) -> Step | None:
    plans = {plan.key for plan in load(case.workflow).steps if plan.records is records}
    return next((step for step in queries.steps_of(case) if step.key in plans and step.state == StepState.TODO), None)


def _must_have_started(case: Case, records: Records) -> None:
    step = _recording_step(case, records)
    waits = queries.waits_for(step, queries.steps_of(case)) if step else ""
    if step and waits:
        raise NotPossibleNow(f"“{step.title}” starts after “{waits}”, which is not done yet.")


def _end_recording_step(case: Case, records: Records, *, by: Viewer, at: datetime) -> None:
    step = _recording_step(case, records)
    if step:
        _end(case, step, StepState.DONE, "", by=by, at=at)


def _note(case: Case, words: str, *, by: uuid.UUID, at: datetime) -> Note:
    note = Note(school_id=case.school_id, case_id=case.id, words=words, by=by, at=at)
    db.session.add(note)
    db.session.flush()
    record("noted", note, by=by, at=at, matter=case.id, field="words", after=words)
    return note

