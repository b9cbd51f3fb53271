"""The outbox."""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from incidents.extensions import Model
from incidents.rows import Owned, one_of, within


class NoticeKind(StrEnum):
    """Which of the few messages it is; none says anything about anybody."""

    INVITATION = "invitation"
    NEEDS_YOU = "needs_you"
    DANGER = "danger"
    ROLE_CHANGED = "role_changed"


class Notice(Owned, Model):
    """A message to one account. Whether it may still go is asked again when it is sent."""

    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    matter_id: Mapped[uuid.UUID | None]
    kind: Mapped[str]
    made_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    dropped_at: Mapped[datetime | None]

    __table_args__ = (
        within("matter"),
        one_of("kind", NoticeKind),
        Index("ix_notice_waiting", "school_id", "sent_at"),
    )
