"""The store, and reading what lies in it."""

import uuid
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from flask import current_app
from sqlalchemy import Select, select

from incidents.database import question, remembered
from incidents.extensions import db
from incidents.files.models import File, Likeness, Provenance
from incidents.files.sealing import Opened, unwrap
from incidents.files.store import BlobMissing, Store
from incidents.schools.queries import school_key


class Sealed(Protocol):
    """A row of any slice that owns a blob under a key of its own."""

    @property
    def id(self) -> uuid.UUID: ...
    @property
    def blob(self) -> str: ...
    @property
    def wrapped_key(self) -> bytes | None: ...


def store() -> Store:
    """Where the running installation keeps its blobs."""
    place: Store = current_app.extensions["store"]
    return place


def file(file_id: uuid.UUID) -> File | None:
    """One file of this school."""
    return db.session.scalars(select(File).where(File.id == file_id)).one_or_none()


def likenesses(file_id: uuid.UUID) -> Sequence[Likeness]:
    """The viewing copies of a file, page by page."""
    return db.session.scalars(select(Likeness).where(Likeness.file_id == file_id).order_by(Likeness.page)).all()


def opened(kept: Sealed) -> Opened:
    """The plain bytes, to be read and closed. Raises `SealBroken`, or `StoreUnavailable` if they are gone or out of reach."""
    if kept.wrapped_key is None:
        raise BlobMissing(kept.blob)
    key = unwrap(kept.wrapped_key, school_key(), str(kept.id))
    return Opened(store().read(kept.blob), key, kept.blob)


def provenance_of(file_id: uuid.UUID) -> Provenance | None:
    """What is said now of where a file comes from."""
    return next(iter(provenances([file_id]).get(file_id, [])), None)


def provenances(file_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[Provenance]]:
    """All that was said of where these files come from, each file's newest first. A page asks in several of its parts."""
    wanted = set(file_ids)
    known: dict[uuid.UUID, list[Provenance]] = remembered("provenances", dict)
    if unknown := wanted - known.keys():
        known |= {file_id: [] for file_id in unknown}
        for said in _provenances(unknown).scalars():
            known[said.file_id].append(said)
    return {file_id: known[file_id] for file_id in wanted if known[file_id]}


@question
def _provenances(file_ids: Any) -> Select[tuple[Provenance]]:
    return select(Provenance).where(Provenance.file_id.in_(file_ids)).order_by(Provenance.number.desc())
