"""Keeping a file that has arrived: the bytes first and for good, then the row that owns them."""

import uuid
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import select

from incidents.accounts.viewer import Viewer
from incidents.audit.actions import record
from incidents.database import current_school
from incidents.errors import NotPossibleNow, Refused
from incidents.extensions import db
from incidents.files.arriving import ArrivingFile, Kept, keep_bytes
from incidents.files.decoding import Decoded, View
from incidents.files.models import File, FileState, Likeness, Provenance
from incidents.files.naming import kept_name
from incidents.files.origins import Origin, origin_of
from incidents.files.queries import provenance_of
from incidents.files.store import Store
from incidents.schools.models import School
from incidents.schools.queries import school_key


@dataclass(frozen=True)
class LaidUp:
    """A file and its viewing copies that lie in the store, sealed, and belong to nobody yet."""

    file_id: uuid.UUID
    name: str
    media_type: str
    kept: Kept
    views: tuple[tuple[uuid.UUID, View, Kept], ...]

    def blobs(self) -> Iterable[str]:
        """All that lies there."""
        yield self.kept.blob
        yield from (kept.blob for _, _, kept in self.views)


def lay_up(arriving: ArrivingFile, decoded: Decoded, name: str | None, place: Store) -> LaidUp:
    """Seal the file and its viewing copies for good. Slow, so outside the transaction; whatever fails leaves nothing behind."""
    key, file_id = school_key(), uuid.uuid4()
    lying: list[str] = []
    try:
        kept = arriving.keep(key, str(file_id))
        lying.append(kept.blob)
        views = []
        for view in decoded.views:
            view_id = uuid.uuid4()
            views.append((view_id, view, keep_bytes(place, view.data, key, str(view_id))))
            lying.append(views[-1][2].blob)
    except BaseException:
        for blob in lying:
            place.destroy(blob)
        raise
    return LaidUp(file_id, kept_name(name), decoded.kind.value, kept, tuple(views))


def keep(
    laid_up: LaidUp,
    *,
    by: Viewer,
    at: datetime,
    draft_id: uuid.UUID | None = None,
    matter_id: uuid.UUID | None = None,
) -> File:
    """The rows of a file, in a draft or in a matter. The same bytes twice from one person are one file: the first stands.

    From two people they are two: that somebody else brought the same is nothing the second may learn by adding it.

    Whoever laid it up destroys what another file already is (`file.blob` is then not the one laid up).
    """
    if same := _already_there(laid_up, by, draft_id, matter_id):
        return same
    file = File(
        school_id=current_school(), id=laid_up.file_id, draft_id=draft_id, matter_id=matter_id, name=laid_up.name,
        media_type=laid_up.media_type, size=laid_up.kept.size, sha256=laid_up.kept.sha256, blob=laid_up.kept.blob,
        wrapped_key=laid_up.kept.wrapped_key, state=FileState.SEALED, arrived_by=by.account_id, arrived_at=at,
    )  # fmt: skip
    db.session.add(file)
    db.session.add_all(_likenesses(laid_up))
    db.session.flush()
    record(
        "arrived", file, by=by.account_id, at=at, matter=matter_id, size=file.size, sha256=file.sha256,
        kind_of=file.media_type.replace("/", "."), pages=len(laid_up.views),
    )  # fmt: skip
    return file


def _already_there(laid_up: LaidUp, by: Viewer, draft_id: uuid.UUID | None, matter_id: uuid.UUID | None) -> File | None:
    # Two equal posts at once take turns here; a plain insert elsewhere does not wait for it.
    db.session.execute(select(School.id).where(School.id == current_school()).with_for_update(key_share=True))
    return db.session.scalars(
        select(File).where(
            File.draft_id == draft_id if draft_id else File.matter_id == matter_id,
            File.sha256 == laid_up.kept.sha256,
            File.arrived_by == by.account_id,
            File.state != FileState.DESTROYED,
        )
    ).first()


def _likenesses(laid_up: LaidUp) -> Iterable[Likeness]:
    for page, (view_id, view, kept) in enumerate(laid_up.views, start=1):
        yield Likeness(
            school_id=current_school(), id=view_id, file_id=laid_up.file_id, page=page, media_type=view.media_type,
            size=kept.size, width=view.width, height=view.height, blob=kept.blob, wrapped_key=kept.wrapped_key,
        )  # fmt: skip


def say_origin(
    file: File, origin: Origin, *, by: Viewer, at: datetime, reason: str = "", seen: int | None = None
) -> Provenance:
    """Say where a file comes from. What was said before stays beside it; `seen` is the number of the saying that was shown.

    Raises `NotPossibleNow` if somebody else has said something meanwhile, `Refused` for a change without a reason.
    """
    # Two people saying it at once take turns, so that no number is given twice.
    db.session.execute(select(File.id).where(File.id == file.id).with_for_update(key_share=True))
    held = provenance_of(file.id)
    number = held.number if held else 0
    if seen is not None and seen != number:
        raise NotPossibleNow("Somebody else changed this just now. Load the page again to see what they wrote.")
    before = origin_of(held) if held else None
    if origin == before:
        raise Refused("Nothing was changed.", "reason")
    if held and not reason.strip():
        raise Refused("Say why it is changed. What stood before is kept beside it.", "reason")
    said = Provenance(
        school_id=file.school_id, file_id=file.id, number=number + 1, reason=reason.strip() if held else "",
        by=by.account_id, at=at, **asdict(origin),
    )  # fmt: skip
    db.session.add(said)
    db.session.flush()
    record(
        "said where it is from", said, by=by.account_id, at=at, matter=file.matter_id, field="provenance",
        before=before.as_text() if before else None, after=origin.as_text(), file=file.id, number=said.number,
    )  # fmt: skip
    return said
