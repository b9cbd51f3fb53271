"""The report read aloud: no failure of PDF/UA-1 in the checker, and what the checker doesn't look for."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from io import BytesIO

import page
import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject, IndirectObject
from reportlab.pdfbase.pdfdoc import PDFName

from incidents import tagging
from incidents.governors import findings
from incidents.governors.paper import Paper
from incidents.governors.report_pdf import render
from incidents.tagging import Element
from tests.governors.counting import figures
from tests.governors.test_report_pdf import FIGURES, PAPER, read

MANY = replace(PAPER, asks=tuple(f"Ask number {n} " + "again " * 40 for n in range(20)), words="Long. " * 900)
QUIET = Paper("Small School", figures((0, 0, 3, 0, 0), 0, (0, 0, 0), 1))
LATER = replace(PAPER, edition=2, changed="My words.", published=None)


def failures(pdf: bytes) -> list[str]:
    return [f"{each.rule_id}: {each.message}" for each in page.validate_pdf_bytes(pdf, profile="ua1").failures]


@pytest.mark.parametrize("paper", [PAPER, MANY, QUIET, LATER], ids=["usual", "long", "quiet", "later"])
def test_the_checker_finds_no_failure(paper: Paper) -> None:
    assert failures(render(paper)) == []


def without(left_out: str) -> Callable[..., Element]:
    add = Element.add
    return lambda *args, **named: add(*args, **{name: value for name, value in named.items() if name != left_out})


@contextmanager
def nothing(*_: object) -> Iterator[None]:
    yield


BROKEN = {
    "TABLE-HEADERS": (Element, "add", without("Scope")),
    "FIGURE-ALTERNATIVE": (Element, "add", without("Alt")),
    "CONTENT-TAGGING": (tagging.TaggedCanvas, "artifact", nothing),
    "TAB": (tagging, "PDFName", lambda name: PDFName("R" if name == "S" else name)),
    "TITLE": (tagging, "_XMP", tagging._XMP.replace("dc:title", "dc:subject")),
}


@pytest.mark.parametrize("rule", BROKEN)
def test_the_checker_notices_what_is_left_out(monkeypatch: pytest.MonkeyPatch, rule: str) -> None:
    monkeypatch.setattr(*BROKEN[rule])
    assert any(rule in each for each in failures(render(PAPER)))


# --- what it does not look for -----------------------------------------------------------------------------------------


def under(element: DictionaryObject) -> Iterator[DictionaryObject]:
    yield element
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        kid = kid.get_object()
        if isinstance(kid, dict) and "/S" in kid:
            yield from under(kid)


@pytest.fixture(scope="module")
def reader() -> PdfReader:
    return read(PAPER)


@pytest.fixture(scope="module")
def elements(reader: PdfReader) -> list[DictionaryObject]:
    return list(under(reader.trailer["/Root"]["/StructTreeRoot"]["/K"][0].get_object()))


def of_kind(elements: list[DictionaryObject], kind: str) -> list[DictionaryObject]:
    return [element for element in elements if element["/S"] == kind]


def test_every_row_of_every_table_has_its_head_and_as_many_cells(elements: list[DictionaryObject]) -> None:
    tables = of_kind(elements, "/Table")
    assert len(tables) == 10
    for table in tables:
        rows = [[str(cell.get_object()["/S"]) for cell in row["/K"]] for row in of_kind(list(under(table)), "/TR")]
        assert set(rows[0]) == {"/TH"}
        assert all(row[0] == "/TH" and set(row[1:]) == {"/TD"} and len(row) == len(rows[0]) for row in rows[1:])


def test_every_figure_says_what_it_shows_and_where_it_stands(elements: list[DictionaryObject]) -> None:
    [figure] = of_kind(elements, "/Figure")
    assert figure["/Alt"].endswith("Autumn 2025 about 80, Summer 2026 fewer than 5, Autumn 2026 about 60.")
    left, bottom, right, top = (float(each) for each in figure["/A"]["/BBox"])
    assert 0 < left < right < 596
    assert 0 < bottom < top < 842


def test_fewer_than_5_is_read_in_words(elements: list[DictionaryObject]) -> None:
    said = Counter(str(element["/ActualText"]) for element in of_kind(elements, "/Span"))
    hidden = [shown for name, shown in FIGURES.cells().items() if shown.is_fewer and not name.startswith("staff")]
    assert said["fewer than 5"] == len(hidden)
    assert said[f"Report to the {PAPER.board}"] == 1


def test_every_piece_of_a_page_leads_back_to_its_element(reader: PdfReader) -> None:
    numbers = reader.trailer["/Root"]["/StructTreeRoot"]["/ParentTree"]["/Nums"]
    tree = dict(zip(numbers[::2], numbers[1::2], strict=True))
    for place, each in enumerate(reader.pages):
        assert (each["/StructParents"], each["/Tabs"]) == (place, "/S")
        pieces = each.get_contents().get_data().count(b"/MCID")
        assert pieces == len(tree[place].get_object())


def test_a_link_leads_to_its_heading_and_back_to_its_element(
    reader: PdfReader, elements: list[DictionaryObject]
) -> None:
    [annotation] = [each.get_object() for each in reader.pages[0]["/Annots"]]
    numbers = reader.trailer["/Root"]["/StructTreeRoot"]["/ParentTree"]["/Nums"]
    tree = dict(zip(numbers[::2], numbers[1::2], strict=True))
    [link] = of_kind(elements, "/Link")
    assert annotation["/Contents"] == "How nobody can be found: page 5"
    assert tree[annotation["/StructParent"]].get_object() == link
    assert annotation["/Dest"][0].get_object() == reader.pages[4]


def test_headings_and_bookmarks_are_the_same_in_the_same_order(
    reader: PdfReader, elements: list[DictionaryObject]
) -> None:
    def flat(outline: list) -> Iterator[str]:
        for entry in outline:
            yield from flat(entry) if isinstance(entry, list) else [entry.title]

    headings = [element for element in elements if element["/S"] in ("/H1", "/H2")]
    assert len(list(flat(reader.outline))) == len(headings) > 10


def test_what_is_numbered_or_dashed_is_a_list_with_signs_and_bodies(elements: list[DictionaryObject]) -> None:
    lists = of_kind(elements, "/L")
    assert [str(each["/A"]["/ListNumbering"]) for each in lists] == ["/Disc", "/Decimal", "/Decimal"]
    for item in of_kind(elements, "/LI"):
        assert [str(kid.get_object()["/S"]) for kid in item["/K"]] == ["/Lbl", "/LBody"]


def test_a_list_item_on_two_pages_stays_one(reader: PdfReader) -> None:
    long = read(MANY)
    made = list(under(long.trailer["/Root"]["/StructTreeRoot"]["/K"][0].get_object()))
    listed = [len(each["/K"]) for each in of_kind(made, "/L")]
    assert 20 in listed


def test_lines_end_with_a_space_so_that_no_two_words_become_one(reader: PdfReader) -> None:
    words = "".join(each.extract_text() for each in reader.pages)
    first = findings.READING.split()[:40]
    assert " ".join(first) in " ".join(words.split())


def test_what_is_on_every_page_is_not_read(reader: PdfReader) -> None:
    for each in reader.pages:
        assert each.get_contents().get_data().count(b"/Artifact <</Type /Pagination>> BDC") >= 1


def test_language_and_title_are_said_in_both_places(reader: PdfReader) -> None:
    catalog = reader.trailer["/Root"]
    told = catalog["/Metadata"].get_object().get_data().decode()
    assert catalog["/MarkInfo"]["/Marked"]
    assert "<pdfuaid:part>1</pdfuaid:part>" in told
    assert str(reader.metadata.title) in told
    assert isinstance(catalog.raw_get("/StructTreeRoot"), IndirectObject)


def test_a_marked_piece_can_not_hold_another() -> None:
    canvas = tagging.TaggedCanvas(BytesIO(), lang="en-GB")
    other = canvas.marked(canvas.root.add("P"))
    with canvas.marked(canvas.root.add("P")), canvas.artifact(), pytest.raises(RuntimeError, match="hold another"):
        other.__enter__()
