"""Reading what stands beside the list of the first page: what changed since, and what waits for others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select, tuple_

from incidents.access import Right
from incidents.accounts.queries import names_of
from incidents.accounts.viewer import Viewer
from incidents.audit.models import AuditEntry
from incidents.casework.models import Case, Step
from incidents.casework.words import CaseState, StepState
from incidents.database import current_school
from incidents.extensions import db
from incidents.matters.models import Matter
from incidents.matters.visibility import seen_with
from incidents.triage.lately import CHANGES, Act, newest_of_each

MOST = 6
READ = 200  # acts looked through for them: whoever was away longer finds the rest in the lists


@dataclass(frozen=True)
class Changed:
    """A matter in which somebody else did something."""

    matter: Matter
    act: Act
    who: str


def changed_since(viewer: Viewer, since: datetime) -> list[Changed]:
    """The matters that this viewer sees in full in which others did something since then, the newest first."""
    rows = db.session.execute(
        select(AuditEntry.matter_id, AuditEntry.at, AuditEntry.actor_id, AuditEntry.verb, AuditEntry.kind, Matter)
        .join(Matter, Matter.id == AuditEntry.matter_id)
        .where(
            AuditEntry.chain == str(current_school()),
            AuditEntry.at > since,
            AuditEntry.actor_id != viewer.account_id,
            tuple_(AuditEntry.verb, AuditEntry.kind).in_(CHANGES),
            seen_with(viewer, Right.SEE_IN_FULL),
        )
        .order_by(AuditEntry.at.desc(), AuditEntry.seq.desc())
        .limit(READ)
    ).all()
    matters = {row.Matter.id: row.Matter for row in rows}
    acts = newest_of_each((Act(row.matter_id, row.at, row.actor_id, CHANGES[row.verb, row.kind]) for row in rows), MOST)
    names = names_of(act.by for act in acts)
    return [Changed(matters[act.matter_id], act, names[act.by] if act.by else "") for act in acts]


@dataclass(frozen=True)
class Elsewhere:
    """A step that waits for somebody else."""

    case: Case
    step: Step
    who: str


def waiting_for_others(viewer: Viewer) -> Sequence[Elsewhere]:
    """The next steps of others, by date, in the cases that this viewer decides or works on."""
    rows = db.session.execute(
        select(Step, Case)
        .join(Case, and_(Case.school_id == Step.school_id, Case.id == Step.case_id))
        .where(
            Step.state == StepState.TODO,
            Step.due_at.is_not(None),
            Step.owner_id != viewer.account_id,
            Case.state == CaseState.OPEN,
            seen_with(viewer, Right.DECIDE, Right.WORK),
        )
        .order_by(Step.due_at, Step.id)
        .limit(MOST)
    ).all()
    names = names_of(step.owner_id for step, _ in rows)
    return [Elsewhere(case, step, names[step.owner_id]) for step, case in rows if step.owner_id]
