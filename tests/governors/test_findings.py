"""The sentences of the report say no more than its figures."""

from dataclasses import replace
from datetime import date

import pytest

from incidents.governors import findings
from incidents.governors.disclosure import TESTS, Counts, Figures, Group, Quoted, Term, gate
from incidents.governors.shown import Shown

TERM = Term("autumn term 2026", date(2026, 9, 1), date(2027, 1, 3))


def figures(
    split: tuple[int, ...] = (40, 9, 6, 2, 1, 7),
    relied: tuple[int, int, int] = (35, 9, 0),
    part: int = 60,
    cases: int = 20,
) -> Figures:
    return gate(
        Counts(
            incidents=sum(split),
            cases=cases,
            directions=dict(zip(Group, split, strict=True)),
            tests=dict(zip(TESTS, relied, strict=True)),
            outside_hours=part,
            off_site=part,
            staff_targets=0,
            triaged_in_one_day=part,
            cases_closed=cases,
        ),
        term=TERM,
    )


def quoting(*terms: tuple[str, str]) -> Figures:
    return replace(figures(), earlier=tuple(Quoted(name, Shown(shown)) for name, shown in terms))


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        ([], ""),
        ([("autumn term 2025", "75")], "fewer than a year ago"),
        ([("autumn term 2025", "55")], "more than a year ago"),
        ([("autumn term 2025", "70")], "about as many as a year ago"),
        ([("autumn term 2025", "65"), ("summer term 2026", "20")], "about as many as a year ago"),
        ([("summer term 2026", "20")], "more than in the summer term 2026"),
        ([("summer term 2026", "<5")], "more than in the summer term 2026"),
    ],
)
def test_only_a_difference_of_10_between_printed_figures_is_a_change(terms: list[tuple[str, str]], said: str) -> None:
    assert findings.trend(quoting(*terms)) == said


def test_fewer_than_5_and_10_are_about_as_many() -> None:
    small = replace(quoting(("autumn term 2025", "<5")), incidents=Shown("10"))
    assert findings.trend(small) == "about as many as a year ago"


@pytest.mark.parametrize(
    ("split", "said"),
    [
        ((40, 9, 6, 2, 1, 7), "most were between pupils"),
        ((10, 0, 4, 1, 0, 0), "about 10 were between pupils"),
        ((8, 0, 8, 1, 0, 0), ""),
        ((6, 0, 6, 4, 2, 0), ""),
        ((3, 0, 0, 0, 0, 0), ""),
    ],
)
def test_the_largest_direction_is_named_only_where_the_print_proves_it(split: tuple[int, ...], said: str) -> None:
    assert findings.largest(figures(split, (0, 0, 0), 0)) == said


def test_the_test_most_relied_on_is_named_if_its_band_is_alone_at_the_top() -> None:
    assert findings.relied_most(figures()) == "the orderly running of the school"
    assert findings.relied_most(figures(relied=(9, 9, 0))) == ""


def test_the_summary_of_a_term_with_almost_nothing_says_so() -> None:
    assert findings.summary(figures((2, 0, 0, 0, 0, 0), (0, 0, 0), 0, 2)).endswith("without pointing at a person.")


def test_dates_are_written_out() -> None:
    assert findings.weekday(date(2027, 1, 5)) == "Tuesday 5 January 2027"


def test_the_fingerprint_is_the_start_of_the_hash() -> None:
    assert findings.fingerprint(figures()).replace(" ", "") == figures().sha256()[:12]
