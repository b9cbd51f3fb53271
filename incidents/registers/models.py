"""Entries of the registers and all that happened to them; what parents answered; and what only safeguarding leads read."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    UniqueConstraint,
    literal_column,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from incidents.extensions import Model
from incidents.registers.consent import Answer, How
from incidents.registers.kinds import Channel, EntryState, RegisterKind
from incidents.registers.lifecycle import Verb
from incidents.rows import Owned, Salted, one_of, within


class RegisterEntry(Owned, Salted, Model):
    """One entry as it stands now. What was asked never changes; how it came to stand so is in its events."""

    kind: Mapped[str]
    state: Mapped[str]
    person_id: Mapped[uuid.UUID | None]  # whom it is about; who keeps an account
    second_id: Mapped[uuid.UUID | None]  # who else can get into an account
    account_id: Mapped[uuid.UUID | None]  # the approved account that it is about
    facts: Mapped[dict[str, Any]]  # by the fields of its register
    starts: Mapped[date | None]
    ends: Mapped[date | None]
    review_on: Mapped[date | None]
    asked_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    asked_at: Mapped[datetime]
    decided_by: Mapped[uuid.UUID | None]
    decided_at: Mapped[datetime | None]

    __table_args__ = (
        within("person"),
        within("person", "second_id"),
        within("register_entry", "account_id"),
        one_of("kind", RegisterKind),
        one_of("state", EntryState),
        CheckConstraint("ends IS NULL OR starts IS NULL OR ends >= starts", name="days"),
        CheckConstraint("second_id IS NULL OR second_id <> person_id", name="two_people"),
        Index("ix_register_entry_kind", "school_id", "kind", "state"),
        Index("ix_register_entry_person", "school_id", "person_id"),
        # Few are asked for among many that are decided: the tab of every page asks for them.
        Index("ix_register_entry_asked", "school_id", "state", sqlite_where=text("state = 'asked'"),
              postgresql_where=text("state = 'asked'")),
    )  # fmt: skip


# Written as the index has it: a value given apart would not let SQLite use it.
IS_ASKED: ColumnElement[bool] = RegisterEntry.state == literal_column(f"'{EntryState.ASKED}'")


class RegisterEvent(Owned, Salted, Model):
    """Something done with an entry, with the days and the two people as they stood after it."""

    entry_id: Mapped[uuid.UUID]
    number: Mapped[int]
    verb: Mapped[str]
    words: Mapped[str]
    told_on: Mapped[date | None]
    starts: Mapped[date | None]
    ends: Mapped[date | None]
    review_on: Mapped[date | None]
    person_id: Mapped[uuid.UUID | None]
    second_id: Mapped[uuid.UUID | None]
    by: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]

    __table_args__ = (
        within("register_entry", "entry_id"),
        within("person"),
        within("person", "second_id"),
        one_of("verb", Verb),
        CheckConstraint("(verb = 'tell') = (told_on IS NOT NULL)", name="told"),
        UniqueConstraint("school_id", "entry_id", "number"),
    )


class RegisterLink(Owned, Model):
    """An entry and an incident or case that have to do with each other. From an entry it is shown to those alone who see
    the matter."""

    entry_id: Mapped[uuid.UUID]
    matter_id: Mapped[uuid.UUID]
    by: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]
    ended_by: Mapped[uuid.UUID | None]
    ended_at: Mapped[datetime | None]

    __table_args__ = (
        within("register_entry", "entry_id"),
        within("matter"),
        Index("ix_register_link_entry", "school_id", "entry_id"),
        Index("ix_register_link_matter", "school_id", "matter_id"),
    )


class ConsentAnswer(Owned, Salted, Model):
    """What one person answered for one child and one channel. A later answer supersedes; none is removed."""

    child_id: Mapped[uuid.UUID]
    channel: Mapped[str]
    answer: Mapped[str]
    starts: Mapped[date]
    until: Mapped[date | None]
    said_by: Mapped[uuid.UUID | None]  # empty: a form on file, without a name that we know
    how: Mapped[str]
    words: Mapped[str]
    by: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]

    __table_args__ = (
        within("person", "child_id"),
        within("person", "said_by"),
        one_of("channel", Channel),
        one_of("answer", Answer),
        one_of("how", How),
        CheckConstraint("until IS NULL OR until >= starts", name="days"),
        Index("ix_consent_answer_child", "school_id", "child_id", "channel"),
    )


class ContactRisk(Owned, Salted, Model):
    """Whether it would endanger a child to be found. Read by safeguarding leads alone; the latest row holds."""

    child_id: Mapped[uuid.UUID]
    number: Mapped[int]
    flagged: Mapped[bool]
    since: Mapped[date]
    words: Mapped[str]
    by: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]

    __table_args__ = (within("person", "child_id"), UniqueConstraint("school_id", "child_id", "number"))


class NamesRule(Owned, Model):
    """Whether the school never puts a name to a picture of a child. The latest row holds."""

    never: Mapped[bool]
    by: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]
