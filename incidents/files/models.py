"""A file as it arrived, and the copies drawn from it for looking at."""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from incidents.extensions import Model
from incidents.files.origins import TakenBy
from incidents.rows import Owned, Salted, one_of, within


class FileState(StrEnum):
    """Sealed as received; blanked for everyone; destroyed with its key."""

    SEALED = "sealed"
    BLANKED = "blanked"
    DESTROYED = "destroyed"


class File(Owned, Salted, Model):
    """Bytes under a key of their own. Belongs to a draft until the draft is sent, then to a matter."""

    draft_id: Mapped[uuid.UUID | None]
    matter_id: Mapped[uuid.UUID | None]
    name: Mapped[str]  # as the sender's device called it
    media_type: Mapped[str]  # by what the bytes are
    size: Mapped[int]
    sha256: Mapped[str]
    blob: Mapped[str]
    wrapped_key: Mapped[bytes | None]
    state: Mapped[str]
    arrived_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("account.id"))
    arrived_at: Mapped[datetime]

    __table_args__ = (
        within("draft"),
        within("matter"),
        one_of("state", FileState),
        CheckConstraint("(state = 'destroyed') = (wrapped_key IS NULL)", name="destroyed"),
        CheckConstraint("(draft_id IS NULL) <> (matter_id IS NULL)", name="belongs_somewhere"),
        UniqueConstraint("blob"),
        Index("ix_file_draft", "school_id", "draft_id"),
        Index("ix_file_matter", "school_id", "matter_id"),
    )


class Likeness(Owned, Model):
    """A viewing copy: one picture, redrawn without metadata. A PDF has one a page."""

    file_id: Mapped[uuid.UUID]
    page: Mapped[int]
    media_type: Mapped[str]
    size: Mapped[int]
    width: Mapped[int]
    height: Mapped[int]
    blob: Mapped[str] = mapped_column(unique=True)
    wrapped_key: Mapped[bytes | None]

    __table_args__ = (within("file"), UniqueConstraint("school_id", "file_id", "page"))


class Provenance(Owned, Salted, Model):
    """Where a file comes from, as somebody said. A later saying stands beside the earlier; the highest number holds."""

    file_id: Mapped[uuid.UUID]
    number: Mapped[int]
    taken_by: Mapped[str]
    taken_by_name: Mapped[str]
    taken_when: Mapped[str]
    shown_on: Mapped[str]
    address: Mapped[str]
    reason: Mapped[str]  # why it was changed; empty in the first
    by: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]

    __table_args__ = (
        within("file"),
        UniqueConstraint("school_id", "file_id", "number"),
        one_of("taken_by", TakenBy),
        CheckConstraint("(number = 1) OR (reason <> '')", name="why_changed"),
    )
