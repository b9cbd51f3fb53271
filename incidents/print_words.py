"""Words on paper, each drawn as a piece of its element, so that they can be read aloud in order."""

from typing import Any
from xml.sax.saxutils import escape

from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Flowable, Paragraph, Table
from reportlab.platypus.tables import TableRenderCB

from incidents.print_type import GREY, SANS, SANS_BOLD, styles
from incidents.tagging import Element, TaggedCanvas


class Place:
    """Where in the structure something goes: an element made when its first piece is drawn, and shared by all of them."""

    def __init__(self, kind: str, within: "Place | None" = None, **attributes: Any) -> None:
        self.kind, self.within, self.attributes = kind, within, attributes
        self._made: Element | None = None

    def __deepcopy__(self, _known: object) -> "Place":
        """What is laid out on trial is copied, and its copies stand in the same place."""
        return self

    def on(self, canvas: TaggedCanvas) -> Element:
        """The element."""
        if self._made is None:
            parent = self.within.on(canvas) if self.within else canvas.root
            self._made = parent.add(self.kind, **self.attributes)
        return self._made


class Words(Paragraph):  # type: ignore[misc]  # the library is untyped
    """A paragraph in its element; the parts on two pages are pieces of one."""

    place: Place | None = None

    def split(self, width: float, height: float) -> list[Any]:
        parts: list[Any] = super().split(width, height)
        for part in parts:
            part.place = self.place
        return parts

    def draw(self) -> None:
        if self.place is None:
            super().draw()
        else:
            with self.canv.marked(self.place.on(self.canv)):
                super().draw()


def text(said: str, style: str = "body", kind: str = "P") -> Words:
    """Words as they are: nothing in them is markup."""
    return marked(escape(said), style, kind)


def marked(markup: str, style: str = "body", kind: str = "P", within: Place | None = None) -> Words:
    """Words with bold in them; for words of ours and for what has been escaped."""
    made = Words(markup, styles()[style])
    made.place = Place(kind, within)
    return made


def cell(said: str, style: str = "cell", spoken: str = "") -> Words:
    """Words in a cell of a table, whose piece is the cell's; `spoken` is what is read for a sign like <5."""
    made = Words(escape(said), styles()[style])
    made.spoken = spoken
    return made


class Heading(Words):
    """A heading, and its bookmark."""

    level = 0
    said = ""

    def draw(self) -> None:
        key = key_of(self.said)
        self.canv.bookmarkHorizontal(key, 0, self.height + 10)
        self.canv.addOutlineEntry(self.said, key, self.level)
        super().draw()


def heading(said: str, style: str, level: int) -> Heading:
    """A heading of level 0 or 1: H1 or H2."""
    made = Heading(escape(said), styles()[style])
    made.said, made.level, made.keepWithNext = said, level, 1
    made.place = Place(f"H{level + 1}")
    return made


def key_of(said: str) -> str:
    """The name of a heading's place, for links."""
    return f"to {said}"


class Item(Words):
    """An item of a list: its sign or number, and what it says."""

    sign, of, face = "", Place("L"), SANS

    def split(self, width: float, height: float) -> list[Any]:
        parts = super().split(width, height)
        for number, part in enumerate(parts):
            part.sign, part.of, part.face = "" if number else self.sign, self.of, self.face
        return parts

    def draw(self) -> None:
        if self.sign:
            with self.canv.marked(self.of.on(self.canv).add("Lbl")):
                style = self.style
                self.canv.setFont(self.face, style.fontSize)
                self.canv.setFillColor(GREY if self.face == SANS else style.textColor)
                self.canv.drawString(0, self.height - style.fontSize, f"{self.sign} ")
        super().draw()


def items(lines: list[str], style: str, *, numbered: bool = False) -> list[Item]:
    """A list; the lines are markup of ours or have been escaped."""
    whole = Place("L", ListNumbering="Decimal" if numbered else "Disc")
    made = []
    for number, line in enumerate(lines, start=1):
        item = Item(line, styles()[style])
        item.sign, item.face = (str(number), SANS_BOLD) if numbered else ("–", SANS)
        item.of = Place("LI", whole)
        item.place = Place("LBody", item.of)
        made.append(item)
    return made


class LinkLine(Flowable):  # type: ignore[misc]
    """A line that leads to a heading of this document."""

    def __init__(self, said: str, to: str, size: float = 8.6) -> None:
        super().__init__()
        self.said, self.to, self.size = said, to, size
        self.width, self.height = stringWidth(said, SANS_BOLD, size), size + 3

    def wrap(self, *_available: float) -> tuple[float, float]:
        return self.width, self.height

    def draw(self) -> None:
        link = self.canv.root.add("P").add("Link")
        with self.canv.marked(link):
            self.canv.setFont(SANS_BOLD, self.size)
            self.canv.drawString(0, 3, self.said)
        with self.canv.artifact():
            self.canv.setLineWidth(0.5)
            self.canv.line(0, 1.5, self.width, 1.5)
        corners = (*self.canv.absolutePosition(0, 0), *self.canv.absolutePosition(self.width, self.height))
        self.canv.link(link, self.said, key_of(self.to), corners)


class LayoutTags(TableRenderCB):  # type: ignore[misc]
    """A table that only lays things out: its ground and lines are furniture, what is in it has elements of its own."""

    def startTable(self, T: Table) -> None:
        pass

    def startBG(self, T: Table) -> None:
        self._furniture = T.canv.artifact()
        self._furniture.__enter__()

    def endBG(self, T: Table) -> None:  # noqa: ARG002 - the interface
        self._furniture.__exit__(None, None, None)

    startLines, endLines = startBG, endBG

    def startRow(self, T: Table, rowNo: int) -> None:
        pass

    def startCell(self, T: Table, *_cell: Any) -> None:
        pass

    def endCell(self, T: Table) -> None:
        pass

    def endRow(self, T: Table) -> None:
        pass

    def endTable(self, T: Table) -> None:
        pass


class DataTags(LayoutTags):
    """A table of figures: one head row, the first cell of each row its head. Columns in `drawn` hold bars: furniture.

    The parts on two pages are one element; the head repeated on the second is furniture.
    """

    def __init__(self, drawn: frozenset[int]) -> None:
        self.drawn, self.place = drawn, Place("Table")
        self.head, self.body = Place("THead", self.place), Place("TBody", self.place)
        self._headed = False

    def startRow(self, T: Table, rowNo: int) -> None:
        self._repeated = rowNo == 0 and self._headed
        self._is_head = rowNo == 0
        if not self._repeated:
            self._row = (self.head if self._is_head else self.body).on(T.canv).add("TR")

    def startCell(self, T: Table, rowNo: int, colNo: int, cellval: Any, *_where: Any) -> None:  # noqa: ARG002
        if self._repeated or colNo in self.drawn:
            self._piece = T.canv.artifact("Pagination" if self._repeated else "Layout")
        else:
            self._piece = T.canv.marked(self._element(colNo, cellval))
        self._piece.__enter__()

    def _element(self, column: int, value: Any) -> Element:
        if self._is_head or column == 0:
            return self._row.add("TH", Scope="Column" if self._is_head else "Row")
        made = self._row.add("TD")
        spoken = getattr(value, "spoken", "") or getattr(value[0] if isinstance(value, list) else None, "spoken", "")
        return made.add("Span", ActualText=spoken) if spoken else made

    def endCell(self, T: Table) -> None:  # noqa: ARG002
        self._piece.__exit__(None, None, None)

    def endRow(self, T: Table) -> None:  # noqa: ARG002
        self._headed = True
