"""Writing to the log: queued during an action, appended last, inside the same transaction."""

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, cast

from sqlalchemy import Table, bindparam, insert, select, update

from incidents.audit.chain import GENESIS, digest, seal
from incidents.audit.models import SIGN_IN_CHAIN, AuditEntry, AuditHead
from incidents.database import before_commit, current_school
from incidents.extensions import db
from incidents.keys import keyring
from incidents.rows import Salted

# The log holds no narrative: a detail is a code, a number or an id, never words.
_CODE = re.compile(r"[A-Za-z0-9_.:,+-]{0,120}")


class Thing(Protocol):
    """Any row that an act is done to: a school's, or the school itself."""

    __tablename__: Any
    id: Any


def record(
    verb: str,
    thing: Thing,
    *,
    by: uuid.UUID | None,
    at: datetime,
    matter: uuid.UUID | None = None,
    field: str = "",
    before: str | None = None,
    after: str | None = None,
    **detail: str | int | uuid.UUID,
) -> None:
    """Say in the school's log that account `by` did `verb` to `thing` (None: the product itself, by its timetable).

    `before` and `after` are the words of `field`; only their digests are kept, under the row's salt. `detail` takes codes.
    Raises `RuntimeError` outside a write transaction and `ValueError` for a detail that could be a narrative.
    """
    entry = _Entry(
        chain=str(current_school()),
        at=at,
        actor_id=by,
        verb=verb,
        kind=thing.__tablename__,
        object_id=thing.id,
        matter_id=matter,
        field=field,
        before=_digest_of(before, thing),
        after=_digest_of(after, thing),
        detail=_codes(detail),
    )
    _queue(entry)


def record_sign_in(verb: str, *, account: uuid.UUID | None, at: datetime, **detail: str | int | uuid.UUID) -> None:
    """Say in the sign-in chain what happened at the door. An unknown address leaves `account` empty."""
    entry = _Entry(
        chain=SIGN_IN_CHAIN, at=at, actor_id=account, verb=verb, kind="account", object_id=account, matter_id=None,
        field="", before="", after="", detail=_codes(detail),
    )  # fmt: skip
    _queue(entry)


@dataclass
class _Entry:
    """An entry of the log, with the names of its columns, before it is written."""

    chain: str
    at: datetime
    actor_id: uuid.UUID | None
    verb: str
    kind: str
    object_id: uuid.UUID | None
    matter_id: uuid.UUID | None
    field: str
    before: str
    after: str
    detail: dict[str, str | int]
    seq: int = 0
    prev: str = ""
    mac: str = ""


@dataclass
class _Entries:
    """What one transaction says in the log: written last and together, so that a list of 2,000 people is not 2,000 turns."""

    entries: list[_Entry] = field(default_factory=list)

    def __call__(self) -> None:
        """Chain after chain, in one order everywhere, so that no two transactions wait for each other."""
        for chain in sorted({entry.chain for entry in self.entries}):
            _append(chain, [entry for entry in self.entries if entry.chain == chain])


def _queue(entry: _Entry) -> None:
    pending = before_commit()
    entries = next((step for step in pending if isinstance(step, _Entries)), None)
    if entries is None:
        pending.append(entries := _Entries())
    entries.entries.append(entry)


def _append(chain: str, entries: Sequence[_Entry]) -> None:
    """Lock the chain's head, give each entry its place and its seal, move the head."""
    log = db.session.connection()
    head = log.execute(_HEAD, {"chain": chain}).tuples().first()
    seq, mac = head or (0, GENESIS)
    for entry in entries:
        entry.seq, entry.prev = seq + 1, mac
        seq, mac = entry.seq, seal(entry, keyring().audit)
        entry.mac = mac
    log.execute(insert(_ENTRIES), [vars(entry) for entry in entries])
    moved = update(_HEADS).where(_HEADS.c.chain == chain) if head else insert(_HEADS).values(chain=chain)
    log.execute(moved.values(seq=seq, mac=mac))


_ENTRIES, _HEADS = (cast("Table", kind.__table__) for kind in (AuditEntry, AuditHead))
_HEAD = select(_HEADS.c.seq, _HEADS.c.mac).where(_HEADS.c.chain == bindparam("chain")).with_for_update()


def _digest_of(words: str | None, thing: Thing) -> str:
    if words is None:
        return ""
    if not isinstance(thing, Salted):
        raise ValueError(f"a {type(thing).__name__} has no salt to digest words under")
    return digest(words, thing.salt)


def _codes(detail: dict[str, str | int | uuid.UUID]) -> dict[str, str | int]:
    codes: dict[str, str | int] = {
        key: value if isinstance(value, int) else str(value) for key, value in detail.items()
    }
    for key, value in codes.items():
        if isinstance(value, str) and not _CODE.fullmatch(value):
            raise ValueError(f"the log holds no narrative, and {key!r} could be one")
    return codes
