"""The marks of the report on paper: solid is counted, a dashed outline means that the number lies somewhere there."""

from collections.abc import Sequence
from typing import Any

from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Flowable

from incidents.governors.charts import REACH, SCALE
from incidents.governors.shown import Shown
from incidents.print_type import ACCENT, GREY, INK, RULE, SANS, SANS_BOLD, SERIF, SERIF_BOLD, THEN

_BAR = 8.2


class _Mark(Flowable):  # type: ignore[misc]  # the library is untyped
    """A drawing of a fixed size that fills its table cell."""

    def __init__(self, width: float, height: float) -> None:
        super().__init__()
        self.width, self.height = width, height

    def wrap(self, *_available: float) -> tuple[float, float]:
        return self.width, self.height

    def _solid(self, left: float, length: float) -> None:
        self.canv.setFillColor(ACCENT)
        self.canv.rect(left, (self.height - _BAR) / 2, length, _BAR, stroke=0, fill=1)

    def _dashed(self, left: float, length: float) -> None:
        self.canv.saveState()
        self.canv.setStrokeColor(ACCENT)
        self.canv.setLineWidth(0.9)
        self.canv.setDash(2.2, 1.5)
        self.canv.rect(left + 0.45, (self.height - _BAR) / 2 + 0.45, length - 0.9, _BAR - 0.9, stroke=1, fill=0)
        self.canv.restoreState()


class BandBar(_Mark):
    """A bar on the scale 0, 5, half, all but 5, all: solid as far as is certain."""

    def __init__(self, shown: Shown, width: float, height: float) -> None:
        super().__init__(width, height)
        self.reach = REACH.get(shown.text)

    def draw(self) -> None:
        if self.reach is None:
            return
        self.canv.setStrokeColor(RULE)
        self.canv.setLineWidth(0.5)
        for place, _ in SCALE[1:4]:
            self.canv.line(place * self.width, 0, place * self.width, self.height)
        certain, at_most = self.reach
        if certain:
            self._solid(0, certain * self.width)
        self._dashed(certain * self.width, (at_most - certain) * self.width)


class BandScale(_Mark):
    """The words over a column of band bars."""

    def draw(self) -> None:
        self.canv.setFont(SANS, 8.6)
        self.canv.setFillColor(GREY)
        for place, word in SCALE:
            wide = stringWidth(word, SANS, 8.6)
            left = min(max(0.0, place * self.width - wide / 2), self.width - wide)
            self.canv.drawString(left, 1.4, word)


class CountBar(_Mark):
    """A bar as long as its printed figure; one incident has the same length in every table of a report."""

    def __init__(self, shown: Shown, unit: float, note: str, width: float, height: float) -> None:
        super().__init__(width, height)
        self.shown, self.unit, self.note = shown, unit, note

    def draw(self) -> None:
        length = self.unit * (4 if self.shown.is_fewer else self.shown.compared)
        if self.shown.is_fewer:
            self._dashed(0, max(length, 9))
        else:
            self._solid(0, length)
        if self.note:
            self.canv.setFont(SANS, 8.6)
            self.canv.setFillColor(GREY)
            self.canv.drawString(max(length, 9) + 5, self.height / 2 - 2.9, self.note)


class GreatNumber(_Mark):
    """The total of the term, as large as a page allows, with what it counts beside it."""

    def __init__(self, shown: Shown, lines: Sequence[str], width: float) -> None:
        super().__init__(width, 63)
        self.shown, self.lines = shown, lines

    def draw(self) -> None:
        with self.canv.marked(self.canv.root.add("P")):
            self._say()

    def _say(self) -> None:
        about = "about" if self.shown.number is not None else "fewer than"
        figure = self.shown.cell if self.shown.number is not None else "5"
        self.canv.setFont(SERIF, 12.5)
        self.canv.setFillColor(GREY)
        self.canv.drawString(0, 51, f"{about} ")
        self.canv.setFont(SERIF_BOLD, 58)
        self.canv.setFillColor(ACCENT)
        self.canv.drawString(-1.5, 4, f"{figure} ")
        left = max(73.0, stringWidth(figure, SERIF_BOLD, 58) + 14)
        self.canv.setFillColor(INK)
        self.canv.setFont(SANS, 10.4)
        for row, line in enumerate(self.lines):
            self.canv.drawString(left, 36.5 - 14.4 * row, f"{line} ")


class TermColumns(_Mark):
    """Incidents recorded in the terms so far, this one solid and last; each figure stands on its column."""

    def __init__(self, bars: Sequence[tuple[str, Shown]], width: float) -> None:
        super().__init__(width, 98)
        self.bars = bars

    def draw(self) -> None:
        said = ", ".join(f"{term} {shown.prose}" for term, shown in self.bars)
        corners = [*self.canv.absolutePosition(0, 0), *self.canv.absolutePosition(self.width, self.height)]
        words = f"Columns of the incidents recorded in {len(self.bars)} terms: {said}."
        with self.canv.marked(self.canv.root.add("Figure", Alt=words, BBox=corners, Placement="Block")):
            self._columns()

    def _columns(self) -> None:
        highest = max(shown.compared for _, shown in self.bars)
        gap, floor, tallest = 12.0, 26.0, 54.0
        wide = min(60.0, (self.width - gap * (len(self.bars) - 1)) / len(self.bars))
        for place, (term, shown) in enumerate(self.bars):
            left, tall = place * (wide + gap), tallest * shown.compared / highest
            self._column(left, floor, wide, tall, shown, now=place == len(self.bars) - 1)
            self._label(left + wide / 2, term, now=place == len(self.bars) - 1)
        self.canv.setStrokeColor(INK)
        self.canv.setLineWidth(0.8)
        self.canv.line(0, floor, wide * len(self.bars) + gap * (len(self.bars) - 1), floor)

    def _column(self, left: float, floor: float, wide: float, tall: float, shown: Shown, *, now: bool) -> None:
        self.canv.saveState()
        self.canv.setLineWidth(0.6)
        self.canv.setStrokeColor(ACCENT if shown.is_fewer else GREY)
        self.canv.setFillColor(ACCENT if now else THEN)
        if shown.is_fewer:
            self.canv.setDash(2.2, 1.5)
        self.canv.rect(left, floor, wide, tall, stroke=not now or shown.is_fewer, fill=not shown.is_fewer)
        self.canv.setFillColor(INK)
        self.canv.setFont(SERIF_BOLD if now else SANS, 12.4 if now else 10.4)
        self.canv.drawCentredString(left + wide / 2, floor + tall + 4.5, shown.cell)
        self.canv.restoreState()

    def _label(self, middle: float, term: str, *, now: bool) -> None:
        self.canv.setFillColor(INK if now else GREY)
        self.canv.setFont(SANS_BOLD if now else SANS, 8.6)
        first, _, rest = term.rpartition(" ")
        for row, text in enumerate((first, rest)):
            self.canv.drawCentredString(middle, 14.5 - 10.4 * row, text)


class DecisionLine(_Mark):
    """A line for the clerk to write the board's decision on."""

    def draw(self) -> None:
        with self.canv.artifact():  # for a pen, not for reading
            self.canv.setFont(SANS, 8.6)
            self.canv.setFillColor(GREY)
            self.canv.drawString(0, self.height - 9, "Decision")
            self.canv.setStrokeColor(GREY)
            self.canv.setLineWidth(0.5)
            self.canv.line(0, 2, self.width, 2)


class Rule(_Mark):
    """A line across the page."""

    def __init__(self, width: float, weight: float, colour: Any, before: float, after: float) -> None:
        super().__init__(width, before + after)
        self.weight, self.colour, self.after = weight, colour, after

    def draw(self) -> None:
        with self.canv.artifact():
            self.canv.setStrokeColor(self.colour)
            self.canv.setLineWidth(self.weight)
            self.canv.line(0, self.after, self.width, self.after)


class Overline(_Mark):
    """The line over the school's name: spaced capitals on paper, plain words for a reader of the text."""

    def __init__(self, text: str, width: float) -> None:
        super().__init__(width, 19)
        self.text = text

    def draw(self) -> None:
        with self.canv.marked(self.canv.root.add("P").add("Span", ActualText=self.text)):
            self.canv.setFont(SANS_BOLD, 8.6)
            self.canv.setFillColor(ACCENT)
            self.canv.drawString(0, 9, self.text.upper(), charSpace=1.1)
