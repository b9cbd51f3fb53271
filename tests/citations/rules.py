"""Rules for the tests of citing: as plain values, and as the rows of a policy in versions."""

import uuid
from datetime import date
from typing import Any

from incidents.citations.suggesting import Happening, Rule
from incidents.database import writing
from incidents.extensions import db
from incidents.matters.words import Direction, Method
from incidents.people.kinds import PersonKind
from incidents.policies.kinds import Audience, Force, PolicyKind
from incidents.policies.models import Clause, Policy, PolicyVersion
from tests.cast import Cast

OCTOBER = date(2026, 10, 12)


def rule(code: str = "4.2", **but: Any) -> Rule:
    """A ban for staff, in force since 2020."""
    usual: dict[str, Any] = {
        "clause_id": uuid.uuid4(), "policy_id": uuid.UUID(int=1), "kind": PolicyKind.SOCIAL_MEDIA, "title": "Social media",
        "number": 1, "code": code, "audiences": frozenset({Audience.STAFF}), "force": Force.MUST_NOT,
        "wording": "Write to a pupil privately.", "starts": date(2020, 9, 1),
    }  # fmt: skip
    return Rule(**usual | but)


def happening(**but: Any) -> Happening:
    """A member of staff who wrote to a pupil, on one day in October."""
    usual: dict[str, Any] = {
        "first": OCTOBER, "last": OCTOBER, "known": True, "direction": Direction.STAFF_CONTACT,
        "alleged": frozenset({PersonKind.STAFF}), "method": Method.DIRECT_MESSAGE,
    }  # fmt: skip
    return Happening(**usual | but)


def adopt(
    cast: Cast, *clauses: dict[str, Any], since: date = date(2020, 9, 1), number: int = 1,
    policy_id: uuid.UUID | None = None, kind: str = "social_media", tests: dict[str, str] | None = None,
) -> tuple[uuid.UUID, list[uuid.UUID]]:  # fmt: skip
    """A version of a policy with these clauses, as rows; the policy's id and the clauses'. Inside `cast.here()`."""
    school = {"school_id": cast.school_id}
    title = f"{kind.replace('_', ' ').capitalize()} policy"
    with writing(audited=False):
        if policy_id is None:
            policy = Policy(**school, id=uuid.uuid4(), kind=kind, title=title)
            db.session.add(policy)
            policy_id = policy.id
        version = PolicyVersion(
            **school, id=uuid.uuid4(), policy_id=policy_id, number=number, title=title, adopted_on=since,
            in_force_from=since, review_on=None, adopted_before="by the governors, on paper", changed="", intro="",
            outro="", tests=tests or {}, before_posting={}, signatories=[], source="", source_says="",
        )  # fmt: skip
        db.session.add(version)
        rows = [_clause(cast, version.id, place, given) for place, given in enumerate(clauses, 1)]
        db.session.add_all(rows)
        return policy_id, [row.id for row in rows]


def _clause(cast: Cast, version_id: uuid.UUID, place: int, given: dict[str, Any]) -> Clause:
    usual: dict[str, Any] = {
        "code": f"4.{place}", "audiences": ["pupils"], "force": "must_not", "wording": "Be unkind in a group chat.",
        "towards": [], "exceptions": [], "seriousness": "usual", "directions": ["pupil_to_pupil"], "methods": ["group_chat"],
        "keywords": [], "workflow": "", "permission": "",
    }  # fmt: skip
    return Clause(school_id=cast.school_id, id=uuid.uuid4(), version_id=version_id, place=place, **usual | given)
