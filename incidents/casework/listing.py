"""The lists of cases: one page of them, with how far each has got."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Result, Select, case, func, or_, select, tuple_, type_coerce

from incidents.access import Right
from incidents.accounts.models import Account
from incidents.accounts.viewer import Viewer
from incidents.casework.deadlines import overdue_by
from incidents.casework.models import IS_CLOSED, IS_OPEN, Case, Step
from incidents.casework.progress import HowFar
from incidents.casework.queries import NO_LIMIT, WAITS, due_of, limit_of
from incidents.casework.words import CaseState, StepState
from incidents.database import question
from incidents.extensions import db
from incidents.matters.models import Capacity, Grant, Matter
from incidents.matters.visibility import seen_with
from incidents.schools.calendar import SchoolCalendar
from incidents.schools.queries import calendar

PAGE = 25


@dataclass(frozen=True)
class Listed:
    """A case in a list. `overdue` says by how much the first of its late steps is, and is empty where none is late."""

    case: Any  # what the list shows of it
    far: HowFar
    overdue: str


def listed(viewer: Viewer, state: CaseState, before: uuid.UUID | None = None) -> tuple[list[Listed], uuid.UUID | None]:
    """One page of the cases that this person sees in full, and the id to go on after: of the open ones the newest first,
    of the closed ones the last closed."""
    is_open, seen = state is CaseState.OPEN, seen_with(viewer, Right.SEE_IN_FULL)
    # What is hidden is no place to go on from, like what is not there.
    place = select(*_order(is_open)).where(Case.id == before, seen)
    after = db.session.execute(place).first() if before else None
    goes_on = after is not None and after[0] is not None
    cases = _page(is_open, goes_on)(seen, *(after if after and goes_on else ())).all()
    shown = cases[:PAGE]
    left: dict[uuid.UUID, list[Any]] = {each.id: [] for each in shown}
    for step in _steps_left(left):
        left[step.case_id].append(step)
    dates = calendar()
    rows = [Listed(each, *_how_far(each, left[each.id], viewer.at, dates)) for each in shown]
    return rows, shown[-1].id if len(cases) > PAGE else None


def _order(is_open: bool) -> tuple[Any, Any]:
    return (Case.recorded_at, Matter.id) if is_open else (Case.closed_at, Case.id)


@cache
def _page(is_open: bool, goes_on: bool) -> Callable[..., Result[Any]]:
    """Asks for a page and one more: of the open cases or of the closed ones, from the first or after a place."""
    at, by = _order(is_open)

    @question
    def page(seen: Any, *after: Any) -> Select[Any]:
        asked = select(*_SHOWN).where(IS_OPEN if is_open else IS_CLOSED, seen)
        if goes_on:
            place = (type_coerce(value, column.type) for value, column in zip(after, (at, by), strict=True))
            asked = asked.where(tuple_(at, by) < tuple_(*place))
        found = asked.order_by(at.desc(), by.desc()).limit(PAGE + 1).subquery()
        last = (found.c.recorded_at if is_open else found.c.closed_at, found.c.id)
        over = _steps_in(found, Step.state != StepState.TODO).label("over")
        shown = (_steps_in(found).label("steps"), over, _owner_of(found))
        return select(found, *shown).order_by(*(column.desc() for column in last))

    return page


_SHOWN = (Case.school_id, Case.id, Case.title, Case.reference, Case.workflow, Case.state, Case.recorded_at,
          Case.closed_at, Case.outcome)  # fmt: skip


def _steps_in(found: Any, *which: ColumnElement[bool]) -> ColumnElement[int]:
    same = (Step.school_id == found.c.school_id, Step.case_id == found.c.id)
    return select(func.count()).select_from(Step).where(*same, *which).scalar_subquery()


def _owner_of(found: Any) -> ColumnElement[str]:
    owns = (Grant.school_id == found.c.school_id, Grant.matter_id == found.c.id, Grant.capacity == Capacity.OWNER)
    named = select(Account.name).join(Grant, Grant.account_id == Account.id).where(*owns, Grant.ends.is_(None))
    return named.order_by(Grant.starts.desc()).limit(1).scalar_subquery().label("owner")


@question
def _steps_left(case_ids: Any) -> Select[Any]:
    """What is to do in these cases and has come to be so: a list tells of no step that waits and has no date.

    Of a step that has a date its beginning tells nothing.
    """
    began = case((Step.due_at.is_(None), Step.started_at)).label("started_at")
    told = (Step.case_id, Step.title, WAITS.label("waits"), began, Step.due_at, Step.limit_amount, Step.limit_unit)
    come = or_(Step.due_at.is_not(None), Step.started_at.is_not(None), ~WAITS)
    return select(*told).where(Step.case_id.in_(case_ids), Step.state == StepState.TODO, come).order_by(Step.position)


def _how_far(case: Any, left: Sequence[Any], at: datetime, dates: SchoolCalendar) -> tuple[HowFar, str]:
    """How far a case has got. By how much a step is late is worked out for the one alone of which it is said."""
    dated = [(due_of(step, dates)[0], step) for step in left]
    late = [(due, step) for due, step in dated if due and due < at]
    by, first = min(
        ((due, step) for due, step in dated if not step.waits),
        key=lambda pair: pair[0] or _NO_DATE,
        default=(None, None),
    )
    far = HowFar(case.over, case.steps, len(late), first.title if first else "", by if by and by >= at else None)
    return far, overdue_by(late[0][0], at, limit_of(late[0][1]) or NO_LIMIT, dates) if late else ""


_NO_DATE = datetime.max.replace(tzinfo=UTC)  # after all that have one
