"""Putting a file with the evidence, looking at it, handing it out, and blanking what nobody should be looking at."""

from collections.abc import Sequence
from datetime import datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select

from incidents.accounts.queries import seats
from incidents.accounts.viewer import Viewer
from incidents.audit.actions import record
from incidents.errors import NotPossibleNow
from incidents.evidence.custody import Purpose
from incidents.evidence.models import Evidence, Sight
from incidents.evidence.queries import page_of, pictures_closed, sight, who_saw
from incidents.extensions import db
from incidents.files.models import File, FileState, Likeness
from incidents.matters.models import Matter
from incidents.notifications.actions import notify
from incidents.notifications.models import NoticeKind
from incidents.recording.actions import WHEN_RECORDED
from incidents.recording.models import Incident, Pictures
from incidents.recording.reach import who_has_it
from incidents.recording.words import Intimate
from incidents.schools.queries import this_school

CLOSED = (
    "No pictures are taken here: there is, or may be, an intimate image. The safeguarding lead can let in files that are "
    "not in question."
)
GONE = {
    FileState.BLANKED: "This file was blanked. Nobody can look at it.",
    FileState.DESTROYED: "This file was destroyed.",
}


def attach(matter: Matter, file: File, *, by: Viewer, at: datetime, step_id: UUID | None = None) -> Evidence:
    """Put a file of this matter with its evidence, under the next number. Refused while pictures are closed (domain 5)."""
    if pictures_closed(matter):
        raise NotPossibleNow(CLOSED)
    return _number(matter, file, _next_number(matter), by, at, step_id)


def number_what_came_with(incident: Incident, files: Sequence[File], by: Viewer, at: datetime) -> None:
    """The files of a draft that has become an incident get their numbers; blanked ones too, so that none is lost sight of."""
    for number, file in enumerate(files, start=1):
        _number(incident, file, number, by, at, None)


WHEN_RECORDED.append(number_what_came_with)


def _next_number(matter: Matter) -> int:
    # Two people adding at once take turns, so that no number is given twice.
    db.session.execute(select(Matter.id).where(Matter.id == matter.id).with_for_update(key_share=True))
    return (db.session.scalar(select(func.max(Evidence.number)).where(Evidence.matter_id == matter.id)) or 0) + 1


def _number(matter: Matter, file: File, number: int, by: Viewer, at: datetime, step_id: UUID | None) -> Evidence:
    evidence = Evidence(
        school_id=matter.school_id, matter_id=matter.id, file_id=file.id, number=number, step_id=step_id, by=by.account_id,
        at=at,
    )  # fmt: skip
    db.session.add(evidence)
    record("numbered", evidence, by=by.account_id, at=at, matter=matter.id, number=evidence.number)
    return evidence


def look(evidence: Evidence, page: int, *, by: Viewer, at: datetime) -> Likeness:
    """Record that this page is looked at, and only then give it. Raises `NotPossibleNow` for a blanked file."""
    file = _sealed(evidence)
    likeness, pages = page_of(file, page)
    record("looked", file, by=by.account_id, at=at, matter=evidence.matter_id, page=page, of=pages)
    return likeness


def hand_out(evidence: Evidence, purpose: Purpose, *, by: Viewer, at: datetime) -> File:
    """Record that the sealed original leaves the product, and for what. Raises `NotPossibleNow` for a blanked file."""
    file = _sealed(evidence)
    record("handed out", file, by=by.account_id, at=at, matter=evidence.matter_id, purpose=purpose)
    return file


def blank(matter: Matter, evidence: Evidence, *, by: Viewer, at: datetime) -> Sight:
    """Nobody should be looking at this: nobody can from here on, and nothing is destroyed (domain 5).

    Who had seen it is kept, pictures are closed for the incident or the whole case, those who safeguard and decide are
    alerted, and the clock for the police's advice runs to the end of the same day. Pressed twice it is done once.
    """
    file = _locked(evidence)
    if file.state == FileState.BLANKED and (already := sight(file)):
        return already
    if file.state != FileState.SEALED:
        raise NotPossibleNow(GONE[FileState(file.state)])
    seen_by = [str(account) for account in who_saw(file)]
    file.state = FileState.BLANKED
    kept = Sight(
        school_id=file.school_id, file_id=file.id, blanked_by=by.account_id, blanked_at=at, advice_due_at=_end_of_day(at),
        seen_by=seen_by,
    )  # fmt: skip
    db.session.add(kept)
    db.session.flush()
    record("blanked", file, by=by.account_id, at=at, matter=matter.id, seen_by=len(seen_by))
    _close(matter, by, at)
    return kept


def say_intimate(matter: Matter, answer: Intimate, *, by: Viewer, at: datetime) -> None:
    """The question before the file picker was not answered "no": no picture is taken, and those who safeguard are alerted."""
    record("answered", matter, by=by.account_id, at=at, matter=matter.id, question="intimate", answer=answer)
    if answer is not Intimate.NO:
        _close(matter, by, at)


def _close(matter: Matter, by: Viewer, at: datetime) -> None:
    """No more pictures for the incident, or for every incident of the case: which one it is about, nobody has said yet."""
    either = or_(Matter.id == matter.id, Matter.anchor_id == matter.id)
    for incident in db.session.scalars(select(Incident).where(either, Incident.pictures != Pictures.CLOSED)).all():
        incident.pictures = Pictures.CLOSED
        record("closed to pictures", incident, by=by.account_id, at=at, matter=incident.id)
    for holder in who_has_it(matter, seats(at)):
        notify(holder.account_id, NoticeKind.DANGER, at=at, matter_id=matter.id)


def _end_of_day(at: datetime) -> datetime:
    zone = ZoneInfo(this_school().timezone)
    return datetime.combine(at.astimezone(zone).date(), time(23, 59), zone)


def _locked(evidence: Evidence) -> File:
    """The file as it is at this moment; whoever blanks it waits for us, or we for them."""
    return db.session.scalars(
        select(File).where(File.id == evidence.file_id).with_for_update().execution_options(populate_existing=True)
    ).one()


def _sealed(evidence: Evidence) -> File:
    file = _locked(evidence)
    if file.state != FileState.SEALED:
        raise NotPossibleNow(GONE[FileState(file.state)])
    return file
