"""Working a case: open it, do its steps, say what is established and what was done, close it, open it again."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import asdict, replace
from datetime import datetime

from sqlalchemy import select

from incidents.access import Right
from incidents.accounts.viewer import Viewer
from incidents.audit.actions import record
from incidents.casework import queries, who
from incidents.casework.chronology import CLOSED, CLOSING, FINDING, OUTCOME, REOPENED, joined, outcomes_of
from incidents.casework.established import findings_in, read_of
from incidents.casework.findings import Said, counting
from incidents.casework.lifecycle import CASE, STEP, CaseFacts, CaseVerb, StepVerb
from incidents.casework.models import Case, Note, Step
from incidents.casework.opening import case_reasons, must, must_be_free, note_down
from incidents.casework.opening import link as link
from incidents.casework.opening import open_case as open_case
from incidents.casework.opening import unlink as unlink
from incidents.casework.sanction import Exclusion
from incidents.casework.words import CaseState, Finding, Outcome, Records, StepState
from incidents.casework.workflow import load
from incidents.decisions.actions import decide
from incidents.decisions.models import Decision
from incidents.errors import NotPossibleNow, Refused
from incidents.evidence.actions import CLOSED as CLOSED_TO_PICTURES
from incidents.evidence.actions import attach
from incidents.evidence.models import Evidence
from incidents.evidence.queries import pictures_closed
from incidents.extensions import db
from incidents.files.models import File
from incidents.matters.actions import give, give_to_know, take_back
from incidents.matters.models import Capacity, Grant
from incidents.matters.visibility import standing
from incidents.notifications.actions import notify
from incidents.notifications.models import NoticeKind
from incidents.schools.queries import calendar

LONGEST_ANSWER = 120  # what the log takes as a code
# Why no file is taken, for somebody who is not to know what else the case holds.
NO_FILES = "No file can be added to this step now. If you have one, speak to whoever gave you the step."

# --- steps


def do_step(step: Step, words: str, *, by: Viewer, at: datetime, seen_version: int | None = None) -> None:
    """A step is done, with the files that were added to it; what starts after it starts now."""
    case = _case_of(step, seen_version)
    must(STEP.reasons_not_to(StepVerb.DO, step.state, queries.step_facts(case, step)))
    _end(case, step, StepState.DONE, words, by=by, at=at)


def add_file(step: Step, file: File, *, by: Viewer, at: datetime) -> Evidence:
    """Put a file of the case with its evidence, as handed in with this step.

    It is evidence from this moment, before the step is done: whoever works on the case can look at it, and blank it. Whether
    the step is still theirs is asked again: it took a while to open the file safely.
    """
    case = _case_of(step, None)
    held = standing(by, case.id)
    queries.own_step(case, held, by, step.id)
    must(STEP.reasons_not_to(StepVerb.DO, step.state, queries.step_facts(case, step)))
    if pictures_closed(case):
        raise NotPossibleNow(CLOSED_TO_PICTURES if held and held.may(Right.SEE_FILES) else NO_FILES)
    return attach(case, file, by=by, at=at, step_id=step.id)


def skip_step(step: Step, reason: str, *, by: Viewer, at: datetime, seen_version: int | None = None) -> None:
    """A step is not needed here, and why."""
    case = _case_of(step, seen_version)
    must(STEP.reasons_not_to(StepVerb.SKIP, step.state, queries.step_facts(case, step, reason=reason)))
    _end(case, step, StepState.SKIPPED, reason, by=by, at=at)


def take_up_again(step: Step, reason: str, *, by: Viewer, at: datetime, seen_version: int | None = None) -> None:
    """A step that was over is to do again. What was said when it ended stays in the chronology, in its place."""
    case = _case_of(step, seen_version)
    must(STEP.reasons_not_to(StepVerb.TAKE_UP_AGAIN, step.state, queries.step_facts(case, step, reason=reason)))
    if step.ended_by and step.ended_at:
        was = "not needed" if step.state == StepState.SKIPPED else "done"
        note_down(case, f"{step.title}: {was}. {step.words}".strip(), by=step.ended_by, at=step.ended_at)
    note_down(case, f"{step.title}: taken up again. {reason}", by=by.account_id, at=at)
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
    must(STEP.reasons_not_to(StepVerb.HAND_OVER, step.state, queries.step_facts(case, step)))
    must_be_free(case, account_id, at, "account")
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
    must(STEP.reasons_not_to(StepVerb.CHANGE_DATE, step.state, queries.step_facts(case, step, reason=reason)))
    if due_at < at:
        raise Refused("The new date must lie ahead.", "day")
    step.due_at = due_at
    step.version += 1
    note_down(case, f"{step.title}: another date. {reason}", by=by.account_id, at=at)
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
    for later in _after(case, step):
        later.started_at = at
        later.due_at = queries.due_or_why(queries.limit_of(later), at, calendar())[0]
        later.version += 1
        if later.owner_id and later.owner_id != by.account_id:
            notify(later.owner_id, NoticeKind.NEEDS_YOU, at=at, matter_id=case.id)
    record(state.value, step, by=by.account_id, at=at, matter=case.id, field="words", after=step.words, step=step.key)


def _after(case: Case, step: Step) -> list[Step]:
    return [
        each for each in queries.steps_of(case) if each.starts == f"after:{step.key}" and each.state == StepState.TODO
    ]


def _has_steps(case: Case, account_id: uuid.UUID) -> bool:
    return any(step.owner_id == account_id and step.state == StepState.TODO for step in queries.steps_of(case))


# --- the case


def hand_over(case: Case, account_id: uuid.UUID, *, by: Viewer, at: datetime) -> None:
    """Give the case to another owner. The one before sees it no longer, unless by a role or a step."""
    must(case_reasons(_locked(case), CaseVerb.ASSIGN))
    must_be_free(case, account_id, at, "account")
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
    must_be_free(case, account_id, at, "account")
    if capacity is Capacity.PANEL and account_id in who.touched(case):
        raise Refused(
            "They have had to do with this case already, so they can’t hear it. Choose somebody else.", "account"
        )
    return give(case, account_id, capacity, by=by, at=at, ends=ends)


def let_know(
    case: Case, account_ids: Collection[uuid.UUID], words: str, ends: datetime, *, by: Viewer, at: datetime
) -> None:
    """Tell some of the staff the one thing that they must know, until a day. Nobody who has to do with it gets one."""
    if ends <= at:
        raise Refused("The last day must lie ahead.", "day")
    for account_id in account_ids:
        must_be_free(case, account_id, at, "accounts")
        give_to_know(case, account_id, words, ends, by=by, at=at)
        notify(account_id, NoticeKind.NEEDS_YOU, at=at, matter_id=case.id)


def end_sight(case: Case, grant_id: uuid.UUID, *, by: Viewer, at: datetime) -> None:
    """Take back what `give_sight` gave, before its day."""
    grant = db.session.scalars(select(Grant).where(Grant.id == grant_id, Grant.matter_id == case.id)).one_or_none()
    if grant is None or grant.capacity not in who.SIGHT:
        raise NotPossibleNow("They can’t see it by a permission of its own.")
    if grant.ends is None or grant.ends > at:
        grant.ends = at
        record(
            "took back",
            grant,
            by=by.account_id,
            at=at,
            matter=case.id,
            capacity=grant.capacity,
            account=grant.account_id,
        )


def add_note(case: Case, words: str, *, by: Viewer, at: datetime) -> Note:
    """Words for the chronology."""
    must(case_reasons(case, CaseVerb.ADD_NOTE))
    if not words.strip():
        raise Refused("Write the note first.", "words")
    return note_down(case, words.strip(), by=by.account_id, at=at)


def find(
    case: Case, answer: str, words: str, *, by: Viewer, at: datetime, about: uuid.UUID | None = None
) -> Sequence[Decision]:
    """Say what is established about one person, or the same about all who are said to have done it; and why."""
    whom = [about] if about else list(findings_in(case))
    return find_each(case, [Said(each, answer, words) for each in whom], by=by, at=at)


def find_each(
    case: Case, said: Sequence[Said], *, by: Viewer, at: datetime, as_read_then: str | None = None
) -> Sequence[Decision]:
    """Say what is established about each of these; the step of the finding is done once everybody has one.

    `as_read_then` is what the decider had before them (`findings.as_read`): if somebody was added, or another decision
    stands by now, `NotPossibleNow` says so.
    """
    _locked(case)
    findings = findings_in(case)
    if as_read_then and as_read_then != read_of(case):
        raise NotPossibleNow("This was changed while you were reading. Open the page again to see what stands now.")
    if {each.about for each in said} - findings.keys():
        raise NotPossibleNow("A finding is about somebody who is said to have done it. They are not, in this case.")
    facts = queries.closing_facts(case)
    for each in said:
        finding = Finding(each.answer) if each.answer in set(Finding) else None
        must(CASE.reasons_not_to(CaseVerb.RECORD_FINDING, case.state, CaseFacts(facts, each.words, finding)))
    _must_have_started(case, Records.FINDING)
    after = {about: row.answer for about, row in findings.items() if row} | {each.about: each.answer for each in said}
    settled = replace(facts, finding=counting(map(Finding, after.values())), without_finding=())
    if settled.outcomes:
        must(CASE.reasons_not_to(CaseVerb.RECORD_OUTCOME, case.state, CaseFacts(settled)))
    decided = [decide(case, FINDING, each.answer, by=by, at=at, words=each.words, about=each.about) for each in said]
    if after.keys() == findings.keys():
        _end_recording_step(case, Records.FINDING, by=by, at=at)
    return decided


def settle_outcome(
    case: Case, answer: str | Collection[Outcome], words: str, *, by: Viewer, at: datetime,
    reasons: Sequence[str] = (), exclusion: Exclusion | None = None, seen: uuid.UUID | None = None,
) -> Decision:  # fmt: skip
    """Say what was done: one outcome or several (with commas between). `reasons` are the statements of the pack's check
    list before a sanction that were said to be so; `exclusion` is that path's own record."""
    _locked(case)
    outcomes = outcomes_of(answer) if isinstance(answer, str) else tuple(answer)
    facts = replace(
        queries.closing_facts(case, anew=True), outcomes=frozenset(outcomes), ticked=tuple(reasons), exclusion=exclusion
    )
    must(CASE.reasons_not_to(CaseVerb.RECORD_OUTCOME, case.state, CaseFacts(facts)))
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
    must(case_reasons(_locked(case), CaseVerb.CLOSE))
    decide(case, CLOSING, CLOSED, by=by, at=at, words=words or "Everything is done.")
    case.state, case.closed_at = CaseState.CLOSED, at
    case.version += 1
    for owner in {step.owner_id for step in queries.steps_of(case) if step.owner_id}:
        take_back(case, owner, Capacity.STEP, by=by, at=at)
    record("closed", case, by=by.account_id, at=at, matter=case.id)


def reopen(case: Case, words: str, *, by: Viewer, at: datetime) -> None:
    """Something new came up, and what. Finding and outcome stand until others take their place."""
    must(case_reasons(_locked(case), CaseVerb.REOPEN, words))
    decide(case, CLOSING, REOPENED, by=by, at=at, words=words)
    case.state, case.closed_at = CaseState.OPEN, None
    case.version += 1
    record("reopened", case, by=by.account_id, at=at, matter=case.id)


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
