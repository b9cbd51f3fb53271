"""Real files of every kind, and hostile ones, made on the spot."""

import io
import struct
import zipfile
import zlib

import pillow_heif
from PIL import Image, ImageDraw
from reportlab.pdfgen.canvas import Canvas

pillow_heif.register_heif_opener()

SECRET = "51.7520N 1.2577W, phone of A Pupil"
MAKES = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WEBP", "image/gif": "GIF", "image/heic": "HEIF"}


def drawing(width: int = 60, height: int = 40) -> Image.Image:
    """Red on the left, blue on the right: so that a turn shows."""
    image = Image.new("RGB", (width, height), "red")
    ImageDraw.Draw(image).rectangle((width // 2, 0, width, height), fill="blue")
    return image


def picture(media_type: str, image: Image.Image | None = None, **options: object) -> bytes:
    """A picture of that kind."""
    out = io.BytesIO()
    (image or drawing()).save(out, MAKES[media_type], **options)
    return out.getvalue()


def exif(orientation: int = 1) -> Image.Exif:
    """What a phone writes into a photograph, the place included."""
    found = Image.Exif()
    found[0x0112] = orientation
    found[0x010E] = SECRET
    found.get_ifd(0x8825)[1] = "N"
    found.get_ifd(0x8825)[2] = (51.0, 45.0, 7.0)
    return found


def pdf(pages: int = 1, *, password: str | None = None, width: float = 200, height: float = 300) -> bytes:
    """A PDF that carries a name in its properties."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(width, height), encrypt=password)
    canvas.setAuthor(SECRET)
    for number in range(pages):
        canvas.drawString(20, 100, f"page {number + 1}")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def archive(inside: str = "chat.txt") -> bytes:
    """A ZIP file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr(inside, "hello")
    return out.getvalue()


def _png_part(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_that_claims(width: int, height: int, rows: bytes = b"") -> bytes:
    """A PNG of any claimed size, with whatever lies inside."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = _png_part(b"IHDR", head) + _png_part(b"IDAT", zlib.compress(rows)) + _png_part(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def ftyp(brand: bytes, *others: bytes) -> bytes:
    """The first bytes of an ISO media file."""
    body = b"ftyp" + brand + b"\x00\x00\x00\x00" + b"".join(others)
    return struct.pack(">I", len(body) + 4) + body + b"\x00" * 64


HEADS = {
    "an empty file": b"",
    "a ZIP file": archive(),
    "a Word document": archive("word/document.xml"),
    "a spreadsheet": archive("xl/workbook.xml"),
    "a packed archive": b"7z\xbc\xaf\x27\x1c\x00\x04",
    "an old Office document or a saved e-mail": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    "an AVIF picture": ftyp(b"avif", b"mif1"),
    "a video": ftyp(b"isom", b"mp42"),
    "a sound recording": ftyp(b"M4A ", b"mp42"),
    "an SVG drawing, which can run hidden instructions": b"<?xml version='1.0'?>\n<svg onload='alert(1)'/>",
    "a web page (HTML)": b"\xef\xbb\xbf\n <!DOCTYPE html><script>alert(1)</script>",
    "a picture of a kind we cannot open": b"BM\x00\x00\x00\x00",
    "a program": b"MZ\x90\x00\x03",
    "a text file": "he said “no”".encode(),
    "not a picture or a PDF": b"\x00\x01\x02\x03\xff\xfe" * 10,
}
