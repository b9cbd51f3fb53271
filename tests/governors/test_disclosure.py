"""The gate lets out nothing exact, and nothing small can be worked out from what it lets out."""

import itertools
import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.governors.disclosure import BANDS, TESTS, Counts, Figures, Group, Quoted, Term, gate
from incidents.governors.shown import TOO_FEW, WITHHELD, Band, Shown, band_shown, count_shown

TERM = Term("autumn term 2026", date(2026, 9, 1), date(2027, 1, 3))
SPLIT = (10, 0, 3, 1, 0, 0)
Split = tuple[int, ...]


def counts(split: Split = SPLIT, relied: tuple[int, int, int] = (0, 0, 0), **others: int) -> Counts:
    parts = dict.fromkeys(("cases", *BANDS), 0)
    tests = dict(zip(TESTS, relied, strict=True))
    return Counts(incidents=sum(split), directions=dict(zip(Group, split, strict=True)), tests=tests, **parts | others)


def figures(split: Split = SPLIT, relied: tuple[int, int, int] = (0, 0, 0), **others: int) -> Figures:
    return gate(counts(split, relied, **others), term=TERM)


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "<5"), (4, "<5"), (5, "5"), (7, "5"), (8, "10"), (12, "10"), (13, "15"), (17, "15"), (1038, "1040")],
)
def test_a_count_is_hidden_below_5_and_else_rounded_to_the_nearest_5(count: int, text: str) -> None:
    assert count_shown(count).text == text


@pytest.mark.parametrize(
    ("part", "total", "text"),
    [
        (0, 15, "a few or none"),
        (4, 15, "a few or none"),
        (5, 15, "some"),
        (7, 14, "some"),
        (8, 14, "most"),
        (10, 15, "most"),
        (11, 15, "all but a few"),
        (15, 15, "all but a few"),
        (12, 12, "too few to judge"),
        (0, 0, "too few to judge"),
        (13, 13, "all but a few"),
    ],
)
def test_a_part_is_told_in_four_steps_once_there_are_enough(part: int, total: int, text: str) -> None:
    assert band_shown(part, total).text == text


@pytest.mark.parametrize("text", ["0", "1", "4", "13", "-5", "05", "15 ", "14.5", "", "None", "5%", "five"])
def test_nothing_else_can_be_a_shown_value(text: str) -> None:
    with pytest.raises(ValueError, match="not a form"):
        Shown(text)


@given(st.integers(0, 5000))
def test_every_count_lies_in_the_range_that_its_printed_form_stands_for(count: int) -> None:
    assert count in count_shown(count).could_be()


def test_figures_keep_no_exact_number_anywhere() -> None:
    text = figures((13, 0, 7, 3, 0, 0), (11, 6, 1), cases=17, outside_hours=14, off_site=19, cases_closed=3).to_json()
    numbers = [value for value in json.loads(text)["directions"].values() if value.isdigit()]
    assert sorted(numbers) == ["15", "5"]
    assert not any(f'"{exact}"' in text for exact in (0, 1, 3, 6, 7, 11, 13, 14, 17, 19, 23))


def test_raw_counts_say_nothing_when_printed() -> None:
    assert "13" not in repr(counts((13, 0, 7, 3, 0, 0)))


def test_below_a_printed_15_no_part_is_printed() -> None:
    small = figures((12, 0, 0, 0, 0, 0), (9, 0, 0), off_site=12, cases=4, cases_closed=4)
    parts = {*small.directions.values(), *small.tests.values(), *small.bands.values()}
    assert (small.incidents.text, small.cases.text, parts) == ("10", "<5", {Shown(TOO_FEW)})


def test_a_split_that_would_give_a_small_part_away_is_not_shown() -> None:
    assert set(figures((8, 0, 8, 1, 0, 0)).directions.values()) == {Shown(WITHHELD)}


def test_tests_are_not_shown_where_they_would_say_that_a_hidden_group_is_not_empty() -> None:
    assert set(figures((4, 3, 10, 0, 0, 0), (6, 0, 0)).tests.values()) == {Shown(WITHHELD)}


@pytest.mark.parametrize(
    "wrong",
    [
        {"directions": {Group.STAFF: 2}},
        {"directions": {Group.STAFF: 1, "year_6": 2}},
        {"tests": {"running": 4}},
        {"tests": {"age": 1}},
    ],
)
def test_counts_that_contradict_each_other_never_reach_the_gate(wrong: dict[str, Any]) -> None:
    right = {"directions": {Group.STAFF: 3}, "tests": {}, **dict.fromkeys(BANDS, 0)}
    with pytest.raises(ValueError, match=r".") as refused:
        Counts(incidents=3, cases=0, **right | wrong)
    assert not any(digit in str(refused.value) for digit in "0123456789")


# --- brute force: every school that could stand behind a report ------------------------------------------------------


def splits(total: int, parts: int = len(Group)) -> Iterator[Split]:
    for bars in itertools.combinations(range(total + parts - 1), parts - 1):
        ends = (-1, *bars, total + parts - 1)
        yield tuple(right - left - 1 for left, right in itertools.pairwise(ends))


@pytest.fixture(scope="module", params=[15, 20])
def behind(request: pytest.FixtureRequest) -> dict[Split, list[Split]]:
    """All exact splits of every total printed like this, by how they would be printed."""
    found: dict[Split, list[Split]] = defaultdict(list)
    printed_like = [count_shown(count).number or 0 for count in range(request.param + 3)]
    for total in range(request.param - 2, request.param + 3):
        for split in splits(total):
            found[tuple(printed_like[part] for part in split)].append(split)
    return found


def hidden_values(schools: list[Split], place: int) -> set[int]:
    return {split[place] for split in schools}


def test_each_direction_printed_below_5_can_still_be_0_to_4(behind: dict[Split, list[Split]]) -> None:
    shown = 0
    for printed, schools in behind.items():
        if Shown(WITHHELD) in figures(schools[0]).directions.values():
            continue
        shown += 1
        assert all(hidden_values(schools, place) == {0, 1, 2, 3, 4} for place, part in enumerate(printed) if not part)
    assert shown > len(behind) / 2


def test_what_is_printed_depends_on_printed_values_alone(behind: dict[Split, list[Split]]) -> None:
    for schools in behind.values():
        assert figures(schools[0]).directions == figures(schools[-1], (1, 0, 0)).directions
        assert _tests_shown(schools[0]) == _tests_shown(schools[-1])


def _tests_shown(split: Split, relied: int = 0) -> bool:
    return Shown(WITHHELD) not in figures(split, (relied, 0, 0)).tests.values()


@cache
def _relied_like(at_most: int, total: int, band: Band) -> frozenset[int]:
    return frozenset(count for count in range(at_most + 1) if band_shown(count, total).band is band)


def _relied(split: Split, band: Band) -> frozenset[int]:
    """How often a test can have been relied on, parents' posts and staff matters left out, and printed as this band."""
    return _relied_like(sum(split) - split[2] - split[3], sum(split), band)


@pytest.mark.parametrize("band", list(Band))
def test_a_test_printed_beside_the_directions_narrows_neither(behind: dict[Split, list[Split]], band: Band) -> None:
    tried = 0
    for printed, schools in behind.items():
        if not _tests_shown(schools[0]):
            continue
        relied = {school: likely for school in schools if (likely := _relied(school, band))}
        if not relied:
            continue
        tried += 1
        left = list(relied)
        assert all(hidden_values(left, place) == {0, 1, 2, 3, 4} for place, part in enumerate(printed) if not part)
        if band is Band.FEW:
            assert {count for counts in relied.values() for count in counts} == {0, 1, 2, 3, 4}
        if band is Band.ALL_BUT_FEW:
            assert {sum(school) - count for school, counts in relied.items() for count in counts} == {0, 1, 2, 3, 4}
    assert tried > 20


@pytest.mark.parametrize("printed_total", [15, 20, 25])
@pytest.mark.parametrize("name", BANDS)
def test_each_band_leaves_0_to_4_open_at_either_end(name: str, printed_total: int) -> None:
    few, left_out = set(), set()
    for total in count_shown(printed_total).could_be():
        for part in range(total + 1):
            shown = figures((total, 0, 0, 0, 0, 0), cases=total, **{name: part}).bands[name]
            few |= {part} if shown.band is Band.FEW else set()
            left_out |= {total - part} if shown.band is Band.ALL_BUT_FEW else set()
    assert few == left_out == {0, 1, 2, 3, 4}


def test_the_attack_finds_a_gate_that_forgets_the_total() -> None:
    """The brute force itself is seen to fail: eight and eight of sixteen leave no room for a third group of 2."""
    schools = [split for total in range(13, 18) for split in splits(total) if _printed(split) == (10, 0, 10, 0, 0, 0)]
    assert hidden_values(schools, 1) == {0, 1}


def _printed(split: Split) -> Split:
    return tuple(count_shown(part).number or 0 for part in split)


# --- the canonical form ----------------------------------------------------------------------------------------------


def test_figures_read_back_are_the_same_to_the_byte() -> None:
    quoted = (Quoted("summer term 2026", Shown("10")),)
    first = gate(counts(), term=TERM, earlier=quoted)
    again = Figures.from_json(first.to_json())
    assert (again, again.to_json(), again.sha256()) == (first, first.to_json(), first.sha256())


def test_two_schools_with_the_same_figures_have_the_same_fingerprint() -> None:
    assert figures((10, 0, 3, 1, 0, 0)).sha256() == figures((11, 2, 0, 0, 1, 1)).sha256()


def test_the_fingerprint_binds_the_term() -> None:
    other = gate(counts(), term=Term("spring term 2027", date(2027, 1, 4), date(2027, 4, 11)))
    assert other.sha256() != figures().sha256()


@pytest.mark.parametrize(
    ("part", "value"),
    [("incidents", "14"), ("cases", "3"), ("format", 99), ("tests", {}), ("directions", {"staff": "5"})],
)
def test_a_published_report_that_was_tampered_with_is_not_read(part: str, value: Any) -> None:
    plain = json.loads(figures().to_json())
    with pytest.raises(ValueError, match=r"."):
        Figures.from_json(json.dumps(plain | {part: value}))
