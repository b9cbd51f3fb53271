"""Reports follow each other without a gap and never share a day."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.errors import NotPossibleNow
from incidents.governors.disclosure import Term
from incidents.governors.periods import Dates, in_prose, report_term

SPRING = Dates("Spring term 2026", date(2026, 1, 5), date(2026, 3, 27))
SUMMER = Dates("Summer term 2026", date(2026, 4, 13), date(2026, 7, 21))
AUTUMN = Dates("Autumn term 2026", date(2026, 9, 1), date(2026, 12, 18))
YEAR = [SPRING, SUMMER, AUTUMN]


def test_a_term_runs_to_the_day_before_the_next() -> None:
    term = report_term(SUMMER, YEAR, [], date(2026, 9, 20))
    assert (term.first, term.last) == (date(2026, 4, 13), date(2026, 8, 31))


def test_the_last_term_entered_runs_to_its_own_end() -> None:
    assert report_term(AUTUMN, YEAR, [], date(2027, 1, 20)).last == date(2026, 12, 18)


def test_a_report_made_early_ends_yesterday_and_the_next_takes_up_the_rest() -> None:
    early = report_term(SUMMER, YEAR, [], date(2026, 7, 10))
    following = report_term(AUTUMN, YEAR, [early], date(2027, 1, 8))
    assert (early.last, following.first) == (date(2026, 7, 9), date(2026, 7, 10))


def test_a_term_that_nobody_reported_is_not_swallowed_by_the_next() -> None:
    spring = report_term(SPRING, YEAR, [], date(2026, 3, 1))
    assert report_term(AUTUMN, YEAR, [spring], date(2027, 1, 8)).first == AUTUMN.starts


def test_a_correction_keeps_its_days() -> None:
    early = report_term(SUMMER, YEAR, [], date(2026, 7, 10))
    assert report_term(SUMMER, YEAR, [early], date(2026, 11, 1)) == early


@pytest.mark.parametrize("today", [date(2026, 8, 1), date(2026, 9, 1)])
def test_a_term_of_which_no_day_has_passed_has_no_report(today: date) -> None:
    with pytest.raises(NotPossibleNow):
        report_term(AUTUMN, YEAR, [], today)


def test_a_term_wholly_covered_by_the_report_before_it_has_none() -> None:
    whole = Term("summer term 2026", SUMMER.starts, AUTUMN.ends)
    with pytest.raises(NotPossibleNow):
        report_term(AUTUMN, YEAR, [whole], date(2026, 12, 1))


@given(st.lists(st.tuples(st.sampled_from(YEAR), st.dates(date(2026, 1, 6), date(2027, 6, 1))), min_size=2, max_size=6))
def test_no_two_reports_share_a_day_whenever_and_in_whatever_order_they_are_made(
    made: list[tuple[Dates, date]],
) -> None:
    reported: list[Term] = []
    for dates, today in made:
        try:
            term = report_term(dates, YEAR, reported, today)
        except NotPossibleNow:
            continue
        if term not in reported:
            reported.append(term)
    reported.sort(key=lambda term: term.first)
    assert all(earlier.last < later.first for earlier, later in pairwise(reported))


@pytest.mark.parametrize(
    ("name", "said"), [("Autumn term 2026", "autumn term 2026"), ("Michaelmas 2026", "Michaelmas 2026"), ("", "")]
)
def test_a_term_is_named_within_a_sentence(name: str, said: str) -> None:
    assert in_prose(name) == said
