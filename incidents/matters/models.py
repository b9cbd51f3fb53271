"""A matter is what access is decided on: an incident or a case, with the grants and conflicts upon it."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from incidents.access import Sphere
from incidents.extensions import Model
from incidents.rows import Owned, Salted, one_of, within


class Capacity(StrEnum):
    """What somebody is given a matter for."""

    OWNER = "owner"
    STEP = "step"
    DELEGATE = "delegate"
    PANEL = "panel"
    INVESTIGATOR = "investigator"
    ADVISER = "adviser"


class Why(StrEnum):
    """Why a person is in conflict with a matter."""

    ALLEGED = "alleged"
    TARGET = "target"
    WITNESS = "witness"
    DECLARED = "declared"  # stepped aside
    TAINTED = "tainted"  # touched the case before, so not for its panel


class Matter(Owned, Model):
    """The anchor of access. `anchor_id` is the case for a case and its linked incidents, else the incident itself:
    conflicts count for the whole of what hangs together."""

    kind: Mapped[str]
    reference: Mapped[str]  # drawn at random, unique in the school's year: gaps and order tell nothing
    reference_year: Mapped[int]
    anchor_id: Mapped[uuid.UUID]
    sphere: Mapped[str]
    sphere_at_least: Mapped[str | None]  # as a decision on the direction set it, whoever is named
    recorded_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("account.id"))
    recorded_at: Mapped[datetime]
    retention_class: Mapped[str]
    hold: Mapped[bool] = mapped_column(default=False)  # legal hold: nothing of it may be disposed of

    __mapper_args__: Any = {"polymorphic_on": "kind"}
    __table_args__: Any = (
        one_of("kind", ("incident", "case")),
        one_of("sphere", Sphere),
        one_of("sphere_at_least", Sphere),
        UniqueConstraint("school_id", "reference_year", "reference"),
        Index("ix_matter_anchor", "school_id", "anchor_id"),
        Index("ix_matter_reference", "school_id", "reference"),
        Index("ix_matter_recorded", "school_id", "kind", "recorded_at", "id"),
        Index("ix_matter_recorded_by", "school_id", "recorded_by", "recorded_at"),
    )


class MatterYear(Owned, Model):
    """A year group whose pupils are involved, as it was then: a head of year finds the matter by it."""

    matter_id: Mapped[uuid.UUID]
    year_group: Mapped[str]

    __table_args__ = (within("matter"), UniqueConstraint("school_id", "matter_id", "year_group"))


class Grant(Owned, Model):
    """One matter, given to one account for a purpose, from and until."""

    matter_id: Mapped[uuid.UUID]
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    capacity: Mapped[str]
    given_by: Mapped[uuid.UUID | None]
    starts: Mapped[datetime]
    ends: Mapped[datetime | None]

    __table_args__ = (
        within("matter"),
        one_of("capacity", Capacity),
        Index("ix_grant_account", "school_id", "account_id", "matter_id"),
        Index("ix_grant_matter", "school_id", "matter_id"),
    )


class Conflict(Owned, Model):
    """A person who may not decide a matter, or not even know of it. Family of those involved is read from kinship, live."""

    matter_id: Mapped[uuid.UUID]
    person_id: Mapped[uuid.UUID]
    why: Mapped[str]
    source: Mapped[str]  # which act put it here: involvement, identification, name_match, declared, worked_on
    starts: Mapped[datetime]
    ends: Mapped[datetime | None]

    __table_args__ = (
        within("matter"),
        within("person"),
        one_of("why", Why),
        Index("ix_conflict_person", "school_id", "person_id"),
        Index("ix_conflict_matter", "school_id", "matter_id"),
    )


class Told(Owned, Salted, Model):
    """What the school said to a person about a matter that concerns them: all of the party's view but its state."""

    matter_id: Mapped[uuid.UUID]
    person_id: Mapped[uuid.UUID]
    words: Mapped[str]
    by: Mapped[uuid.UUID | None]
    at: Mapped[datetime]

    __table_args__ = (
        within("matter"),
        within("person"),
        Index("ix_told_person", "school_id", "person_id"),
        Index("ix_told_matter", "school_id", "matter_id"),
    )


class NeedToKnow(Owned, Salted, Model):
    """What one member of staff must know of a matter, and nothing else of it, until it ends: "keep A and B apart"."""

    matter_id: Mapped[uuid.UUID]
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    words: Mapped[str]
    by: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]
    ends: Mapped[datetime]  # brought forward when it is taken back

    __table_args__ = (
        within("matter"),
        CheckConstraint("ends >= at", name="ends"),
        Index("ix_need_to_know_account", "school_id", "account_id", "ends"),
        Index("ix_need_to_know_matter", "school_id", "matter_id"),
    )
