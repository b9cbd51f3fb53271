"""What every table has: naming, types, and a row's school."""

import secrets
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    DateTime,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    LargeBinary,
    MetaData,
    Text,
    TypeDecorator,
    Uuid,
    event,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, registry

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Moment(TypeDecorator[datetime]):
    """An aware time, kept in UTC; SQLite has no time zones of its own."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - the interface
        """Refuse a time without a zone: it would be an hour wrong for half the year."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give the zone back."""
        return value and (value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC))


class Row(DeclarativeBase):
    """A row of any table."""

    metadata = MetaData(naming_convention=NAMING)
    registry = registry(
        metadata=metadata,
        type_annotation_map={
            datetime: Moment(),
            uuid.UUID: Uuid(),
            str: Text(),
            bytes: LargeBinary(),
            dict[str, Any]: JSON(),
            list[str]: JSON(),
        },
    )


class Owned:
    """A row that belongs to one school. Its key starts with the school, so every reference to it does too."""

    school_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("school.id"), primary_key=True, sort_order=-2)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4, sort_order=-1)


class Salted:
    """A row whose words are digested in the audit log. The salt goes with the row, and with it the digest's use."""

    salt: Mapped[bytes] = mapped_column(default=lambda: secrets.token_bytes(16))


@event.listens_for(Owned, "init", propagate=True)
def _named(row: Owned, args: Any, given: dict[str, Any]) -> None:  # noqa: ARG001 - the interface
    """A row has its id from the moment it is made: the log can speak of it, and others point at it, before it is written."""
    given.setdefault("id", uuid.uuid4())


@event.listens_for(Salted, "init", propagate=True)
def _salted(row: Salted, args: Any, given: dict[str, Any]) -> None:  # noqa: ARG001 - the interface
    given.setdefault("salt", secrets.token_bytes(16))


# Words in the order of their code points on both databases, so that all that begin alike stand together.
IN_ORDER = Text().with_variant(Text(collation="C"), "postgresql")


def within(target: str, *columns: str) -> ForeignKeyConstraint:
    """A reference to a row of the same school. Checked at commit, so that rows may be added in any order."""
    names = columns or (f"{target}_id",)
    assert len(names) == 1
    return ForeignKeyConstraint(
        ["school_id", names[0]], [f"{target}.school_id", f"{target}.id"], deferrable=True, initially="DEFERRED"
    )


def one_of(column: str, values: type[StrEnum] | Sequence[str]) -> CheckConstraint:
    """The column holds one of these words, whoever writes it."""
    words = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({words})", name=column)
