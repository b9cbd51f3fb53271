"""The demo's pictures are real files at real phone sizes, the same each time, and bad data is refused in words."""

import io
from datetime import datetime

import pillow_heif
import pytest
from PIL import Image

from incidents.demo.drawing import KINDS, PHONES, CannotDraw, Picture, draw, read_choice, read_line
from incidents.demo.picture_files import as_heic, as_jpeg, as_pdf, as_png, photographed
from incidents.demo.screen import APPS, initials

TAKEN = datetime(2026, 11, 20, 19, 2)  # noqa: DTZ001 - a phone writes the time of its own clock
CHAT = ("Kai 21:04 hello {laugh 3}", "me 21:05 hi", "-- Kai left")
LINES = {
    "poll": ("Nobody 3", "The bin 4", "Anon 16:20 stop"),
    "profile": ("posts 1", "followers 2", "following 3", "field words"),
    "review": ("1 Anon 19:20 bad", "5 Dai 20:00 good"),
    "post": ("Kai 21:04 hello {laugh 3}",),
}


def picture(kind: str, app: str = "murmur", phone: str = "small") -> Picture:
    return Picture(kind, app, phone, "07:52", "A title", "a subtitle", "Today", LINES.get(kind, CHAT), "Words", "field")


@pytest.mark.parametrize("app", APPS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_be_drawn_in_every_app(kind: str, app: str) -> None:
    drawn = draw(picture(kind, app)).image
    assert drawn.size == (PHONES["small"].width, PHONES["small"].height)
    assert len(drawn.getcolors(1 << 24) or ()) > 20


def test_the_same_picture_has_the_same_bytes() -> None:
    assert as_png(draw(picture("group_chat")).image) == as_png(draw(picture("group_chat")).image)


def test_two_pictures_differ() -> None:
    assert as_png(draw(picture("group_chat")).image) != as_png(draw(picture("post")).image)


def test_a_long_chat_ends_above_the_writing_line() -> None:
    long = Picture("group_chat", "murmur", "small", "07:52", "T", lines=("Kai 21:04 hello",) * 30)
    assert draw(long).y <= draw(long).tall - 80


def test_a_jpeg_carries_what_a_camera_writes() -> None:
    exif = Image.open(io.BytesIO(as_jpeg(draw(picture("poll")).image, TAKEN))).getexif()
    assert exif[0x0132] == "2026:11:20 19:02:00"


def test_a_photographed_screen_is_a_real_heic_file() -> None:
    data = as_heic(photographed(draw(picture("poll")).image), TAKEN)
    assert pillow_heif.is_supported(data)
    assert pillow_heif.open_heif(data).size == (1512, 2016)


def test_a_print_is_a_pdf_with_the_same_bytes_each_time() -> None:
    first, second = (as_pdf("Printed", ("One.", "Two.")) for _ in range(2))
    assert first.startswith(b"%PDF")
    assert first == second


@pytest.mark.parametrize("line", ["no time here", "21:04 nobody said it", ""])
def test_what_is_not_a_line_is_refused(line: str) -> None:
    with pytest.raises(CannotDraw, match="not a line"):
        read_line(line)


def test_an_unknown_reaction_is_refused() -> None:
    with pytest.raises(CannotDraw, match="no such reaction"):
        read_line("Kai 21:04 hi {angry 2}")


def test_a_choice_without_a_number_is_refused() -> None:
    with pytest.raises(CannotDraw):
        read_choice("The bin")


@pytest.mark.parametrize("wrong", [{"kind": "film"}, {"app": "realbook"}, {"phone": "watch"}])
def test_an_unknown_kind_app_or_phone_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(CannotDraw, match="none of"):
        draw(picture(**({"kind": "poll"} | wrong)))


@pytest.mark.parametrize(("name", "letters"), [("Y8 banter only", "YO"), ("@mr_s", "MS"), ("Kai", "K"), ("...", "?")])
def test_initials_stand_for_a_name(name: str, letters: str) -> None:
    assert initials(name) == letters
