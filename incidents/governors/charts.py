"""The charts of the report's page, as SVG drawn with attributes only; a table of the same figures is beside each."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup, escape

from incidents.governors.disclosure import Figures
from incidents.governors.findings import BAND_WORDS, ROWS, short_term
from incidents.governors.shown import OVER_HALF, SMALL, Band, Shown

_FLOOR, _TOP = 190, 30
_LEFT, _RIGHT = 7.0, 100.0
_WIDEST = 84.0  # of 100: the figure stands to the right of its bar
_ROW = 43
_SCALE_ROW = 20
_SCALE_WIDTH = 94.0
SCALE = ((0.0, "0"), (0.25, "5"), (0.5, "half"), (0.75, "all but 5"), (1.0, "all"))
# Where on that scale a share surely is, and as far as it may reach.
REACH: Mapping[str, tuple[float, float]] = {
    Band.FEW: (0.0, 0.25),
    Band.SOME: (0.25, 0.5),
    Band.MOST: (0.5, 0.75),
    Band.ALL_BUT_FEW: (0.75, 1.0),
    OVER_HALF: (0.5, 1.0),
}


def terms_chart(figures: Figures) -> Markup:
    """Columns of incidents recorded, a term each, this one solid and last."""
    bars = [(quoted.term, quoted.incidents) for quoted in figures.earlier] + [(figures.term.name, figures.incidents)]
    highest = max(shown.compared for _, shown in bars)
    parts = [_grid(highest)]
    slot = (_RIGHT - _LEFT) / len(bars)
    for place, (term, shown) in enumerate(bars):
        kind = "few" if shown.is_fewer else "now" if place == len(bars) - 1 else "then"
        parts.append(_column(_LEFT + slot * place, min(slot, 22.0), slot, short_term(term), shown, highest, kind))
    label = f"Bar chart of incidents recorded in {_terms(bars)}. The figures are in the table."
    return _svg("ib-chart ib-chart--terms", label, parts)


def rows_chart(figures: Figures, table: str, what: str) -> Markup:
    """Bars of a table's rows, one incident of the same length in every table; a dashed outline is somewhere from 0 to 4.

    `what` begins the words for those who do not see it.
    """
    rows = figures.tables[table]
    highest = max(SMALL, *(shown.compared for shown in parts_of(figures)))
    parts = [_bar(place, ROWS[table][row], shown, highest) for place, (row, shown) in enumerate(rows.items())]
    said = ", ".join(f"{ROWS[table][row]} {shown.prose}" for row, shown in rows.items())
    return _svg("ib-chart ib-chart--kinds", f"{what} {said}.", parts, height=len(rows) * _ROW)


def parts_of(figures: Figures) -> list[Shown]:
    """Every count that is a part of a total and is printed."""
    parts = (shown for rows in (*figures.tables.values(), figures.rules) for shown in rows.values())
    return [shown for shown in parts if not shown.is_kept_back]


def _bar(place: int, name: str, shown: Shown, highest: int) -> Markup:
    top = place * _ROW
    width = (4 if shown.is_fewer else shown.compared) / highest * _WIDEST
    kind, weight = ("few", "") if shown.is_fewer else ("now", ' class="b"')
    return Markup(
        '<text x="0" y="{label}">{name}</text>'
        '<rect class="{kind}" x="0" y="{bar}" width="{width:.2f}%" height="15"/>'
        "<text{weight}"
        ' x="{width:.2f}%" dx="8" y="{figure}">{words}</text>'
    ).format(
        label=top + 13,
        name=name,
        kind=kind,
        bar=top + 18,
        width=width,
        weight=Markup(weight),  # noqa: S704  # one of two constants
        figure=top + 30,
        words="fewer than 5" if shown.is_fewer else shown.cell,
    )


def bands_chart(figures: Figures, names: Sequence[str], what: str) -> Markup:
    """Bars on the scale 0, 5, half, all but 5, all: solid as far as is certain, dashed where the number may lie."""
    parts = [_scale(len(names))]
    for place, name in enumerate(names):
        shown = figures.bands[name]
        certain, at_most = (each * _SCALE_WIDTH for each in REACH[shown.text])
        top = place * _ROW + _SCALE_ROW
        parts.append(
            Markup(
                '<text x="0" y="{label}">{name}</text>'
                '<rect class="now" x="0" y="{bar}" width="{certain:.2f}%" height="15"/>'
                '<rect class="few" x="{certain:.2f}%" y="{bar}" width="{open:.2f}%" height="15"/>'
            ).format(label=top + 13, name=BAND_WORDS[name], bar=top + 18, certain=certain, open=at_most - certain)
        )
    said = ", ".join(f"{BAND_WORDS[name]} {figures.bands[name].prose}" for name in names)
    return _svg("ib-chart ib-chart--kinds", f"{what} {said}.", parts, height=len(names) * _ROW + _SCALE_ROW)


def _scale(rows: int) -> Markup:
    """The words over the bars, each over its line."""
    bottom = rows * _ROW + _SCALE_ROW
    marks = [
        Markup(
            '<line x1="{x:.2f}%" x2="{x:.2f}%" y1="18" y2="{bottom}"/>'
            '<text x="{x:.2f}%" y="13" text-anchor="{anchor}">{word}</text>'
        ).format(x=place * _SCALE_WIDTH, bottom=bottom, anchor="start" if place == 0 else "middle", word=word)
        for place, word in SCALE
    ]
    return Markup('<g class="grid">{}</g>').format(Markup("").join(marks))


def _terms(bars: Sequence[tuple[str, Shown]]) -> str:
    said = ", ".join(f"{short_term(term)} {shown.prose}" for term, shown in bars)
    return f"{len(bars)} terms: {said}" if len(bars) > 1 else said


def _height(value: int, highest: int) -> float:
    return (_FLOOR - _TOP) * value / highest


def _grid(highest: int) -> Markup:
    step = next(width for width in (5, 10, 20, 25, 50, 100, 250, 500, 1000, 10**6) if highest / width <= 5)
    lines = [
        Markup(
            '<line x1="7%" x2="100%" y1="{y:.1f}" y2="{y:.1f}"/>'
            '<text x="5%" y="{text:.1f}" text-anchor="end">{n}</text>'
        ).format(y=_FLOOR - _height(value, highest), text=_FLOOR - _height(value, highest) + 5, n=f"{value:,}")
        for value in range(0, highest + 1, step)
    ]
    return Markup('<g class="grid">{}</g>').format(Markup("").join(lines))


def _column(left: float, width: float, slot: float, term: str, shown: Shown, highest: int, kind: str) -> Markup:
    tall = _height(4 if shown.is_fewer else shown.compared, highest)
    middle = left + slot / 2
    first, _, rest = term.partition(" ")
    now = Markup(' class="b"') if kind == "now" else Markup("")
    return Markup(
        '<rect class="{kind}" x="{x:.2f}%" width="{width:.2f}%" y="{y:.1f}" height="{tall:.1f}"/>'
        '<text x="{middle:.2f}%" y="{figure:.1f}" text-anchor="middle" class="b">{words}</text>'
        '<text x="{middle:.2f}%" y="209" text-anchor="middle"{now}>{first}</text>'
        '<text x="{middle:.2f}%" y="226" text-anchor="middle"{now}>{rest}</text>'
    ).format(
        kind=kind, x=middle - width * 0.34, width=width * 0.68, y=_FLOOR - tall, tall=tall, middle=middle,
        figure=_FLOOR - tall - 6, words=shown.cell, now=now, first=first, rest=rest,
    )  # fmt: skip


def _svg(classes: str, label: str, parts: Sequence[Markup], height: int = 232) -> Markup:
    inside = Markup("").join(parts)
    return Markup('<svg class="{}" role="img" aria-label="{}" height="{}">{}</svg>').format(
        classes, escape(label), height, inside
    )
