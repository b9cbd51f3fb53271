"""The log's rows: one chain a school, and one for sign-ins."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from incidents.extensions import Model

SIGN_IN_CHAIN = "sign-in"


class AuditEntry(Model):
    """One act. It holds no narrative: who, what kind, when, which field, and digests; the words lie in rows of their own."""

    chain: Mapped[str] = mapped_column(primary_key=True)  # a school's id, or "sign-in"
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor_id: Mapped[uuid.UUID | None]
    verb: Mapped[str]
    kind: Mapped[str]
    object_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    matter_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    field: Mapped[str]
    before: Mapped[str]
    after: Mapped[str]
    detail: Mapped[dict[str, Any]]
    prev: Mapped[str]
    mac: Mapped[str]

    __table_args__ = (Index("ix_audit_entry_at", "chain", "at"),)


class AuditHead(Model):
    """The end of a chain; locked while an entry is appended, so that two writers can't fork it."""

    chain: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int]
    mac: Mapped[str]
