"""The child process that opens an upload and draws pictures of it. Run by its path, alone: it imports nothing of ours.

In: the file on standard input, its media type and the limits as arguments. Out: frames on standard output, each a
length (4 bytes), a JSON header, and the bytes the header announces. The last frame says `done` or `refused`.
"""

import io
import json
import os
import resource
import signal
import struct
import sys
import zlib
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from PIL import Image

# Which part of Pillow reads it, and what Pillow calls it: of all its parts only this one is loaded.
READ_BY = {
    "image/png": ("PIL.PngImagePlugin", "PNG"),
    "image/jpeg": ("PIL.JpegImagePlugin", "JPEG"),
    "image/webp": ("PIL.WebPImagePlugin", "WEBP"),
    "image/gif": ("PIL.GifImagePlugin", "GIF"),
    "image/heic": ("pillow_heif", "HEIF"),
}
# How a picture is turned that was taken with the camera held like this.
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE, 8: Image.Transpose.ROTATE_90,
}  # fmt: skip
DEEP = frozenset({"I", "I;16", "I;16B", "I;16L", "I;16N"})
HEAVY_PNG = 1_500_000  # bytes; beyond it an opaque picture goes out as JPEG
COLOURS = {"RGB": 2, "RGBA": 6}  # in the words of a PNG
PACKED = 3  # of 9: a quarter less work than usual for two per cent more bytes
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
    with _opened(data, media_type) as image:
        if image.width * image.height > limits["pixels"]:
            raise CannotDraw("too_many_pixels", pixels=image.width * image.height)
        longest = limits["longest"]
        orientation = image.getexif().get(0x0112, 1)
        image.draft("RGB", (longest, longest))  # a JPEG is decoded at half or a quarter of its size where that will do
        image.load()
        plain = _plain(image)
        plain.thumbnail((longest, longest))
        yield plain.transpose(UPRIGHT[orientation]) if orientation in UPRIGHT else plain


def _opened(data: bytes, media_type: str) -> Image.Image:
    """Not by `Image.open`: it loads every reader there is, which takes longer than many a picture."""
    part, name = READ_BY[media_type]
    reader = import_module(part)
    if name == "HEIF":
        reader.register_heif_opener(thumbnails=False)
    read, _ = Image.OPEN[name]
    return read(io.BytesIO(data), "")


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
    """The dots as RGB or RGBA."""
    if image.mode in DEEP:
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    clear = image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info
    mode = "RGBA" if clear else "RGB"
    return image if image.mode == mode else image.convert(mode)


def _drawn(image: Image.Image) -> tuple[str, bytes]:
    """The picture as PNG, or as JPEG where that is much lighter and loses no clear parts. Nothing goes out but the dots."""
    most = HEAVY_PNG if image.mode == "RGB" else sys.maxsize
    if png := _flat_png(image, most) or _filtered_png(image, most):
        return "image/png", png
    out = io.BytesIO()
    _dots_alone(image).save(out, "JPEG", quality=88)
    return "image/jpeg", out.getvalue()


def _flat_png(image: Image.Image, most: int) -> bytes | None:
    """What a screen shows, whose flat parts pack well as they are: half the work of trying filters on it, and fewer bytes.

    None for what is more than `most`, or packs badly, like a photograph.
    """
    row, dots = image.width * len(image.mode), memoryview(image.tobytes())
    most, size = min(most, len(dots) // 4 + 1000), 0
    packer, packed = zlib.compressobj(PACKED), list[bytes]()
    for at in range(0, len(dots), row):
        packed.append(packer.compress(b"\0") + packer.compress(dots[at : at + row]))
        size += len(packed[-1])
        if size > most:
            return None
    packed.append(packer.flush())
    head = struct.pack(">IIBBBBB", image.width, image.height, 8, COLOURS[image.mode], 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", b"".join(packed)), (b"IEND", b""))
    png = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(body, zlib.crc32(name)))
        for name, body in parts
    )
    return png if len(png) <= most else None


def _filtered_png(image: Image.Image, most: int) -> bytes | None:
    """A PNG as Pillow writes it; none as soon as it is more than `most`."""
    out = _AtMost(most)
    try:
        _dots_alone(image).save(out, "PNG", compress_level=PACKED)
    except _TooMuch:
        return None
    return out.getvalue()


class _TooMuch(Exception):
    pass


class _AtMost(io.BytesIO):
    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most

    def write(self, data: Any) -> int:
        if self.tell() + len(data) > self.most:
            raise _TooMuch
        return super().write(data)


def _dots_alone(image: Image.Image) -> Image.Image:
    fresh = Image.new(image.mode, image.size)
    fresh.paste(image)
    return fresh


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
    os._exit(0)  # there is nothing to tidy up
