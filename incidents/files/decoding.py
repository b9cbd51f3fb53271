"""An upload opened in a child process with limits, and the viewing copies that come back from it."""

import contextlib
import json
import os
import selectors
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any, Protocol

from incidents.errors import Refused
from incidents.files.recognising import HEAD, LABELS, Kind, recognise, refusal

MEGABYTE = 1024 * 1024
_CHILD = Path(__file__).with_name("redrawing.py")
# Where the child finds the libraries that it needs; it looks for no others.
_FOUND = (find_spec(name) for name in ("PIL", "pillow_heif", "pypdfium2"))
_LIBRARIES = os.pathsep.join(sorted({str(Path(each.origin).parent.parent) for each in _FOUND if each and each.origin}))
_MARKS = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}
_PIECE = 64 * 1024
_AT_ONCE = threading.BoundedSemaphore(2)  # children of one web process: each may take `Limits.memory`


@dataclass(frozen=True)
class Limits:
    """What one file may cost. Memory in bytes; cpu and wall in seconds; longest side of a viewing copy in dots."""

    memory: int = 1024 * MEGABYTE
    cpu: int = 30
    wall: int = 45
    pixels: int = 64_000_000
    pages: int = 30
    longest: int = 2400
    output: int = 120 * MEGABYTE


DEFAULT = Limits()


class Readable(Protocol):
    """A file that can be rewound."""

    def read(self, size: int = ..., /) -> bytes | None: ...
    def seek(self, offset: int, whence: int = ..., /) -> int: ...


@dataclass(frozen=True)
class View:
    """A viewing copy: a PNG or JPEG that we drew, with nothing hidden in it."""

    media_type: str
    width: int
    height: int
    data: bytes


@dataclass(frozen=True)
class Decoded:
    """What a file proved to be, and a picture of it: one, or one for each page."""

    kind: Kind
    views: tuple[View, ...]


def decode(file: Readable, limits: Limits = DEFAULT) -> Decoded:
    """What `file` is and how it looks. Raises `Refused` in words for the person who added it.

    Costs up to `limits.wall` seconds: never call it inside a database transaction.
    """
    file.seek(0)
    head = file.read(HEAD) or b""
    kind = recognise(head)
    if kind is None:
        raise Refused(refusal(head))
    file.seek(0)
    try:
        with _AT_ONCE:
            out = _run(kind, file, limits)
        views = tuple(_views(out, limits))
    except _CannotDraw as problem:
        raise Refused(_in_words(problem, kind, limits)) from problem
    return Decoded(kind, views)


class _CannotDraw(Exception):
    def __init__(self, why: str, numbers: dict[str, Any] | None = None) -> None:
        self.why, self.numbers = why, numbers or {}
        super().__init__(why)


def _run(kind: Kind, file: Readable, limits: Limits) -> bytes:
    """What the child says. Its own end is sure: it is killed, with all it started, when its time or its room is up."""
    child = subprocess.Popen(  # noqa: S603 - our own file, no shell, nothing from the upload in the command
        [sys.executable, "-sPS", str(_CHILD), kind.value, json.dumps(asdict(limits))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"OMP_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2", "PYTHONPATH": _LIBRARIES},
        cwd="/",
        start_new_session=True,
    )
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        return _exchange(child.stdin, child.stdout, file, limits)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        for pipe in (child.stdin, child.stdout):
            with contextlib.suppress(BrokenPipeError):
                pipe.close()
        child.wait()


def _exchange(stdin: IO[bytes], stdout: IO[bytes], file: Readable, limits: Limits) -> bytes:
    """Feed the file in and take the frames out at the same time, until the child closes its end."""
    feeder = threading.Thread(target=_feed, args=(stdin, file), daemon=True)
    feeder.start()
    deadline = time.monotonic() + limits.wall
    out = bytearray()
    with selectors.DefaultSelector() as ready:
        ready.register(stdout, selectors.EVENT_READ)
        while True:
            left = deadline - time.monotonic()
            if left <= 0 or not ready.select(left):
                raise _CannotDraw("too_slow")
            came = os.read(stdout.fileno(), _PIECE)
            if not came:
                return bytes(out)
            out += came
            if len(out) > limits.output:
                raise _CannotDraw("too_heavy")


def _feed(stdin: IO[bytes], file: Readable) -> None:
    """A child that stops listening is no fault here: what it said, or did not say, is judged by the frames."""
    with contextlib.suppress(BrokenPipeError, ValueError):
        while piece := file.read(_PIECE):
            stdin.write(piece)
    with contextlib.suppress(BrokenPipeError):
        stdin.close()


def _views(out: bytes, limits: Limits) -> Iterator[View]:
    """The pictures in the frames. The child may have been taken over by the file, so its word is checked too."""
    rest = memoryview(out)
    while True:
        header, rest = _header(rest)
        if header.get("done"):
            return
        if "refused" in header:
            raise _CannotDraw(str(header["refused"]), header)
        try:
            length, width, height = (int(header[name]) for name in ("length", "width", "height"))
            media_type = str(header["media_type"])
        except (KeyError, TypeError, ValueError):
            raise _CannotDraw("broken") from None
        data, rest = bytes(rest[:length]), rest[length:]
        drawn_by_us = media_type in _MARKS and data.startswith(_MARKS[media_type]) and len(data) == length
        if not drawn_by_us or not 0 < max(width, height) <= limits.longest:
            raise _CannotDraw("broken")
        yield View(media_type, width, height, data)


def _header(rest: memoryview) -> tuple[dict[str, Any], memoryview]:
    """The next header. No whole one means that the child was ended: by a limit, or by the file."""
    try:
        (length,) = struct.unpack(">I", rest[:4])
        header = json.loads(bytes(rest[4 : 4 + length]))
    except (struct.error, ValueError):
        raise _CannotDraw("ended") from None
    if not isinstance(header, dict):
        raise _CannotDraw("broken")
    return header, rest[4 + length :]


_SAFE = "Your other files are safe."
_WORDS = {
    "broken": "Not kept: this {label} is damaged or cut off. Check that it opens on your device, then add it again.",
    "ended": "Not kept: this {label} could not be opened safely. Take a screenshot of what it shows and add that.",
    "too_slow": "Not kept: opening this {label} took too long. Take a screenshot of what it shows and add that.",
    "too_heavy": "Not kept: this {label} needs too much room to open. Take a screenshot of what it shows and add that.",
    "too_many_pixels": (
        "Not kept: this {label} is too large to open safely. It has {millions} million dots, and {most_millions} million "
        "is the most. Add a smaller copy or a screenshot of it."
    ),
    "too_many_pages": (
        "Not kept: this PDF has {pages} pages, and {most_pages} is the most. Print the pages that matter to a new PDF, "
        "or add screenshots of them."
    ),
    "locked": "Not kept: this PDF needs a password. Save a copy without one, or take screenshots, and add that.",
}


def _in_words(problem: _CannotDraw, kind: Kind, limits: Limits) -> str:
    words = _WORDS.get(problem.why, _WORDS["ended"])
    numbers = {name: value for name, value in problem.numbers.items() if isinstance(value, int)}
    said = words.format(
        label=LABELS[kind],
        pages=numbers.get("pages", 0),
        most_pages=limits.pages,
        millions=numbers.get("pixels", 0) // 1_000_000,
        most_millions=limits.pixels // 1_000_000,
    )
    return f"{said} {_SAFE}"
