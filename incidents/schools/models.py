"""The school and what it says about itself."""

import uuid
from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from incidents.extensions import Model
from incidents.rows import Owned, Salted, one_of
from incidents.schools.calendar import ClosureKind
from incidents.schools.jurisdiction import Nation, SchoolType


class NumberKind(StrEnum):
    """Whose number it is that every page about an incident shows."""

    DSL = "dsl"
    DEPUTY_DSL = "deputy_dsl"
    LADO = "lado"
    SOCIAL_CARE = "social_care"
    POLICE = "police"
    OUTSIDE = "outside"  # local authority or trust: who takes a matter when nobody in the school may


class Trust(Model):
    """Schools that answer to one board."""

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    name: Mapped[str]


class School(Model):
    """The controller of what it recorded."""

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    trust_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("trust.id"))
    name: Mapped[str]
    short_name: Mapped[str]
    nation: Mapped[str]
    school_type: Mapped[str]
    timezone: Mapped[str]
    day_starts: Mapped[time]
    day_ends: Mapped[time]
    wrapped_key: Mapped[bytes]  # the school's key, wrapped by the installation's master key
    on_duty_id: Mapped[uuid.UUID | None]  # the account on duty now; empty: the first DSL
    created_at: Mapped[datetime]

    __table_args__ = (
        one_of("nation", Nation),
        one_of("school_type", SchoolType),
        CheckConstraint("day_starts < day_ends", name="day"),
    )


class Term(Owned, Model):
    """One term as the school entered it. For the report a term runs to the day before the next one starts."""

    name: Mapped[str]
    starts: Mapped[date]
    ends: Mapped[date]

    __table_args__ = (CheckConstraint("starts <= ends", name="dates"),)


class Closure(Owned, Model):
    """Days within a term on which pupils are not in school."""

    kind: Mapped[str]
    name: Mapped[str]
    starts: Mapped[date]
    ends: Mapped[date]

    __table_args__ = (one_of("kind", ClosureKind), CheckConstraint("starts <= ends", name="dates"))


class SafetyNumber(Owned, Model):
    """A number that every page about an incident shows."""

    kind: Mapped[str]
    who: Mapped[str]
    phone: Mapped[str]
    position: Mapped[int]

    __table_args__ = (one_of("kind", NumberKind),)


class PackChange(Owned, Salted, Model):
    """What the school changed about its pack: a value that no lawyer has confirmed, or the version it uses.

    A later one of the same key takes the place of an earlier; without `says` the pack's own value is back.
    """

    number: Mapped[int]
    key: Mapped[str]
    says: Mapped[str | None]
    reason: Mapped[str]
    by: Mapped[uuid.UUID | None]  # empty: set up by the machine
    at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("school_id", "number"),)
