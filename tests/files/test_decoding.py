"""Files are opened in a process of their own, and what comes back is a picture that we drew."""

import io
import json
import os
import struct
import time
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageOps, PngImagePlugin

from incidents.errors import Refused
from incidents.files import decoding
from incidents.files.decoding import DEFAULT, Decoded, Limits, decode
from incidents.files.recognising import Kind
from tests.files.file_samples import HEADS, MAKES, SECRET, drawing, exif, pdf, picture, png_that_claims

pytestmark = pytest.mark.process


def decoded(data: bytes, limits: Limits = DEFAULT) -> Decoded:
    return decode(io.BytesIO(data), limits)


def seen(data: bytes, page: int = 0) -> Image.Image:
    return Image.open(io.BytesIO(decoded(data).views[page].data))


def refused(data: bytes, limits: Limits = DEFAULT) -> str:
    with pytest.raises(Refused) as problem:
        decoded(data, limits)
    return problem.value.message


@pytest.mark.parametrize("media_type", MAKES)
def test_each_kind_of_picture_is_redrawn(media_type: str) -> None:
    found = decoded(picture(media_type))
    assert (found.kind, len(found.views)) == (media_type, 1)
    assert found.views[0].media_type == "image/png"
    assert (found.views[0].width, found.views[0].height) == (60, 40)


@pytest.mark.parametrize("media_type", MAKES)
def test_the_redrawn_picture_shows_the_same(media_type: str) -> None:
    image = seen(picture(media_type)).convert("RGB")
    (red, _, not_blue), (not_red, _, blue) = image.getpixel((8, 20)), image.getpixel((52, 20))  # type: ignore[misc]  # three bands
    assert min(red, blue) > 200
    assert max(not_red, not_blue) < 60


def test_each_page_of_a_pdf_is_drawn() -> None:
    found = decoded(pdf(3))
    assert (found.kind, len(found.views)) == (Kind.PDF, 3)
    assert {view.media_type for view in found.views} == {"image/png"}


def test_a_page_of_a_pdf_shows_its_words() -> None:
    assert seen(pdf()).convert("L").getextrema()[0] < 100


def test_a_pdf_page_of_absurd_size_is_drawn_within_the_limit() -> None:
    assert max(seen(pdf(width=14000, height=200)).size) == DEFAULT.longest


def test_a_moving_gif_shows_its_first_picture() -> None:
    first, second = drawing(), Image.new("RGB", (60, 40), "green")
    image = seen(picture("image/gif", first, save_all=True, append_images=[second])).convert("RGB")
    assert image.getpixel((8, 20)) == (255, 0, 0)


def test_a_long_picture_is_drawn_smaller() -> None:
    assert seen(picture("image/png", drawing(1000, 5000))).size == (480, 2400)


def test_a_deep_grey_picture_keeps_its_greys() -> None:
    image = Image.new("I;16", (4, 4), 128 * 256)
    assert seen(picture("image/png", image)).convert("L").getpixel((1, 1)) == 128


def test_a_clear_background_stays_clear() -> None:
    image = Image.new("RGBA", (4, 4), (255, 0, 0, 0))
    assert seen(picture("image/png", image)).getpixel((1, 1)) == (255, 0, 0, 0)


def test_a_heavy_photo_goes_out_as_jpeg() -> None:
    noise = Image.effect_noise((1600, 1600), 90).convert("RGB")
    assert decoded(picture("image/jpeg", noise)).views[0].media_type == "image/jpeg"


# Nothing hidden is passed on.


def hiding_pictures() -> dict[str, bytes]:
    words = PngImagePlugin.PngInfo()
    words.add_text("Comment", SECRET)
    heavy = Image.effect_noise((1600, 1600), 90).convert("RGB")
    with_place = {kind: picture(kind, exif=exif().tobytes()) for kind in MAKES if kind != "image/gif"}
    return {
        **with_place,
        "a note in a PNG": picture("image/png", pnginfo=words),
        "a note in a GIF": picture("image/gif", comment=SECRET.encode()),
        "a note in a JPEG": picture("image/jpeg", comment=SECRET.encode()),
        "a JPEG that stays JPEG": picture("image/jpeg", heavy, exif=exif().tobytes(), comment=SECRET.encode()),
        "a colour profile": picture("image/jpeg", icc_profile=SECRET.encode() * 10),
        "a ZIP file behind a picture": picture("image/png") + HEADS["a ZIP file"] + SECRET.encode(),
    }


HIDING = hiding_pictures()


@pytest.mark.parametrize("data", HIDING.values(), ids=HIDING.keys())
def test_no_metadata_is_left(data: bytes) -> None:
    assert SECRET.encode() in data
    copy = decoded(data).views[0].data
    image = Image.open(io.BytesIO(copy))
    assert SECRET.encode() not in copy
    assert not dict(image.getexif())
    assert not {"exif", "comment", "icc_profile", "Comment", "xmp"} & image.info.keys()


def test_a_png_copy_holds_nothing_but_its_dots() -> None:
    copy, parts, at = decoded(HIDING["a note in a PNG"]).views[0].data, set(), 8
    while at < len(copy):
        parts.add(copy[at + 4 : at + 8])
        at += 12 + struct.unpack(">I", copy[at : at + 4])[0]
    assert parts == {b"IHDR", b"IDAT", b"IEND"}


@pytest.mark.parametrize("media_type", ["image/jpeg", "image/heic", "image/webp", "image/png"])
def test_a_photo_taken_sideways_stands_upright(media_type: str) -> None:
    data = picture(media_type, exif=exif(orientation=6).tobytes())
    image = seen(data).convert("RGB")
    assert image.size == (40, 60)
    assert image.getpixel((20, 8))[0] > 200  # type: ignore[index]  # three bands


@pytest.mark.parametrize("orientation", range(1, 9))
def test_however_the_camera_was_held_the_photo_stands_upright(orientation: int) -> None:
    as_held = Image.merge("RGB", [Image.linear_gradient("L").rotate(turn).resize((60, 40)) for turn in (0, 90, 0)])
    with Image.open(io.BytesIO(picture("image/png", as_held, exif=exif(orientation).tobytes()))) as taken:
        upright = ImageOps.exif_transpose(taken)
        assert seen(picture("image/png", as_held, exif=exif(orientation).tobytes())).tobytes() == upright.tobytes()


def grainy(width: int, height: int) -> Image.Image:
    """Smooth from afar and grainy from near, like a photograph."""
    smooth = Image.linear_gradient("L").resize((width, height))
    return Image.blend(smooth, Image.effect_noise((width, height), 30), 0.2).convert("RGB")


def lettered(width: int, height: int) -> Image.Image:
    """Words on plain ground, as on a screen."""
    image = Image.new("RGB", (width, height), "white")
    for at in range(0, height, 12):
        ImageDraw.Draw(image).text((4, at), f"{at} what was said in the group, line by line", fill="black")
    return image


@pytest.mark.parametrize("image", [lettered(400, 300), grainy(400, 300)], ids=["words", "grainy"])
def test_a_copy_has_the_same_dots_and_is_no_heavier_than_it_need_be(image: Image.Image) -> None:
    found = decoded(picture("image/png", image)).views[0]
    assert Image.open(io.BytesIO(found.data)).tobytes() == image.tobytes()
    assert len(found.data) <= len(picture("image/png", image, compress_level=3))


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGB", "RGBA", "CMYK"])
def test_a_picture_of_any_mode_shows_the_same(mode: str) -> None:
    image = drawing(80, 60).convert(mode)
    kind = "image/jpeg" if mode == "CMYK" else "image/png"
    red, green, blue, *_ = seen(picture(kind, image)).convert("RGB").getpixel((8, 20))  # type: ignore[misc]  # three bands
    assert all(abs(a - b) < 8 for a, b in zip((red, green, blue), image.convert("RGB").getpixel((8, 20)), strict=True))  # type: ignore[arg-type]  # three bands


# What can't be taken in is refused, in words.


@pytest.mark.parametrize("media_type", MAKES)
def test_a_picture_cut_off_is_refused(media_type: str) -> None:
    data = picture(media_type, Image.effect_noise((300, 300), 90).convert("RGB"))
    assert "is damaged or cut off" in refused(data[: len(data) // 2])


@pytest.mark.parametrize("media_type", [*MAKES, "application/pdf"])
def test_a_picture_with_nothing_behind_its_first_bytes_is_refused(media_type: str) -> None:
    data = pdf() if media_type == "application/pdf" else picture(media_type)
    assert "is damaged or cut off" in refused(data[:32] + b"<script>alert(1)</script>")


@pytest.mark.parametrize(("seems", "data"), HEADS.items(), ids=HEADS.keys())
def test_another_kind_of_file_is_refused_without_being_opened(
    seems: str, data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decoding, "_run", None)
    assert f"this is {seems}." in refused(data)


def test_a_pdf_with_a_password_is_refused() -> None:
    assert "needs a password" in refused(pdf(password="key"))


def test_a_pdf_of_too_many_pages_is_refused() -> None:
    assert "has 31 pages, and 30 is the most" in refused(pdf(31))


def test_a_pdf_of_the_most_pages_is_taken() -> None:
    assert len(decoded(pdf(4), replace(DEFAULT, pages=4)).views) == 4


def test_a_picture_that_claims_to_be_huge_is_refused_before_it_is_decoded() -> None:
    assert "has 10000 million dots, and 64 million is the most" in refused(png_that_claims(100_000, 100_000))


def test_a_bomb_of_small_bytes_and_many_dots_is_refused() -> None:
    bomb = png_that_claims(9000, 9000, bytes(9000 * 9000 * 3 + 9000))
    assert len(bomb) < 400_000
    assert "too large to open safely" in refused(bomb)


def test_the_pixel_limit_is_what_refuses_the_bomb() -> None:
    bomb = png_that_claims(2000, 2000, bytes(2000 * 2000 * 3 + 2000))
    assert decoded(bomb).views[0].width == 2000
    assert "too large to open safely" in refused(bomb, replace(DEFAULT, pixels=3_999_999))


def test_the_memory_limit_stops_what_the_pixel_limit_lets_through() -> None:
    tight = replace(DEFAULT, memory=300 * decoding.MEGABYTE)
    assert decoded(picture("image/png"), tight).views
    big = picture("image/png", Image.new("RGB", (7900, 7900)))
    assert "needs too much room to open" in refused(big, tight)


def test_the_time_limit_ends_a_child_that_does_not_answer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    mark = tmp_path / "pid"
    child(monkeypatch, tmp_path, f"import os, time; open({str(mark)!r}, 'w').write(str(os.getpid())); time.sleep(600)")
    start = time.monotonic()
    assert "took too long" in refused(picture("image/png"), replace(DEFAULT, wall=1))
    assert time.monotonic() - start < 10
    with pytest.raises(ProcessLookupError):
        os.kill(int(mark.read_text()), 0)


def test_the_child_ends_itself_when_its_processor_time_is_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    real = decoding._CHILD.read_text()
    busy = real.replace("        data = sys.stdin.buffer.read()\n", "        while True: pass\n")
    assert busy != real
    child(monkeypatch, tmp_path, busy)
    assert "could not be opened safely" in refused(picture("image/png"), replace(DEFAULT, cpu=1, wall=20))


def test_the_child_cannot_write_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    target = tmp_path / "stolen"
    real = decoding._CHILD.read_text()
    stealing = real.replace(
        "        data = sys.stdin.buffer.read()\n", f"        open({str(target)!r}, 'w').write('x')\n"
    )
    assert stealing != real
    child(monkeypatch, tmp_path, stealing)
    refused(picture("image/png"))
    assert not target.exists() or target.stat().st_size == 0


def test_the_child_knows_no_secret_of_its_parent(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("INCIDENT_BOOK_DATABASE", "postgresql://user:password@host/name")
    mark = tmp_path / "env"
    child(monkeypatch, tmp_path, f"import os; open({str(mark)!r}, 'w').write(repr(dict(os.environ)))")
    refused(picture("image/png"))
    assert "password" not in mark.read_text()


def test_a_child_that_dies_refuses_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    child(monkeypatch, tmp_path, "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)")
    assert "could not be opened safely" in refused(picture("image/png"))


# A child that the file has taken over may say anything: only pictures get past.


def frame(header: object, body: bytes = b"") -> bytes:
    text = json.dumps(header).encode()
    return struct.pack(">I", len(text)) + text + body


def about(body: bytes, **other: object) -> dict[str, object]:
    return {"media_type": "image/png", "width": 1, "height": 1, "length": len(body), **other}


DONE = frame({"done": True})
PNG = picture("image/png")
PAGE = b"<script>alert(1)</script>"
LIES = {
    "nothing": b"",
    "half a frame": frame(about(PNG), PNG)[:-9],
    "no end": frame(about(PNG), PNG),
    "not JSON": b"\x00\x00\x00\x04<<<<" + DONE,
    "a list": frame([1]) + DONE,
    "a web page as a web page": frame(about(PAGE, media_type="text/html"), PAGE) + DONE,
    "a web page as a picture": frame(about(PAGE), PAGE) + DONE,
    "an SVG": frame(about(PAGE, media_type="image/svg+xml"), PAGE) + DONE,
    "a length below nothing": frame(about(PNG, length=-len(DONE)), PNG) + DONE,
    "a width of words": frame(about(PNG, width="wide"), PNG) + DONE,
    "a width beyond the limit": frame(about(PNG, width=999_999), PNG) + DONE,
    "an unknown refusal": frame({"refused": "{label.__class__}"}),
    "no end of bytes": b"\x7f\xff\xff\xff" + b"x" * 3_000_000,
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES.keys())
def test_what_is_not_a_picture_gets_no_further(lie: bytes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "lie").write_bytes(lie)
    child(monkeypatch, tmp_path, f"import sys; sys.stdout.buffer.write(open({str(tmp_path / 'lie')!r}, 'rb').read())")
    message = refused(PNG, replace(DEFAULT, output=2_000_000))
    assert message.startswith("Not kept: this PNG picture ")


def child(monkeypatch: pytest.MonkeyPatch, folder: Path, code: str) -> None:
    path = folder / "child.py"
    path.write_text(code)
    monkeypatch.setattr(decoding, "_CHILD", path)
