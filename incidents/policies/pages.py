"""What the pages of policies show, read from the rows."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from incidents.access import Permission
from incidents.accounts.queries import names_of
from incidents.accounts.viewer import Viewer
from incidents.policies import queries, versions
from incidents.policies.kinds import (
    AUDIENCE_LABELS,
    BREACHABLE,
    FORCE_LABELS,
    PERMIT_LABELS,
    POLICY_KIND_LABELS,
    SERIOUSNESS_LABELS,
    Audience,
    Force,
    Permit,
    PolicyKind,
    Seriousness,
)
from incidents.policies.models import Clause, Policy, PolicyDraft, PolicyVersion
from incidents.policies.reading import Question
from incidents.policies.versions import day_words, is_past_review


@dataclass(frozen=True)
class Listed:
    """One policy in the list: what holds now, what its review says, what is being written."""

    policy: Policy
    kind: str
    now: PolicyVersion | None
    coming: PolicyVersion | None
    draft: PolicyDraft | None
    review: str
    is_late: bool


def listed(viewer: Viewer, today: date) -> list[Listed]:
    """Every policy that this person may know of: one that is only a draft is known to those who write and approve."""
    every, drafts = queries.all_versions(), viewer.may(Permission.READ_DRAFTS)
    holding = {version.policy_id: version for version in versions.in_force(every, today)}
    coming = {version.policy_id: version for version in reversed(every) if version.in_force_from > today}
    return [
        Listed(
            policy, POLICY_KIND_LABELS[PolicyKind(policy.kind)], now, coming.get(policy.id), draft if drafts else None,
            review_words(now.review_on, today) if now else "", is_past_review(now.review_on, today) if now else False,
        )
        for policy, draft in queries.policies_with_drafts()
        if (now := holding.get(policy.id)) or policy.id in coming or drafts
    ]  # fmt: skip


def in_short(found: Sequence[Listed]) -> str:
    """How many are in force, and how many reviews are late."""
    late, held = sum(each.is_late for each in found), sum(each.now is not None for each in found)
    reviews = f" {'One review is' if late == 1 else f'{late} reviews are'} overdue." if late else ""
    return f"{held} in force.{reviews}" if found else "None yet."


def review_words(review_on: date | None, today: date) -> str:
    """When it is to be looked at again. Past that day it stays in force, and says so."""
    if review_on is None:
        return "No day is set for a review."
    if is_past_review(review_on, today):
        return f"Its review was due on {day_words(review_on)}. Until a new version is adopted it stays in force."
    return f"Its review is due on {day_words(review_on)}."


@dataclass(frozen=True)
class Shown:
    """A clause as a page shows it."""

    clause: Clause
    force: str
    breachable: bool
    also: str  # whom it speaks to besides those under whose heading it stands
    seriousness: str
    lifted_by: str


@dataclass(frozen=True)
class Group:
    """The clauses under one heading, and those under other headings that speak to the same people too."""

    audience: Audience
    label: str
    clauses: tuple[Shown, ...]
    elsewhere: tuple[str, ...]


def grouped(clauses: Sequence[Clause]) -> list[Group]:
    """By the first of whom each speaks to; every audience has its heading, and names the clauses that stand elsewhere."""
    groups = []
    for audience in Audience:
        own = [clause for clause in clauses if clause.audiences[0] == audience]
        elsewhere = [clause.code for clause in clauses if audience in clause.audiences[1:]]
        if own or elsewhere:
            shown = tuple(_shown(clause) for clause in own)
            groups.append(Group(audience, AUDIENCE_LABELS[audience], shown, tuple(elsewhere)))
    return groups


def _shown(clause: Clause) -> Shown:
    also = [AUDIENCE_LABELS[Audience(each)].lower() for each in clause.audiences[1:]]
    return Shown(
        clause, FORCE_LABELS[Force(clause.force)], clause.force in BREACHABLE,
        " and ".join(filter(None, [", ".join(also[:-1]), *also[-1:]])),
        SERIOUSNESS_LABELS[Seriousness(clause.seriousness)] if clause.seriousness != Seriousness.USUAL else "",
        PERMIT_LABELS[Permit(clause.permission)] if clause.permission else "",
    )  # fmt: skip


def history(policy_id: uuid.UUID) -> list[tuple[PolicyVersion, date | None, str]]:
    """The versions of a policy, the newest first: each with the last day it is in force, and who approved it."""
    every = queries.versions_of(policy_id)
    names = names_of([account for version in every for account in (version.head_by, version.chair_by)])
    return [(version, versions.last_day(version, every), approved(version, names)) for version in every]


def approved(version: PolicyVersion, names: dict[uuid.UUID, str]) -> str:
    """Who approved a version, in words. What was adopted before the product came says so, and by whom."""
    both = [names.get(account, "somebody") for account in (version.head_by, version.chair_by) if account]
    said = f"Approved here by {' and '.join(both)}." if both else ""
    before = (
        f"Adopted before the school used Incident Book. {version.adopted_before}." if version.adopted_before else ""
    )
    return " ".join(filter(None, [before, said]))


@dataclass(frozen=True)
class Asked:
    """A question of a policy in force, with the clauses that speak of it."""

    question: Question
    version: PolicyVersion
    clauses: tuple[Clause, ...]


def before_posting(today: date) -> tuple[list[Asked], list[str], list[Shown]]:
    """The questions that the policies in force ask, their rules of thumb, and the clauses for staff that can be breached."""
    holding = queries.in_force(today)
    clauses = queries.clauses_of([version.id for version in holding])
    asked, rules = [], []
    for version in holding:
        if rule := version.before_posting.get("rule"):
            rules.append(rule)
        for row in version.before_posting.get("questions", ()):
            question = Question(row["ask"], row["wary"], row["think"], tuple(row.get("clauses", ())))
            asked.append(Asked(question, version, tuple(_spoken_of(clauses, version, question.clauses))))
    binding = [
        _shown(clause) for clause in clauses if Audience.STAFF in clause.audiences and clause.force in BREACHABLE
    ]
    return asked, rules, binding


def _spoken_of(clauses: Iterable[Clause], version: PolicyVersion, codes: Sequence[str]) -> list[Clause]:
    return [clause for clause in clauses if clause.version_id == version.id and clause.code in codes]
