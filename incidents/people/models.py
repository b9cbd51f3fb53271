"""Persons and the dated facts about them. A person is not an account: most never sign in."""

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from incidents.extensions import Model, db
from incidents.people.listing import ListKind, Scheme
from incidents.rows import IN_ORDER, Owned, Salted, one_of, within


class Employed(StrEnum):
    """In what way somebody works for the school."""

    EMPLOYEE = "employee"
    AGENCY = "agency"
    VOLUNTEER = "volunteer"
    GOVERNOR = "governor"


class Person(Owned, Model):
    """Somebody who can be named in an incident. What they are to the school stands in dated facts of its own."""

    given_name: Mapped[str]
    family_name: Mapped[str]
    title: Mapped[str] = mapped_column(default="")  # Mrs, Mr, Ms, Dr: how pupils call staff
    folded: Mapped[str] = mapped_column(index=True)  # both names without case or accents, for finding
    date_of_birth: Mapped[date | None]
    # Entries with the same `one_id` are one person: the entry whose id it is. Follows from `SamePerson`, kept here for joins.
    one_id: Mapped[uuid.UUID] = mapped_column(default=lambda context: context.get_current_parameters()["id"])
    added_by: Mapped[uuid.UUID | None]
    added_at: Mapped[datetime]

    __table_args__ = (Index("ix_person_one", "school_id", "one_id"),)

    @property
    def name(self) -> str:
        """As people say it."""
        return f"{self.given_name} {self.family_name}".strip()


class NameWord(Owned, Model):
    """One word of somebody's name, folded, to find them by. Follows from the name; `id` is the person's."""

    word: Mapped[str] = mapped_column(IN_ORDER, primary_key=True)

    __table_args__ = (
        ForeignKeyConstraint(
            ["school_id", "id"], ["person.school_id", "person.id"], deferrable=True, initially="DEFERRED"
        ),
        Index("ix_name_word", "school_id", "word", "id"),
        {"sqlite_with_rowid": False},  # all of it is the key
    )


class SamePerson(Owned, Salted, Model):
    """What was said about an entry: it is the same person as another, or (no `into_id`) somebody else after all.

    A later row supersedes; none is removed, and nothing else is moved or rewritten, so that it can be taken back whole.
    """

    person_id: Mapped[uuid.UUID]
    into_id: Mapped[uuid.UUID | None]
    reason: Mapped[str]
    by: Mapped[uuid.UUID | None]
    at: Mapped[datetime]
    supersedes_id: Mapped[uuid.UUID | None]

    __table_args__ = (
        within("person"),
        within("person", "into_id"),
        within("same_person", "supersedes_id"),
        UniqueConstraint("school_id", "supersedes_id"),
        Index("uq_same_person_root", "school_id", "person_id", unique=True,
              sqlite_where=db.text("supersedes_id IS NULL"), postgresql_where=db.text("supersedes_id IS NULL")),
    )  # fmt: skip


class Identifier(Owned, Model):
    """By which number or code the school's records system knows somebody: the next list finds them by it."""

    person_id: Mapped[uuid.UUID]
    scheme: Mapped[str]
    value: Mapped[str]
    added_at: Mapped[datetime]

    __table_args__ = (
        within("person"),
        one_of("scheme", Scheme),
        UniqueConstraint("school_id", "scheme", "value"),
        Index("ix_identifier_person", "school_id", "person_id"),
    )


class BroughtList(Owned, Model):
    """A list of people as it was read from a file, kept from its preview until it is applied or thrown away."""

    kind: Mapped[str]
    holds_from: Mapped[date]  # the day from which the list is right
    lines: Mapped[list[Any]] = mapped_column(JSON)  # as they were read, in one form
    unused: Mapped[list[str]]  # the headings that stand for nothing we keep
    by: Mapped[uuid.UUID]
    at: Mapped[datetime]

    __table_args__ = (one_of("kind", ListKind),)


class Enrolment(Owned, Model):
    """A pupil of this school, from and until."""

    person_id: Mapped[uuid.UUID]
    year_group: Mapped[str]  # "Year 6", "P7", "Reception": the school's own word
    form: Mapped[str] = mapped_column(default="")
    starts: Mapped[date]
    ends: Mapped[date | None]

    __table_args__ = (within("person"), Index("ix_enrolment_person", "school_id", "person_id"))


class Employment(Owned, Model):
    """Somebody who works for, volunteers for or governs this school, from and until."""

    person_id: Mapped[uuid.UUID]
    kind: Mapped[str]
    job: Mapped[str]
    starts: Mapped[date]
    ends: Mapped[date | None]

    __table_args__ = (
        within("person"),
        one_of("kind", Employed),
        Index("ix_employment_person", "school_id", "person_id"),
    )


class Kinship(Owned, Model):
    """`person` is the `relation` of `other`: mother of a pupil, husband of a teacher; dated, with what we may tell them."""

    person_id: Mapped[uuid.UUID]
    other_id: Mapped[uuid.UUID]
    relation: Mapped[str]
    parental_responsibility: Mapped[bool] = mapped_column(default=False)
    do_not_tell: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(default="")
    starts: Mapped[date]
    ends: Mapped[date | None]

    __table_args__ = (
        within("person"),
        within("person", "other_id"),
        Index("ix_kinship_person", "school_id", "person_id"),
        Index("ix_kinship_other", "school_id", "other_id"),
    )


class Handle(Owned, Model):
    """An account on a platform whose owner was not known when it was written down."""

    platform: Mapped[str]
    name: Mapped[str]
    added_by: Mapped[uuid.UUID | None]
    added_at: Mapped[datetime]


class Identification(Owned, Salted, Model):
    """Who is behind a handle, said by whom and why. A later one supersedes; none is removed."""

    handle_id: Mapped[uuid.UUID]
    person_id: Mapped[uuid.UUID]
    reason: Mapped[str]
    by: Mapped[uuid.UUID | None]
    at: Mapped[datetime]
    supersedes_id: Mapped[uuid.UUID | None]

    __table_args__ = (
        within("handle"),
        within("person"),
        within("identification", "supersedes_id"),
        UniqueConstraint("school_id", "supersedes_id"),
        Index("uq_identification_root", "school_id", "handle_id", unique=True,
              sqlite_where=db.text("supersedes_id IS NULL"), postgresql_where=db.text("supersedes_id IS NULL")),
    )  # fmt: skip
