"""The termly report on paper: A4, the same bytes for the same paper, drawn from published figures and words alone."""

import re
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import (
    BalancedColumns,
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    KeepTogether,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
)

from incidents.governors import findings
from incidents.governors.disclosure import Figures
from incidents.governors.paper import Paper
from incidents.governors.report_marks import (
    BandBar,
    BandScale,
    CountBar,
    DecisionLine,
    GreatNumber,
    Overline,
    Rule,
    TermColumns,
)
from incidents.governors.report_type import (
    COLUMN,
    GREY,
    GUTTER,
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
    styles,
)
from incidents.governors.shown import Shown

_ROW = 18.4
_FOOT = 34.0
_READING_HEIGHT = 36.0
_FIRST_WORDS = re.compile(r"(?P<verb>[^,:;.]{3,80})(?P<rest>[,:;.].*)?", re.DOTALL)


def render(paper: Paper) -> bytes:
    """The report as PDF. Built twice, since the foot of each page says how many there are."""
    load_faces()
    pages = _build(paper, 0)[1]
    return _build(paper, pages)[0]


def _build(paper: Paper, pages: int) -> tuple[bytes, int]:
    out = BytesIO()
    document = _Report(out, paper, pages)
    document.build(_story(paper))
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
        first = Frame(MARGIN, 96, TEXT_WIDTH, PAGE_HEIGHT - 96 - 36, 0, 0, 0, 0, id="first")
        later = Frame(MARGIN, 56, TEXT_WIDTH, PAGE_HEIGHT - 56 - 54, 0, 0, 0, 0, id="later")
        self.addPageTemplates(
            [PageTemplate("first", [first], onPage=self._first), PageTemplate("later", [later], onPage=self._later)]
        )

    def _first(self, canvas: Any, _document: Any) -> None:
        box = Table(
            [[Paragraph(f"<b>How to read the figures.</b> {escape(findings.READING)}", styles()["small"])]],
            colWidths=[TEXT_WIDTH],
            style=[
                ("FONTNAME", (0, 0), (-1, -1), SANS),
                ("BACKGROUND", (0, 0), (-1, -1), TINT),
                ("LEFTPADDING", (0, 0), (-1, -1), 10),
                ("RIGHTPADDING", (0, 0), (-1, -1), 10),
                ("TOPPADDING", (0, 0), (-1, -1), 6),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 7),
            ],
        )
        box.wrapOn(canvas, TEXT_WIDTH, _READING_HEIGHT)
        box.drawOn(canvas, MARGIN, 50)
        self._foot(canvas)

    def _later(self, canvas: Any, _document: Any) -> None:
        canvas.setFont(SANS_BOLD, 8.6)
        canvas.setFillColor(GREY)
        canvas.drawString(MARGIN, PAGE_HEIGHT - 38, self.paper.school)
        canvas.setFont(SANS, 8.6)
        canvas.drawRightString(PAGE_WIDTH - MARGIN, PAGE_HEIGHT - 38, self.paper.title)
        self._foot(canvas)

    def _foot(self, canvas: Any) -> None:
        paper = self.paper
        state = f"version {paper.edition}" if paper.published else "draft, not published"
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


class _Heading(Paragraph):  # type: ignore[misc]  # the library is untyped
    """A heading that is also a bookmark."""

    def __init__(self, text: str, style: str, level: int) -> None:
        super().__init__(escape(text), styles()[style])
        self.text_said, self.level, self.keepWithNext = text, level, 1

    def draw(self) -> None:
        key = f"{self.canv.getPageNumber()}-{self.text_said}"
        self.canv.bookmarkHorizontal(key, 0, self.height + 10)
        self.canv.addOutlineEntry(self.text_said, key, self.level)
        super().draw()


def _text(words: str, style: str = "body") -> Paragraph:
    return Paragraph(escape(words), styles()[style])


def _story(paper: Paper) -> list[Flowable]:
    story = [*_first_page(paper), NextPageTemplate("later")]
    if not paper.figures.bands["outside_hours"].is_kept_back:
        story += [PageBreak(), *_what_happened(paper)]
    return [*story, PageBreak(), *_behind_it(paper)]


# --- the first page: the whole story -------------------------------------------------------------------------------


def _first_page(paper: Paper) -> list[Flowable]:
    figures = paper.figures
    term = figures.term
    about = f"Recorded from {findings.day(term.first)} to {findings.day(term.last)}."
    if paper.meeting:
        about += f" For the meeting on {findings.weekday(paper.meeting)}."
    story: list[Flowable] = [
        Overline(f"Report to the {paper.board}", TEXT_WIDTH),
        _Heading(paper.school, "school", 0),
        _text(paper.title, "term"),
        _text(about, "about"),
    ]
    if paper.changed:
        story.append(_text(f"Version {paper.edition}. What changed: {paper.changed}", "about"))
    story += [
        Rule(TEXT_WIDTH, 1, INK, 9, 12),
        _text(findings.summary(figures), "summary"),
        Rule(TEXT_WIDTH, 0.5, RULE, 14, 14),
        _columns(_happened(figures), _better(figures)),
        Rule(TEXT_WIDTH, 0.5, RULE, 10, 14),
        _Heading("Are we doing what we promised?", "question", 1),
        _bands(figures, "Promise", {"triaged_in_one_day": figures.incidents, "cases_closed": figures.cases}),
    ]
    return story + _asks(paper.asks)


def _happened(figures: Figures) -> list[Flowable]:
    cases = f"{figures.cases.prose} cases opened"
    points = [
        findings.largest(figures),
        findings.time_and_place(figures),
        f"to act, we relied most on {test}" if (test := findings.relied_most(figures)) else "",
        findings.staff(figures).rstrip("."),
    ]
    said = [point[:1].upper() + point[1:] + "." for point in points if point] or [findings.TOO_FEW_WORDS]
    bullets = [Paragraph(escape(each), styles()["bullet"], bulletText="–") for each in said]
    great = GreatNumber(figures.incidents, ["incidents recorded", cases], COLUMN)
    return [_Heading("What happened?", "question", 1), great, Spacer(0, 7), *bullets]


def _better(figures: Figures) -> list[Flowable]:
    bars = [(findings.short_term(quoted.term), quoted.incidents) for quoted in figures.earlier[-3:]]
    bars.append((findings.short_term(figures.term.name), figures.incidents))
    change = findings.trend(figures)
    lead = f"<b>{escape(change[:1].upper() + change[1:])}.</b> " if change else ""
    note = Paragraph(lead + escape(findings.trend_note(figures)), styles()["body"])
    columns = [TermColumns(bars, COLUMN), Spacer(0, 6)] if figures.earlier else []
    return [_Heading("Is it getting better?", "question", 1), *columns, note]


def _asks(asks: Sequence[str]) -> list[Flowable]:
    if not asks:
        return []
    rows = [
        [_text(str(number), "asknumber"), _ask(ask), DecisionLine(104, 32)] for number, ask in enumerate(asks, start=1)
    ]
    table = Table(rows, colWidths=[18, TEXT_WIDTH - 18 - 116, 116], style=_ASKED)
    return [CondPageBreak(90), Spacer(0, 15), _Heading("What we ask the board", "question", 1), table]


def _ask(ask: str) -> Paragraph:
    """The verb and what belongs to it stand out, up to the first stop."""
    match = _FIRST_WORDS.fullmatch(ask.strip())
    if match is None:
        return _text(ask, "ask")
    return Paragraph(f"<b>{escape(match['verb'])}</b>{escape(match['rest'] or '')}", styles()["ask"])


# --- what happened, and what we did --------------------------------------------------------------------------------


def _what_happened(paper: Paper) -> list[Flowable]:
    figures, heading = paper.figures, findings.headings(paper.figures)
    story: list[Flowable] = [_Heading("What happened, and what we did", "page", 0)]
    story += [_text(f"Of {figures.incidents.prose} incidents. A bar is solid as far as is certain; in a dashed part "
                    "the number lies somewhere inside it.")]  # fmt: skip
    story.append(_Heading(heading["directions"], "finding", 1))
    known = findings.known(figures, "directions")
    story.append(_directions(figures) if known else _text(findings.why_kept_back(figures.tables["directions"])))
    places = dict.fromkeys(("outside_hours", "off_site", "repeated"), figures.incidents)
    story += [_Heading(heading["time"], "finding", 1), _bands(figures, "Incidents", places)]
    return [*story, _Heading(heading["tests"], "finding", 1), *_tests(figures)]


def _directions(figures: Figures) -> Table:
    head = [_text("Who, to whom", "head"), _text("Incidents", "headright"), "", ""]
    bar = TEXT_WIDTH - 200 - 52 - 14
    unit = (bar - 4) / max(5, *(shown.compared for shown in figures.tables["directions"].values()))
    rows: list[list[Any]] = []
    explained = False
    for group, shown in figures.tables["directions"].items():
        note = "somewhere from 0 to 4" if shown.is_fewer and not explained else ""
        explained = explained or shown.is_fewer
        rows.append(
            [findings.ROWS["directions"][group], shown.cell, "", CountBar(shown, min(unit, 14), note, bar, _ROW)]
        )
    return _table([head, *_typed(rows)], [200, 52, 14, bar])


def _tests(figures: Figures) -> list[Flowable]:
    asked = (
        "Our policy asks three tests when an incident was outside school hours or off-site, or when either is not "
        "known. One that is met is enough; more than one can be met."
    )
    pupils_only = escape(findings.PUPILS_ONLY).replace("pupils only", "<b>pupils only</b>", 1)
    after = Paragraph(pupils_only, styles()["note"])
    if not findings.known(figures, "tests"):
        return [_text(asked), Spacer(0, 5), _text(findings.why_kept_back(figures.tables["tests"])), after]
    rows = [[findings.ROWS["tests"][name], shown] for name, shown in figures.tables["tests"].items()]
    return [_text(asked), Spacer(0, 5), _band_table("Met, and relied on to act on a pupil", rows), after]


def _bands(figures: Figures, head: str, of: Mapping[str, Shown]) -> Table:
    rows = [[f"{findings.BAND_WORDS[name]}{_of(name, total)}", figures.bands[name]] for name, total in of.items()]
    return _band_table(head, rows)


def _of(name: str, total: Shown) -> str:
    """Say of how many, where it is not the incidents of the whole page."""
    return f", of {total.prose}" if name in ("triaged_in_one_day", "cases_closed") else ""


def _band_table(head: str, rows: Iterable[Sequence[Any]]) -> Table:
    bar = 164.0
    top = [_text(head, "head"), _text("How many", "head"), BandScale(bar, 12)]
    body = [[_text(label, "cell"), _text(shown.cell, "strong"), BandBar(shown, bar, _ROW)] for label, shown in rows]
    return _table([top, *body], [TEXT_WIDTH - bar - 84, 84, bar])


def _typed(rows: Iterable[Sequence[Any]]) -> list[list[Any]]:
    return [[_text(label, "cell"), _text(figure, "figure"), *rest] for label, figure, *rest in rows]


_BARE: list[tuple[Any, ...]] = [
    ("FONTNAME", (0, 0), (-1, -1), SANS),  # or empty cells bring in another face
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), 0),
    ("TOPPADDING", (0, 0), (-1, -1), 0),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 0),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
]


_ASKED = [*_BARE, ("ALIGN", (2, 0), (2, -1), "RIGHT"), ("BOTTOMPADDING", (0, 0), (-1, -1), 7)]


def _table(rows: list[list[Any]], widths: list[float]) -> Table:
    style = [
        *_BARE,
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
        ("BOTTOMPADDING", (0, 0), (-1, 0), 2),
        ("LINEBELOW", (0, 0), (-1, 0), 0.9, INK),
        ("LINEBELOW", (0, 1), (-1, -1), 0.5, RULE),
    ]
    return Table(rows, colWidths=widths, rowHeights=[15, *([_ROW] * (len(rows) - 1))], style=style, repeatRows=1)


def _columns(left: list[Flowable], right: list[Flowable]) -> Table:
    return Table([[left, "", right]], colWidths=[COLUMN, GUTTER, COLUMN], style=_BARE)


# --- what stands behind it -----------------------------------------------------------------------------------------

_PROTECTED = (
    "A count below 5 is printed as “<5”, “fewer than 5” or “a few or none”. It may be none.",
    "Every other count of incidents or cases is rounded to the nearest 5: 10 stands for 8 to 12, 15 for 13 to 17.",
    "Where steps say enough we use four: <b>a few or none</b>, fewer than 5; <b>some</b>, from 5 to half; <b>most</b>, "
    "over half; <b>all but a few</b>, fewer than 5 left out. Below a printed 15 there are too few to judge.",
    "A table from which a hidden number could be worked out is not printed. Each could still be 0, 1, 2, 3 or 4.",
    "Earlier terms are quoted as they were published. An incident belongs to the term in which it was recorded.",
)
_WORDS = (
    "<b>Incident:</b> one thing that happened online, as staff recorded it. <b>Case:</b> our response to one or more. "
    "<b>Triage:</b> the first decision on an incident. <b>Off-site:</b> not under the lawful control of staff.",
    "<b>Not here:</b> names, stories and evidence. Cases about the headteacher are never in this report; whoever "
    "manages them reports to the chair alone. Every report says so, whether or not there is one.",
)


def _behind_it(paper: Paper) -> list[Flowable]:
    numbered = [Paragraph(text, styles()["number"], bulletText=str(row)) for row, text in enumerate(_PROTECTED, 1)]
    words = [flowable for text in _WORDS for flowable in (Paragraph(text, styles()["cell"]), Spacer(0, 6))]
    reading = _columns(
        [_Heading("How nobody can be found", "finding", 1), *numbered],
        [_Heading("Words, and what is not here", "finding", 1), *words],
    )
    story: list[Flowable] = [_Heading("What stands behind it", "page", 0)]
    if paper.paragraphs:
        said: list[Flowable] = [_text(each, "words") for each in paper.paragraphs]
        story += [_Heading("The headteacher writes", "finding", 1)]
        story.append(BalancedColumns(said, nCols=2, innerPadding=GUTTER, needed=40, endSlack=0.1))
        story.append(Rule(TEXT_WIDTH, 0.5, RULE, 8, 14))
    return [*story, KeepTogether([reading, Spacer(0, 20), _fingerprint(paper)])]


def _fingerprint(paper: Paper) -> Table:
    state = (
        f"Version {paper.edition}, published {findings.day(paper.published)}" if paper.published else "Not published"
    )
    left = [
        _text("Fingerprint of the figures", "small"),
        _text(findings.fingerprint(paper.figures), "code"),
        _text(state, "small"),
    ]
    right = _text(
        "The page in Incident Book shows the same twelve signs for the same figures. A published report can’t be "
        "changed: a correction is a new version that says what changed, never by how much.",
        "small",
    )
    wide = max(200.0, stringWidth(findings.fingerprint(paper.figures), SANS_BOLD, 16) + 34)
    style = [
        *_BARE,
        ("BACKGROUND", (0, 0), (-1, -1), TINT),
        ("LEFTPADDING", (0, 0), (-1, -1), 12),
        ("RIGHTPADDING", (0, 0), (-1, -1), 12),
        ("TOPPADDING", (0, 0), (-1, -1), 9),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 10),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
    ]
    return Table([[left, right]], colWidths=[wide, TEXT_WIDTH - wide], style=style)
