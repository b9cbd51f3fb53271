"""Who is asking, as known at this very request."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from incidents.access import Permission, Role, permissions_of


@dataclass(frozen=True)
class Seat:
    """Somebody who holds a role: the persons they are, and those close to them."""

    account_id: uuid.UUID
    name: str
    phone: str
    persons: frozenset[uuid.UUID]
    family: frozenset[uuid.UUID]


@dataclass(frozen=True, eq=False)  # one and the same asks: what was worked out for them is kept by who they are
class Viewer:
    """An account in one school, with its roles and the persons it is or is close to, read afresh for each request."""

    account_id: uuid.UUID
    school_id: uuid.UUID
    name: str
    roles: frozenset[Role]
    person_ids: frozenset[uuid.UUID]
    family_ids: frozenset[uuid.UUID]
    at: datetime
    year_groups: frozenset[str] = field(default_factory=frozenset)
    seats: Mapping[Role, Sequence[Seat]] = field(
        default_factory=dict
    )  # who decides and who safeguards, they among them

    def may(self, permission: Permission) -> bool:
        """Whether any of their roles opens this."""
        return permission in permissions_of(self.roles)
