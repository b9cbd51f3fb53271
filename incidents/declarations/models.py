"""Who is asked to sign which policy, what each answered, and the links that a household answers with."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from incidents.declarations.words import ASKED, Answer, How
from incidents.extensions import Model, db
from incidents.rows import Owned, Salted, one_of, within

_LASTS = db.text("ends IS NULL")


class Asked(Owned, Model):
    """That an audience is asked to sign a policy from a day on, whichever version is in force: a new one asks anew.

    The school may stop asking, and ask again by another row. Nobody is chased unless the school turns it on.
    """

    policy_id: Mapped[uuid.UUID]
    audience: Mapped[str]
    starts: Mapped[date]
    ends: Mapped[date | None]  # from this day on they are not asked
    chasing: Mapped[bool] = mapped_column(default=False)
    begun_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    begun_at: Mapped[datetime]

    __table_args__ = (
        within("policy"),
        one_of("audience", ASKED),
        CheckConstraint("ends IS NULL OR starts <= ends", name="dates"),
        Index("uq_asked_lasting", "school_id", "policy_id", "audience", unique=True, sqlite_where=_LASTS,
              postgresql_where=_LASTS),
    )  # fmt: skip


class HouseholdLink(Owned, Model):
    """A link with which one household answers without an account, for one version; only its token's digest is kept.

    `household` is the household as it was when the link was made: if it is another one now, the link has ended.
    """

    version_id: Mapped[uuid.UUID]
    household: Mapped[uuid.UUID]
    token_digest: Mapped[str] = mapped_column(unique=True)
    made_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime]
    ends_at: Mapped[datetime]

    __table_args__ = (
        within("policy_version", "version_id"),
        Index("ix_household_link_version", "school_id", "version_id", "household"),
    )


class LinkChild(Owned, Model):
    """A child for whom a link is."""

    link_id: Mapped[uuid.UUID]
    child_id: Mapped[uuid.UUID]

    __table_args__ = (
        within("household_link", "link_id"),
        within("person", "child_id"),
        UniqueConstraint("school_id", "link_id", "child_id"),
    )


class Signature(Owned, Salted, Model):
    """One answer to one version by one person; never altered: what is put right is a later row that supersedes it.

    Of a parent it may not be known which of the two it was (a form ticked in a class of thirty): then `person_id` is
    empty, and `household` says from which household it came. For which children stands in `SignatureChild`.
    """

    version_id: Mapped[uuid.UUID]
    audience: Mapped[str]
    person_id: Mapped[uuid.UUID | None]
    typed_name: Mapped[str]  # as they printed or typed it; empty where nobody did
    household: Mapped[uuid.UUID | None]
    answer: Mapped[str]
    how: Mapped[str]
    signed_on: Mapped[date]
    link_id: Mapped[uuid.UUID | None]
    by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("account.id"))  # who entered it; empty: by a link
    at: Mapped[datetime]
    supersedes_id: Mapped[uuid.UUID | None]
    reason: Mapped[str]  # of a correction

    __table_args__ = (
        within("policy_version", "version_id"),
        within("person"),
        within("household_link", "link_id"),
        within("signature", "supersedes_id"),
        one_of("audience", ASKED),
        one_of("answer", Answer),
        one_of("how", How),
        UniqueConstraint("school_id", "supersedes_id"),
        CheckConstraint("(audience = 'parents') = (household IS NOT NULL)", name="household"),
        CheckConstraint("audience = 'parents' OR person_id IS NOT NULL", name="somebody"),
        CheckConstraint("(link_id IS NULL) = (by IS NOT NULL)", name="by_whom"),
        CheckConstraint("(supersedes_id IS NULL) = (reason = '')", name="correction"),
        Index("ix_signature_version", "school_id", "version_id", "audience"),
        Index("ix_signature_person", "school_id", "person_id"),
    )


class SignatureChild(Owned, Model):
    """A child for whom a parent's answer counts. Written with the answer, and never altered either."""

    signature_id: Mapped[uuid.UUID]
    child_id: Mapped[uuid.UUID]

    __table_args__ = (
        within("signature"),
        within("person", "child_id"),
        UniqueConstraint("school_id", "signature_id", "child_id"),
        Index("ix_signature_child_child", "school_id", "child_id"),
    )


class LivesApart(Owned, Model):
    """That a parent gets a form and a link of their own, as the school said; `ended_at`: it was taken back."""

    person_id: Mapped[uuid.UUID]
    said_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    said_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    __table_args__ = (within("person"), Index("ix_lives_apart_person", "school_id", "person_id"))
