"""A plain folder of sealed blobs: each is there whole and for good, or not there at all."""

import errno
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

_ARRIVING = "arriving"
_NAME = re.compile(r"[0-9a-f]{32}")
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class StoreUnavailable(Exception):
    """The folder can't be written or read just now. `message` is for the person, the cause for the log."""

    message = "Not kept: files can’t be stored just now. Keep it on your device and add it again in a few minutes."
    cannot_be_read = (
        "This file can’t be read just now. Tell the person who looks after this system: nothing was changed."
    )


class StoreFull(StoreUnavailable):
    """The disk has no room left. Nothing was left behind."""

    message = (
        "Not kept: there is no room left to store files. Keep it on your device, and tell the person who looks after "
        "this system."
    )


class BlobMissing(StoreUnavailable):
    """A blob that should be there is not."""


@dataclass(frozen=True)
class Stored:
    """One blob in the folder, as reconciliation sees it. `changed` is in seconds since 1970."""

    blob: str
    size: int
    changed: float


class Arrival:
    """A blob being written: under a temporary name until `commit`, and gone after `abandon`."""

    def __init__(self, store: "Store", blob: str, path: Path) -> None:
        self.blob = blob
        self._store = store
        self._path = path
        with _told_plainly():
            self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)

    def write(self, data: bytes) -> None:
        """Append. Raises `StoreFull` or `StoreUnavailable`; the caller then abandons."""
        view = memoryview(data)
        with _told_plainly():
            while view:
                view = view[os.write(self._descriptor, view) :]

    def reader(self) -> BinaryIO:
        """What was written so far, to be read back before it is committed."""
        with _told_plainly():
            return self._path.open("rb")

    def commit(self) -> None:
        """Make it last: after this returns, a power cut does not lose it. If it fails nothing is left behind."""
        final = self._store.path(self.blob)
        try:
            with _told_plainly():
                os.fsync(self._descriptor)
                self._store.make_folder(final.parent)
                os.rename(self._path, final)
                _sync_folder(final.parent)
        except StoreUnavailable:
            with suppress(OSError):
                final.unlink(missing_ok=True)
            self.abandon()
            raise
        self._close()

    def abandon(self) -> None:
        """Take away what was written."""
        self._close()
        with suppress(OSError):  # what can't be removed now is swept up later, and its key is gone
            self._path.unlink(missing_ok=True)

    def _close(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


class Store:
    """Blobs under `root`, two levels deep by the first letters of their random names."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def begin(self) -> Arrival:
        """Start a new blob under a fresh random name."""
        blob = secrets.token_hex(16)
        with _told_plainly():
            self.make_folder(self.root / _ARRIVING)
        return Arrival(self, blob, self.root / _ARRIVING / f"{blob}.part")

    def read(self, blob: str) -> BinaryIO:
        """The sealed bytes. Raises `BlobMissing`."""
        try:
            with _told_plainly():
                return self.path(blob).open("rb")
        except StoreUnavailable as error:
            if isinstance(error.__cause__, FileNotFoundError):
                raise BlobMissing(blob) from error
            raise

    def exists(self, blob: str) -> bool:
        """Whether the blob is there."""
        return self.path(blob).is_file()

    def destroy(self, blob: str) -> bool:
        """Take the blob away for good. False if it was not there: destroying twice is no fault."""
        path = self.path(blob)
        with _told_plainly():
            try:
                path.unlink()
            except FileNotFoundError:
                return False
            _sync_folder(path.parent)
        return True

    def blobs(self) -> Iterator[Stored]:
        """Every blob, in order of name: to be held against the rows that should own them."""
        for path in sorted(self.root.glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/*")):
            if _NAME.fullmatch(path.name):
                about = path.stat()
                yield Stored(path.name, about.st_size, about.st_mtime)

    def sweep(self, *, before: float) -> int:
        """Remove uploads that a crash cut off, untouched since `before` (seconds since 1970). Returns how many."""
        gone = 0
        for path in (self.root / _ARRIVING).glob("*.part"):
            with suppress(FileNotFoundError):  # it was committed or abandoned a moment ago
                if path.stat().st_mtime < before:
                    path.unlink()
                    gone += 1
        return gone

    def path(self, blob: str) -> Path:
        """Where a blob lies. Raises `ValueError` for anything that is not a blob's name: no path gets in this way."""
        if not _NAME.fullmatch(blob):
            raise ValueError("not the name of a blob")
        return self.root / blob[:2] / blob[2:4] / blob

    def make_folder(self, folder: Path) -> None:
        """Make `folder` and what is above it, each entry made to last as well."""
        if folder.is_dir():
            return
        self.make_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
        _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _told_plainly() -> Iterator[None]:
    """An error of the operating system becomes one of ours, with the first as its cause."""
    try:
        yield
    except OSError as error:
        raise (StoreFull if error.errno in _FULL else StoreUnavailable)(str(error)) from error
