"""Reading what was recorded: one incident, lists of them, and who is in them."""

import json
import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row, Select, and_, exists, or_, select
from sqlalchemy.orm import aliased, with_polymorphic

from incidents.access import Permission, Right
from incidents.accounts.viewer import Viewer
from incidents.audit.queries import done_in
from incidents.database import question, remembered
from incidents.errors import NotFound
from incidents.extensions import db
from incidents.files.models import File, FileState
from incidents.matters.models import Matter, Told
from incidents.matters.visibility import Asking, asked_by, seen_with, sees
from incidents.people.matching import fold
from incidents.people.models import Handle, Person
from incidents.people.queries import identifications_of
from incidents.phrases import Phrase
from incidents.recording.headline import headline
from incidents.recording.hours import Control, Happened, WhenKind
from incidents.recording.lifecycle import IncidentState
from incidents.recording.models import Draft, Incident, Involvement, Particulars, Search, Statement, StatementKind
from incidents.recording.progress import Progress, progress_of
from incidents.recording.words import Danger, Method, Part
from incidents.schools.models import School

T = TypeVar("T")
PAGE = 25


@dataclass(frozen=True)
class Shown:
    """Somebody in an incident, as the full page shows them."""

    involvement: Involvement
    name: str
    as_was: str
    part: Part
    handle: Handle | None = None
    known_as: str = ""  # the account's name, once it is known whose it is
    because: str = ""


@dataclass(frozen=True)
class Line:
    """One incident in a list: no name, no picture."""

    incident: Any  # the incident, or what was read of it
    title: str
    method: Method
    danger: Danger


def own_draft(viewer: Viewer, draft_id: uuid.UUID) -> Draft:
    """A record that this account is writing or has sent. Another's is not there."""
    draft = _draft_of(draft_id, viewer.account_id).scalars().one_or_none()
    if draft is None:
        raise NotFound
    return draft


@question
def _draft_of(draft_id: Any, account_id: Any) -> Select[tuple[Draft]]:
    return select(Draft).where(Draft.id == draft_id, Draft.account_id == account_id, Draft.thrown_away_at.is_(None))


def unfinished(viewer: Viewer) -> Sequence[Draft]:
    """The records this account has begun and not sent, the last one first."""
    return _unfinished(viewer.school_id, viewer.account_id).scalars().all()


@question
def _unfinished(school_id: Any, account_id: Any) -> Select[tuple[Draft]]:
    return select(Draft).where(*_begun_by(school_id, account_id)).order_by(Draft.kept_at.desc())


def _begun_by(school_id: Any, account_id: Any) -> tuple[ColumnElement[bool], ...]:
    mine = and_(Draft.school_id == school_id, Draft.account_id == account_id)
    return mine, Draft.sent_at.is_(None), Draft.thrown_away_at.is_(None)


def sent_from(draft: Draft) -> Incident | None:
    """The incident that a draft became."""
    return db.session.scalars(select(Incident).where(Incident.draft_id == draft.id)).one_or_none()


def files_of_draft(draft: Draft) -> Sequence[File]:
    """What has arrived for a record that is not sent yet."""
    return _files_of_draft(draft.id).scalars().all()


@question
def _files_of_draft(draft_id: Any) -> Select[tuple[File]]:
    there = (File.draft_id == draft_id, File.state != FileState.DESTROYED)
    return select(File).where(*there).order_by(File.arrived_at, File.id)


def files_in(incident: Incident, *, by: uuid.UUID | None = None) -> int:
    """How many files it has; or how many of them one account added: its writer is told of no others."""
    arrived = remembered(("files in", incident.id), lambda: _arrived_in(incident.id).scalars().all())
    return len(arrived) if by is None else arrived.count(by)


@question
def _arrived_in(matter_id: Any) -> Select[tuple[uuid.UUID | None]]:
    return select(File.arrived_by).where(File.matter_id == matter_id)


def statements(incident_id: uuid.UUID) -> Sequence[Statement]:
    """Everything that was said, oldest first."""
    return remembered(("statements", incident_id), lambda: _statements(incident_id).scalars().all())


@question
def _statements(incident_id: Any) -> Select[tuple[Statement]]:
    return (
        select(Statement)
        .where(Statement.incident_id == incident_id)
        .order_by(Statement.at, Statement.kind != StatementKind.ORIGINAL, Statement.id)
    )


def particulars(incident_id: uuid.UUID) -> Particulars:
    """The particulars that hold. A page asks for them in several of its parts."""
    return all_particulars(incident_id)[0]


def all_particulars(incident_id: uuid.UUID) -> Sequence[Particulars]:
    """The particulars that hold, and before them those they took the place of, newest first."""
    return remembered(("particulars", incident_id), lambda: _all_particulars(incident_id).scalars().all())


@question
def _all_particulars(incident_id: Any) -> Select[tuple[Particulars]]:
    return select(Particulars).where(Particulars.incident_id == incident_id).order_by(Particulars.number.desc())


def searches(incident_id: uuid.UUID) -> list[tuple[Search, list[Search]]]:
    """What was searched or confiscated, as it is held to be now; with each what it took the place of, newest first."""
    rows = db.session.scalars(
        select(Search).where(Search.incident_id == incident_id).order_by(Search.at, Search.id)
    ).all()
    by_id = {row.id: row for row in rows}
    found = []
    for row in rows:
        if row.id not in {other.supersedes for other in rows}:
            earlier, each = [], row
            while each.supersedes:
                each = by_id[each.supersedes]
                earlier.append(each)
            found.append((row, earlier))
    return found


def search(incident: Incident, search_id: uuid.UUID) -> Search:
    """One search or confiscation of this incident, as it was written down at some time."""
    wanted = select(Search).where(Search.id == search_id, Search.incident_id == incident.id)
    found = db.session.scalars(wanted).one_or_none()
    if found is None:
        raise NotFound
    return found


def put_right_since(search: Search) -> bool:
    """Whether another took its place already."""
    return db.session.scalar(select(Search.id).where(Search.supersedes == search.id)) is not None


def happened(held: Particulars) -> Happened:
    """When it happened, for the rule of hours."""
    return Happened(WhenKind(held.when_kind), held.day_from, held.day_until, held.time_from, held.time_until)


def control(held: Particulars) -> Control:
    """Where those who did it were, for the rule of hours."""
    return Control(held.control)


def day_of(incident: Incident, held: Particulars, school: School) -> date:
    """The day by which somebody's status is judged: when it happened, else when it was recorded."""
    return held.day_from or incident.recorded_at.astimezone(ZoneInfo(school.timezone)).date()


def involvements(incident_id: uuid.UUID) -> Sequence[Involvement]:
    """Who is in it, as it is held to be now."""
    return [row for row, _, _ in _named_in([incident_id]) if row.ended_at is None]


def involvement(incident: Incident, involvement_id: uuid.UUID) -> Involvement:
    """One standing involvement of this incident."""
    return _there(row for row in involvements(incident.id) if row.id == involvement_id)


_ORDER = {part: place for place, part in enumerate(Part)}


def shown_people(incident_id: uuid.UUID) -> list[Shown]:
    """Everybody in it with their name, target first."""
    return shown_in([incident_id])[incident_id]


def shown_in(incident_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Shown]]:
    """Everybody in each of these incidents, read in a few statements however many there are."""
    return remembered(("shown in", *incident_ids), lambda: _shown_in(incident_ids))


def _shown_in(incident_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Shown]]:
    named = _named_in(incident_ids)
    held = [row for row, _, _ in named]
    rows = [row for row in held if row.ended_at is None]
    names = {entry.id: _name(entry, one) for _, entry, one in named if entry and one}
    # An account that proved to be somebody's was put right: its own row ended when theirs took its place.
    earlier = {row.superseded_by: row.handle_id for row in held if row.superseded_by and row.handle_id}
    handle_ids = {row.handle_id or earlier.get(row.id) for row in rows} - {None}
    wanted = select(Handle).where(Handle.id.in_(handle_ids))
    handles = {handle.id: handle for handle in db.session.scalars(wanted)} if handle_ids else {}
    said = identifications_of(handles)
    # Whose account it is holds everywhere; how it became known is for those who may read where it was said.
    said_in = done_in([each.id for each in said.values()], "identified") if said else set()
    found: dict[uuid.UUID, list[Shown]] = {incident_id: [] for incident_id in incident_ids}
    for row in rows:
        handle = handles.get(row.handle_id or earlier.get(row.id))  # type: ignore[arg-type]  # None is no handle's id
        if row.person_id:
            why = said.get(handle.id) if handle else None
            because = why.reason if why and (why.id, row.incident_id) in said_in else ""
            known_as = handle.name if handle else ""
            each = Shown(row, names[row.person_id], row.as_was, Part(row.part), handle, known_as, because)
        else:
            each = Shown(row, f"“{handle.name}”" if handle else "", "unknown account", Part(row.part), handle)
        found[row.incident_id].append(each)
    return {key: sorted(several, key=lambda each: _ORDER[each.part]) for key, several in found.items()}


def _named_in(incident_ids: Collection[uuid.UUID]) -> Sequence[Row[tuple[Involvement, Person | None, Person | None]]]:
    """Who is or was in these: with the entry of a person, and the one that stands for all of theirs."""
    return remembered(("named in", *incident_ids), lambda: _involved_in(incident_ids).all())


@question
def _involved_in(incident_ids: Any) -> Select[Any]:
    entry, one = aliased(Person), aliased(Person)
    return (
        select(Involvement, entry, one)
        .outerjoin(entry, and_(entry.school_id == Involvement.school_id, entry.id == Involvement.person_id))
        .outerjoin(one, and_(one.school_id == entry.school_id, one.id == entry.one_id))
        .where(Involvement.incident_id.in_(incident_ids))
        .order_by(Involvement.part, Involvement.at, Involvement.id)
    )


def _name(entry: Person, one: Person) -> str:
    """The name; of an entry that proved to be somebody's, theirs, with what was written at first."""
    if entry.id == one.id or fold(entry.name) == fold(one.name):
        return entry.name
    return f"{one.name} (written as “{entry.name}”)"


def shown(incident: Incident, involvement_id: uuid.UUID) -> Shown:
    """One standing involvement with its name."""
    return _there(each for each in shown_people(incident.id) if each.involvement.id == involvement_id)


def handle_in(incident: Incident, handle_id: uuid.UUID) -> Handle:
    """An account that stands in this incident, whether or not it is known whose it is."""
    return _there(each.handle for each in shown_people(incident.id) if each.handle and each.handle.id == handle_id)


def _there(found: Iterable[T]) -> T:
    for each in found:
        return each
    raise NotFound


# --- lists


def lines(incidents: Sequence[Any]) -> list[Line]:
    """The incidents with their headings, read in a few statements however many there are."""
    ids = [incident.id for incident in incidents]
    held = {row.incident_id: row for row in _headed(ids)}
    years = years_of(ids)
    return [_line(incident, held[incident.id], years.get(incident.id, ())) for incident in incidents]


def _line(incident: Any, held: Row[Any], years: Iterable[str]) -> Line:
    method = Method(held.method)
    return Line(incident, headline(method, held.platform, years), method, Danger(held.danger))


@question
def _headed(incident_ids: Any) -> Select[Any]:
    shown = (Particulars.incident_id, Particulars.method, Particulars.platform, Particulars.danger)
    return select(*shown).where(Particulars.incident_id.in_(incident_ids)).order_by(Particulars.number)


def title_of(incident: Incident) -> str:
    """What the incident is called, without a name. Its pages have read what that says already."""
    held = particulars(incident.id)
    years = {row.year_group for row in involvements(incident.id) if row.year_group}
    return headline(Method(held.method), held.platform, years)


def years_of(ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, set[str]]:
    """The year groups of the pupils in each of these."""
    found: dict[uuid.UUID, set[str]] = {}
    for incident_id, year in _years(list(ids)).tuples():
        found.setdefault(incident_id, set()).add(year)
    return found


@question
def _years(incident_ids: Any) -> Select[tuple[uuid.UUID, str]]:
    here = (Involvement.incident_id.in_(incident_ids), Involvement.ended_at.is_(None), Involvement.year_group != "")
    return select(Involvement.incident_id, Involvement.year_group).where(*here)


def follows_own(viewer: Viewer) -> Phrase[bool] | bool:
    """Whether this account has a use for the page of its own records; who works on cases only if there are any."""
    return asked_by(viewer, _follows_own) if viewer.may(Permission.WORK) else True


def _follows_own(asking: Asking) -> ColumnElement[bool]:
    mine = (Matter.school_id == asking.school, Matter.kind == "incident", Matter.recorded_by == asking.account)
    begun = exists().where(*_begun_by(asking.school, asking.account))
    return or_(begun, exists().where(*mine, sees(asking, Right.SEE_OWN_WORDS)))


def is_about(viewer: Viewer) -> Phrase[bool]:
    """Whether anything concerns the viewer as `about` lists it."""
    return asked_by(viewer, _is_about)


def _is_about(asking: Asking) -> ColumnElement[bool]:
    return exists().where(Matter.school_id == asking.school, sees(asking, Right.SEE_WHAT_WAS_SAID_TO_THEM))


def about(viewer: Viewer) -> list[Matter]:
    """What concerns the viewer as a target, a witness or family that was told: one for all that hangs together."""
    found: dict[uuid.UUID, Matter] = {}
    for matter in db.session.scalars(
        select(Matter)
        .where(seen_with(viewer, Right.SEE_WHAT_WAS_SAID_TO_THEM))
        .order_by(Matter.recorded_at.desc(), Matter.id.desc())
    ):
        if matter.anchor_id not in found or matter.kind == "incident":
            found[matter.anchor_id] = matter
    return list(found.values())


def told(incident: Matter, persons: Iterable[uuid.UUID]) -> Sequence[Told]:
    """What the school said to these persons about it, newest first."""
    return db.session.scalars(
        select(Told)
        .where(Told.matter_id.in_({incident.id, incident.anchor_id}), Told.person_id.in_(list(persons)))
        .order_by(Told.at.desc())
    ).all()


def case_of(incident: Matter) -> Matter | None:
    """The case it is in, or is. Read as a matter: cases are a later slice's."""
    if incident.anchor_id == incident.id:
        return incident if incident.kind == "case" else None
    anchor = incident.anchor_id
    return remembered(("case of", anchor), lambda: _whole_matter(anchor).scalars().one_or_none())


@question
def _whole_matter(matter_id: Any) -> Select[tuple[Matter]]:
    """With what only a case has: read on its own, that is another statement."""
    whole = with_polymorphic(Matter, "*", flat=True)
    return select(whole).where(whole.id == matter_id)


def progress(matter: Matter) -> Progress:
    """How far it has got, in words that tell nothing about anybody."""
    return progress_in(matter, case_of(matter))


def progress_in(matter: Any, case: Matter | None) -> Progress:
    """The same, where its case was read already."""
    state = getattr(matter, "state", "") if matter.kind == "incident" else IncidentState.IN_CASE
    return progress_of(state, getattr(case, "state", None), getattr(case, "outcome", None))


def as_text(held: Particulars) -> str:
    """The particulars as one text, for the log's digest."""
    names = [column.key for column in Particulars.__table__.columns if column.key not in ("salt", "id", "school_id")]
    return json.dumps({name: str(getattr(held, name)) for name in names}, sort_keys=True)
