"""Whom an incident reaches: what follows from who is in it, and who has it before them now."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from incidents.access import CHAIN, SAFEGUARDING_ROLES, Basis, Role
from incidents.accounts.offices import role_label
from incidents.accounts.queries import holders, persons_of_accounts
from incidents.accounts.viewer import Seat
from incidents.audit.models import AuditEntry
from incidents.audit.queries import acts_in
from incidents.extensions import db
from incidents.matters.models import Matter
from incidents.matters.visibility import deciders, safeguarders
from incidents.people.kinds import PersonKind
from incidents.people.models import Handle, Person
from incidents.people.queries import staff_named, statuses_of, working_of
from incidents.recording.models import Incident
from incidents.recording.queries import day_of, involvements, particulars
from incidents.recording.spheres import Involved
from incidents.recording.words import Part
from incidents.schools.models import School

DECIDING = tuple(dict.fromkeys(role for chain in CHAIN.values() for role in chain))


def involved_in(incident: Incident) -> list[Involved]:
    """Who is in it, for the rule of spheres: whether they work here, and whom a typed name may well mean."""
    held = particulars(incident.id)
    day = day_of(incident, held, db.session.get_one(School, incident.school_id))
    today = max(day, incident.recorded_at.date())
    rows = involvements(incident.id)
    ids = [row.person_id for row in rows if row.person_id]
    working = working_of(ids, day, today)
    known = statuses_of(ids, day)
    found = []
    for row in rows:
        names = ""
        if row.handle_id:
            names = db.session.get_one(Handle, (row.school_id, row.handle_id)).name
        elif row.person_id and known[row.person_id].kind is PersonKind.PUBLIC and row.person_id not in working:
            names = db.session.get_one(Person, (row.school_id, row.person_id)).name
        may_be = frozenset([*staff_named(names, day), *staff_named(names, today)]) if names else frozenset()
        found.append(
            Involved(Part(row.part), PersonKind(row.person_kind), row.person_id, row.person_id in working, may_be)
        )
    return found


def heads(at: datetime) -> set[uuid.UUID]:
    """The persons who are the headteacher now."""
    accounts = [account.id for _, account in holders(Role.HEADTEACHER, at=at)]
    return {person for persons in persons_of_accounts(accounts).values() for person in persons}


@dataclass(frozen=True)
class Holder:
    """Somebody who has an incident before them."""

    account_id: uuid.UUID
    name: str
    role: Role
    bases: frozenset[Basis]

    @property
    def role_words(self) -> str:
        """Their role, as it stands after a name."""
        return role_label(self.role).lower()

    @property
    def words(self) -> str:
        """Name and role."""
        return f"{self.name}, {self.role_words}"


def who_has_it(incident: Matter, sitting: Mapping[Role, Sequence[Seat]]) -> list[Holder]:
    """Who of those in office decides it and who safeguards in it, each once. Empty: nobody in the school may take it."""
    bases = {
        Basis.SAFEGUARDING: set(safeguarders(incident, sitting)),
        Basis.DECIDER: set(deciders(incident, sitting)),
    }
    found: dict[uuid.UUID, Holder] = {}
    for role in (*SAFEGUARDING_ROLES, *DECIDING):
        for seat in sitting.get(role, ()):
            held = frozenset(basis for basis, accounts in bases.items() if seat.account_id in accounts)
            if held and seat.account_id not in found:
                found[seat.account_id] = Holder(seat.account_id, seat.name, role, held)
    return list(found.values())


def looks_by(incident: Incident, person_id: uuid.UUID) -> list[AuditEntry]:
    """What a person did in an incident before it was known that it is about them, for whoever manages it."""
    accounts = persons_of_accounts(account.id for _, account in holders(*Role, at=incident.recorded_at))
    theirs = {account for account, persons in accounts.items() if person_id in persons}
    return [act for act in acts_in(incident.id) if act.actor_id in theirs]
