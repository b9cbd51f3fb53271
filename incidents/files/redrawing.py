"""The child process that opens an upload and draws pictures of it. Run by its path, alone: it imports nothing of ours.

In: the file on standard input, its media type and the limits as arguments. Out: frames on standard output, each a
length (4 bytes), a JSON header, and the bytes the header announces. The last frame says `done` or `refused`.
"""

import io
import json
import resource
import signal
import struct
import sys
from collections.abc import Iterator
from typing import Any

from PIL import Image, ImageOps

PILLOW_NAMES = {
    "image/png": "PNG",
    "image/jpeg": "JPEG",
    "image/webp": "WEBP",
    "image/gif": "GIF",
    "image/heic": "HEIF",
}
DEEP = frozenset({"I", "I;16", "I;16B", "I;16L", "I;16N"})
HEAVY_PNG = 1_500_000  # bytes; beyond it an opaque picture goes out as JPEG
PDF_ZOOM = 2.0  # 144 dots an inch: small print can be read


class CannotDraw(Exception):
    """Why not, as a key that the parent puts into words."""

    def __init__(self, why: str, **numbers: int) -> None:
        self.why, self.numbers = why, numbers
        super().__init__(why)


def confine(limits: dict[str, int]) -> None:
    """Give up memory, time, and the right to write any file, before the first byte of the upload is read."""
    for what, most in (
        (resource.RLIMIT_AS, limits["memory"]),
        (resource.RLIMIT_CPU, limits["cpu"]),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    signal.alarm(limits["wall"] + 5)  # ends this process even if its parent was killed


def draw(data: bytes, media_type: str, limits: dict[str, int]) -> Iterator[tuple[dict[str, Any], bytes]]:
    """A header and the bytes of each viewing copy: PNG or JPEG, drawn anew from nothing but the dots."""
    pictures = _pages(data, limits) if media_type == "application/pdf" else _picture(data, media_type, limits)
    for image in pictures:
        kind, drawn = _drawn(image)
        yield {"media_type": kind, "width": image.width, "height": image.height, "length": len(drawn)}, drawn


def _picture(data: bytes, media_type: str, limits: dict[str, int]) -> Iterator[Image.Image]:
    if media_type == "image/heic":
        import pillow_heif

        pillow_heif.register_heif_opener(thumbnails=False)
    Image.MAX_IMAGE_PIXELS = None  # our own limit stands below, before anything is decoded
    with Image.open(io.BytesIO(data), formats=[PILLOW_NAMES[media_type]]) as image:
        if image.width * image.height > limits["pixels"]:
            raise CannotDraw("too_many_pixels", pixels=image.width * image.height)
        longest = limits["longest"]
        orientation = image.getexif().get(0x0112, 1)
        image.draft("RGB", (longest, longest))  # a JPEG is decoded at half or a quarter of its size where that will do
        image.load()
        fresh = _plain(image)
        fresh.thumbnail((longest, longest))
        fresh.getexif()[0x0112] = orientation
        yield ImageOps.exif_transpose(fresh)


def _pages(data: bytes, limits: dict[str, int]) -> Iterator[Image.Image]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise CannotDraw("locked" if "password" in str(error).lower() else "broken") from error
    with document:
        if len(document) == 0:
            raise CannotDraw("broken")
        if len(document) > limits["pages"]:
            raise CannotDraw("too_many_pages", pages=len(document))
        document.init_forms()  # so that what was filled in shows; this build of the library runs no scripts
        for page in document:
            longest = max(page.get_size())
            scale = min(PDF_ZOOM, limits["longest"] / longest) if longest > 0 else PDF_ZOOM
            yield page.render(scale=scale).to_pil().convert("RGB")
            page.close()


def _plain(image: Image.Image) -> Image.Image:
    """The dots alone, as RGB or RGBA."""
    if image.mode in DEEP:
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    clear = image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info
    plain = image.convert("RGBA" if clear else "RGB")
    fresh = Image.new(plain.mode, plain.size)
    fresh.paste(plain)
    return fresh


def _drawn(image: Image.Image) -> tuple[str, bytes]:
    """The picture as PNG, or as JPEG where that is much lighter and loses no clear parts."""
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=3)  # a quarter less work than usual for two per cent more bytes
    if out.tell() <= HEAVY_PNG or image.mode == "RGBA":
        return "image/png", out.getvalue()
    out = io.BytesIO()
    image.save(out, "JPEG", quality=88)
    return "image/jpeg", out.getvalue()


def _send(header: dict[str, Any], body: bytes = b"") -> None:
    text = json.dumps(header).encode()
    sys.stdout.buffer.write(struct.pack(">I", len(text)) + text + body)


def main(media_type: str, limits: dict[str, int]) -> None:
    """Draw what comes in; whatever goes wrong ends in a frame that says so, or in no last frame at all."""
    confine(limits)
    try:
        data = sys.stdin.buffer.read()
        for header, body in draw(data, media_type, limits):
            _send(header, body)
        _send({"done": True})
    except CannotDraw as error:
        _send({"refused": error.why, **error.numbers})
    except MemoryError:
        _send({"refused": "too_heavy"})
    except Exception:
        # Decoders raise anything at all on a damaged file; the person is told the same for all of it.
        _send({"refused": "broken"})
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(sys.argv[1], json.loads(sys.argv[2]))
