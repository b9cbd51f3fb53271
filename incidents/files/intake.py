"""Taking in the files of a form, each by itself: one that can't be kept does not lose the others."""

import uuid
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from incidents.accounts.viewer import Viewer
from incidents.database import writing
from incidents.errors import Refused
from incidents.files.actions import LaidUp, keep, lay_up
from incidents.files.arriving import ArrivingFile
from incidents.files.decoding import decode
from incidents.files.models import File
from incidents.files.naming import kept_name
from incidents.files.queries import store
from incidents.files.sealing import SealBroken
from incidents.files.store import StoreUnavailable


class Upload(Protocol):
    """One file of a form, as Werkzeug gives it."""

    @property
    def filename(self) -> str | None:
        """As the sender's device called it; empty for a picker left empty."""
        ...

    @property
    def stream(self) -> Any:
        """An `ArrivingFile`."""
        ...


class NotKept(NamedTuple):
    """A file that was not kept, and why, in words for the person who added it."""

    name: str
    why: str


class Taken(NamedTuple):
    """What became of the files of a form."""

    kept: list[File]
    refused: list[NotKept]


def take(
    arrived: Iterable[Upload],
    *,
    by: Viewer,
    at: datetime,
    draft_id: uuid.UUID | None = None,
    matter_id: uuid.UUID | None = None,
    then: Callable[[File], object] | None = None,
) -> Taken:
    """Decode, seal and keep each file; `then` goes on with it in the same transaction.

    For views, outside any transaction: it opens one of its own for each file, after the slow part.
    """
    taken = Taken([], [])
    for upload in arrived:
        if not upload.filename:
            continue
        try:
            laid_up = receive(upload.stream, upload.filename)
        except Refused as refused:
            taken.refused.append(NotKept(kept_name(upload.filename), refused.message))
        else:
            taken.kept.append(_keep(laid_up, by, at, draft_id, matter_id, then))
    return taken


def receive(arriving: ArrivingFile, name: str | None) -> LaidUp:
    """The slow part: open the file safely, draw its viewing copies, seal all of it for good. Raises `Refused` in words."""
    try:
        arriving.check()
        return lay_up(arriving, decode(arriving), name, store())
    except StoreUnavailable as error:
        raise Refused(error.message) from error
    except SealBroken as error:
        raise Refused(StoreUnavailable.message) from error
    finally:
        arriving.discard()


def _keep(
    laid_up: LaidUp, by: Viewer, at: datetime, draft_id: uuid.UUID | None, matter_id: uuid.UUID | None,
    then: Callable[[File], object] | None,
) -> File:  # fmt: skip
    """The rows; whatever lies in the store and did not become theirs is taken away again."""
    owned = False
    try:
        with writing():
            file = keep(laid_up, by=by, at=at, draft_id=draft_id, matter_id=matter_id)
            fresh = file.id == laid_up.file_id
            if then and fresh:
                then(file)
        owned = fresh
        return file
    finally:
        if not owned:
            for blob in laid_up.blobs():
                store().destroy(blob)
