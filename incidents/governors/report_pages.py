"""The pages of the report on paper, as flowables: all from published figures and words."""

import re
from collections.abc import Iterable, Sequence
from typing import Any
from xml.sax.saxutils import escape

from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import (
    BalancedColumns,
    CondPageBreak,
    Flowable,
    KeepTogether,
    NextPageTemplate,
    PageBreak,
    Spacer,
    Table,
)

from incidents.governors import declared, findings
from incidents.governors.charts import parts_of
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
from incidents.governors.reviews import HEADING
from incidents.governors.shown import PARTS_FROM, Shown
from incidents.print_type import COLUMN, GUTTER, INK, RULE, SANS, SANS_BOLD, TEXT_WIDTH, TINT
from incidents.print_words import DataTags, LayoutTags, cell, heading, items, marked, text

BEHIND_IT = "How nobody can be found"
PROMISES = ("triaged_in_one_day", "steps_on_time", "cases_closed", "closed_in_20_days")
SHARES = ("outside_hours", "off_site", "repeated")
_ROW = 18.4
_LABEL, _COUNT, _GAP = 172.0, 42.0, 14.0
_FIRST_WORDS = re.compile(r"(?P<verb>[^,:;.]{3,80})(?P<rest>[,:;.].*)?", re.DOTALL)
_ASKED_WHEN = (
    "Our policy asks three tests when an incident was outside school hours or off-site, or when either is not known. "
    "One that is met is enough; more than one can be met."
)


def story(paper: Paper) -> list[Flowable]:
    """All of it, in the order in which it is read."""
    pages = [*_first_page(paper), NextPageTemplate("later")]
    if paper.figures.incidents.at_least >= PARTS_FROM:
        for part in (_what_happened, _when_and_why, _what_we_did):
            pages += [PageBreak(), *part(paper.figures)]
    return [*pages, PageBreak(), *_behind_it(paper)]


# --- the first page: the whole story -------------------------------------------------------------------------------


def _first_page(paper: Paper) -> list[Flowable]:
    figures = paper.figures
    about = f"Recorded from {findings.day(figures.term.first)} to {findings.day(figures.term.last)}."
    if paper.meeting:
        about += f" For the meeting on {findings.weekday(paper.meeting)}."
    begin: list[Flowable] = [
        Overline(f"Report to the {paper.board}", TEXT_WIDTH),
        heading(paper.school, "school", 0),
        text(paper.title, "term"),
        text(about, "about"),
    ]
    if paper.changed:
        begin.append(text(f"Version {paper.edition}. What changed: {paper.changed}", "about"))
    begin += [
        Rule(TEXT_WIDTH, 1, INK, 9, 12),
        text(findings.summary(figures), "summary"),
        Rule(TEXT_WIDTH, 0.5, RULE, 12, 12),
        _columns(_happened(figures), _better(figures)),
    ]
    return [*begin, *_promised(figures), *_asks(paper.asks)]


def _happened(figures: Figures) -> list[Flowable]:
    points = [
        findings.largest(figures),
        findings.means(figures),
        f"to act, we relied most on {test}" if (test := findings.relied_most(figures)) else "",
        findings.staff(figures).partition(". ")[0].rstrip("."),
    ]
    said = [point[:1].upper() + point[1:] + "." for point in points if point]
    said = said or [findings.why_kept_back(figures.tables["directions"])]
    lines = ["incidents recorded", f"{figures.cases.prose} cases opened", findings.three_terms(figures)]
    great = GreatNumber(figures.incidents, [line for line in lines if line], COLUMN)
    return [
        heading("What happened?", "question", 1), great, Spacer(0, 7), *items([escape(each) for each in said], "bullet"),
    ]  # fmt: skip


def _better(figures: Figures) -> list[Flowable]:
    bars = [(findings.short_term(quoted.term), quoted.incidents) for quoted in figures.earlier[-3:]]
    bars.append((findings.short_term(figures.term.name), figures.incidents))
    change = findings.trend(figures)
    lead = f"<b>{escape(change[:1].upper() + change[1:])}.</b> " if change else ""
    columns = [TermColumns(bars, COLUMN), Spacer(0, 6)] if figures.earlier else []
    return [
        heading("Is it getting better?", "question", 1),
        *columns,
        marked(lead + escape(findings.trend_note(figures))),
    ]


def _promised(figures: Figures) -> list[Flowable]:
    told = [name for name in PROMISES if not figures.bands[name].is_kept_back]
    if not told:
        return []
    return [
        Rule(TEXT_WIDTH, 0.5, RULE, 8, 12),
        heading("Are we doing what we promised?", "question", 1),
        _shares("Promise", [(findings.BAND_WORDS[name], figures.bands[name]) for name in told]),
    ]


def _asks(asks: Sequence[str]) -> list[Flowable]:
    if not asks:
        return []
    rows = [[item, DecisionLine(104, 32)] for item in items([_ask(ask) for ask in asks], "ask", numbered=True)]
    table = Table(rows, colWidths=[TEXT_WIDTH - 116, 116], style=_ASKED, renderCB=LayoutTags())
    return [CondPageBreak(90), Spacer(0, 13), heading("What we ask the board", "question", 1), table]


def _ask(ask: str) -> str:
    """The verb and what belongs to it stand out, up to the first stop."""
    match = _FIRST_WORDS.fullmatch(ask.strip())
    return f"<b>{escape(match['verb'])}</b>{escape(match['rest'] or '')}" if match else escape(ask)


# --- what happened, and what we did --------------------------------------------------------------------------------


def _what_happened(figures: Figures) -> list[Flowable]:
    said = findings.headings(figures)
    lead = (
        f"Of {figures.incidents.prose} incidents. A bar is as long as the printed number; in a dashed one the number "
        "lies somewhere from 0 to 4. Earlier terms are quoted as they were published."
    )
    begin: list[Flowable] = [heading("What happened", "page", 0), text(lead)]
    heads = {"directions": "Who, to whom", "methods": "By which means", "platforms": "Where"}
    for name, head in heads.items():
        begin += [heading(said[name], "finding", 1), *_counted(figures, name, head)]
    return begin


def _when_and_why(figures: Figures) -> list[Flowable]:
    said = findings.headings(figures)
    pages: list[Flowable] = [heading("When, what kind, and why we could act", "page", 0)]
    told = [(findings.BAND_WORDS[name], figures.bands[name]) for name in SHARES if not figures.bands[name].is_kept_back]
    if told:
        note = "A bar is solid as far as is certain; in the dashed part the number lies somewhere inside it."
        pages += [heading(said["time"], "finding", 1), _shares("Incidents", told), text(note, "note")]
    for name, head in {"four_cs": "Kind of harm", "motives": "Motive, as it seemed"}.items():
        if name in figures.tables:  # a report that was published before has them not
            pages += [heading(said[name], "finding", 1), *_counted(figures, name, head)]
    after = marked(escape(findings.PUPILS_ONLY).replace("pupils only", "<b>pupils only</b>", 1), "note")
    pages += [heading(said["tests"], "finding", 1), text(_ASKED_WHEN), Spacer(0, 5)]
    return [*pages, *_counted(figures, "tests", "Met, and relied on to act on a pupil"), after]


def _what_we_did(figures: Figures) -> list[Flowable]:
    said = findings.headings(figures)
    pages: list[Flowable] = [heading("What we did", "page", 0)]
    pages += [heading(said["outcomes"], "finding", 1), *_counted(figures, "outcomes", "What was done, in cases")]
    if findings.known(figures, "findings"):
        pages += [heading("What was established", "finding", 1), *_counted(figures, "findings", "Finding, in cases")]
    if findings.staff(figures):
        pages += [heading("Staff as targets", "finding", 1), text(findings.staff(figures))]
    if "four_cs" in figures.tables:  # a report that was published before has no rules either
        pages += [heading(said["rules"], "finding", 1), *_broken(figures)]
    return pages


def _broken(figures: Figures) -> list[Flowable]:
    """The rules that were said to be broken often enough to be named; or why none is."""
    rows = findings.broken(figures)
    if not rows:
        return [text(findings.no_rules(figures))]
    bar = TEXT_WIDTH - _LABEL - _COUNT - _GAP
    _, unit = _bars(figures)
    top = [cell("Policy and clause", "head"), cell("Incidents", "headright"), "", ""]
    body = [
        [cell(rule), _figure(shown, "figure"), "", CountBar(shown, unit, "", bar, _ROW)] for rule, shown, _, _ in rows
    ]
    return [_table([top, *body], [_LABEL, _COUNT, _GAP, bar], drawn=2), text(findings.RULES_NOTE, "note")]


def _bars(figures: Figures) -> tuple[float, float]:
    """The room for a bar beside the terms, and how long one incident is: the same in every table of a report."""
    bar = TEXT_WIDTH - _LABEL - _COUNT * (len(figures.earlier[-3:]) + 1) - _GAP
    return bar, min(14.0, (bar - 4) / max(5, *(shown.compared for shown in parts_of(figures))))


def _counted(figures: Figures, name: str, head: str) -> list[Flowable]:
    """A table of counts beside earlier terms, with bars; or why it is not there."""
    if not findings.known(figures, name):
        return [text(findings.why_kept_back(figures.tables[name]))]
    earlier = figures.earlier[-3:]
    bar, unit = _bars(figures)
    terms = [*(quoted.term for quoted in earlier), figures.term.name]
    top = [cell(head, "head"), *(cell(findings.short_term(term), "headright") for term in terms), "", ""]
    body = []
    for row, shown in figures.tables[name].items():
        before = [quoted.cells.get(f"{name}.{row}") for quoted in earlier]
        figure = [*(_figure(each, "earlier") for each in before), _figure(shown, "figure")]
        body.append([cell(findings.ROWS[name][row]), *figure, "", CountBar(shown, unit, "", bar, _ROW)])
    widths = [_LABEL, *([_COUNT] * len(terms)), _GAP, bar]
    rest = [text(findings.REST[name], "note")] if name in findings.REST else []
    return [_table([top, *body], widths, drawn=2, head=26), *rest]


def _figure(shown: Shown | None, style: str) -> Any:
    if shown is None or shown.is_kept_back:
        return cell("–", style, "not told")
    return cell(shown.cell, style, "fewer than 5" if shown.is_fewer else "")


def _shares(head: str, rows: Iterable[tuple[str, Shown]]) -> Table:
    bar = 164.0
    top = [cell(head, "head"), cell("How many", "head"), BandScale(bar, 12)]
    body = [[cell(label), cell(shown.cell, "strong"), BandBar(shown, bar, _ROW)] for label, shown in rows]
    return _table([top, *body], [TEXT_WIDTH - bar - 84, 84, bar], drawn=1)


# --- tables ----------------------------------------------------------------------------------------------------------

_BARE: list[tuple[Any, ...]] = [
    ("FONTNAME", (0, 0), (-1, -1), SANS),  # or empty cells bring in another face
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), 0),
    ("TOPPADDING", (0, 0), (-1, -1), 0),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 0),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
]
_ASKED = [*_BARE, ("ALIGN", (1, 0), (1, -1), "RIGHT"), ("BOTTOMPADDING", (0, 0), (-1, -1), 5)]
_RULED = [
    *_BARE,
    ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
    ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
    ("BOTTOMPADDING", (0, 0), (-1, 0), 2),
    ("LINEBELOW", (0, 0), (-1, 0), 0.9, INK),
    ("LINEBELOW", (0, 1), (-1, -1), 0.5, RULE),
]
_BOX = [
    *_BARE,
    ("BACKGROUND", (0, 0), (-1, -1), TINT),
    ("LEFTPADDING", (0, 0), (-1, -1), 12),
    ("RIGHTPADDING", (0, 0), (-1, -1), 12),
    ("TOPPADDING", (0, 0), (-1, -1), 9),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 10),
    ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
]


def _table(rows: list[list[Any]], widths: list[float], drawn: int, head: float = 15) -> Table:
    """A table of figures whose last `drawn` columns are bars."""
    tags = DataTags(frozenset(range(len(widths) - drawn, len(widths))))
    heights = [head, *([_ROW] * (len(rows) - 1))]
    return Table(rows, colWidths=widths, rowHeights=heights, style=_RULED, repeatRows=1, renderCB=tags)


def _columns(left: list[Flowable], right: list[Flowable]) -> Table:
    return Table([[left, "", right]], colWidths=[COLUMN, GUTTER, COLUMN], style=_BARE, renderCB=LayoutTags())


# --- what stands behind it -----------------------------------------------------------------------------------------

_PROTECTED = [
    "A count below 5 is printed as “&lt;5”, “fewer than 5” or “a few or none”. It may be none.",
    "Every other count is rounded down to a multiple of 5: 10 stands for 10 to 14, 15 for 15 to 19.",
    "Where steps say enough we use four: <b>a few or none</b>, fewer than 5; <b>some</b>, from 5 to half; <b>most</b>, "
    "over half; <b>all but a few</b>, fewer than 5 left out.",
    "No table is complete, so nothing can be had by taking away: each hidden number could still be 0, 1, 2, 3 or 4. "
    "A program that tries to work it out from everything published is a part of our tests.",
    "A term is counted once. Earlier terms are quoted as they were published. An incident belongs to the term in which "
    "it was recorded.",
]
_MEANT = (
    "<b>Incident:</b> one thing that happened online, as staff recorded it. <b>Case:</b> our response to one or more. "
    "<b>Triage:</b> the first decision on an incident. <b>Off-site:</b> not under the lawful control of staff.",
    f"<b>Not here:</b> {findings.NOT_HERE[:1].lower()}{findings.NOT_HERE[1:]}",
)


def _behind_it(paper: Paper) -> list[Flowable]:
    meant = [flowable for said in _MEANT for flowable in (marked(said, "cell"), Spacer(0, 6))]
    reading = _columns(
        [heading(BEHIND_IT, "finding", 1), *items(_PROTECTED, "number", numbered=True)],
        [heading("Words, and what is not here", "finding", 1), *meant],
    )
    begin: list[Flowable] = [heading("What stands behind it", "page", 0)]
    if paper.paragraphs:
        said: list[Flowable] = [text(each, "words") for each in paper.paragraphs]
        begin += [heading("The school writes", "finding", 1)]
        begin.append(BalancedColumns(said, nCols=2, innerPadding=GUTTER, needed=40, endSlack=0.1))
        begin.append(Rule(TEXT_WIDTH, 0.5, RULE, 8, 14))
    return [
        *begin,
        *_reviews(paper.figures),
        *_declared(paper.figures),
        KeepTogether([reading, Spacer(0, 20), _fingerprint(paper)]),
    ]


def _reviews(figures: Figures) -> list[Flowable]:
    """The policies in force, and when each is to be looked at again."""
    if figures.reviews is None:  # a report from before
        return []
    said = [heading(HEADING, "finding", 1), text(figures.reviews.sentence())]
    body = [[cell(title), cell(review)] for title, review in figures.reviews.rows()]
    if not body:
        return [*said, Spacer(0, 14)]
    rows = [[cell("Policy", "head"), cell("Review", "head")], *body]
    airy = [*_RULED, ("BOTTOMPADDING", (0, 1), (-1, -1), 4), ("RIGHTPADDING", (0, 0), (0, -1), GUTTER)]
    table = Table(rows, colWidths=[TEXT_WIDTH / 2] * 2, style=airy, repeatRows=1, renderCB=DataTags(frozenset()))
    return [*said, Spacer(0, 4), table, Spacer(0, 14)]


def _declared(figures: Figures) -> list[Flowable]:
    """How far the policies are signed."""
    if figures.declared is None:
        return []
    rows = [[cell(words, "head") for words in ("Policy", "Who signs", "Signed")]]
    rows += [[cell(each.title), cell(each.audience), cell(each.words)] for each in figures.declared.rows]
    table = Table(rows, colWidths=[TEXT_WIDTH / 3] * 3, style=_RULED, repeatRows=1, renderCB=DataTags(frozenset()))
    return [heading(declared.HEADING, "finding", 1), text(declared.EXPLAINED), Spacer(0, 4), table, Spacer(0, 14)]


def _fingerprint(paper: Paper) -> Table:
    state = (
        f"Version {paper.edition}, published {findings.day(paper.published)}" if paper.published else "Not published"
    )
    code = findings.fingerprint(paper.figures)
    left = [text("Fingerprint of the figures", "small"), text(code, "code"), text(state, "small")]
    right = text(
        "The page in Incident Book shows the same twelve signs for the same figures. A published report can’t be "
        "changed: a correction is a new version that says what changed, and quotes the figures.",
        "small",
    )
    wide = max(200.0, stringWidth(code, SANS_BOLD, 16) + 34)
    return Table([[left, right]], colWidths=[wide, TEXT_WIDTH - wide], style=_BOX, renderCB=LayoutTags())
