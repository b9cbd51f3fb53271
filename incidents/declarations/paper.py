"""Declarations on paper: forms, slips with a link, and a household's copy; A4, with the structure that readers aloud need."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageBreak, PageTemplate, Spacer, Table

from incidents.declarations.wording import EITHER, ONE_IS_ENOUGH, SCHOOL_SAYS, Subject
from incidents.declarations.words import Answer
from incidents.print_type import GREY, INK, MARGIN, PAGE_HEIGHT, PAGE_WIDTH, RULE, SANS, TEXT_WIDTH, load_faces
from incidents.print_words import LayoutTags, Words, marked, text
from incidents.schools import year
from incidents.tagging import TaggedCanvas

_HALF = (TEXT_WIDTH - 24) / 2
_BARE = [("LEFTPADDING", (0, 0), (-1, -1), 0), ("RIGHTPADDING", (0, 0), (-1, -1), 0),
         ("TOPPADDING", (0, 0), (-1, -1), 0), ("BOTTOMPADDING", (0, 0), (-1, -1), 0),
         ("VALIGN", (0, 0), (-1, -1), "TOP"), ("FONTNAME", (0, 0), (-1, -1), SANS)]  # fmt: skip


@dataclass(frozen=True)
class FormPage:
    """One household's form: the children that it names, and the words for the pile it goes back to."""

    children: tuple[str, ...]
    group: str
    room: int = 2


@dataclass(frozen=True)
class SlipPage:
    """One household's link: whom to hand it to, the address to type, and until when it is good."""

    to: str
    address: str
    until: str


@dataclass(frozen=True)
class Said:
    """An answer on a copy: the name as it was typed, and when."""

    name: str
    answer: Answer
    when: str


def forms(subject: Subject, pages: Sequence[FormPage]) -> bytes:
    """A form to fill in for each household, a page each."""
    return _paper(subject, f"Declaration: {subject.title}", [_form(subject, page) for page in pages])


def slips(subject: Subject, pages: Sequence[SlipPage]) -> bytes:
    """A page with a link for each household."""
    return _paper(subject, f"Links to sign: {subject.title}", [_slip(subject, page) for page in pages])


def copy(subject: Subject, children: Sequence[str], answers: Sequence[Said]) -> bytes:
    """What a household answered, for it to keep."""
    return _paper(subject, f"Your copy: {subject.title}", [_copy(subject, children, answers)])


def _paper(subject: Subject, title: str, pages: Sequence[list[Flowable]]) -> bytes:
    load_faces()
    out = BytesIO()
    document = BaseDocTemplate(
        out, pagesize=(PAGE_WIDTH, PAGE_HEIGHT), title=title, author=subject.school, creator="Incident Book", lang="en-GB",
        displayDocTitle=True, invariant=1, initialFontName=SANS,
    )  # fmt: skip
    frame = Frame(MARGIN, 56, TEXT_WIDTH, PAGE_HEIGHT - 56 - 44, 0, 0, 0, 0)
    document.addPageTemplates([PageTemplate("page", [frame], onPage=_foot(f"{title}, version {subject.number}"))])
    story = [each for number, page in enumerate(pages) for each in ([PageBreak()] if number else []) + page]
    document.build(story, canvasmaker=TaggedCanvas)
    return out.getvalue()


def _foot(says: str) -> Callable[[TaggedCanvas, Any], None]:
    def draw(canvas: TaggedCanvas, _document: Any) -> None:
        with canvas.artifact("Pagination"):
            canvas.setStrokeColor(RULE)
            canvas.setLineWidth(0.5)
            canvas.line(MARGIN, 44, PAGE_WIDTH - MARGIN, 44)
            canvas.setFillColor(GREY)
            canvas.setFont(SANS, 8.4)
            canvas.drawString(MARGIN, 32, says)

    return draw


def _head(subject: Subject, title: str) -> list[Flowable]:
    return [
        text(subject.school, "over"),
        text(title, "page", "H1"),
        text(f"{subject.title}, version {subject.number}, in force from {year.short_day(subject.since)}", "about"),
    ]


# --- the form


def _form(subject: Subject, page: FormPage) -> list[Flowable]:
    return [
        *_head(subject, "Declaration"),
        Spacer(0, 14),
        text("The school", "question", "H2"),
        text(SCHOOL_SAYS),
        Spacer(0, 6),
        _side_by_side([[_Line("Signed", _HALF), *_names(each.name, each.title)] for each in subject.signatories]),
        Spacer(0, 18),
        text("You", "question", "H2"),
        marked(f"<b>{'Child' if len(page.children) == 1 else 'Children'}:</b> {_escaped(', '.join(page.children))}"),
        Spacer(0, 4),
        text(f"{EITHER} {ONE_IS_ENOUGH} Please give this page back to the school: {page.group}."),
        Spacer(0, 10),
        _side_by_side([_block(subject) for _ in range(page.room)]),
    ]


def _block(subject: Subject) -> list[Flowable]:
    """What one parent answers: the two may answer differently."""
    lines = [_Line(said, _HALF) for said in ("Print name", "Signed", "Date (day, month, year)")]
    return [_Choice(subject.says(Answer.SIGNED)), _Choice(subject.says(Answer.DECLINED)), *lines, Spacer(0, 14)]


def _names(name: str, title: str) -> list[Flowable]:
    return [text(name, "strong"), text(title, "cell")] if name else [text(title, "cell")]


def _escaped(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _side_by_side(cells: Sequence[list[Flowable]]) -> Table:
    """Two beside each other, as many rows as are needed; each is read whole before the next."""
    several = list(cells)
    rows = [[several[n], "", several[n + 1] if n + 1 < len(several) else ""] for n in range(0, len(several), 2)]
    return Table(rows, colWidths=[_HALF, 24, _HALF], style=_BARE, renderCB=LayoutTags())


class _Line(Flowable):  # type: ignore[misc]  # the library is untyped
    """A line to write on, with what belongs on it beneath: the words are read, the line is furniture."""

    def __init__(self, said: str, width: float) -> None:
        super().__init__()
        self.said, self.width, self.height = said, width, 46.0

    def wrap(self, *_available: float) -> tuple[float, float]:
        return self.width, self.height

    def draw(self) -> None:
        with self.canv.artifact():
            self.canv.setStrokeColor(INK)
            self.canv.setLineWidth(0.6)
            self.canv.line(0, 14, self.width, 14)
        with self.canv.marked(self.canv.root.add("P")):
            self.canv.setFillColor(GREY)
            self.canv.setFont(SANS, 8.6)
            self.canv.drawString(0, 3.5, f"{self.said} ")


class _Choice(Words):
    """A sentence with a box to tick before it."""

    def __init__(self, said: str, **_made: Any) -> None:
        made = text(said)
        super().__init__(_escaped(said), made.style)
        self.place = made.place

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        wide, tall = super().wrap(width - 22, height)
        return wide + 22, tall + 6

    def draw(self) -> None:
        with self.canv.artifact():
            self.canv.setStrokeColor(INK)
            self.canv.setLineWidth(0.9)
            self.canv.rect(0.5, self.height - 5.5, 10, 10, stroke=1, fill=0)
        self.canv.translate(22, 6)
        super().draw()


# --- the slip and the copy


def _slip(subject: Subject, page: SlipPage) -> list[Flowable]:
    lead, code = page.address.rsplit("/", 1)
    return [
        *_head(subject, "Read it and answer online"),
        Spacer(0, 14),
        text(page.to, "strong"),
        Spacer(0, 12),
        text("Type this address on a phone or a computer:"),
        Spacer(0, 6),
        text(f"{lead}/", "code" if _fits(lead, 16) else "strong"),
        text(code, "code"),
        Spacer(0, 12),
        text(
            f"It is for your household alone and works until {page.until}. You need no account. It takes as long as reading "
            "the policy: then you sign with your name, or decline. One of you can answer now and the other later."
        ),
        Spacer(0, 6),
        text("Big or small letters and the dashes make no difference. There is no O, no I and no nought in it."),
        Spacer(0, 12),
        text("Rather on paper, or this page was lost? Ask the school office. " + EITHER),
    ]


def _fits(words: str, size: float) -> bool:
    return bool(stringWidth(words, SANS, size) < TEXT_WIDTH - 20)


def _copy(subject: Subject, children: Sequence[str], answers: Sequence[Said]) -> list[Flowable]:
    said: list[Flowable] = []
    for each in answers:
        said += [
            text(subject.says(each.answer)),
            marked(f"<b>{_escaped(each.name or 'One of you')}</b>, {each.when}"),
            Spacer(0, 8),
        ]
    signed = [f"{each.name or '(vacant)'}, {each.title}" for each in subject.signatories]
    return [
        *_head(subject, "Declaration: your copy"),
        Spacer(0, 14),
        text("The school", "question", "H2"),
        text(SCHOOL_SAYS),
        text("; ".join(signed), "cell"),
        Spacer(0, 14),
        text("You", "question", "H2"),
        marked(f"<b>For:</b> {_escaped(', '.join(children))}"),
        Spacer(0, 8),
        *said,
        text("To change an answer, ask the school office.", "small"),
    ]
