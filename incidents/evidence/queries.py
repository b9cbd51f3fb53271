"""The evidence of a matter, and a file's custody as the audit log tells it."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Result, Select, and_, or_, select

from incidents.access import Right
from incidents.accounts.queries import names_of
from incidents.accounts.viewer import Viewer
from incidents.audit.models import AuditEntry
from incidents.audit.queries import acts_on
from incidents.database import question
from incidents.errors import NotFound
from incidents.evidence.custody import CUSTODY_WORDS, PURPOSE_LABELS, SAW
from incidents.evidence.models import Evidence, Sight
from incidents.extensions import db
from incidents.files.models import File, Likeness, Provenance
from incidents.files.origins import Origin, origin_of
from incidents.files.queries import likenesses, provenances
from incidents.matters.models import Matter
from incidents.matters.visibility import seen_with
from incidents.recording.models import Incident, Pictures


@dataclass(frozen=True)
class Exhibit:
    """A piece of evidence with its file and the matter it lies in."""

    evidence: Evidence
    file: File
    matter: Matter
    said: tuple[Provenance, ...] = ()  # where it comes from, the newest saying first

    @property
    def code(self) -> str:
        """E1, E2 … of its matter."""
        return f"E{self.evidence.number}"

    @property
    def origin(self) -> Origin:
        """Where it comes from, as it is said now."""
        return origin_of(self.said[0]) if self.said else Origin()


@dataclass(frozen=True)
class Act:
    """One line of a file's custody."""

    at: datetime
    what: str
    who: str
    why: str


def shelf(matter: Matter, viewer: Viewer) -> list[Exhibit]:
    """The evidence of a matter, and of all that hangs together with it as far as the viewer may see files there."""
    return _exhibits(_on_the_shelf(matter.id, seen_with(viewer, Right.SEE_FILES)))


@question
def _on_the_shelf(matter_id: Any, seen: Any) -> Select[tuple[Evidence, File, Matter]]:
    return _lying_in(or_(Matter.id == matter_id, Matter.anchor_id == matter_id), seen)


def of_step(step_id: uuid.UUID, viewer: Viewer, *, sees_files: bool) -> list[Exhibit]:
    """What was handed in with one step; for somebody who has no more than the step, what they added themselves."""
    whose = [] if sees_files else [Evidence.by == viewer.account_id]
    return _exhibits(db.session.execute(_lying_in(Evidence.step_id == step_id, *whose)))


def exhibit(matter: Matter, evidence_id: uuid.UUID) -> Exhibit:
    """One piece of this very matter's evidence. Raises `NotFound`."""
    found = _exhibits(db.session.execute(_lying_in(Matter.id == matter.id, Evidence.id == evidence_id)))
    if not found:
        raise NotFound
    return found[0]


def added_by(matter: Matter, viewer: Viewer) -> Sequence[File]:
    """The files in a matter that this account added, for somebody who may add and not see."""
    return db.session.scalars(
        select(File)
        .where(File.matter_id == matter.id, File.arrived_by == viewer.account_id)
        .order_by(File.arrived_at, File.id)
    ).all()


def page_of(file: File, page: int) -> tuple[Likeness, int]:
    """A viewing copy by its page, and how many there are. Raises `NotFound`."""
    pages = likenesses(file.id)
    if not 1 <= page <= len(pages):
        raise NotFound
    return pages[page - 1], len(pages)


def pictures_closed(matter: Matter) -> bool:
    """Whether no file is taken in, because an incident of this matter shows or may show an intimate image (domain 5)."""
    closed = select(Incident.id).where(
        or_(Matter.id == matter.id, Matter.anchor_id == matter.id), Incident.pictures == Pictures.CLOSED
    )
    return db.session.scalar(closed.limit(1)) is not None


def custody(found: Exhibit) -> list[Act]:
    """Everything that has happened to a file, oldest first."""
    entries = _acts(found.file.id, found.evidence.id, *(said.id for said in found.said))
    names = names_of(entry.actor_id for entry in entries)
    return [
        Act(
            entry.at,
            _what(entry),
            names[entry.actor_id] if entry.actor_id else "Incident Book",
            PURPOSE_LABELS.get(entry.detail.get("purpose", ""), ""),
        )
        for entry in entries
        if entry.verb in CUSTODY_WORDS
    ]


def who_saw(file: File) -> list[uuid.UUID]:
    """The accounts that have had it before their eyes, whoever added it included, each once, in that order."""
    return list(dict.fromkeys(entry.actor_id for entry in acts_on(file.id) if entry.verb in SAW and entry.actor_id))


def sight(file: File) -> Sight | None:
    """When it was blanked, by whom, and who had seen it."""
    return db.session.scalars(select(Sight).where(Sight.file_id == file.id)).one_or_none()


def _lying_in(*where: ColumnElement[bool]) -> Select[tuple[Evidence, File, Matter]]:
    return (
        select(Evidence, File, Matter)
        .join(File, and_(File.school_id == Evidence.school_id, File.id == Evidence.file_id))
        .join(Matter, and_(Matter.school_id == Evidence.school_id, Matter.id == Evidence.matter_id))
        .where(*where)
        .order_by(Matter.recorded_at, Matter.id, Evidence.number)
    )


def _exhibits(rows: Result[tuple[Evidence, File, Matter]]) -> list[Exhibit]:
    found = rows.tuples().all()
    said = provenances(file.id for _, file, _ in found)
    return [Exhibit(evidence, file, matter, tuple(said.get(file.id, ()))) for evidence, file, matter in found]


def _acts(*things: uuid.UUID) -> list[AuditEntry]:
    return sorted((entry for each in things for entry in acts_on(each)), key=lambda entry: entry.seq)


def _what(entry: AuditEntry) -> str:
    words = CUSTODY_WORDS[entry.verb]
    page, pages = entry.detail.get("page"), entry.detail.get("of", 1)
    return f"{words}, page {page}" if page and pages > 1 else words
