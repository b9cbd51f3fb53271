"""Dates of steps that follow the school's calendar."""

from datetime import datetime

from sqlalchemy import and_, select

from incidents.audit.actions import record
from incidents.casework.models import Case, DateMove, Step
from incidents.casework.queries import due_or_why, limit_of
from incidents.casework.words import CaseState, StepState
from incidents.extensions import db
from incidents.schools.actions import WHEN_CALENDAR_CHANGES
from incidents.schools.calendar import SchoolCalendar
from incidents.schools.limits import LimitUnit

# Safety clocks run through holidays; only these two ask the calendar.
_COUNTED = (LimitUnit.SCHOOL_DAYS, LimitUnit.WORKING_DAYS)


def follow_calendar(before: SchoolCalendar, after: SchoolCalendar, because: str, at: datetime) -> None:
    """Count again every open step's date in school or working days; a date that a person gave it stays.

    In the log it is nobody's act: whoever changes the calendar knows of no case.
    """
    for step in db.session.scalars(
        select(Step)
        .join(Case, and_(Case.school_id == Step.school_id, Case.id == Step.case_id))
        .where(
            Step.state == StepState.TODO,
            Step.started_at.is_not(None),
            Step.limit_unit.in_(_COUNTED),
            Case.state == CaseState.OPEN,
        )
        .order_by(Step.id)
        .with_for_update(of=Step)
    ).all():
        assert step.started_at
        was, now = (due_or_why(limit_of(step), step.started_at, dates)[0] for dates in (before, after))
        if step.due_at == was != now:
            step.due_at, step.version = now, step.version + 1
            move = DateMove(school_id=step.school_id, step_id=step.id, was_due=was, now_due=now, because=because, at=at)
            db.session.add(move)
            due = now.date().isoformat() if now else ""
            record("moved the date", step, by=None, at=at, matter=step.case_id, due=due)


def last_move(step: Step) -> DateMove | None:
    """The last time that the calendar moved this step's date, if it still has that date."""
    found = db.session.scalars(
        select(DateMove).where(DateMove.step_id == step.id).order_by(DateMove.at.desc()).limit(1)
    ).first()
    return found if found and found.now_due == step.due_at else None


WHEN_CALENDAR_CHANGES.append(follow_calendar)
