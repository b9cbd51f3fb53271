"""Reading for a triage: what the record says, what it may go to, and what waits to be decided."""

import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, Row, Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from incidents.access import Right, Role, Sphere
from incidents.accounts.offices import role_label
from incidents.accounts.queries import names_of, seats, sitting
from incidents.accounts.viewer import Viewer
from incidents.casework.progress import moment_of
from incidents.casework.queries import barred_from, own_steps_due, steps_for, tonight
from incidents.citations.queries import power_policy
from incidents.citations.said import its_policy
from incidents.database import question
from incidents.decisions.models import Decision
from incidents.decisions.queries import all_current, history, still_standing
from incidents.matters.directions import direction_of
from incidents.matters.visibility import Asking, asked_by, deciders, seen_with, sees
from incidents.phrases import Phrase
from incidents.recording import queries as recording
from incidents.recording.hours import control_of, time_of
from incidents.recording.models import WAITS, Incident, Involvement, Particulars
from incidents.recording.pages import from_registers
from incidents.recording.words import FOUR_CS_LABELS, PART_LABELS, Danger, FourCs, Method, Part, PersonKind
from incidents.registers.beside import Said
from incidents.schools.calendar import SchoolCalendar
from incidents.schools.queries import calendar, pack_as, pack_of, this_school
from incidents.triage import motives
from incidents.triage.action_tests import TestName
from incidents.triage.answers import Circumstances
from incidents.triage.day_picture import DayPicture, picture_of
from incidents.triage.facts import BEHAVIOUR_POLICY
from incidents.triage.today import Item, incident_item, step_item

# Under which names a policy words the tests.
WORDED_AS = {TestName.RUNNING: "orderly", TestName.THREAT: "threat", TestName.REPUTATION: "reputation"}
NOT_ASKED = "not_asked"  # how an earlier answer is kept to what is no longer asked
DID_IT = (Part.ALLEGED, Part.AUTHOR)

# Whom a new case may be given to. A matter about the head stays with those who manage such matters.
OWNERS: dict[Sphere, tuple[Role, ...]] = {
    Sphere.PUPIL: (Role.DSL, Role.DEPUTY_DSL, Role.HEADTEACHER, Role.DEPUTY_HEAD, Role.HEAD_OF_YEAR),
    Sphere.ADULT: (Role.HEADTEACHER, Role.DEPUTY_HEAD, Role.DSL, Role.DEPUTY_DSL),
    Sphere.STAFF_CONDUCT: (Role.HEADTEACHER, Role.CASE_MANAGER, Role.DEPUTY_HEAD),
    Sphere.HEAD: (Role.CASE_MANAGER, Role.CHAIR, Role.VICE_CHAIR),
}

MOST_WAITING = 100


@dataclass(frozen=True)
class PossibleOwner:
    """Somebody who may be given the case."""

    account_id: uuid.UUID
    name: str
    role: str


def circumstances_of(incident: Incident) -> Circumstances:
    """What the record, the calendar and the pack say. Somebody alleged who also wrote the post is counted once."""
    held = recording.particulars(incident.id)
    involved = recording.involvements(incident.id)
    school = this_school()
    day = recording.day_of(incident, held, school)
    policy = power_policy(day, held.day_until or day)
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
        motives=pack_of(school).motives,
        governed=Role.GOVERNOR not in pack_of(school).offices_missing,
        policy=its_policy(policy.kind, policy.code) if policy else BEHAVIOUR_POLICY,
        policy_version=str(policy.version_id) if policy else "",
        wordings={test: policy.tests[key] for test, key in WORDED_AS.items() if policy and key in policy.tests},
    )


def kinds_in(matter_ids: Iterable[uuid.UUID]) -> list[tuple[str, str]]:
    """What was said of these incidents' kind and of what seems to be behind them, in words, each once."""
    asked = (motives.FOUR_CS, motives.MOTIVES)
    rows = [row for row in still_standing(history(matter_ids)) if row.question in asked and row.answer != NOT_ASKED]
    said = [_kind_said(row) for row in sorted(rows, key=lambda row: row.question)]
    return list(dict.fromkeys(said))


def _kind_said(row: Decision) -> tuple[str, str]:
    if row.question == motives.FOUR_CS:
        return "Kind", FOUR_CS_LABELS[FourCs(row.answer)]
    pack = pack_as(this_school(), row.pack_version)
    return "Seems to be behind it", motives.in_words(row.answer, row.reasons, pack.motives)


def _alleged(involved: Sequence[Any]) -> Counter[PersonKind]:
    who = {row.person_id or row.handle_id: PersonKind(row.person_kind) for row in involved if row.part in DID_IT}
    return Counter(who.values())


def _targets(involved: Sequence[Any]) -> frozenset[PersonKind]:
    return frozenset(PersonKind(row.person_kind) for row in involved if row.part == Part.TARGET)


# --- where it may go


def possible_owners(incident: Incident, viewer: Viewer) -> list[PossibleOwner]:
    """Who may be given the case: the roles that fit, without anybody in conflict. The usual one stands first."""
    roles = OWNERS[Sphere(incident.sphere)]
    seats_held, barred = sitting(roles, viewer.at), barred_from(incident, viewer.at)
    found: dict[uuid.UUID, PossibleOwner] = {}
    for role in roles:
        for seat in seats_held.get(role, ()):
            if not seat.persons & barred:
                found.setdefault(seat.account_id, PossibleOwner(seat.account_id, seat.name, role_label(role)))
    return list(found.values()) or [PossibleOwner(viewer.account_id, viewer.name, "you")]


# --- what waits


def needs_now(viewer: Viewer) -> list[Item]:
    """Undecided incidents that this viewer may see in full, and their own steps: the most serious first."""
    dates = calendar()
    steps = [
        step_item(each.step, each.case_id, each.reference, each.words, viewer.at, dates) for each in steps_for(viewer)
    ]
    return sorted([*_undecided(viewer, dates), *steps], key=lambda item: item.order)


def _undecided(viewer: Viewer, dates: SchoolCalendar) -> list[Item]:
    seen = _waiting(seen_with(viewer, Right.SEE_IN_FULL), seen_with(viewer, Right.DECIDE)).all()
    involved = _involved_in([incident.id for incident in seen])
    return [
        incident_item(
            line.incident.id,
            line.incident.reference,
            line.title,
            line.incident.recorded_at,
            direction_of(_alleged(involved[line.incident.id]), _targets(involved[line.incident.id]), line.method),
            line.danger,
            dates,
            decides=line.incident.decides,
        )
        for line in recording.lines(seen)
    ]


@question
def _waiting(seen: Any, decided: Any) -> Select[Any]:
    shown = (Incident.id, Incident.reference, Incident.recorded_at, decided.label("decides"))
    return select(*shown).where(WAITS, seen).order_by(Incident.recorded_at).limit(MOST_WAITING)


def _involved_in(ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[Row[Any]]]:
    found: dict[uuid.UUID, list[Row[Any]]] = {incident_id: [] for incident_id in ids}
    for row in _parts(ids):
        found[row.incident_id].append(row)
    return found


@question
def _parts(incident_ids: Any) -> Select[Any]:
    one = Involvement
    shown = (one.incident_id, one.person_id, one.handle_id, one.part, one.person_kind)
    return select(*shown).where(one.incident_id.in_(incident_ids), one.ended_at.is_(None))


_later = aliased(Particulars, flat=True)
_DANGER_IS_SAID = exists().where(
    Particulars.school_id == Incident.school_id,
    Particulars.incident_id == Incident.id,
    Particulars.danger != Danger.NO,
    ~exists().where(
        _later.school_id == Particulars.school_id,
        _later.incident_id == Particulars.incident_id,
        _later.number > Particulars.number,
    ),
)


def how_many_wait(viewer: Viewer) -> Phrase[int]:
    """The number on the tab: what needs this viewer now. Counted and not listed, because it stands on every page."""
    return asked_by(viewer, _how_many, tonight(viewer.at, this_school().timezone), kind=Integer())


def _how_many(asking: Asking, by: datetime) -> ColumnElement[int]:
    theirs = or_(sees(asking, Right.DECIDE), and_(sees(asking, Right.SEE_IN_FULL), _DANGER_IS_SAID))
    incidents = select(func.count()).select_from(Incident).where(WAITS, theirs)
    return incidents.scalar_subquery() + own_steps_due(asking, by)


# --- what the page shows


@dataclass(frozen=True)
class Card:
    """The incident as it stands beside the questions."""

    title: str
    danger: Danger
    spoken_to: str
    words: str
    additions: int
    facts: list[tuple[str, str]]
    files: int
    recorded: str
    registers: list[Said]


def card_of(incident: Incident, viewer: Viewer) -> Card:
    """What whoever decides reads first: the reporter's words, who is in it, whom they spoke to."""
    held = recording.particulars(incident.id)
    said = recording.statements(incident.id)
    reporter = names_of([incident.recorded_by]).get(incident.recorded_by) if incident.recorded_by else None
    people: dict[Part, list[str]] = {}
    shown = recording.shown_people(incident.id)
    for each in shown:
        people.setdefault(each.part, []).append(f"{each.name}, {each.as_was}" if each.as_was else each.name)
    facts = [("By", reporter)] if reporter else []
    return Card(
        title=recording.title_of(incident),
        danger=Danger(held.danger),
        spoken_to=held.spoken_to,
        words=said[0].words,
        additions=len(said) - 1,
        facts=facts + [(PART_LABELS[part], "; ".join(names)) for part, names in people.items()],
        files=recording.files_in(incident),
        recorded=moment_of(incident.recorded_at, calendar()),
        registers=from_registers(incident, viewer, held, shown),
    )


def day_of(incident: Incident) -> DayPicture | None:
    """The strip of the day on which it happened."""
    return picture_of(recording.happened(recording.particulars(incident.id)), calendar())


@dataclass(frozen=True)
class Earlier:
    """The decision that stands, for somebody who is about to put another in its place."""

    id: uuid.UUID
    answers: dict[str, Decision]
    sentence: str
    by: str
    when: str
    words: str


def earlier_of(incident: Incident) -> Earlier | None:
    """What was decided last; none before the first decision."""
    answers = all_current(incident)
    last = answers.get("disposition")
    if last is None:
        return None
    power = answers.get("power")
    return Earlier(
        id=last.id,
        answers=answers,
        sentence=power.sentence if power else "",
        by=names_of([last.by]).get(last.by, ""),
        when=moment_of(last.at, calendar()),
        words=last.words,
    )


def nobody_left(incident: Incident, at: datetime) -> bool:
    """Whether nobody in the school may decide it: then it is the outside body's."""
    return not deciders(incident, seats(at))
