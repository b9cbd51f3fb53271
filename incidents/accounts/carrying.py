"""What somebody had typed when their session ended, sealed into the sign-in page and given back to them alone."""

import json
import secrets
import uuid
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEPT_FOR = timedelta(hours=12)  # a working day: whoever comes back later begins anew
NEVER_CARRIED = ("csrf_token", "password")
_NONCE = 12  # bytes, as AES-GCM wants them (NIST SP 800-38D, 8.2)


@dataclass(frozen=True)
class Carried:
    """Where it was to go, and the fields as they were typed."""

    path: str
    fields: tuple[tuple[str, str], ...]


def seal(carried: Carried, whose: uuid.UUID, at: datetime, key: bytes) -> str:
    """Sealed, so that whoever uses the same computer next reads nothing in the page; only `whose` account opens it."""
    fields = [pair for pair in carried.fields if pair[0] not in NEVER_CARRIED]
    words = json.dumps([carried.path, fields, at.isoformat()]).encode()
    nonce = secrets.token_bytes(_NONCE)
    return urlsafe_b64encode(nonce + AESGCM(_own(key)).encrypt(nonce, words, whose.bytes)).decode()


def opened(sealed: str, whose: uuid.UUID, at: datetime, key: bytes) -> Carried | None:
    """What was carried; none if it is somebody else's, too old, or no seal of ours."""
    try:
        whole = urlsafe_b64decode(sealed.encode())
        path, fields, since = json.loads(AESGCM(_own(key)).decrypt(whole[:_NONCE], whole[_NONCE:], whose.bytes))
    except (InvalidTag, NotBase64, ValueError):
        return None
    if at - datetime.fromisoformat(since) > KEPT_FOR:
        return None
    return Carried(path, tuple((name, value) for name, value in fields))


def typed(pairs: Iterable[tuple[str, str]]) -> bool:
    """Whether there is anything in the fields that somebody would miss."""
    return any(value.strip() for name, value in pairs if name not in NEVER_CARRIED)


def _own(key: bytes) -> bytes:
    """A key for this alone, from the one that signs what a browser holds."""
    return HKDF(SHA256(), 32, salt=None, info=b"carried over a sign-in").derive(key)
