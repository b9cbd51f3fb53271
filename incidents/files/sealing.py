"""A key for each file, and its bytes sealed in chunks so that any change to them is refused."""

import hashlib
import io
import os
import secrets
import struct
from collections.abc import Callable
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

CHUNK = 64 * 1024
KEY_BYTES = 32
MARK = b"IBSEAL1\n"
_TAG = 16
_NONCE = 12
_PREFIX = 8  # random, one a file; the other four bytes of a nonce count the chunks
_HEADER = len(MARK) + _PREFIX
_WRAPPED_KEY = b"incident-book/file-key/1/"
_WRAPPED_LENGTH = _NONCE + KEY_BYTES + _TAG
_MOST_CHUNKS = 2**32 - 1


class SealBroken(Exception):
    """The bytes, or the key, are not the ones that were sealed."""


def new_key() -> bytes:
    """A fresh key for one file and for nothing else."""
    return secrets.token_bytes(KEY_BYTES)


def wrap(key: bytes, school_key: bytes, file_id: str) -> bytes:
    """`key` as it is stored. Bound to the file: the wrapped key of one file does not open under another's id."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(school_key).encrypt(nonce, key, _WRAPPED_KEY + file_id.encode())


def unwrap(wrapped: bytes, school_key: bytes, file_id: str) -> bytes:
    """A file's key from its stored form. Raises `SealBroken` for another school's key, another file, or a change."""
    if len(wrapped) != _WRAPPED_LENGTH:
        raise SealBroken("the stored key of this file is damaged")
    try:
        return AESGCM(school_key).decrypt(wrapped[:_NONCE], wrapped[_NONCE:], _WRAPPED_KEY + file_id.encode())
    except InvalidTag:
        raise SealBroken("the stored key of this file does not open with this school's key") from None


class Sealer:
    """Seals a stream: plain bytes in, sealed bytes to `sink`. Counts and hashes the plain bytes on the way.

    `blob` is the name the bytes will lie under: sealed bytes moved to another name are refused.
    """

    def __init__(self, sink: Callable[[bytes], None], key: bytes, blob: str) -> None:
        self._sink = sink
        self._cipher = AESGCM(key)
        self._blob = blob.encode()
        self._prefix = secrets.token_bytes(_PREFIX)
        self._waiting = bytearray()
        self._chunks = 0
        self._hash = hashlib.sha256()
        self.size = 0
        sink(MARK + self._prefix)

    @property
    def sha256(self) -> str:
        """Of the plain bytes so far, in hex."""
        return self._hash.hexdigest()

    def write(self, data: bytes) -> None:
        """Seal what makes full chunks; the rest waits. A chunk goes out only when a byte after it is known to come."""
        self._hash.update(data)
        self.size += len(data)
        self._waiting += data
        while len(self._waiting) > CHUNK:
            chunk = bytes(self._waiting[:CHUNK])
            del self._waiting[:CHUNK]
            self._seal(chunk, final=False)

    def finish(self) -> None:
        """Seal what waits as the last chunk, which says of itself that it is the last. An empty file has one too."""
        self._seal(bytes(self._waiting), final=True)
        self._waiting.clear()

    def _seal(self, chunk: bytes, *, final: bool) -> None:
        if self._chunks >= _MOST_CHUNKS:
            raise OverflowError("too long for one key")
        nonce, bound = _bound(self._prefix, self._chunks, self._blob, final=final)
        self._sink(self._cipher.encrypt(nonce, chunk, bound))
        self._chunks += 1


class Opened(io.RawIOBase):
    """The plain bytes of a sealed stream, to read and to seek in. Raises `SealBroken` rather than give a wrong byte.

    A missing end is found when the last chunk is read: who needs to know before the first byte calls `check`.
    """

    def __init__(self, sealed: BinaryIO, key: bytes, blob: str) -> None:
        self._sealed = sealed
        self._cipher = AESGCM(key)
        self._blob = blob.encode()
        sealed.seek(0)
        header = sealed.read(_HEADER)
        if len(header) != _HEADER or not header.startswith(MARK):
            raise SealBroken("this is not a sealed file")
        self._prefix = header[len(MARK) :]
        body = sealed.seek(0, os.SEEK_END) - _HEADER
        self._chunks = max(1, -(-body // (CHUNK + _TAG)))
        self.size = body - self._chunks * _TAG
        if self.size < 0:
            raise SealBroken("this sealed file has lost its end")
        self._at = 0
        self._open_index = -1
        self._open_chunk = b""

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Always: every chunk opens by itself."""
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Move to a place in the plain bytes."""
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self.size}[whence]
        self._at = max(0, start + offset)
        return self._at

    def tell(self) -> int:
        """The place in the plain bytes."""
        return self._at

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # narrower than any buffer
        """Fill `buffer` from one chunk at most."""
        index, skip = divmod(self._at, CHUNK)
        last = self._chunks - 1
        if index > last or (self._at >= self.size and self._open_index == last):
            return 0
        piece = self._chunk(min(index, last))[skip : skip + len(buffer)]
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)

    def close(self) -> None:
        """Close the sealed stream too, and forget the open chunk."""
        if not self.closed:
            self._open_chunk = b""
            self._sealed.close()
        super().close()

    def check(self) -> str:
        """Open every chunk and return the SHA-256 of the plain bytes. Raises `SealBroken`."""
        digest = hashlib.sha256()
        for index in range(self._chunks):
            digest.update(self._chunk(index))
        return digest.hexdigest()

    def _chunk(self, index: int) -> bytes:
        if index != self._open_index:
            self._sealed.seek(_HEADER + index * (CHUNK + _TAG))
            nonce, bound = _bound(self._prefix, index, self._blob, final=index == self._chunks - 1)
            try:
                self._open_chunk = self._cipher.decrypt(nonce, self._sealed.read(CHUNK + _TAG), bound)
            except InvalidTag:
                raise SealBroken(f"chunk {index + 1} of {self._chunks} is not as it was sealed") from None
            self._open_index = index
        return self._open_chunk


def _bound(prefix: bytes, index: int, blob: bytes, *, final: bool) -> tuple[bytes, bytes]:
    """The nonce of a chunk and what it is bound to: its place, its file, and whether anything follows it."""
    return prefix + struct.pack(">I", index), MARK + (b"end/" if final else b"more/") + blob
