"""The termly report on paper: A4, the same bytes for the same paper, with the structure that readers aloud need."""

from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Table

from incidents.governors import findings
from incidents.governors.paper import Paper
from incidents.governors.report_pages import BEHIND_IT, story
from incidents.print_type import (
    GREY,
    INK,
    MARGIN,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    RULE,
    SANS,
    SANS_BOLD,
    TEXT_WIDTH,
    TINT,
    load_faces,
)
from incidents.print_words import LayoutTags, LinkLine, marked
from incidents.tagging import TaggedCanvas

USUAL = 4  # pages
_FOOT = 34.0
_READING_HEIGHT = 46.0


def render(paper: Paper) -> bytes:
    """The report as PDF. The foot of each page says how many there are: where it was not as many as usual, it is built again."""
    load_faces()
    pdf, pages = _build(paper, USUAL)
    return pdf if pages == USUAL else _build(paper, pages)[0]


def _build(paper: Paper, pages: int) -> tuple[bytes, int]:
    out = BytesIO()
    document = _Report(out, paper, pages)
    document.build(story(paper), canvasmaker=TaggedCanvas)
    return out.getvalue(), document.page


class _Report(BaseDocTemplate):  # type: ignore[misc]  # the library is untyped
    def __init__(self, out: BytesIO, paper: Paper, pages: int) -> None:
        super().__init__(
            out,
            pagesize=(PAGE_WIDTH, PAGE_HEIGHT),
            title=f"{paper.title}: {paper.school}",
            author=paper.school,
            subject=f"Report to the {paper.board}",
            creator="Incident Book",
            lang="en-GB",
            displayDocTitle=True,
            invariant=1,
            initialFontName=SANS,
        )
        self.paper, self.pages = paper, pages
        first = Frame(MARGIN, 106, TEXT_WIDTH, PAGE_HEIGHT - 106 - 36, 0, 0, 0, 0, id="first")
        later = Frame(MARGIN, 56, TEXT_WIDTH, PAGE_HEIGHT - 56 - 54, 0, 0, 0, 0, id="later")
        self.addPageTemplates(
            [
                PageTemplate("first", [first], onPage=self._foot, onPageEnd=self._reading),
                PageTemplate("later", [later], onPage=self._later),
            ]
        )

    def _reading(self, canvas: TaggedCanvas, _document: Any) -> None:
        """How to read the figures: at the foot of the first page, and read when the page has been."""
        if canvas.getPageNumber() > 1:
            return
        words = marked(f"<b>How to read the figures.</b> {escape(findings.READING)}", "small")
        link = LinkLine(f"{BEHIND_IT}: page {self.pages}", BEHIND_IT)
        box = Table([[[words, link]]], colWidths=[TEXT_WIDTH], style=_NOTE, renderCB=LayoutTags())
        box.wrapOn(canvas, TEXT_WIDTH, _READING_HEIGHT)
        box.drawOn(canvas, MARGIN, 50)

    def _later(self, canvas: TaggedCanvas, document: Any) -> None:
        with canvas.artifact("Pagination"):
            canvas.setFont(SANS_BOLD, 8.6)
            canvas.setFillColor(GREY)
            canvas.drawString(MARGIN, PAGE_HEIGHT - 38, self.paper.school)
            canvas.setFont(SANS, 8.6)
            canvas.drawRightString(PAGE_WIDTH - MARGIN, PAGE_HEIGHT - 38, self.paper.title)
        self._foot(canvas, document)

    def _foot(self, canvas: TaggedCanvas, _document: Any) -> None:
        paper = self.paper
        state = f"version {paper.edition}" if paper.published else "draft, not published"
        with canvas.artifact("Pagination"):
            canvas.setStrokeColor(RULE)
            canvas.setLineWidth(0.5)
            canvas.line(MARGIN, _FOOT + 10, PAGE_WIDTH - MARGIN, _FOOT + 10)
            canvas.setFillColor(GREY)
            canvas.setFont(SANS, 8.4)
            canvas.drawString(MARGIN, _FOOT - 2, f"{paper.title} · {state}")
            canvas.drawString(MARGIN + 276, _FOOT - 2, f"Figures {findings.fingerprint(paper.figures)}")
            canvas.setFillColor(INK)
            canvas.setFont(SANS_BOLD, 8.4)
            canvas.drawRightString(PAGE_WIDTH - MARGIN, _FOOT - 2, f"{canvas.getPageNumber()} of {self.pages}")


_NOTE = [
    ("FONTNAME", (0, 0), (-1, -1), SANS),
    ("BACKGROUND", (0, 0), (-1, -1), TINT),
    ("LEFTPADDING", (0, 0), (-1, -1), 10),
    ("RIGHTPADDING", (0, 0), (-1, -1), 10),
    ("TOPPADDING", (0, 0), (-1, -1), 6),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 6),
]
