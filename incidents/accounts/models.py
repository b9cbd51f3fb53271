"""Accounts sign in; memberships say what for; sessions last until sign-out or half an hour of rest."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from incidents.access import Role
from incidents.extensions import Model
from incidents.rows import Owned, one_of, within


class Account(Model):
    """Somebody who can sign in, in one school or several."""

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    email: Mapped[str] = mapped_column(unique=True)  # folded to lower case
    name: Mapped[str]
    password_hash: Mapped[str | None]  # empty until the invitation is taken up
    disabled_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class AccountPerson(Owned, Model):
    """Which person of a school an account is; conflicts go by person."""

    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    person_id: Mapped[uuid.UUID]

    __table_args__ = (
        within("person"),
        UniqueConstraint("school_id", "account_id", "person_id"),
        Index("ix_account_person_person", "school_id", "person_id"),
    )


class Membership(Owned, Model):
    """A role in a school, from and until. A privileged one needs the second person's word (`agreed_by`)."""

    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"), index=True)
    role: Mapped[str]
    year_group: Mapped[str] = mapped_column(default="")  # a head of year's
    phone: Mapped[str] = mapped_column(default="")
    starts: Mapped[datetime]
    ends: Mapped[datetime | None]
    proposed_by: Mapped[uuid.UUID | None]  # empty: by the set-up command, from the machine itself
    proposed_at: Mapped[datetime]
    agreed_by: Mapped[uuid.UUID | None]
    agreed_at: Mapped[datetime | None]  # empty: proposed only, gives nothing yet
    refused_at: Mapped[datetime | None]

    __table_args__ = (
        one_of("role", Role),
        CheckConstraint("agreed_by IS NULL OR agreed_by <> proposed_by OR role IN ('staff', 'governor', 'clerk', 'external')",
                        name="two_people"),
        CheckConstraint("agreed_by IS NULL OR agreed_by <> account_id OR role IN ('staff', 'governor', 'clerk', 'external')",
                        name="not_oneself"),
        Index("ix_membership_role", "school_id", "role"),
    )  # fmt: skip


class Invitation(Owned, Model):
    """A link to set a password, good once and for a few days; only its digest is kept."""

    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    token_digest: Mapped[str] = mapped_column(unique=True)
    made_by: Mapped[uuid.UUID | None]
    made_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SignIn(Model):
    """A session on the server: the browser holds a random token, we hold its digest."""

    __tablename__ = "sign_in"
    token_digest: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"), index=True)
    school_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("school.id"))
    started_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Lockout(Model):
    """Failed sign-ins for one address, known or not: an unknown address is locked in the same way and says nothing."""

    address_digest: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int]
    last_failed_at: Mapped[datetime]
    locked_until: Mapped[datetime | None]
