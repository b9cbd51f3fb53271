"""An upload on its way in: hashed and sealed piece by piece, so that its plain bytes never touch the disk."""

import io
import os
from dataclasses import dataclass

from incidents.errors import Refused
from incidents.files.sealing import Opened, Sealer, new_key, wrap
from incidents.files.store import Arrival, Store, StoreUnavailable


@dataclass(frozen=True)
class Kept:
    """A file that now lies in the store, as its row describes it."""

    blob: str
    wrapped_key: bytes
    sha256: str
    size: int


class ArrivingFile(io.RawIOBase):
    """What Werkzeug writes an upload into, and what is read back for decoding before it is kept.

    Trouble while writing (too large, no room) is remembered and raised by `check` and `keep`, not by `write`: the rest
    of the form, with what was typed and the other files, must still arrive.
    """

    def __init__(self, store: Store, largest: int) -> None:
        self._store = store
        self._largest = largest
        self._key = new_key()
        self._arrival: Arrival | None = None
        self._sealer: Sealer | None = None
        self._opened: Opened | None = None
        self._trouble: Exception | None = None
        self._kept = False
        self.size = 0

    def readable(self) -> bool:
        """Once everything has been written."""
        return True

    def writable(self) -> bool:
        """Until it is first read or rewound."""
        return self._opened is None

    def seekable(self) -> bool:
        """Once everything has been written."""
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]  # the standard library says any buffer; Werkzeug gives bytes
        """Seal `data`. Bytes beyond the limit are counted and let go."""
        if self._opened is not None:
            raise io.UnsupportedOperation("this file has arrived")
        self.size += len(data)
        if self._trouble is None and self.size > self._largest:
            self._fail(Refused(_too_large(self._largest)))
        if self._trouble is None:
            try:
                self._begun().write(data)
            except StoreUnavailable as error:
                self._fail(error)
        return len(data)

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Plain bytes, opened from the sealed ones."""
        return self._whole().readinto(buffer)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Move in the plain bytes; the first call says that all has been written. Quiet if the file failed."""
        if self._trouble is not None:
            return 0
        try:
            return self._whole().seek(offset, whence)
        except StoreUnavailable:
            return 0

    def tell(self) -> int:
        """The place in the plain bytes."""
        return self._opened.tell() if self._opened is not None else self.size

    def check(self) -> None:
        """Raises `Refused` (too large) or `StoreUnavailable` if this file could not be taken in whole."""
        self._whole()

    @property
    def sha256(self) -> str:
        """Of the plain bytes, in hex."""
        self._whole()
        return self._begun().sha256

    def keep(self, school_key: bytes, file_id: str) -> Kept:
        """Make it last and give what its row needs; the file's key is wrapped for `file_id`. Raises as `check` does."""
        self._whole().close()
        sealer = self._begun()
        assert self._arrival is not None  # _whole raised otherwise
        self._arrival.commit()
        self._kept = True
        return Kept(self._arrival.blob, wrap(self._key, school_key, file_id), sealer.sha256, sealer.size)

    def discard(self) -> None:
        """Take away what arrived, unless it was kept."""
        if self._opened is not None:
            self._opened.close()
        if self._arrival is not None and not self._kept:
            self._arrival.abandon()

    def close(self) -> None:
        """Discard unless kept: an upload nobody decided about leaves nothing behind."""
        if not self.closed:
            self.discard()
        super().close()

    def _begun(self) -> Sealer:
        if self._sealer is None:
            self._arrival = self._store.begin()
            self._sealer = Sealer(self._arrival.write, self._key, self._arrival.blob)
        return self._sealer

    def _whole(self) -> Opened:
        """The end is sealed the first time this is asked."""
        if self._opened is None and self._trouble is None:
            try:
                self._begun().finish()
                assert self._arrival is not None  # _begun made it
                self._opened = Opened(self._arrival.reader(), self._key, self._arrival.blob)
            except StoreUnavailable as error:
                self._fail(error)
        if self._trouble is not None:
            raise self._trouble
        assert self._opened is not None  # or there was trouble
        return self._opened

    def _fail(self, trouble: Exception) -> None:
        self._trouble = trouble
        if self._arrival is not None:
            self._arrival.abandon()


def keep_bytes(store: Store, data: bytes, school_key: bytes, file_id: str) -> Kept:
    """Seal and keep bytes that we made ourselves, a viewing copy for instance."""
    with ArrivingFile(store, len(data)) as arriving:
        arriving.write(data)
        return arriving.keep(school_key, file_id)


def _too_large(largest: int) -> str:
    return f"Not kept: this file is larger than {largest // 1_000_000} MB, which is the most for one file."
