"""The outbox, and which rounds of the timetable were made."""

import uuid
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from incidents.extensions import Model
from incidents.notifications.smtp import Problem
from incidents.rows import Owned, one_of, within


class NoticeKind(StrEnum):
    """Why somebody is written to. The message says nothing of it, but that danger is told as urgent."""

    NEEDS_YOU = "needs_you"
    DANGER = "danger"
    ROLE_CHANGED = "role_changed"
    STEP_DUE = "step_due"
    STEP_OVERDUE = "step_overdue"
    REVIEW_DUE = "review_due"
    UNTRIAGED = "untriaged"


# What every round, and every change, asks for across schools: few among all that was ever sent.
ON_ITS_WAY = "sent_at IS NULL AND dropped_at IS NULL AND given_up_at IS NULL"


class Notice(Owned, Model):
    """Something that one account is to be told of. Whether it may still be is asked again when it is sent.

    `next_try_at` says when it may go: empty while it waits for the next round. Several that go together are one message,
    with the same `sent_at`. A reminder also says what it is about and for which day: there is one for each, ever.
    """

    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    matter_id: Mapped[uuid.UUID | None]
    kind: Mapped[str]
    made_at: Mapped[datetime]
    about_id: Mapped[uuid.UUID | None]  # the step or matter that a reminder is about
    due_on: Mapped[date | None]
    next_try_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str | None]  # why the last try failed
    sent_at: Mapped[datetime | None]
    dropped_at: Mapped[datetime | None]
    given_up_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]  # when its reader said so; then the bell is silent

    __table_args__ = (
        within("matter"),
        one_of("kind", NoticeKind),
        one_of("problem", Problem),
        CheckConstraint("(about_id IS NULL) = (due_on IS NULL)", name="reminder"),
        UniqueConstraint("school_id", "account_id", "kind", "about_id", "due_on", name="uq_notice_reminder"),
        Index("ix_notice_on_its_way", "next_try_at", "school_id", sqlite_where=text(ON_ITS_WAY),
              postgresql_where=text(ON_ITS_WAY)),
        Index("ix_notice_account", "school_id", "account_id", "sent_at"),
        # The bell on every page counts these; what was seen is many times as much.
        Index("ix_notice_new", "school_id", "account_id", "sent_at", sqlite_where=text("seen_at IS NULL"),
              postgresql_where=text("seen_at IS NULL")),
    )  # fmt: skip


class JobSlot(Owned, Model):
    """One round of a job of the timetable, taken by whoever wrote this row first.

    It belongs to a school, not to the installation: a round is taken in the same transaction as the rows that it makes,
    in the scope of their school; one school's failing round holds up no other's; and what was done goes where the
    school's rows go.
    """

    job: Mapped[str]
    slot: Mapped[datetime]
    taken_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("school_id", "job", "slot"),)
