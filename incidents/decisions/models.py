"""Decisions: asked, answered, with the reason, by whom; a later one supersedes, none is overwritten."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from incidents.extensions import Model, db
from incidents.rows import Owned, Salted, within


class Decision(Owned, Salted, Model):
    """One question about one matter, answered. The current one is the one that no other supersedes."""

    matter_id: Mapped[uuid.UUID]
    question: Mapped[str]
    answer: Mapped[str]
    reasons: Mapped[list[str]]  # keys of the reasons that were ticked
    words: Mapped[str]  # the reason in the decider's own words
    sentence: Mapped[str]  # for the power to act: the sentence that could be read to a parent
    facts: Mapped[dict[str, Any]]  # what it was decided on, as it was known then
    pack_version: Mapped[str]
    policy_version: Mapped[str]
    by: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]
    supersedes_id: Mapped[uuid.UUID | None]

    __table_args__ = (
        within("matter"),
        within("decision", "supersedes_id"),
        UniqueConstraint("school_id", "supersedes_id"),  # two can't supersede the same one …
        Index("uq_decision_root", "school_id", "matter_id", "question", unique=True,
              sqlite_where=db.text("supersedes_id IS NULL"), postgresql_where=db.text("supersedes_id IS NULL")),
        Index("ix_decision_matter", "school_id", "matter_id", "question"),
    )  # fmt: skip  # … and there is one first: so one is current
