"""What a file is by its first bytes, never by its name: six kinds are taken in, the others are named in plain words."""

from collections.abc import Callable
from enum import StrEnum

HEAD = 2048  # bytes that are enough to tell


class Kind(StrEnum):
    """What is taken in. The values are media types."""

    PNG = "image/png"
    JPEG = "image/jpeg"
    WEBP = "image/webp"
    GIF = "image/gif"
    HEIC = "image/heic"
    PDF = "application/pdf"


LABELS = {
    Kind.PNG: "PNG picture",
    Kind.JPEG: "JPEG picture",
    Kind.WEBP: "WebP picture",
    Kind.GIF: "GIF picture",
    Kind.HEIC: "HEIC picture",
    Kind.PDF: "PDF",
}
TAKEN = "Pictures (PNG, JPEG, WebP, GIF, HEIC) and PDFs can be added."

_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"})
_MARKUP = (b"<!doctype html", b"<html", b"<head", b"<body", b"<script", b"<iframe", b"<title", b"<meta", b"<div")

Test = Callable[[bytes], bool]


def _starts(*marks: bytes) -> Test:
    return lambda head: head.startswith(marks)


def _riff(kind: bytes) -> Test:
    return lambda head: head.startswith(b"RIFF") and head[8:12] == kind


def _brands(head: bytes) -> set[bytes]:
    """The major and compatible brands of an ISO media file; empty for any other file."""
    if head[4:8] != b"ftyp":
        return set()
    end = min(int.from_bytes(head[:4], "big"), len(head))
    return {head[8:12]} | {head[at : at + 4] for at in range(16, end - 3, 4)}


def _branded(*brands: bytes) -> Test:
    return lambda head: not _brands(head).isdisjoint(brands)


def _holds(start: bytes, *within: bytes) -> Test:
    return lambda head: head.startswith(start) and any(mark in head for mark in within)


def _text(head: bytes) -> bytes:
    return head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()


def _markup(head: bytes) -> bool:
    return _text(head).startswith(_MARKUP)


def _svg(head: bytes) -> bool:
    text = _text(head)
    return text.startswith((b"<svg", b"<?xml", b"<!doctype svg", b"<!--")) and b"<svg" in text


def _plain_text(head: bytes) -> bool:
    try:
        head[:-3].decode()  # a letter of several bytes may be cut at the end
    except UnicodeDecodeError:
        return False
    return b"\x00" not in head


_KNOWN: tuple[tuple[Kind, Test], ...] = (
    (Kind.PNG, _starts(b"\x89PNG\r\n\x1a\n")),
    (Kind.JPEG, _starts(b"\xff\xd8\xff")),
    (Kind.WEBP, _riff(b"WEBP")),
    (Kind.GIF, _starts(b"GIF87a", b"GIF89a")),
    (Kind.HEIC, _branded(*_HEIC_BRANDS)),
    (Kind.PDF, _starts(b"%PDF-")),
)

_SCREENSHOT = "Take a screenshot of what matters and add that."
_LISTEN = "Write down what is said in it."
_AS_PDF = "Save it as a PDF and add that."
_UNPACK = "Open it and add the pictures inside it."
_SOUND = (b"ID3", b"OggS", b"fLaC", b"#!AMR", b"\xff\xfb", b"\xff\xf1")
_OTHER_PICTURES = (b"BM", b"II*\x00", b"MM\x00*", b"8BPS")
_OTHERS: tuple[tuple[str, str, Test], ...] = (
    ("an empty file", "Check that it opens on your device, then add it again.", lambda head: not head),
    ("a Word document", _AS_PDF, _holds(b"PK\x03\x04", b"word/")),
    ("a spreadsheet", _AS_PDF, _holds(b"PK\x03\x04", b"xl/")),
    ("a presentation", _AS_PDF, _holds(b"PK\x03\x04", b"ppt/")),
    ("an Office document", _AS_PDF, _holds(b"PK\x03\x04", b"[Content_Types].xml")),
    ("a ZIP file", _UNPACK, _starts(b"PK\x03\x04", b"PK\x05\x06")),
    ("a packed archive", _UNPACK, _starts(b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b")),
    ("an old Office document or a saved e-mail", _AS_PDF, _starts(b"\xd0\xcf\x11\xe0")),
    ("an AVIF picture", _SCREENSHOT, _branded(b"avif", b"avis")),
    ("a sound recording", _LISTEN, _branded(b"M4A ", b"M4B ")),
    ("a video", _SCREENSHOT, lambda head: bool(_brands(head)) or head[4:8] in (b"moov", b"mdat", b"wide")),
    ("a video", _SCREENSHOT, _starts(b"\x1aE\xdf\xa3", b"\x00\x00\x01\xba", b"\x00\x00\x01\xb3", b"FLV")),
    ("a video", _SCREENSHOT, _riff(b"AVI ")),
    ("a sound recording", _LISTEN, _starts(*_SOUND)),
    ("a sound recording", _LISTEN, _riff(b"WAVE")),
    ("an SVG drawing, which can run hidden instructions", _SCREENSHOT, _svg),
    ("a web page (HTML)", _SCREENSHOT, _markup),
    ("a picture of a kind we cannot open", "Save it as PNG or JPEG and add that.", _starts(*_OTHER_PICTURES)),
    ("a program", "Do not open it. Tell whoever looks after your computers.", _starts(b"MZ", b"\x7fELF", b"#!")),
    ("a text file", "Copy the words into your account of what happened.", _plain_text),
)
_UNKNOWN = ("not a picture or a PDF", TAKEN)


def recognise(head: bytes) -> Kind | None:
    """The kind of a file that may be taken in, or None."""
    return next((kind for kind, fits in _KNOWN if fits(head)), None)


def refusal(head: bytes) -> str:
    """Why a file that was not recognised is not kept, and what to do instead."""
    seems, advice = next(((seems, advice) for seems, advice, fits in _OTHERS if fits(head)), _UNKNOWN)
    return f"Not kept: this is {seems}. {advice} Your other files are safe."
