"""Policies in versions with dates. What was adopted is never altered: a change is a draft that becomes a new version."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from incidents.extensions import Model
from incidents.policies.kinds import Force, PolicyKind, Seriousness
from incidents.rows import Owned, Salted, one_of, within


class Policy(Owned, Salted, Model):
    """A policy of the school, whatever its version. `title` is that of its newest words."""

    kind: Mapped[str]
    title: Mapped[str]

    __table_args__ = (one_of("kind", PolicyKind),)


class PolicyDocument(Owned, Model):
    """The school's own document, sealed under a key of its own. A draft or a version points at it."""

    policy_id: Mapped[uuid.UUID]
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    blob: Mapped[str] = mapped_column(unique=True)
    wrapped_key: Mapped[bytes]
    added_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    added_at: Mapped[datetime]

    __table_args__ = (within("policy"),)


class PolicyVersion(Owned, Salted, Model):
    """One version as it was adopted. In force from its day until the day before the next one's; never altered.

    `head_*` and `chair_*` say who approved it here. `adopted_before` says instead, or also, by whom and when it was
    adopted before the school used the product; only where it stands may the approvals here be missing.
    """

    policy_id: Mapped[uuid.UUID]
    number: Mapped[int]
    title: Mapped[str]
    adopted_on: Mapped[date]
    in_force_from: Mapped[date]
    review_on: Mapped[date | None]
    head_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("account.id"))
    head_at: Mapped[datetime | None]
    chair_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("account.id"))
    chair_at: Mapped[datetime | None]
    adopted_before: Mapped[str]
    changed: Mapped[str]  # what is new in it
    intro: Mapped[str]  # words that stand before the clauses
    outro: Mapped[str]  # and after them
    tests: Mapped[dict[str, Any]]  # orderly, threat, reputation → the policy's own wording; empty if it has none
    before_posting: Mapped[dict[str, Any]]  # questions: list of words; rule: a rule of thumb or empty
    signatories: Mapped[list[str]]  # titles, such as "Headteacher"
    source: Mapped[str]  # the pack it was loaded from, or empty
    source_says: Mapped[str]  # which policy the pack was made from, and of what date
    document_id: Mapped[uuid.UUID | None]

    __table_args__ = (
        within("policy"),
        within("policy_document", "document_id"),
        UniqueConstraint("school_id", "policy_id", "number"),
        UniqueConstraint("school_id", "policy_id", "in_force_from"),
        CheckConstraint("adopted_on <= in_force_from", name="adopted_first"),
        CheckConstraint("review_on IS NULL OR review_on > adopted_on", name="review_after"),
        CheckConstraint(
            "adopted_before <> '' OR (head_by IS NOT NULL AND head_at IS NOT NULL"
            " AND chair_by IS NOT NULL AND chair_at IS NOT NULL AND head_by <> chair_by)",
            name="approved",
        ),
    )


class Clause(Owned, Model):
    """One rule of one version, as adopted. Lists hold the values of the words in `kinds` and `matters.words`."""

    version_id: Mapped[uuid.UUID]
    place: Mapped[int]  # from 1, in the order of the policy
    code: Mapped[str]
    audiences: Mapped[list[str]]
    force: Mapped[str]
    wording: Mapped[str]
    towards: Mapped[
        list[str]
    ]  # whom it protects or keeps apart, where it matters: a ban on contact with pupils is no other
    exceptions: Mapped[list[str]]
    seriousness: Mapped[str]
    directions: Mapped[list[str]]
    methods: Mapped[list[str]]
    keywords: Mapped[list[str]]  # words of an incident that make it worth suggesting
    workflow: Mapped[str]  # what a breach starts, or empty
    permission: Mapped[str]  # the register whose entry lifts it (`kinds.Permit`), or empty

    __table_args__ = (
        within("policy_version", "version_id"),
        one_of("force", Force),
        one_of("seriousness", Seriousness),
        UniqueConstraint("school_id", "version_id", "code"),
        UniqueConstraint("school_id", "version_id", "place"),
    )


class PolicyDraft(Owned, Salted, Model):
    """The next version while it is written: at most one a policy. Any edit voids the approvals.

    `content` has the shape of a pack's policy and is read by the same reader. `edit` counts the edits, so that two who
    write at once do not lose each other's words. An approval is of exactly the content with this digest.
    """

    policy_id: Mapped[uuid.UUID]
    content: Mapped[dict[str, Any]]
    edit: Mapped[int]
    document_id: Mapped[uuid.UUID | None]
    source: Mapped[str]
    source_says: Mapped[str]
    head_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("account.id"))
    head_at: Mapped[datetime | None]
    head_digest: Mapped[str]
    chair_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("account.id"))
    chair_at: Mapped[datetime | None]
    chair_digest: Mapped[str]
    changed_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    changed_at: Mapped[datetime]

    __table_args__ = (
        within("policy"),
        within("policy_document", "document_id"),
        UniqueConstraint("school_id", "policy_id"),
        CheckConstraint("(head_by IS NULL) = (head_at IS NULL)", name="head"),
        CheckConstraint("(chair_by IS NULL) = (chair_at IS NULL)", name="chair"),
    )
