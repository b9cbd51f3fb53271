"""A school that asks everybody to sign one policy, with a family of two children and two parents."""

from dataclasses import dataclass
from uuid import UUID

import pytest

from incidents.declarations import household_pages
from incidents.declarations.codes import USES_AN_HOUR, WRONG_AN_HOUR, Knocks
from incidents.policies.kinds import Audience
from tests.cast import Cast
from tests.declarations.asked import add_child, add_parent, adopt, ask


@dataclass(frozen=True)
class Round:
    """What is asked: of parents, staff and governors, the version in force."""

    parents: UUID
    staff: UUID
    governors: UUID
    version: UUID
    policy: UUID


@pytest.fixture
def asked(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Round:
    monkeypatch.setattr(household_pages, "_wrong", Knocks(WRONG_AN_HOUR))
    monkeypatch.setattr(household_pages, "_uses", Knocks(USES_AN_HOUR))
    with cast.here():
        add_child(cast, "ben", "Ben", "Fenwick")
        add_parent(cast, "mother", "Carys", "Fenwick", "ben")
        add_parent(cast, "father", "Dai", "Fenwick", "ben", "isla")
        version = adopt(cast)
        rows = [ask(cast, version, each).id for each in (Audience.PARENTS, Audience.STAFF, Audience.GOVERNORS)]
        return Round(*rows, version.id, version.policy_id)
