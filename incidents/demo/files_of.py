"""The files of a story as they leave a phone: drawn, encoded, and named as the device names them."""

import io
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time

from incidents.demo.drawing import Picture, draw
from incidents.demo.picture_files import as_heic, as_jpeg, as_pdf, as_png, photographed
from incidents.demo.stories import Shot, Story
from incidents.files.decoding import Decoded, decode

EVENING = time(19, 30)
# Drawing is slow, and so is the child process in which every upload is opened; neither needs the database, so both go on
# beside it: one file is drawn while another is opened.
_ARTISTS = ThreadPoolExecutor(max_workers=2, thread_name_prefix="artist")


@dataclass
class ToSend:
    """One file that will be sent: its name on the device, its bytes, and what opening it safely showed."""

    name: str
    draw: Callable[[], bytes]
    _ready: Future[tuple[bytes, Decoded]] | None = field(default=None, init=False)

    def begin(self) -> None:
        """Have it drawn and opened meanwhile."""
        self._ready = self._ready or _ARTISTS.submit(self._make)

    def take(self) -> tuple[bytes, Decoded]:
        """The bytes and their viewing copies, once; nothing of them is kept here."""
        self.begin()
        ready, self._ready = self._ready, None
        if ready is None:
            raise LookupError(f"{self.name} was not begun")
        return ready.result()

    def _make(self) -> tuple[bytes, Decoded]:
        data = self.draw()
        return data, decode(io.BytesIO(data))


def files_of(story: Story, in_words: Callable[[str], str], happened: date | None, sent: datetime) -> tuple[ToSend, ...]:
    """The story's files in their order. Camera files carry the day it happened, as a phone would write it."""
    day = happened or sent.date()
    return tuple(_to_send(shot, number, in_words, day) for number, shot in enumerate(story.shots, start=1))


def _to_send(shot: Shot, number: int, in_words: Callable[[str], str], day: date) -> ToSend:
    clock = time.fromisoformat(shot.picture.clock) if shot.picture.clock else EVENING
    taken = datetime.combine(day, clock)  # a phone writes the time of its own clock, without a zone
    shown = shot.picture
    picture = replace(
        shown, day=in_words(shown.day), title=in_words(shown.title), subtitle=in_words(shown.subtitle),
        words=in_words(shown.words),
    )  # fmt: skip
    stamp = f"{taken:%Y%m%d-%H%M}"
    names = {
        "png": f"Screenshot_{stamp}-{number}.png",
        "jpeg": f"Screenshot_{stamp}-{number}.jpg",
        "heic": f"IMG_{4100 + day.day * 9 + number}.HEIC",
        "photo": f"IMG_{4400 + day.day * 9 + number}.HEIC",
        "pdf": "Printed message.pdf",
    }
    return ToSend(names[shot.encoding], lambda: _encode(shot.encoding, picture, taken))


def _encode(encoding: str, picture: Picture, taken: datetime) -> bytes:
    if encoding == "pdf":
        return as_pdf(picture.title, picture.lines)
    image = draw(picture).image
    if encoding == "png":
        return as_png(image)
    if encoding == "jpeg":
        return as_jpeg(image, taken)
    return as_heic(photographed(image) if encoding == "photo" else image, taken)
