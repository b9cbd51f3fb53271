"""Reading for a triage: what the record says, what it may go to, and what waits to be decided."""

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import aliased

from incidents.access import ROLE_LABELS, Right, Role, Sphere
from incidents.accounts.queries import holders
from incidents.accounts.viewer import Viewer
from incidents.casework.models import CaseIncident
from incidents.casework.queries import cases_to_join, in_conflict
from incidents.extensions import db
from incidents.matters.visibility import seen_with
from incidents.recording import queries as recording
from incidents.recording.hours import control_of, time_of
from incidents.recording.lifecycle import IncidentState
from incidents.recording.models import Incident, Involvement
from incidents.recording.words import Danger, Direction, Method, Part, PersonKind
from incidents.schools.queries import calendar, pack_of, this_school
from incidents.triage.answers import Circumstances, direction_of

DID_IT = (Part.ALLEGED, Part.AUTHOR)

# Whom a new case may be given to. A matter about the head stays with those who manage such matters.
OWNERS: dict[Sphere, tuple[Role, ...]] = {
    Sphere.PUPIL: (Role.DSL, Role.DEPUTY_DSL, Role.HEADTEACHER, Role.DEPUTY_HEAD, Role.HEAD_OF_YEAR),
    Sphere.ADULT: (Role.HEADTEACHER, Role.DEPUTY_HEAD, Role.DSL, Role.DEPUTY_DSL),
    Sphere.STAFF_CONDUCT: (Role.HEADTEACHER, Role.CASE_MANAGER, Role.DEPUTY_HEAD),
    Sphere.HEAD: (Role.CASE_MANAGER, Role.CHAIR, Role.VICE_CHAIR),
}

MOST_CASES = 50
MOST_WAITING = 100

_STAFF_FIRST = frozenset(
    {
        Direction.STAFF_CONDUCT,
        Direction.STAFF_CONTACT,
        Direction.STAFF_TO_STAFF,
        Direction.GOVERNOR_OR_VOLUNTEER,
    }
)


@dataclass(frozen=True)
class PossibleCase:
    """An open case that this incident may belong to; `shares` says why it is likely, in words without a name."""

    case_id: uuid.UUID
    reference: str
    title: str
    shares: str


@dataclass(frozen=True)
class PossibleOwner:
    """Somebody who may be given the case."""

    account_id: uuid.UUID
    name: str
    role: str


@dataclass(frozen=True)
class Undecided:
    """An incident that waits for a first decision. `decides`: whether it waits for this very viewer."""

    line: recording.Line
    direction: Direction
    danger: Danger
    decides: bool


def circumstances_of(incident: Incident) -> Circumstances:
    """What the record, the calendar and the pack say. Somebody alleged who also wrote the post is counted once."""
    held = recording.particulars(incident.id)
    involved = recording.involvements(incident.id)
    school = this_school()
    return Circumstances(
        time=time_of(recording.happened(held), calendar()),
        control=control_of(recording.control(held)),
        alleged=_alleged(involved),
        targets=_targets(involved),
        method=Method(held.method),
        grounds=pack_of(school).grounds,
        nation=school.nation,
        day_from=held.day_from,
        day_until=held.day_until,
    )


def _alleged(involved: Sequence[Involvement]) -> Counter[PersonKind]:
    who = {row.person_id or row.handle_id: PersonKind(row.person_kind) for row in involved if row.part in DID_IT}
    return Counter(who.values())


def _targets(involved: Sequence[Involvement]) -> frozenset[PersonKind]:
    return frozenset(PersonKind(row.person_kind) for row in involved if row.part == Part.TARGET)


# --- where it may go


def possible_cases(viewer: Viewer, incident: Incident) -> list[PossibleCase]:
    """The open cases that it may be put in, those with somebody in both first; a case out of the viewer's sight never."""
    cases = cases_to_join(viewer, incident)[:MOST_CASES]
    shared = _people_shared(incident, [case.id for case in cases])
    found = [PossibleCase(case.id, case.reference, case.title, _shares(shared[case.id])) for case in cases]
    return sorted(found, key=lambda each: shared[each.case_id], reverse=True)


def _people_shared(incident: Incident, case_ids: Sequence[uuid.UUID]) -> Counter[uuid.UUID]:
    """For each case, how many of the incident's people are in its incidents too."""
    here, there = aliased(Involvement), aliased(Involvement)
    rows = db.session.execute(
        select(CaseIncident.case_id, there.person_id)
        .join(there, (there.school_id == CaseIncident.school_id) & (there.incident_id == CaseIncident.incident_id))
        .join(here, (here.school_id == there.school_id) & (here.person_id == there.person_id))
        .where(
            here.incident_id == incident.id,
            here.ended_at.is_(None),
            there.ended_at.is_(None),
            CaseIncident.unlinked_at.is_(None),
            CaseIncident.case_id.in_(case_ids),
        )
        .distinct()
    ).all()
    return Counter(case_id for case_id, _ in rows)


def _shares(count: int) -> str:
    if not count:
        return ""
    return "one person is in both" if count == 1 else f"{count} people are in both"


def possible_owners(incident: Incident, viewer: Viewer) -> list[PossibleOwner]:
    """Who may be given the case: the roles that fit, without anybody in conflict. The usual one stands first."""
    held = holders(*OWNERS[Sphere(incident.sphere)], at=viewer.at)
    barred = in_conflict(incident, [account.id for _, account in held], viewer.at)
    found: dict[uuid.UUID, PossibleOwner] = {}
    for membership, account in held:
        if account.id not in barred:
            owner = PossibleOwner(account.id, account.name, ROLE_LABELS[Role(membership.role)])
            found.setdefault(account.id, owner)
    return list(found.values()) or [PossibleOwner(viewer.account_id, viewer.name, "you")]


# --- what waits


def undecided(viewer: Viewer) -> list[Undecided]:
    """What has come in and was not decided yet, of what this viewer may see in full: the most serious first.

    In danger before perhaps in danger, what is alleged of adults in school before the rest, then the oldest.
    """
    query = select(Incident).where(Incident.state == IncidentState.RECORDED)
    seen = db.session.scalars(
        query.where(seen_with(viewer, Right.SEE_IN_FULL)).order_by(Incident.recorded_at).limit(MOST_WAITING)
    ).all()
    theirs = set(
        db.session.scalars(
            select(Incident.id).where(Incident.state == IncidentState.RECORDED, seen_with(viewer, Right.DECIDE))
        )
    )
    involved = _involved_in(seen)
    found = [
        Undecided(
            line,
            direction_of(
                _alleged(involved[line.incident.id]),
                _targets(involved[line.incident.id]),
                Method(line.particulars.method),
            ),
            Danger(line.particulars.danger),
            line.incident.id in theirs,
        )
        for line in recording.lines(seen)
    ]
    return sorted(found, key=_seriousness)


def _seriousness(each: Undecided) -> tuple[int, bool, object]:
    return (list(Danger).index(each.danger), each.direction not in _STAFF_FIRST, each.line.incident.recorded_at)


def _involved_in(incidents: Sequence[Incident]) -> dict[uuid.UUID, list[Involvement]]:
    found: dict[uuid.UUID, list[Involvement]] = {incident.id: [] for incident in incidents}
    for row in db.session.scalars(
        select(Involvement).where(Involvement.incident_id.in_(found), Involvement.ended_at.is_(None))
    ):
        found[row.incident_id].append(row)
    return found


def how_many_wait(viewer: Viewer) -> int:
    """How many incidents wait for this viewer's decision: part of the number on the tab."""
    return len(
        db.session.scalars(
            select(Incident.id)
            .where(Incident.state == IncidentState.RECORDED, seen_with(viewer, Right.DECIDE))
            .limit(MOST_WAITING)
        ).all()
    )
