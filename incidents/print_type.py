"""Type, ink and grid of what is made for paper."""

import re
from functools import cache
from pathlib import Path
from typing import Any, Final

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase.pdfmetrics import getRegisteredFontNames, registerFont, registerFontFamily
from reportlab.pdfbase.ttfonts import TTFont

PAGE_WIDTH, PAGE_HEIGHT = A4
MARGIN: Final = 51.0
TEXT_WIDTH: Final = PAGE_WIDTH - 2 * MARGIN
GUTTER: Final = 22.0
COLUMN: Final = (TEXT_WIDTH - GUTTER) / 2

INK: Final[Color] = HexColor("#16191D")
GREY: Final[Color] = HexColor("#4B5158")
ACCENT: Final[Color] = HexColor("#1D474B")
RULE: Final[Color] = HexColor("#CBCDCF")
TINT: Final[Color] = HexColor("#F3F1EC")
THEN: Final[Color] = HexColor("#E3E5E7")

SERIF, SERIF_BOLD = "SourceSerif", "SourceSerif-Semibold"
SANS, SANS_BOLD, SANS_ITALIC = "SourceSans", "SourceSans-Semibold", "SourceSans-Italic"
_FILES = {
    SERIF: "SourceSerifPro-Regular.ttf",
    SERIF_BOLD: "SourceSerifPro-Semibold.ttf",
    SANS: "SourceSansPro-Regular.ttf",
    SANS_BOLD: "SourceSansPro-Semibold.ttf",
    SANS_ITALIC: "SourceSansPro-It.ttf",
}
_FOLDER = Path(__file__).resolve().parents[1] / "static" / "fonts"


_LETTER = re.compile(r"<[0-9A-F]{2}> <[0-9A-F]{4,}>")


class _Face(TTFont):  # type: ignore[misc]  # the library is untyped
    """Says of every sign which letter it is, but for the glyph that stands for none: PDF/UA refuses a letter U+0000."""

    def addObjects(self, doc: Any) -> None:
        super().addObjects(doc)
        for name, made in doc.idToObject.items():
            if name.startswith("toUnicodeCMap:") and self.face.name.decode() in name:
                kept = [line for line in made.content.split("\n") if not line.endswith("> <0000>")]
                letters = sum(_LETTER.fullmatch(line) is not None for line in kept)
                made.content = "\n".join(
                    f"{letters} beginbfchar" if line.endswith("beginbfchar") else line for line in kept
                )


def load_faces() -> None:
    """Register the faces once in a process; without kerning, which would cost the text its plain letters."""
    if SANS in getRegisteredFontNames():
        return
    for name, file in _FILES.items():
        registerFont(_Face(name, str(_FOLDER / file), shapable=False))
    registerFontFamily(SANS, normal=SANS, bold=SANS_BOLD, italic=SANS_ITALIC, boldItalic=SANS_BOLD)
    registerFontFamily(SERIF, normal=SERIF, bold=SERIF_BOLD, italic=SERIF, boldItalic=SERIF_BOLD)


def _style(name: str, face: str, size: float, leading: float, **more: object) -> ParagraphStyle:
    usual = {"textColor": INK, "bulletFontName": SANS}
    return ParagraphStyle(name, fontName=face, fontSize=size, leading=leading, **usual | more)


@cache
def styles() -> dict[str, ParagraphStyle]:
    """The styles by use; sizes in points."""
    load_faces()
    made = [
        _style("over", SANS_BOLD, 8.6, 12, textColor=ACCENT, spaceAfter=7),
        _style("school", SERIF_BOLD, 27, 31),
        _style("term", SERIF, 18.5, 23, spaceAfter=3),
        _style("about", SANS, 9.6, 13, textColor=GREY),
        _style("summary", SERIF, 13.2, 18.6),
        _style("page", SERIF_BOLD, 21, 25, spaceAfter=7),
        _style("question", SERIF_BOLD, 14.5, 18, spaceAfter=5),
        _style("finding", SERIF_BOLD, 12.4, 15.5, spaceBefore=17, spaceAfter=3),
        _style("body", SANS, 10.4, 14.2),
        _style("words", SERIF, 11, 15.6, spaceAfter=7, allowWidows=0, allowOrphans=0),
        _style("bullet", SANS, 10.4, 14.2, leftIndent=12, bulletIndent=0, spaceAfter=3.5, bulletColor=GREY),
        _style("number", SANS, 9.8, 13, leftIndent=13, bulletIndent=0, spaceAfter=4, bulletFontName=SANS_BOLD),
        _style("cell", SANS, 9.8, 12.4),
        _style("strong", SANS_BOLD, 9.8, 12.4),
        _style("figure", SANS_BOLD, 9.8, 12.4, alignment=TA_RIGHT),
        _style("earlier", SANS, 9.8, 12.4, alignment=TA_RIGHT, textColor=GREY),
        _style("head", SANS_BOLD, 8.6, 10.6, textColor=GREY),
        _style("headright", SANS_BOLD, 8.6, 10.6, alignment=TA_RIGHT, textColor=GREY),
        _style("note", SANS, 9, 12, spaceBefore=5),
        _style("small", SANS, 8.6, 11.4),
        _style("ask", SANS, 10.4, 14.2, leftIndent=20),
        _style("code", SANS_BOLD, 16, 21),
    ]
    return {style.name: style for style in made}
