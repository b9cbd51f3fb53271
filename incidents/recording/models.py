"""What staff wrote down. Words and particulars are only ever added to."""

import uuid
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    literal_column,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from incidents.extensions import Model
from incidents.matters.models import Matter
from incidents.recording.hours import Control, WhenKind
from incidents.recording.lifecycle import IncidentState
from incidents.recording.searches import Authority, Did
from incidents.recording.words import Danger, Intimate, Method, Part, PersonKind
from incidents.rows import IN_ORDER, Owned, Salted, one_of, within


class Pictures(StrEnum):
    """Whether the server takes pictures for this incident."""

    OPEN = "open"
    CLOSED = "closed"  # an intimate image, or it might be one
    REOPENED = "reopened"  # by the DSL, for the files that are not in question


class StatementKind(StrEnum):
    """Nothing already said is overwritten: it is added to, or corrected beside."""

    ORIGINAL = "original"
    ADDITION = "addition"
    CORRECTION = "correction"


class Draft(Owned, Model):
    """A record being written: kept at every page, found again on another device, sent once."""

    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"), index=True)
    answers: Mapped[dict[str, Any]]
    version: Mapped[int] = mapped_column(default=0)  # raised with each keeping: two devices notice each other by it
    started_at: Mapped[datetime]
    kept_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    thrown_away_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_draft_begun", "school_id", "account_id", sqlite_where=text("sent_at IS NULL AND thrown_away_at IS NULL"),
              postgresql_where=text("sent_at IS NULL AND thrown_away_at IS NULL")),
    )  # fmt: skip


class Incident(Matter):
    """One thing that happened online."""

    __tablename__ = "incident"
    school_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    draft_id: Mapped[uuid.UUID]
    state: Mapped[str]
    pictures: Mapped[str]

    __mapper_args__ = {"polymorphic_identity": "incident"}
    __table_args__ = (
        ForeignKeyConstraint(["school_id", "id"], ["matter.school_id", "matter.id"]),
        within("draft"),
        UniqueConstraint("school_id", "draft_id"),  # a double press records once
        one_of("state", IncidentState),
        one_of("pictures", Pictures),
        # Few wait among many that are decided: the first page and every tab ask for them.
        Index("ix_incident_waiting", "school_id", "state", sqlite_where=text("state = 'recorded'"),
              postgresql_where=text("state = 'recorded'")),
    )  # fmt: skip


# Written as the index has it: a value given apart would not let SQLite use it.
WAITS: ColumnElement[bool] = Incident.state == literal_column(f"'{IncidentState.RECORDED}'")


class Statement(Owned, Salted, Model):
    """Somebody's words, as they were said."""

    incident_id: Mapped[uuid.UUID]
    kind: Mapped[str]
    words: Mapped[str]
    by: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]

    __table_args__ = (
        within("incident"),
        one_of("kind", StatementKind),
        Index("ix_statement_incident", "school_id", "incident_id", "at"),
    )


class Particulars(Owned, Salted, Model):
    """The answers about when, where and how. A correction is a new row; the highest number holds."""

    incident_id: Mapped[uuid.UUID]
    number: Mapped[int]
    danger: Mapped[str]
    when_kind: Mapped[str]
    day_from: Mapped[date | None]
    day_until: Mapped[date | None]
    time_from: Mapped[time | None]
    time_until: Mapped[time | None]
    control: Mapped[str]
    platform: Mapped[str]
    method: Mapped[str]
    account_name: Mapped[str]
    url: Mapped[str]
    spoken_to: Mapped[str]  # whom have you spoken to? required; an e-mail is not telling
    intimate: Mapped[str]
    device: Mapped[str]  # intimate images: where the device is
    paper_by: Mapped[str]  # written on paper first: by whom, and when; empty for what was typed at once
    paper_on: Mapped[date | None]
    paper_at: Mapped[time | None]
    by: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]
    reason: Mapped[str]  # why it was corrected; empty in the first

    __table_args__ = (
        within("incident"),
        UniqueConstraint("school_id", "incident_id", "number"),
        one_of("danger", Danger),
        one_of("when_kind", WhenKind),
        one_of("control", Control),
        one_of("method", Method),
        one_of("intimate", Intimate),
        CheckConstraint("(when_kind = 'unknown') = (day_from IS NULL)", name="when"),
        CheckConstraint("day_until IS NULL OR day_until >= day_from", name="days"),
        CheckConstraint("(paper_by = '') = (paper_on IS NULL)", name="paper"),
    )


class Search(Owned, Salted, Model):
    """What was searched or confiscated, by whom, and under which authority. A correction is a new row beside the old."""

    incident_id: Mapped[uuid.UUID]
    did: Mapped[str]
    what: Mapped[str]
    done_by: Mapped[str]
    done_when: Mapped[str]
    authority: Mapped[str]
    authority_words: Mapped[str]
    where_now: Mapped[str]
    supersedes: Mapped[uuid.UUID | None]
    reason: Mapped[str]  # why it was put right; empty in the first
    by: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]

    __table_args__ = (
        within("incident"),
        within("search", "supersedes"),
        UniqueConstraint("school_id", "supersedes"),  # put right once; the second of two sees what the first did
        one_of("did", Did),
        one_of("authority", Authority),
        CheckConstraint("(supersedes IS NULL) = (reason = '')", name="why_put_right"),
        Index("ix_search_incident", "school_id", "incident_id"),
    )


class FoundBy(Owned, Model):
    """One word that an incident is found by, folded: of what was said, of an account, of an address. `id` is the incident's.

    Names of people are not among them: they are found by the list of people, as they are called today.
    """

    word: Mapped[str] = mapped_column(IN_ORDER, primary_key=True)

    __table_args__ = (
        ForeignKeyConstraint(
            ["school_id", "id"], ["incident.school_id", "incident.id"], deferrable=True, initially="DEFERRED"
        ),
        Index("ix_found_by_word", "school_id", "word", "id"),
        {"sqlite_with_rowid": False},  # all of it is the key
    )


class Involvement(Owned, Model):
    """A person, or an unknown account, and their part; with what they were at the school that day."""

    incident_id: Mapped[uuid.UUID]
    person_id: Mapped[uuid.UUID | None]
    handle_id: Mapped[uuid.UUID | None]
    part: Mapped[str]
    person_kind: Mapped[str]
    year_group: Mapped[str]
    form: Mapped[str]
    as_was: Mapped[str]  # "Year 6", "Year 6 teacher", "mother of a pupil": the status that was true then
    by: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]
    ended_at: Mapped[datetime | None]  # put right later: another involvement took its place, or it was a mistake
    superseded_by: Mapped[uuid.UUID | None]

    __table_args__ = (
        within("incident"),
        within("person"),
        within("handle"),
        within("involvement", "superseded_by"),
        one_of("part", Part),
        one_of("person_kind", PersonKind),
        CheckConstraint("(person_id IS NULL) <> (handle_id IS NULL)", name="person_or_handle"),
        Index("ix_involvement_incident", "school_id", "incident_id"),
        Index("ix_involvement_person", "school_id", "person_id"),
        Index("ix_involvement_handle", "school_id", "handle_id"),
    )
