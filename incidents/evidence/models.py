"""A file's place in a matter: what it shows, who put it there. Custody is what the audit log says of it."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from incidents.extensions import Model
from incidents.rows import Owned, within


class Evidence(Owned, Model):
    """E1, E2 … of an incident or a case."""

    matter_id: Mapped[uuid.UUID]
    file_id: Mapped[uuid.UUID]
    number: Mapped[int]
    step_id: Mapped[uuid.UUID | None]  # the step it was handed in with
    by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]

    __table_args__ = (
        within("matter"),
        within("file"),
        UniqueConstraint("school_id", "matter_id", "number"),
        UniqueConstraint("school_id", "file_id"),
        Index("ix_evidence_step", "school_id", "step_id"),
    )


class Sight(Owned, Model):
    """One press of "It should not be here": who had looked before, kept for the DSL, and the same-day clock."""

    file_id: Mapped[uuid.UUID]
    blanked_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    blanked_at: Mapped[datetime]
    advice_due_at: Mapped[datetime]
    seen_by: Mapped[list[str]]  # account ids

    __table_args__ = (within("file"), UniqueConstraint("school_id", "file_id"))
