"""A record being written: begun, kept page by page from any device, thrown away. The first half of the slice's actions."""

import uuid
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from incidents.access import CHAIN, SAFEGUARDING_ROLES, Sphere
from incidents.accounts.queries import seats
from incidents.accounts.viewer import Viewer
from incidents.audit.actions import record
from incidents.database import current_school, lock
from incidents.errors import NotPossibleNow
from incidents.extensions import db
from incidents.files.models import FileState, Likeness
from incidents.notifications.actions import notify
from incidents.notifications.models import NoticeKind
from incidents.people.queries import same_as, staff_named
from incidents.recording import queries
from incidents.recording.models import Draft
from incidents.recording.spheres import CONFLICT_OF
from incidents.recording.two_hands import Kept, holds, laid_together
from incidents.recording.words import Intimate, Part

# What a draft holds besides its pages.
PEOPLE = "people"
ORIGINS = "origins"  # file -> where it comes from, if not from where the others do
STAMPS = "stamps"  # page -> field -> the version in which it last changed
NOT_ASKED = frozenset({"asked_on", "part", "q", "kind"})  # no answers that could differ: how far somebody got in adding
BESIDE = "beside"  # what another device wrote in a field, kept until the writer has put it away


def start_draft(*, by: Viewer, at: datetime, draft_id: uuid.UUID | None = None) -> Draft:
    """Begin a record. The same id twice is the same draft, so that a double press begins one."""
    if draft_id is not None:
        begun = db.session.scalars(select(Draft).where(Draft.id == draft_id)).one_or_none()
        if begun is not None:
            if begun.account_id != by.account_id:
                raise NotPossibleNow(
                    "This page belongs to somebody else’s record. Start again from “Record an incident”."
                )
            return begun
    draft = Draft(
        school_id=current_school(),
        id=draft_id or uuid.uuid4(),
        account_id=by.account_id,
        answers={},
        started_at=at,
        kept_at=at,
    )
    db.session.add(draft)
    db.session.flush()
    record("began", draft, by=by.account_id, at=at)
    return draft


def _lock(draft: Draft) -> None:
    """The draft as it is at this moment; who keeps it on another device waits for us, or we for them."""
    lock(draft)
    if draft.sent_at is not None:
        raise NotPossibleNow("This record was sent already. Add to it from its own page.")


def keep_draft(draft: Draft, answers: Mapping[str, Any], at: datetime) -> None:
    """Keep what was typed so far. Not an act that the log needs: nobody but the writer sees it."""
    _lock(draft)
    draft.answers = {**draft.answers, **answers}
    draft.version, draft.kept_at = draft.version + 1, at


def keep_page(
    draft: Draft, page: str, typed: Kept, *, at: datetime, seen: int | None = None, texts: Collection[str] = ()
) -> bool:
    """Keep one page as it was typed. `seen` is the version that this device was shown; what another device has written since
    is kept beside it, where it differs. Gives whether there is such a text now that was not there before."""
    _lock(draft)
    stamps = dict(draft.answers.get(STAMPS) or {})
    own = dict(stamps.get(page) or {})
    elsewhere = {name for name, version in own.items() if seen is not None and version > seen} - NOT_ASKED
    together = laid_together(draft.answers.get(page) or {}, typed, elsewhere, texts)
    draft.kept_at = at
    if page in draft.answers and not together.changed:
        return False
    draft.version += 1
    stamps[page] = {**own, **dict.fromkeys(together.changed, draft.version)}
    beside = _beside(draft, page, together.beside, texts)
    draft.answers = {**draft.answers, page: together.fields, STAMPS: stamps, BESIDE: beside}
    return bool(together.beside)


def _beside(draft: Draft, page: str, more: Mapping[str, list[str]], texts: Collection[str]) -> list[dict[str, Any]]:
    """What stands beside, with what comes to it. A text that a later one holds is not kept twice."""
    kept = [
        each
        for each in draft.answers.get(BESIDE) or []
        if not (
            each["page"] == page
            and each["field"] in more
            and (
                more[each["field"]] == each["values"]
                or (each["field"] in texts and holds(more[each["field"]], each["values"]))
            )
        )
    ]
    return kept + [{"key": _key(), "page": page, "field": name, "values": values} for name, values in more.items()]


def put_away(draft: Draft, key: str, at: datetime) -> None:
    """The writer has seen a text that stood beside, and does not need it."""
    left = [each for each in draft.answers.get(BESIDE) or [] if each["key"] != key]
    keep_draft(draft, {BESIDE: left}, at)


def name_somebody(draft: Draft, person: Mapping[str, str], at: datetime) -> None:
    """One more in it. A double press adds once, and two devices lose nobody."""
    _lock(draft)
    people = list(draft.answers.get(PEOPLE) or [])
    if dict(person) not in [{name: value for name, value in each.items() if name != "key"} for each in people]:
        keep_draft(draft, {PEOPLE: [*people, {**person, "key": _key()}]}, at)


def unname(draft: Draft, key: str, at: datetime) -> None:
    """Somebody is taken out again."""
    _lock(draft)
    keep_draft(draft, {PEOPLE: [each for each in draft.answers.get(PEOPLE) or [] if each["key"] != key]}, at)


def keep_origin(draft: Draft, file_id: uuid.UUID, said: Kept, at: datetime) -> None:
    """Where one file comes from, which is not what was said of the others."""
    _lock(draft)
    keep_draft(draft, {ORIGINS: {**(draft.answers.get(ORIGINS) or {}), str(file_id): dict(said)}}, at)


def _key() -> str:
    return uuid.uuid4().hex[:8]


def throw_draft_away(draft: Draft, *, by: Viewer, at: datetime) -> None:
    """The writer does not want it. Its words go; files that came with it are blanked, and kept until they may be destroyed."""
    if draft.sent_at is not None:
        raise NotPossibleNow("This record was sent already. It can’t be thrown away.")
    draft.answers, draft.thrown_away_at = {}, at
    _blank_files_of(draft, by, at)
    record("threw away", draft, by=by.account_id, at=at)


def answer_intimate(draft: Draft, answer: Intimate, *, by: Viewer, at: datetime) -> None:
    """The question before the file picker. Unless it is "no", pictures that came are blanked at once and the safeguarding
    leads are alerted, before anything is sent (domain 5)."""
    kept = dict(draft.answers.get("evidence") or {})
    if kept.get("intimate") == [answer.value]:
        return
    keep_draft(draft, {"evidence": {**kept, "intimate": [answer.value]}}, at)
    record("answered", draft, by=by.account_id, at=at, question="intimate", answer=answer.value)
    if answer is not Intimate.NO:
        _blank_files_of(draft, by, at)
        for account_id in _to_alert(draft, at):
            notify(account_id, NoticeKind.DANGER, at=at)


def _to_alert(draft: Draft, at: datetime) -> list[uuid.UUID]:
    """The safeguarding leads, without those whom the record names or may mean, and without their family: it will not be
    theirs to know. Nobody left: the first who would decide it."""
    named = _conflicted(draft, at)
    free = {
        role: [seat.account_id for seat in several if not (seat.persons | seat.family) & named]
        for role, several in seats(at).items()
    }
    leads = [account_id for role in SAFEGUARDING_ROLES for account_id in free.get(role, ())]
    return leads or next((free[role] for role in CHAIN[Sphere.PUPIL] if free.get(role)), [])


def _conflicted(draft: Draft, at: datetime) -> frozenset[uuid.UUID]:
    """The persons who are in what is being written, and those whom a typed name may well mean."""
    found: set[uuid.UUID] = set()
    for each in draft.answers.get(PEOPLE) or []:
        if Part(each["part"]) in CONFLICT_OF:
            name = each["handle_name"] or f"{each['given_name']} {each['family_name']}".strip()
            found |= {uuid.UUID(each["person_id"])} if each["person_id"] else set(staff_named(name, at.date()))
    return same_as(found)


def must_be_open(draft: Draft, at: datetime) -> None:
    """Files may come only to a record that is not sent, and whose writer answered "no" to the question before the picker.

    The draft is kept with the file that comes.
    """
    lock(draft)
    kept = draft.answers.get("evidence") or {}
    if draft.sent_at is not None or kept.get("intimate") != [Intimate.NO.value]:
        raise NotPossibleNow("No files are taken for this record now.")
    draft.kept_at = at


def take_out(draft: Draft, file_id: uuid.UUID | None, *, by: Viewer, at: datetime) -> None:
    """The writer takes a file back before anything is sent: its key goes, and with it the file."""
    for file in queries.files_of_draft(draft):
        if file.id == file_id:
            file.state, file.wrapped_key = FileState.DESTROYED, None
            for likeness in db.session.scalars(select(Likeness).where(Likeness.file_id == file.id)):
                likeness.wrapped_key = None
            record("took out", file, by=by.account_id, at=at)


def _blank_files_of(draft: Draft, by: Viewer, at: datetime) -> None:
    for file in queries.files_of_draft(draft):
        if file.state == FileState.SEALED:
            file.state = FileState.BLANKED
            record("blanked", file, by=by.account_id, at=at)
