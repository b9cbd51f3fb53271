"""Rows and stored files held against each other, both ways, and every seal checked."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.keywrap import InvalidUnwrap
from sqlalchemy import ColumnElement, Table, select

from incidents.database import of_school
from incidents.extensions import db
from incidents.files.models import File
from incidents.files.queries import opened, store
from incidents.files.sealing import SealBroken
from incidents.files.store import StoreUnavailable
from incidents.rows import Row
from incidents.schools.models import School

# An upload that is being kept right now has bytes and no row yet.
ON_ITS_WAY = timedelta(days=1)


@dataclass
class Findings:
    """What the check found. `nobodys` are blobs that no row owns any more: they can be taken away."""

    checked: int = 0
    broken: list[str] = field(default_factory=list)
    nobodys: list[str] = field(default_factory=list)


def check(at: datetime) -> Findings:
    """Open every file and viewing copy of every school and compare it with its row. Call it across schools."""
    found = Findings()
    for school_id in db.session.scalars(select(School.id).order_by(School.id)).all():
        with of_school(school_id):
            _check_school(found)
    owned = _owned_blobs()
    before = (at - ON_ITS_WAY).timestamp()
    found.nobodys += [stored.blob for stored in store().blobs() if stored.blob not in owned and stored.changed < before]
    return found


def tidy(found: Findings, at: datetime) -> int:
    """Take away what no row owns, and uploads that a crash cut off. Returns how many."""
    gone = sum(store().destroy(blob) for blob in found.nobodys)
    return gone + store().sweep(before=(at - ON_ITS_WAY).timestamp())


def seal_is_whole(file: File) -> bool:
    """Whether the file is byte for byte what arrived. Raises `StoreUnavailable` if it can't be read at all."""
    try:
        with opened(file) as plain:
            return plain.check() == file.sha256
    except (SealBroken, InvalidUnwrap):
        return False


def _check_school(found: Findings) -> None:
    for kind in _sealed_kinds():
        called = _CALLED.get(kind.__name__, kind.__tablename__.replace("_", " "))
        rows: Any = select(kind).where(kind.wrapped_key.is_not(None)).order_by(kind.id)
        for row in db.session.scalars(rows):
            found.checked += 1
            found.broken += [f"{called} {row.id}: {why}" for why in _wrong_with(row)]


_CALLED = {"File": "file", "Likeness": "viewing copy"}


def _sealed_kinds() -> list[Any]:
    """Every kind of row that owns a blob with a size and a key, later slices' too: `Sealed` by its columns."""
    wanted = {"blob", "wrapped_key", "size"}
    kinds = [mapper.class_ for mapper in Row.registry.mappers if wanted <= set(mapper.columns.keys())]
    return sorted(kinds, key=lambda kind: str(kind.__name__))


def _wrong_with(kept: Any) -> Iterator[str]:
    try:
        with opened(kept) as plain:
            digest, size = plain.check(), plain.size
    except StoreUnavailable as error:
        yield type(error).__name__
    except (SealBroken, InvalidUnwrap) as error:
        yield str(error) or "its key does not open"
    else:
        if size != kept.size or digest != getattr(kept, "sha256", digest):  # a viewing copy has none of its own
            yield "it is not what its row describes"


def _owned_blobs() -> set[str]:
    """The blobs of every table that names one, later slices' too; those of destroyed rows are nobody's."""
    owned: set[str] = set()
    for table in Row.metadata.tables.values():
        for column in table.columns:
            if column.name.endswith("blob"):
                owned |= set(db.session.scalars(select(column).where(column.is_not(None), *_still(table))))
    return owned


def _still(table: Table) -> Iterator[ColumnElement[bool]]:
    if "wrapped_key" in table.columns:
        yield table.columns["wrapped_key"].is_not(None)
