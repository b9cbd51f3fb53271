"""Who is in a case, who can open it, who can be given it, and whom the school may tell."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, or_, select

from incidents.access import CHAIN, PERMISSIONS, SAFEGUARDING_ROLES, Basis, Permission, Role, Sphere
from incidents.accounts.models import Account
from incidents.accounts.queries import holders, names_of, seats, viewers_in
from incidents.audit.queries import acts_in
from incidents.casework.established import findings_about
from incidents.casework.findings import SAID_TO_HAVE_DONE_IT, Subject
from incidents.casework.models import Case
from incidents.casework.queries import in_conflict, incidents_of
from incidents.casework.words import Finding
from incidents.database import question
from incidents.extensions import db
from incidents.matters.models import Capacity, Grant, Matter
from incidents.matters.visibility import deciders, standings
from incidents.people.kinds import PersonKind
from incidents.people.queries import Contact, contacts_of_each
from incidents.recording.models import Incident
from incidents.recording.queries import Shown, shown_in
from incidents.recording.words import Part

SIGHT = (Capacity.PANEL, Capacity.INVESTIGATOR, Capacity.ADVISER)


def people_to_choose(
    matter: Matter, at: datetime, permission: Permission = Permission.DO_STEPS
) -> list[tuple[uuid.UUID, str]]:
    """Who can be given a step or the case: account and name, without those in conflict with it."""
    roles = [role for role in Role if permission in PERMISSIONS[role]]
    accounts = {account.id: account.name for _, account in holders(*roles, at=at)}
    barred = in_conflict(matter, list(accounts), at)
    return sorted(((key, name) for key, name in accounts.items() if key not in barred), key=lambda pair: pair[1])


def first_decider(matter: Matter, at: datetime) -> uuid.UUID | None:
    """Who decides the matter now; None when it is the outside body's."""
    found = deciders(matter, seats(at))
    return found[0] if found else None


def first_safeguarder(matter: Matter, at: datetime) -> uuid.UUID | None:
    """The safeguarding lead, or a deputy, who is free of conflict and may see the matter."""
    if matter.sphere != Sphere.PUPIL:
        return None
    held = [account.id for _, account in holders(*SAFEGUARDING_ROLES, at=at)]
    barred = in_conflict(matter, held, at)
    return next((account for account in held if account not in barred), None)


def touched(case: Case) -> set[uuid.UUID]:
    """The accounts that did anything in the case or its incidents, or were given any of it: not for its panel or appeal."""
    matters = [case.id, *(incident.id for incident in incidents_of(case))]
    acted = {entry.actor_id for matter_id in matters for entry in acts_in(matter_id) if entry.actor_id}
    given = select(Grant.account_id).where(Grant.matter_id.in_(matters), Grant.capacity != Capacity.PANEL)
    return acted | set(db.session.scalars(given))


BASIS_WORDS = {
    Basis.DECIDER: "decides",
    Basis.SAFEGUARDING: "safeguarding",
    Basis.YEAR: "head of the year",
    Basis.OWNER: "owns the case",
    Basis.DELEGATE: "decides in the headteacher’s place",
    Basis.READER: "may read it, until the date given",
    Basis.STEP: "their own step only",
}


def who_sees(case: Case, at: datetime) -> list[tuple[str, str]]:
    """The name of each account that can open the case now, and how they come to it; asked of the rule itself."""
    roles = {role for chain in CHAIN.values() for role in chain} | {*SAFEGUARDING_ROLES, Role.HEAD_OF_YEAR}
    viewers = viewers_in(roles, dict(_ever_given(case.id).tuples().all()), at)
    found = []
    for viewer, held in zip(viewers, standings(viewers, case, tuple(BASIS_WORDS)), strict=True):
        bases = [basis for basis in BASIS_WORDS if held and basis in held.bases]
        fuller = [basis for basis in bases if basis is not Basis.STEP] or bases
        if fuller:
            found.append((viewer.name, ", ".join(BASIS_WORDS[basis] for basis in fuller)))
    return sorted(found)


@question
def _ever_given(case_id: Any) -> Select[tuple[uuid.UUID, str]]:
    """The accounts that were ever given any of it, by name."""
    given = Account.id.in_(select(Grant.account_id).where(Grant.matter_id == case_id))
    return select(Account.id, Account.name).where(given, Account.disabled_at.is_(None))


@dataclass(frozen=True)
class InCase:
    """Somebody in a case, and whom we may tell about them; contacts are those of a pupil."""

    shown: Shown
    incident_id: uuid.UUID
    contacts: tuple[Contact, ...]


def people_in(case: Case, at: datetime) -> list[InCase]:
    """Everybody involved in the case's incidents, each once for each part, targets first."""
    incidents = [incident.id for incident in incidents_of(case)]
    shown = shown_in(incidents)
    rows = [each.involvement for several in shown.values() for each in several]
    pupils = {row.person_id for row in rows if row.person_id and row.person_kind == PersonKind.PUPIL}
    contacts = contacts_of_each(pupils, at.date())
    found: dict[tuple[object, str], InCase] = {}
    for incident_id in incidents:
        for each in shown[incident_id]:
            row = each.involvement
            told = contacts.get(row.person_id, []) if row.person_id and row.person_kind == PersonKind.PUPIL else []
            found.setdefault((row.person_id or row.handle_id, row.part), InCase(each, incident_id, tuple(told)))
    return sorted(found.values(), key=lambda each: list(Part).index(each.shown.part))


@dataclass(frozen=True)
class Given:
    """Sight of a case that was given for a purpose and a period, and has not ended."""

    grant_id: uuid.UUID
    name: str
    capacity: Capacity
    ends: datetime | None


def sight_given(case: Case, at: datetime) -> list[Given]:
    """Who may read the case now by a permission of its own."""
    rows = db.session.scalars(
        select(Grant)
        .where(Grant.matter_id == case.id, Grant.capacity.in_(SIGHT), or_(Grant.ends.is_(None), Grant.ends > at))
        .order_by(Grant.starts)
    ).all()
    names = names_of(row.account_id for row in rows)
    return [Given(row.id, names.get(row.account_id, ""), Capacity(row.capacity), row.ends) for row in rows]


def subjects_of(case: Case) -> list[Subject]:
    """About whom a finding is asked, by name, with the finding that stands."""
    shown = [each for several in shown_in([row.id for row in incidents_of(case)]).values() for each in several]
    did_it = [each for each in shown if each.part in SAID_TO_HAVE_DONE_IT]
    named = sorted((each.involvement for each in did_it), key=lambda row: (row.at, row.id))
    known = {each.involvement.person_id: each for each in did_it if each.involvement.person_id}
    accounts = sorted({each.name for each in did_it if not each.involvement.person_id})
    found = []
    for about, row in findings_about(case, (each.person_id for each in named)).items():
        name, as_was = (known[about].name, known[about].as_was) if about else (", ".join(accounts), "")
        said = (Finding(row.answer), row.words) if row else (None, "")
        found.append(Subject(about, name, as_was or ("nobody knows whose account it is" if name else ""), *said))
    return sorted(found, key=lambda each: (each.about is None, each.name))


def people_to_tell(case: Case, at: datetime) -> dict[uuid.UUID, tuple[Incident, str]]:
    """Whom the school may tell: by person, the incident it concerns and words to choose by.

    Those involved, and a pupil's people with parental responsibility; never somebody marked "do not tell". An adult who is
    said to have done it is told by letter and in person, not here.
    """
    incidents = {incident.id: incident for incident in incidents_of(case)}
    found: dict[uuid.UUID, tuple[Incident, str]] = {}
    for each in people_in(case, at):
        row, incident = each.shown.involvement, incidents[each.incident_id]
        if row.person_id and (row.person_kind == PersonKind.PUPIL or row.part not in (Part.ALLEGED, Part.AUTHOR)):
            found.setdefault(row.person_id, (incident, f"{each.shown.name}, {each.shown.as_was}"))
        for contact in each.contacts:
            if contact.parental_responsibility and not contact.do_not_tell:
                found.setdefault(
                    contact.person_id, (incident, f"{contact.name}, {contact.relation} of {each.shown.name}")
                )
    barred = {contact.person_id for each in people_in(case, at) for contact in each.contacts if contact.do_not_tell}
    return {person: told for person, told in found.items() if person not in barred}
