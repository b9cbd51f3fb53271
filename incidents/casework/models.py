"""A case, the incidents in it, its steps and notes."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, ForeignKeyConstraint, Index, literal_column, text
from sqlalchemy.orm import Mapped, mapped_column

from incidents.casework.deadlines import LimitUnit
from incidents.casework.words import CaseState, StepState
from incidents.extensions import Model
from incidents.matters.models import Matter
from incidents.rows import Owned, Salted, one_of, within


class Case(Matter):
    """The school's response to one or more incidents."""

    __tablename__ = "case"
    school_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    title: Mapped[str]  # carries no name: titles are seen on screens
    workflow: Mapped[str]
    workflow_version: Mapped[str]
    state: Mapped[str]
    outcome: Mapped[str | None]  # one or several, with commas between
    closed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"polymorphic_identity": "case"}
    __table_args__ = (
        ForeignKeyConstraint(["school_id", "id"], ["matter.school_id", "matter.id"]),
        one_of("state", CaseState),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_at"),
        CheckConstraint("state <> 'closed' OR outcome IS NOT NULL", name="closed_outcome"),
        # Few are open among many that are closed.
        Index(
            "ix_case_open",
            "school_id",
            "state",
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index("ix_case_closed", "school_id", "state", "closed_at", "id"),
    )


# Written as the index has it: a value given apart would not let SQLite use it.
IS_OPEN: ColumnElement[bool] = Case.state == literal_column(f"'{CaseState.OPEN}'")
IS_CLOSED: ColumnElement[bool] = Case.state == literal_column(f"'{CaseState.CLOSED}'")


class CaseIncident(Owned, Model):
    """An incident in a case, from when it was linked until it was unlinked; in one case at a time."""

    case_id: Mapped[uuid.UUID]
    incident_id: Mapped[uuid.UUID]
    linked_at: Mapped[datetime]
    linked_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("account.id"))
    unlinked_at: Mapped[datetime | None]
    unlinked_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("account.id"))

    __table_args__ = (
        within("case"),
        within("incident"),
        Index("uq_case_incident_current", "school_id", "incident_id", unique=True,
              sqlite_where=text("unlinked_at IS NULL"), postgresql_where=text("unlinked_at IS NULL")),
        Index("ix_case_incident_case", "school_id", "case_id"),
    )  # fmt: skip


class Step(Owned, Salted, Model):
    """One thing to be done, by whom, by when. Its wording and limit are the case's own from the day it opened."""

    case_id: Mapped[uuid.UUID]
    key: Mapped[str]
    position: Mapped[int]
    title: Mapped[str]
    what: Mapped[str]
    brief: Mapped[str] = mapped_column(default="")  # what its owner needs to know, from whoever gave it to them
    starts: Mapped[str]  # "opened" or "after:<key of another step>"
    limit_amount: Mapped[int | None]
    limit_unit: Mapped[str | None]
    safety: Mapped[bool]
    produces: Mapped[str]
    owner_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("account.id"))
    started_at: Mapped[datetime | None]  # when its clock began
    due_at: Mapped[datetime | None]
    state: Mapped[str]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("account.id"))
    words: Mapped[str] = mapped_column(default="")  # the note it was done with, or the reason it was skipped
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        within("case"),
        one_of("state", StepState),
        CheckConstraint("(state = 'todo') = (ended_at IS NULL)", name="ended"),
        CheckConstraint("state <> 'skipped' OR words <> ''", name="skipped_reason"),
        CheckConstraint("(limit_amount IS NULL) = (limit_unit IS NULL)", name="limit_whole"),
        one_of("limit_unit", LimitUnit),
        Index("ix_step_case", "school_id", "case_id", "position"),
        Index("ix_step_owner", "school_id", "owner_id", "state", "due_at"),
        Index("ix_step_due", "school_id", "state", "due_at"),
    )


class DateMove(Owned, Model):
    """A step's date that moved because the school's calendar did, and why; one without a date had none."""

    step_id: Mapped[uuid.UUID]
    was_due: Mapped[datetime | None]
    now_due: Mapped[datetime | None]
    because: Mapped[str]
    at: Mapped[datetime]

    __table_args__ = (within("step"), Index("ix_date_move_step", "school_id", "step_id", "at"))


class Note(Owned, Salted, Model):
    """Words added to a case's chronology."""

    case_id: Mapped[uuid.UUID]
    words: Mapped[str]
    by: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]

    __table_args__ = (within("case"), Index("ix_note_case", "school_id", "case_id", "at"))
