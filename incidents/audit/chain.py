"""The hash chain: each entry is sealed together with the one before it, under a key that is not in the database."""

import hashlib
import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

GENESIS = "0" * 64


class Sealed(Protocol):
    """What a seal covers: every field of an entry but the seal itself."""

    chain: Any
    seq: Any
    at: Any
    actor_id: Any
    verb: Any
    kind: Any
    object_id: Any
    matter_id: Any
    field: Any
    before: Any
    after: Any
    detail: Any
    prev: Any
    mac: Any


@dataclass(frozen=True)
class Break:
    """Where a chain does not hold, and how."""

    chain: str
    seq: int
    what: str


def seal(entry: Sealed, key: bytes) -> str:
    """The entry's HMAC-SHA256, in hexadecimal."""
    at: datetime = entry.at
    fields = [
        entry.chain,
        entry.seq,
        at.astimezone(UTC).isoformat(timespec="microseconds"),
        str(entry.actor_id or ""),
        entry.verb,
        entry.kind,
        str(entry.object_id or ""),
        str(entry.matter_id or ""),
        entry.field,
        entry.before,
        entry.after,
        entry.detail,
        entry.prev,
    ]
    words = json.dumps(fields, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hmac.new(key, words.encode(), hashlib.sha256).hexdigest()


def digest(words: str, salt: bytes) -> str:
    """What stands in the log for words that it must not hold; worthless once the salt is destroyed with its row."""
    return hmac.new(salt, words.encode(), hashlib.sha256).hexdigest()


def breaks(entries: Iterable[Sealed], head: tuple[int, str] | None, chain: str, key: bytes) -> list[Break]:
    """Every place where the chain does not hold: an edit, an insertion, a deletion, a cut end. Empty means whole."""
    found: list[Break] = []
    expected, previous = 1, GENESIS
    for entry in entries:
        if entry.seq != expected:
            found.append(Break(chain, expected, f"entry {expected} is missing; entry {entry.seq} follows"))
            expected = entry.seq
        elif entry.prev != previous:
            found.append(Break(chain, entry.seq, "it does not follow the entry before it"))
        if not hmac.compare_digest(seal(entry, key), entry.mac):
            found.append(Break(chain, entry.seq, "it was changed, or was not written by this installation"))
        expected, previous = entry.seq + 1, entry.mac
    if (head or (0, GENESIS)) != (expected - 1, previous):
        found.append(Break(chain, expected, "the end of the chain is not where its head says"))
    return found
