"""Editions of the termly report. What is published is frozen; what proves wrong is recalled."""

import uuid
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from incidents.extensions import Model
from incidents.rows import Owned, Salted, one_of, within


class EditionState(StrEnum):
    """A draft can be changed; a published edition can't; a recalled one can't be read."""

    DRAFT = "draft"
    PUBLISHED = "published"
    RECALLED = "recalled"


class ReportEdition(Owned, Salted, Model):
    """The report of one term, in one edition."""

    term_id: Mapped[uuid.UUID]
    number: Mapped[int]
    state: Mapped[str]
    words: Mapped[str]  # the head's commentary
    asks: Mapped[list[str]]  # what is asked of the board
    meeting_on: Mapped[date | None]
    changed: Mapped[str]  # what a later edition corrects
    figures: Mapped[str | None]  # canonical JSON of what the disclosure gate let out
    sha256: Mapped[str | None]
    pdf_blob: Mapped[str | None]
    pdf_key: Mapped[bytes | None]
    published_at: Mapped[datetime | None]
    published_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("account.id"))
    recalled_at: Mapped[datetime | None]
    recalled_why: Mapped[str | None]

    __table_args__ = (
        within("term"),
        one_of("state", EditionState),
        UniqueConstraint("school_id", "term_id", "number"),
        CheckConstraint("(state = 'draft') = (published_at IS NULL)", name="published"),
        CheckConstraint("(state = 'recalled') = (recalled_at IS NOT NULL)", name="recalled"),
        CheckConstraint("state = 'draft' OR sha256 IS NOT NULL", name="sealed"),
    )


class PublishedCell(Owned, Model):
    """One figure as it was published, to be quoted by later reports and never computed again."""

    edition_id: Mapped[uuid.UUID]
    key: Mapped[str]
    shown: Mapped[str]

    __table_args__ = (within("report_edition", "edition_id"), UniqueConstraint("school_id", "edition_id", "key"))


class AnnexState(StrEnum):
    """A draft is its writer's alone; a published annex can't be changed."""

    DRAFT = "draft"
    PUBLISHED = "published"


class ReportAnnex(Owned, Salted, Model):
    """What whoever manages the cases about the head writes for the chair alone, apart from the report: words, no figures."""

    term_id: Mapped[uuid.UUID]
    state: Mapped[str]
    words: Mapped[str]
    sha256: Mapped[str | None]
    written_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    published_at: Mapped[datetime | None]

    __table_args__ = (
        within("term"),
        one_of("state", AnnexState),
        CheckConstraint("(state = 'published') = (published_at IS NOT NULL)", name="published"),
        CheckConstraint("(state = 'published') = (sha256 IS NOT NULL)", name="sealed"),
    )
