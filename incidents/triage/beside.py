"""Reading what stands beside the list of the first page: what changed since, and what waits for others."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, exists, select, tuple_

from incidents.access import Right
from incidents.accounts.queries import names_of
from incidents.accounts.viewer import Viewer
from incidents.audit.models import AuditEntry
from incidents.casework.models import Case, Step
from incidents.casework.words import CaseState, StepState
from incidents.database import SCHOOL_IN_SCOPE, question
from incidents.matters.models import Matter
from incidents.matters.visibility import seen_with
from incidents.triage.lately import CHANGES, Act, newest_of_each

MOST = 6
READ = 200  # acts looked through for them: whoever was away longer finds the rest in the lists


@dataclass(frozen=True)
class Changed:
    """A matter in which somebody else did something."""

    kind: str
    reference: str
    act: Act
    who: str


def changed_since(viewer: Viewer, since: datetime) -> list[Changed]:
    """The matters that this viewer sees in full in which others did something since then, the newest first."""
    rows = _acts(str(viewer.school_id), since, viewer.account_id, seen_with(viewer, Right.SEE_IN_FULL))
    acts = newest_of_each((Act(row.matter_id, row.at, row.actor_id, CHANGES[row.verb, row.kind]) for row in rows), MOST)
    heads = {row.id: (row.kind, row.reference) for row in _heads([act.matter_id for act in acts])}
    names = names_of(act.by for act in acts)
    return [Changed(*heads[act.matter_id], act, names[act.by] if act.by else "") for act in acts]


@question
def _acts(chain: Any, since: Any, account_id: Any, seen: Any) -> Select[Any]:
    """The newest, on the way back along the log: whether the viewer sees what it was about is tried for each."""
    entry = AuditEntry
    about = exists().where(Matter.school_id == SCHOOL_IN_SCOPE, Matter.id == entry.matter_id, seen)
    return (
        select(entry.matter_id, entry.at, entry.actor_id, entry.verb, entry.kind)
        .where(entry.chain == chain, entry.at > since, entry.actor_id != account_id, about)
        .where(tuple_(entry.verb, entry.kind).in_(CHANGES))
        .order_by(entry.at.desc(), entry.seq.desc())
        .limit(READ)
    )


@question
def _heads(matter_ids: Any) -> Select[Any]:
    return select(Matter.id, Matter.kind, Matter.reference).where(Matter.id.in_(matter_ids))


@dataclass(frozen=True)
class Elsewhere:
    """A step that waits for somebody else."""

    case_id: uuid.UUID
    reference: str
    step_id: uuid.UUID
    title: str
    due_at: datetime
    who: str


def waiting_for_others(viewer: Viewer) -> Sequence[Elsewhere]:
    """The next steps of others, by date, in the cases that this viewer decides or works on."""
    rows = _of_others(viewer.account_id, seen_with(viewer, Right.DECIDE, Right.WORK)).all()
    names = names_of(row.owner_id for row in rows)
    return [Elsewhere(row.case_id, row.reference, row.id, row.title, row.due_at, names[row.owner_id]) for row in rows]


@question
def _of_others(account_id: Any, seen: Any) -> Select[Any]:
    return (
        select(Step.case_id, Case.reference, Step.id, Step.title, Step.due_at, Step.owner_id)
        .join(Case, and_(Case.school_id == Step.school_id, Case.id == Step.case_id))
        .where(Step.state == StepState.TODO, Step.due_at.is_not(None), Step.owner_id != account_id)
        .where(Case.state == CaseState.OPEN, seen)
        .order_by(Step.due_at, Step.id)
        .limit(MOST)
    )
