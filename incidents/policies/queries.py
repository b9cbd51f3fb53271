"""Reading policies: what is in force on a day, its clauses, what waits for a review, and the drafts."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Integer, Row, Select, and_, func, select

from incidents.access import Role
from incidents.accounts.queries import persons_of_accounts
from incidents.accounts.viewer import Viewer
from incidents.database import question, remembered
from incidents.errors import NotFound
from incidents.extensions import db
from incidents.matters.visibility import Asking, asked_by
from incidents.phrases import Phrase
from incidents.policies import versions
from incidents.policies.kinds import Approver, PolicyKind
from incidents.policies.models import Clause, Policy, PolicyDocument, PolicyDraft, PolicyVersion


def all_versions() -> Sequence[PolicyVersion]:
    """Every version of every policy, the oldest of each first."""
    return [row.PolicyVersion for row in _every_version()]


def kinds_of_policies() -> dict[uuid.UUID, PolicyKind]:
    """The kind of each policy that has a version."""
    return {row.PolicyVersion.policy_id: PolicyKind(row.kind) for row in _every_version()}


def _every_version() -> Sequence[Row[tuple[PolicyVersion, str]]]:
    """A page asks of them in several of its parts."""
    return remembered("every version", lambda: _versions().all(), until_written=(Policy, PolicyVersion))


@question
def _versions() -> Select[tuple[PolicyVersion, str]]:
    its_policy = and_(Policy.school_id == PolicyVersion.school_id, Policy.id == PolicyVersion.policy_id)
    return (
        select(PolicyVersion, Policy.kind)
        .join(Policy, its_policy)
        .order_by(PolicyVersion.policy_id, PolicyVersion.in_force_from)
    )


def in_force(day_from: date, day_until: date | None = None) -> list[PolicyVersion]:
    """The versions in force on a day, or on any day from the one to the other: a span may give two of one policy."""
    return versions.in_force(all_versions(), day_from, day_until)


def version_on(policy_id: uuid.UUID, day: date) -> PolicyVersion | None:
    """The version of one policy in force on a day; None before its first."""
    return db.session.scalars(
        select(PolicyVersion)
        .where(PolicyVersion.policy_id == policy_id, PolicyVersion.in_force_from <= day)
        .order_by(PolicyVersion.in_force_from.desc())
        .limit(1)
    ).first()


def latest() -> list[PolicyVersion]:
    """The newest version of each policy, even one that is not in force yet, in the order of their titles."""
    newest = {version.policy_id: version for version in all_versions()}
    return sorted(newest.values(), key=lambda version: (version.title.casefold(), str(version.id)))


def versions_of(policy_id: uuid.UUID) -> Sequence[PolicyVersion]:
    """The versions of one policy, the newest first."""
    return db.session.scalars(
        select(PolicyVersion)
        .where(PolicyVersion.policy_id == policy_id)
        .order_by(PolicyVersion.in_force_from.desc())
    ).all()  # fmt: skip


def clauses_of(version_ids: Iterable[uuid.UUID]) -> list[Clause]:
    """The clauses of these versions, each version's in its own order."""
    wanted = list(version_ids)
    known: dict[uuid.UUID, list[Clause]] = remembered("clauses of versions", dict)
    if unknown := {each for each in wanted if each not in known}:
        known.update({each: [] for each in unknown})
        for clause in _clauses(unknown).scalars():
            known[clause.version_id].append(clause)
    return [clause for each in wanted for clause in known[each]]


@question
def _clauses(version_ids: Any) -> Select[tuple[Clause]]:
    return select(Clause).where(Clause.version_id.in_(version_ids)).order_by(Clause.version_id, Clause.place)


def reviews_due(on: date, within: timedelta = timedelta(days=max(versions.REMINDED))) -> list[PolicyVersion]:
    """What is in force on a day and past its review date, or has it within so many days; the longest overdue first.

    Once a next version is adopted, if only for a later day, the review was done.
    """
    every = all_versions()
    due = [
        version
        for version in versions.in_force(every, on)
        if version.review_on is not None
        and version.review_on <= on + within
        and versions.last_day(version, every) is None
    ]
    return sorted(due, key=lambda version: (version.review_on or on, version.title.casefold()))


# --- one of each; `NotFound` for an unknown one and another school's alike


def policy(policy_id: uuid.UUID) -> Policy:
    """One policy."""
    found = db.session.scalars(select(Policy).where(Policy.id == policy_id)).one_or_none()
    if found is None:
        raise NotFound
    return found


def version(version_id: uuid.UUID) -> PolicyVersion:
    """One version."""
    found = db.session.scalars(select(PolicyVersion).where(PolicyVersion.id == version_id)).one_or_none()
    if found is None:
        raise NotFound
    return found


def clause(clause_id: uuid.UUID) -> Clause:
    """One clause."""
    found = db.session.scalars(select(Clause).where(Clause.id == clause_id)).one_or_none()
    if found is None:
        raise NotFound
    return found


def draft_of(policy_id: uuid.UUID) -> PolicyDraft | None:
    """The draft of a policy's next version, if one is being written."""
    return db.session.scalars(select(PolicyDraft).where(PolicyDraft.policy_id == policy_id)).one_or_none()


def draft(policy_id: uuid.UUID) -> PolicyDraft:
    """The draft of a policy's next version."""
    found = draft_of(policy_id)
    if found is None:
        raise NotFound
    return found


def document(document_id: uuid.UUID) -> PolicyDocument:
    """The school's own document."""
    found = db.session.scalars(select(PolicyDocument).where(PolicyDocument.id == document_id)).one_or_none()
    if found is None:
        raise NotFound
    return found


def policies_with_drafts() -> list[tuple[Policy, PolicyDraft | None]]:
    """Every policy with its draft, in the order of their titles."""
    drafts = {each.policy_id: each for each in db.session.scalars(select(PolicyDraft))}
    policies = db.session.scalars(select(Policy)).all()
    return sorted(
        ((each, drafts.get(each.id)) for each in policies), key=lambda pair: (pair[0].title.casefold(), str(pair[0].id))
    )


ROLE_OF = {Approver.HEAD: Role.HEADTEACHER, Approver.CHAIR: Role.CHAIR}


def approvers_of(viewer: Viewer) -> list[Approver]:
    """As what this person may approve."""
    return [approver for approver in Approver if ROLE_OF[approver] in viewer.roles]


def is_one_person(account_id: uuid.UUID | None, viewer: Viewer) -> bool:
    """Whether an account is the viewer's, or another one of the person that they are."""
    if account_id is None or account_id == viewer.account_id:
        return account_id is not None
    return bool(persons_of_accounts([account_id]).get(account_id, set()) & viewer.person_ids)


def waiting_for(viewer: Viewer) -> Phrase[int] | int:
    """How many drafts the other one has approved and this one has not: the number on the tab."""
    seats = approvers_of(viewer)
    if len(seats) != 1:  # no seat, or both: then another person's approval is the one that is missing
        return 0
    return asked_by(viewer, _waiting_for, seats[0], kind=Integer())


def _waiting_for(asking: Asking, seat: Approver) -> ColumnElement[int]:
    mine, others = ("head", "chair") if seat is Approver.HEAD else ("chair", "head")
    own, other = getattr(PolicyDraft, f"{mine}_by"), getattr(PolicyDraft, f"{others}_by")
    return (
        select(func.count(PolicyDraft.id))
        .where(PolicyDraft.school_id == asking.school, own.is_(None), other.is_not(None), other != asking.account)
        .scalar_subquery()
    )
