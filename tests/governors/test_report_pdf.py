"""The report on paper: the same bytes, the figures that are shown and no other, readable by people and programs."""

import os
import subprocess
import sys
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from incidents.governors import findings
from incidents.governors.paper import Paper
from incidents.governors.report_pdf import render
from tests.governors.counting import figures

FIGURES = figures(
    (38, 9, 6, 2, 1), 8, (33, 12, 3), 41, 120,
    earlier=(("autumn term 2025", "80"), ("summer term 2026", "<5")),
    methods={"group_chat": 33, "messages": 12}, platforms={"messaging": 43}, staff={"targets": 14},
    findings={"established": 31, "bullying": 16}, outcomes={"support": 39, "talked": 22, "sanction": 3},
)  # fmt: skip
PAPER = Paper(
    school="Thornhay School",
    figures=FIGURES,
    words="Fewer than last autumn.\n\nWe know too little of the holidays.",
    asks=("Approve an evening for parents, on 11 February.",),
    meeting=date(2027, 1, 21),
    published=date(2027, 1, 11),
)


def read(paper: Paper) -> PdfReader:
    return PdfReader(BytesIO(render(paper)))


def text_of(reader: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


@pytest.fixture(scope="module")
def text() -> str:
    return text_of(read(PAPER))


def test_the_same_paper_gives_the_same_bytes() -> None:
    assert render(PAPER) == render(replace(PAPER))


def test_another_process_gives_the_same_bytes_too(tmp_path: Path) -> None:
    code = "import sys; from tests.governors.test_report_pdf import *; open(sys.argv[1], 'wb').write(render(PAPER))"
    root = Path(__file__).resolve().parents[2]
    environment = {**os.environ, "PYTHONPATH": str(root), "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"}
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "a.pdf")], check=True, cwd=root, env=environment)
    assert (tmp_path / "a.pdf").read_bytes() == render(PAPER)


def test_every_figure_that_is_shown_stands_in_the_text(text: str) -> None:
    for table in set(FIGURES.tables) - {"staff"}:
        for row, shown in FIGURES.tables[table].items():
            assert f"{findings.ROWS[table][row]} – – {shown.cell}" in text
    for name, shown in FIGURES.bands.items():
        assert f"{findings.BAND_WORDS[name]} {shown.cell}" in text
    assert "We recorded about 60 online incidents, fewer than a year ago." in text


@pytest.mark.parametrize("exact", ["64", "41", "38", "33", "43", "39", "31", "16", "22", "58", "110"])
def test_no_exact_number_stands_in_the_text(text: str, exact: str) -> None:
    fixed = text.replace(findings.fingerprint(FIGURES), "")
    assert exact not in fixed.replace(",", " ").split()


def test_it_says_what_it_is_to_programs_that_read_aloud() -> None:
    reader = read(PAPER)
    catalog = reader.trailer["/Root"]
    assert reader.metadata is not None
    assert reader.metadata.title == "Online incidents, autumn term 2026: Thornhay School"
    assert catalog["/Lang"] == "en-GB"
    assert catalog["/ViewerPreferences"]["/DisplayDocTitle"]


def test_headings_are_bookmarks_under_their_page() -> None:
    outline = read(PAPER).outline
    tops = [entry.title for entry in outline if not isinstance(entry, list)]
    below = [entry.title for entry in outline[1]]
    assert tops == [
        "Thornhay School",
        "What happened",
        "When, what kind, and why we could act",
        "What we did",
        "What stands behind it",
    ]
    assert below[0] == "What happened?"


def test_only_the_faces_that_are_shipped_are_in_it() -> None:
    fonts = {font["/BaseFont"] for page in read(PAPER).pages for font in page["/Resources"]["/Font"].values()}
    assert all("Source" in str(font) for font in fonts)


def test_each_page_says_how_many_there_are_and_is_a4() -> None:
    pages = read(PAPER).pages
    assert [f"{number} of 5" in page.extract_text() for number, page in enumerate(pages, 1)] == [True] * 5
    assert {(round(page.mediabox.width), round(page.mediabox.height)) for page in pages} == {(595, 842)}


def test_what_the_head_typed_is_text_never_markup() -> None:
    said = text_of(read(replace(PAPER, words="<b>Bold</b> & <img src='x'/> 5 < 6", asks=("<i>Ask</i> & wait",))))
    assert "<b>Bold</b> & <img src='x'/> 5 < 6" in said
    assert "<i>Ask</i> & wait" in said


@pytest.mark.parametrize("words", ["", "A smile \U0001f600 that no face has", "Long. " * 1500, "word" * 900])
def test_any_words_of_the_head_can_be_printed(words: str) -> None:
    assert len(read(replace(PAPER, words=words)).pages) >= 3


def test_many_and_long_asks_run_over_to_the_next_page() -> None:
    assert "Ask number 29" in text_of(
        read(replace(PAPER, asks=tuple(f"Ask number {n} " + "again " * 40 for n in range(30))))
    )


def test_a_preview_says_that_it_is_not_published() -> None:
    said = text_of(read(replace(PAPER, published=None)))
    assert "draft, not published" in said
    assert "version 1" not in said


def test_a_later_version_says_what_changed() -> None:
    said = text_of(read(replace(PAPER, edition=2, changed="the table of tests.")))
    assert "Version 2. What changed: the table of tests." in said


def test_a_very_small_school_gets_a_short_and_honest_report() -> None:
    reader = read(Paper("Small School", figures((0, 0, 3, 0, 0), 0, (0, 0, 0), 1)))
    said = text_of(reader)
    assert len(reader.pages) == 2
    assert "We recorded fewer than 5 online incidents this term." in said
    assert "parent’s post" not in said
