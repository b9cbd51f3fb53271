"""The gate lets out nothing exact, and what it prints hangs on printed totals alone; test_attack.py attacks it."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.governors.disclosure import BANDS, CELLS, Counts, Figures, gate, totals_only
from incidents.governors.shown import TOO_FEW, WITHHELD, Band, Shown, band_shown, count_shown, rate_shown
from tests.governors.counting import TERM, counts, figures


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "<5"), (4, "<5"), (5, "5"), (9, "5"), (10, "10"), (14, "10"), (15, "15"), (19, "15"), (1038, "1035")],
)
def test_a_count_is_hidden_below_5_and_else_rounded_down(count: int, text: str) -> None:
    assert count_shown(count).text == text


@pytest.mark.parametrize(
    ("part", "total", "text"),
    [
        (0, 15, "a few or none"),
        (4, 15, "a few or none"),
        (5, 15, "some"),
        (7, 15, "some"),
        (8, 15, "most"),
        (10, 15, "most"),
        (11, 15, "all but a few"),
        (15, 15, "all but a few"),
        (14, 14, "too few to judge"),
        (0, 0, "too few to judge"),
    ],
)
def test_a_share_is_told_in_four_steps_once_there_are_enough(part: int, total: int, text: str) -> None:
    assert band_shown(part, total).text == text


@pytest.mark.parametrize(
    ("part", "text"), [(3, "a few or none"), (5, "some"), (14, "more than half"), (20, "more than half")]
)
def test_a_rate_has_one_step_over_half(part: int, text: str) -> None:
    assert rate_shown(part, 20).text == text


@pytest.mark.parametrize("text", ["0", "1", "4", "13", "-5", "05", "15 ", "14.5", "", "None", "5%", "five"])
def test_nothing_else_can_be_a_shown_value(text: str) -> None:
    with pytest.raises(ValueError, match="not a form"):
        Shown(text)


@given(st.integers(0, 5000))
def test_every_count_lies_in_the_range_that_its_printed_form_stands_for(count: int) -> None:
    assert count in count_shown(count).could_be()


@given(st.lists(st.integers(0, 60), min_size=1, max_size=8), st.integers(0, 60))
def test_the_parts_of_a_total_never_print_as_more_than_it(parts: list[int], rest: int) -> None:
    """What docs/disclosure.md builds on: the room left over is never less than 4."""
    total = count_shown(sum(parts) + rest)
    assert sum(count_shown(part).at_least for part in parts) <= total.at_least
    assert total.could_be()[-1] == total.at_least + 4


@given(st.integers(15, 400), st.data())
def test_a_share_printed_at_either_end_leaves_all_of_0_to_4_open_whatever_the_total(
    total: int, data: st.DataObject
) -> None:
    value = data.draw(st.integers(0, 4))
    assert band_shown(value, total).band is Band.FEW
    assert band_shown(total - value, total).band is Band.ALL_BUT_FEW


def test_figures_keep_no_exact_number_anywhere() -> None:
    text = figures((13, 0, 7, 3, 0), 4, (11, 6, 1), cases=17, outcomes={"support": 16, "warning": 1}).to_json()
    numbers = [value for value in json.loads(text)["cells"].values() if value.isdigit()]
    assert all(int(value) % 5 == 0 for value in numbers)
    assert not any(f'"{exact}"' in text for exact in (0, 1, 3, 6, 7, 11, 13, 16, 17, 27))


def test_raw_counts_say_nothing_when_printed() -> None:
    said = repr(counts((13, 0, 7, 3, 0), relied=(0, 0, 0)))
    assert "13" not in said.partition(" at 0x")[0]  # the address is no count


@pytest.mark.parametrize("total", range(10))
def test_below_a_printed_10_nothing_is_split(total: int) -> None:
    small = figures((total, 0, 0, 0, 0), 0, (0, 0, 0), cases=total)
    parts = {*small.cells().values()} - {small.incidents, small.cases}
    assert parts == {Shown(TOO_FEW)}


def test_from_10_the_parts_are_counted_and_from_15_the_shares_told() -> None:
    ten, fifteen = (figures((total, 0, 0, 0, 0), 0, (0, 0, 0)) for total in (14, 15))
    assert ten.tables["directions"]["pupil_to_pupil"].text == "10"
    assert ten.bands["off_site"].is_kept_back
    assert fifteen.bands["off_site"].text == "all but a few"


@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30))
def test_what_is_printed_at_all_hangs_on_the_printed_totals_alone(pupils: int, parents: int, rest: int) -> None:
    made = figures((pupils, 0, parents, 0, 0), rest, (0, 0, 0))
    plain = figures((0, 0, 0, 0, 0), made.incidents.at_least, (0, 0, 0))
    assert {name for name, shown in made.cells().items() if shown.is_kept_back} == {
        name for name, shown in plain.cells().items() if shown.is_kept_back
    }


@pytest.mark.parametrize(
    "wrong",
    [
        {"tables": {"directions": {"year_6": 2}}},
        {"tables": {"year groups": {}}},
        {"tables": {"tests": {"running": 4}}},
        {"tables": {"outcomes": {"support": 1}}},
        {"bands": {"girls": 1}},
    ],
)
def test_counts_that_contradict_each_other_never_reach_the_gate(wrong: dict[str, Any]) -> None:
    right = {"incidents": 3, "cases": 0, "steps": 0, "tables": {}, "bands": dict.fromkeys(BANDS, 0)}
    with pytest.raises(ValueError, match=r".") as refused:
        Counts(**right | wrong)
    assert not any(digit in str(refused.value) for digit in "0123456789")


def test_after_a_recall_only_the_two_totals_are_said_again() -> None:
    again = totals_only(TERM, Shown("65"), Shown("<5"))
    told = {name for name, shown in again.cells().items() if shown.text != WITHHELD}
    assert told == {"incidents", "cases"}


# --- the canonical form ----------------------------------------------------------------------------------------------


def test_figures_read_back_are_the_same_to_the_byte() -> None:
    first = figures(earlier=(("summer term 2026", "10"),))
    again = Figures.from_json(first.to_json())
    assert (again, again.to_json(), again.sha256()) == (first, first.to_json(), first.sha256())


def test_two_schools_with_the_same_figures_have_the_same_fingerprint() -> None:
    same = [figures(split, 9, (0, 0, 0), share=0) for split in ((20, 0, 3, 1, 0), (21, 2, 0, 0, 1))]
    assert same[0].sha256() == same[1].sha256()


def test_the_fingerprint_binds_the_term() -> None:
    other = replace(TERM, name="spring term 2027")
    assert gate(counts(), term=other).sha256() != figures().sha256()


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("format", 1),
        ("cells", {"incidents": "5"}),
        ("earlier", [{"term": "x", "cells": {}}]),
        ("cells", {"incidents": "14"}),
    ],
)
def test_a_published_report_that_was_tampered_with_is_not_read(part: str, value: Any) -> None:
    plain = json.loads(figures().to_json())
    with pytest.raises(ValueError, match=r"."):
        Figures.from_json(json.dumps(plain | {part: value}))


def test_every_figure_has_a_name_to_be_quoted_by() -> None:
    assert figures().cells().keys() == CELLS
