"""Whom an incident reaches: what follows from who is in it, and who has it before them now."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from incidents.access import CHAIN, SAFEGUARDING_ROLES, Basis, Role
from incidents.accounts.offices import role_label
from incidents.accounts.queries import holders, persons_of_accounts
from incidents.accounts.viewer import Seat
from incidents.audit.models import AuditEntry
from incidents.audit.queries import acts_in
from incidents.extensions import db
from incidents.matters import visibility
from incidents.matters.models import Matter
from incidents.people.kinds import PersonKind
from incidents.people.models import Handle, Person
from incidents.people.queries import NOBODY_TO_THE_SCHOOL, Known, known_of, staff_named
from incidents.recording.models import Incident, Involvement, Particulars
from incidents.recording.queries import day_of
from incidents.recording.spheres import Involved
from incidents.recording.words import Part
from incidents.schools.queries import this_school

# Everybody in office, in the order in which those who have an incident before them are named.
IN_OFFICE = tuple(dict.fromkeys((*SAFEGUARDING_ROLES, *(role for chain in CHAIN.values() for role in chain))))


@dataclass(frozen=True)
class AsKnown:
    """What the list of people says of those in an incident, on the days by which they are judged."""

    day: date  # when it happened
    today: date  # when it was recorded, if that was later
    people: Mapping[uuid.UUID, Known]


def as_known(incident: Incident, held: Particulars, person_ids: Iterable[uuid.UUID | None]) -> AsKnown:
    """Read of all of them at once; those who are not on the list are left out."""
    day = day_of(incident, held, this_school())
    today = max(day, incident.recorded_at.date())
    return AsKnown(day, today, known_of([person_id for person_id in person_ids if person_id], day, today))


def involved_in(rows: Iterable[Involvement], known: AsKnown) -> list[Involved]:
    """Who is in it, for the rule of spheres: whether they work here, and whom a typed name may well mean."""
    found = []
    for row in rows:
        each = known.people.get(row.person_id, _NEW) if row.person_id else _NEW
        names = _typed(row, each)
        may_be = {*staff_named(names, known.day), *staff_named(names, known.today)} if names else ()
        found.append(
            Involved(Part(row.part), PersonKind(row.person_kind), row.person_id, each.works_here, frozenset(may_be))
        )
    return found


_NEW = Known(NOBODY_TO_THE_SCHOOL)


def _typed(row: Involvement, each: Known) -> str:
    """The name of an account, or of somebody who is nothing to the school: it may be another name for somebody who is."""
    if row.person_id and (each.works_here or each.status.kind is not PersonKind.PUBLIC):
        return ""
    db.session.flush()  # who was typed in a moment ago is asked for like everybody
    if row.handle_id:
        return db.session.get_one(Handle, (row.school_id, row.handle_id)).name
    return db.session.get_one(Person, (row.school_id, row.person_id)).name


def heads_among(sitting: Mapping[Role, Sequence[Seat]]) -> set[uuid.UUID]:
    """The persons who are the headteacher."""
    return {person for seat in sitting.get(Role.HEADTEACHER, ()) for person in seat.persons}


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


def who_has_it(
    incident: Matter, sitting: Mapping[Role, Sequence[Seat]], named: Iterable[tuple[uuid.UUID, str]] | None = None
) -> list[Holder]:
    """Who of those in office decides it and who safeguards in it, each once. Empty: nobody in the school may take it.

    `named` are the persons in conflict with what hangs together with it, and why, from whoever knows them already.
    """
    have = visibility.before_whom(incident, sitting, named)
    found: dict[uuid.UUID, Holder] = {}
    for role in IN_OFFICE:
        for seat in sitting.get(role, ()):
            bases = frozenset(basis for basis, accounts in have.items() if seat.account_id in accounts)
            if bases:
                found.setdefault(seat.account_id, Holder(seat.account_id, seat.name, role, bases))
    return list(found.values())


def looks_by(incident: Incident, person_id: uuid.UUID) -> list[AuditEntry]:
    """What a person did in an incident before it was known that it is about them, for whoever manages it."""
    accounts = persons_of_accounts(account.id for _, account in holders(*Role, at=incident.recorded_at))
    theirs = {account for account, persons in accounts.items() if person_id in persons}
    return [act for act in acts_in(incident.id) if act.actor_id in theirs]
