"""Recording an incident, and adding to it. Nothing already said is overwritten."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select

from incidents.access import Sphere
from incidents.accounts.queries import seats
from incidents.accounts.viewer import Viewer
from incidents.audit.actions import record
from incidents.database import lock
from incidents.errors import NotFound, NotPossibleNow, Refused
from incidents.extensions import db
from incidents.files.actions import say_origin
from incidents.files.models import File
from incidents.matters.actions import new_reference
from incidents.people.actions import add_handle, add_person, identify
from incidents.people.kinds import PERSON_KIND_LABELS
from incidents.people.models import Handle
from incidents.people.queries import on_list, status_of
from incidents.recording import queries, reach
from incidents.recording.answers import Answers, Named
from incidents.recording.findable import make_findable
from incidents.recording.keeping import answer_intimate as answer_intimate
from incidents.recording.keeping import start_draft as start_draft
from incidents.recording.lifecycle import IncidentState
from incidents.recording.models import (
    Draft,
    Incident,
    Involvement,
    Particulars,
    Pictures,
    Search,
    Statement,
    StatementKind,
)
from incidents.recording.searches import Searched, searched_in
from incidents.recording.settling import RETENTION, settle_again, settle_first, tell
from incidents.recording.words import Danger, Intimate, Part
from incidents.schools.queries import this_school

# What later slices do when a draft becomes an incident: evidence numbers the files that came with it.
WHEN_RECORDED: Final[list[Callable[[Incident, Sequence[File], Viewer, datetime], None]]] = []


def record_incident(draft: Draft, answers: Answers, *, by: Viewer, at: datetime) -> Incident:
    """Make the draft an incident and put it before those who decide. The same draft twice is the same incident."""
    lock(draft)
    if already := queries.sent_from(draft) if draft.sent_at else None:
        return already
    if draft.thrown_away_at is not None:
        raise NotPossibleNow("This record was thrown away.")
    incident = _begun(draft, answers, by, at)
    _say(incident, StatementKind.ORIGINAL, answers.words, by, at)
    held = _write_particulars(incident, _first_particulars(answers), by, at)
    with db.session.no_autoflush:  # nothing of what is asked here was written above: all is written at once, last
        known = reach.as_known(incident, held, (named.person_id for named in answers.people))
        sitting, files = seats(at), queries.files_of_draft(draft)
    involved = [_involve(incident, named, known, by, at) for named in answers.people]
    if answers.search:
        say_searched(incident, answers.search, by=by, at=at)
    _take_files(files, incident, answers, by, at)
    urgent = answers.danger is not Danger.NO or answers.intimate is not Intimate.NO
    settle_first(incident, involved, known, sitting, urgent=urgent, by=by.account_id, at=at)
    draft.sent_at, draft.answers = at, {}
    accounts = (words for named in answers.people for words in named.account)
    make_findable(incident, answers.words, answers.platform, answers.account_name, answers.url, *accounts, first=True)
    return incident


def _begun(draft: Draft, answers: Answers, by: Viewer, at: datetime) -> Incident:
    year, reference = new_reference(at, this_school())
    new_id = uuid.uuid4()
    incident = Incident(
        school_id=draft.school_id, id=new_id, anchor_id=new_id, reference=reference, reference_year=year, draft_id=draft.id,
        sphere=Sphere.PUPIL, recorded_by=by.account_id, recorded_at=at, retention_class=RETENTION[Sphere.PUPIL],
        state=IncidentState.RECORDED, pictures=Pictures.OPEN if answers.intimate is Intimate.NO else Pictures.CLOSED,
    )  # fmt: skip
    db.session.add(incident)
    db.session.flush()  # first: what refers to a row that is not there yet has SQLite look through every table for it
    record("recorded", incident, by=by.account_id, at=at, matter=incident.id)
    return incident


def _first_particulars(answers: Answers) -> dict[str, Any]:
    happened = answers.happened
    return {
        "danger": answers.danger, "when_kind": happened.kind, "day_from": happened.day_from, "day_until": happened.day_until,
        "time_from": happened.time_from, "time_until": happened.time_until, "control": answers.control,
        "platform": answers.platform, "method": answers.method, "account_name": answers.account_name, "url": answers.url,
        "spoken_to": answers.spoken_to, "intimate": answers.intimate, "device": answers.device,
        "paper_by": answers.paper_by, "paper_on": answers.paper_on, "paper_at": answers.paper_at,
    }  # fmt: skip


def _take_files(files: Sequence[File], incident: Incident, answers: Answers, by: Viewer, at: datetime) -> None:
    for file in files:
        file.draft_id, file.matter_id = None, incident.id
        record("came with", file, by=by.account_id, at=at, matter=incident.id)
        origin = answers.origins.get(file.id, answers.origin)
        if origin.said:
            say_origin(file, origin, by=by, at=at)
    for act in WHEN_RECORDED:
        act(incident, files, by, at)


def add_words(incident: Incident, kind: StatementKind, words: str, *, by: Viewer, at: datetime) -> Statement:
    """Add to what was said, or correct it beside. The original stays as it was."""
    if kind is StatementKind.ORIGINAL:
        raise Refused("There is one original. Add to it, or correct it.", "kind")
    if not words.strip():
        raise Refused("Write what you want to add.", "words")
    said = _say(incident, kind, words, by, at)
    make_findable(incident, said.words)
    return said


def _say(incident: Incident, kind: StatementKind, words: str, by: Viewer, at: datetime) -> Statement:
    said = Statement(
        school_id=incident.school_id, incident_id=incident.id, kind=kind, words=words.strip(), by=by.account_id, at=at
    )
    db.session.add(said)
    record("said", said, by=by.account_id, at=at, matter=incident.id, field="words", after=said.words, kind_of=kind)
    return said


def correct_particulars(
    incident: Incident, changes: Mapping[str, Any], reason: str, *, by: Viewer, at: datetime
) -> Particulars:
    """Put right when, where or how. A new row beside the old ones; the reason is kept with it."""
    if not reason.strip():
        raise Refused("Say why this is put right. What stood before is kept beside it.", "reason")
    held = queries.particulars(incident.id)
    before = {name: getattr(held, name) for name in _PARTICULARS}
    if unknown := set(changes) - set(before):
        raise ValueError(f"no such particulars: {unknown}")
    after = {**before, **changes}
    if after == before:
        raise Refused("Nothing was changed.", "reason")
    written = _write_particulars(incident, after, by, at, number=held.number + 1, reason=reason.strip(), was=held)
    if after["intimate"] != Intimate.NO and before["intimate"] == Intimate.NO:
        incident.pictures = Pictures.CLOSED
        record("closed to pictures", incident, by=by.account_id, at=at, matter=incident.id)
        tell(incident, reach.who_has_it(incident, seats(at)), urgent=True, at=at)
    make_findable(incident, written.platform, written.account_name, written.url)
    settle_again(incident, by.account_id, at)
    return written


_PARTICULARS = (
    "danger", "when_kind", "day_from", "day_until", "time_from", "time_until", "control", "platform", "method",
    "account_name", "url", "spoken_to", "intimate", "device", "paper_by", "paper_on", "paper_at",
)  # fmt: skip


def _write_particulars(
    incident: Incident, values: Mapping[str, Any], by: Viewer, at: datetime, *, number: int = 1, reason: str = "",
    was: Particulars | None = None,
) -> Particulars:  # fmt: skip
    written = Particulars(
        school_id=incident.school_id,
        incident_id=incident.id,
        number=number,
        by=by.account_id,
        at=at,
        reason=reason,
        **values,
    )
    db.session.add(written)
    record(
        "wrote down" if was is None else "put right", written, by=by.account_id, at=at, matter=incident.id, field="particulars",
        before=queries.as_text(was) if was else None, after=queries.as_text(written), number=number,
    )  # fmt: skip
    return written


def say_searched(
    incident: Incident,
    searched: Searched,
    *,
    by: Viewer,
    at: datetime,
    instead_of: Search | None = None,
    reason: str = "",
) -> Search:
    """What was searched or confiscated. Put right, the new stands beside the old, with the reason."""
    before = searched_in(instead_of) if instead_of else None
    if instead_of and not reason.strip():
        raise Refused("Say why this is put right.", "reason")
    if searched == before:
        raise Refused("Nothing was changed.", "reason")
    if instead_of and queries.put_right_since(instead_of):
        raise NotPossibleNow("Somebody put this right just now. Load the page again to see what they wrote.")
    search = Search(
        school_id=incident.school_id, incident_id=incident.id, by=by.account_id, at=at, reason=reason.strip(),
        supersedes=instead_of.id if instead_of else None, **asdict(searched),
    )  # fmt: skip
    db.session.add(search)
    record(
        "put right" if instead_of else "wrote down", search, by=by.account_id, at=at, matter=incident.id, field="search",
        before=before.as_text() if before else None, after=searched.as_text(), did=searched.did,
    )  # fmt: skip
    return search


def involve(incident: Incident, named: Named, *, by: Viewer, at: datetime) -> Involvement:
    """Say that somebody more is in it. Whoever is alleged stops seeing it with this very act."""
    known = reach.as_known(incident, queries.particulars(incident.id), [named.person_id])
    involvement = _involve(incident, named, known, by, at)
    make_findable(incident, *named.account)
    settle_again(incident, by.account_id, at)
    return involvement


def _involve(incident: Incident, named: Named, known: reach.AsKnown, by: Viewer, at: datetime) -> Involvement:
    person_id, handle_id, kind, was, year, form = named.person_id, None, named.kind, "", "", ""
    if named.handle_name.strip():
        handle_id = _handle(named, by, at).id
        was = "unknown account"
    elif person_id is None:
        person_id = add_person(named.given_name, named.family_name, by=by.account_id, at=at).id
        was = PERSON_KIND_LABELS[kind]
    else:
        if person_id not in known.people:
            raise Refused("That person is no longer on the list. Find them again.", "people")
        status = known.people[person_id].status
        kind, was, year, form = status.kind, status.as_was, status.year_group, status.form
    return _add_involvement(
        incident, by, at, person_id=person_id, handle_id=handle_id, part=named.part, person_kind=kind, as_was=was,
        year_group=year, form=form,
    )  # fmt: skip


def _handle(named: Named, by: Viewer, at: datetime) -> Handle:
    """The account, the same one as in earlier incidents if it bears the same name on the same platform."""
    platform, name = named.handle_platform.strip(), named.handle_name.strip()
    known = db.session.scalars(select(Handle).where(Handle.platform == platform, Handle.name == name)).first()
    return known or add_handle(platform, name, by=by.account_id, at=at)


def _add_involvement(incident: Incident, by: Viewer, at: datetime, **values: Any) -> Involvement:
    involvement = Involvement(school_id=incident.school_id, incident_id=incident.id, by=by.account_id, at=at, **values)
    db.session.add(involvement)
    record("involved", involvement, by=by.account_id, at=at, matter=incident.id, part=involvement.part)
    return involvement


def put_right(
    incident: Incident, involvement: Involvement, part: Part | None, reason: str, *, by: Viewer, at: datetime
) -> Involvement | None:
    """Give somebody another part, or (None) say that they were not in it. The reason stands with the words of the record."""
    if involvement.incident_id != incident.id or involvement.ended_at is not None:
        raise NotPossibleNow("This was put right already. Load the page again.")
    if not reason.strip():
        raise Refused("Say why this is put right.", "reason")
    taken = None
    if part is not None:
        taken = _copy_of(involvement, incident, by, at, part=part)
    _end(incident, involvement, taken, by, at)
    add_words(incident, StatementKind.CORRECTION, reason, by=by, at=at)
    settle_again(incident, by.account_id, at)
    return taken


def _copy_of(involvement: Involvement, incident: Incident, by: Viewer, at: datetime, **changes: Any) -> Involvement:
    same = ("person_id", "handle_id", "part", "person_kind", "year_group", "form", "as_was")
    return _add_involvement(incident, by, at, **{**{name: getattr(involvement, name) for name in same}, **changes})


def _end(incident: Incident, old: Involvement, new: Involvement | None, by: Viewer, at: datetime) -> None:
    old.ended_at, old.superseded_by = at, new.id if new else None
    record("put right", old, by=by.account_id, at=at, matter=incident.id, part=new.part if new else "none")


def identify_handle(
    incident: Incident,
    handle: Handle,
    person_id: uuid.UUID,
    reason: str,
    *,
    by: Viewer,
    at: datetime,
) -> None:
    """Say whose account it is. It holds wherever the account is: access changes there with this very act."""
    if not reason.strip():
        raise Refused("Say how it is known whose account this is.", "reason")
    try:
        person = on_list(person_id)
    except NotFound:
        raise Refused("Find the person on the list first.", "person") from None
    identify(handle, person, reason.strip(), by=by.account_id, at=at, matter=incident.id)
    for standing in _standing_for(handle):
        where = db.session.get_one(Incident, (handle.school_id, standing.incident_id))
        status = status_of(person_id, queries.day_of(where, queries.particulars(where.id), this_school()))
        known = _copy_of(
            standing, where, by, at, person_id=person_id, handle_id=None, person_kind=status.kind, as_was=status.as_was,
            year_group=status.year_group, form=status.form,
        )  # fmt: skip
        _end(where, standing, known, by, at)
        settle_again(where, by.account_id, at)


def _standing_for(handle: Handle) -> list[Involvement]:
    """The involvements that stand for an account now: the account's own, and those of whoever it was taken for before."""
    rows = list(db.session.scalars(select(Involvement).where(Involvement.handle_id == handle.id)))
    standing = []
    while rows:
        standing += [row for row in rows if row.ended_at is None]
        later = [row.superseded_by for row in rows if row.superseded_by]
        rows = list(db.session.scalars(select(Involvement).where(Involvement.id.in_(later)))) if later else []
    return standing


def reopen_pictures(incident: Incident, *, by: Viewer, at: datetime) -> None:
    """The safeguarding lead lets files in again, for those that are not in question."""
    if incident.pictures != Pictures.CLOSED:
        raise NotPossibleNow("Pictures can be added to this incident already.")
    incident.pictures = Pictures.REOPENED
    record("reopened to pictures", incident, by=by.account_id, at=at, matter=incident.id)
