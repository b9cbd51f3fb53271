"""The school's calendar: what it knows, what it says, and that it never guesses."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.errors import Refused
from incidents.schools.calendar import CalendarUnknown, ClosedDays, ClosureKind, SchoolCalendar, TermDates
from tests.schools.example import AUTUMN, SPRING, SUMMER, calendar

ANY_DAY = st.dates(AUTUMN.first, SUMMER.last)


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2026, 11, 20), None),
        (date(2026, 11, 21), "the weekend"),
        (date(2026, 9, 3), "a staff training day (INSET)"),
        (date(2026, 10, 28), "half-term"),
        (date(2026, 10, 31), "the weekend"),
        (date(2026, 12, 23), "in the school holidays"),
        (date(2026, 12, 26), "a bank holiday"),
        (date(2026, 12, 28), "a bank holiday"),
        (date(2027, 1, 20), "a day when the school was closed (snow)"),
        (date(2027, 5, 3), "a bank holiday"),
        (date(2027, 5, 31), "a bank holiday"),
    ],
)
def test_a_day_is_closed_for_the_reason_that_a_person_would_give(day: date, why: str | None) -> None:
    assert calendar().why_closed(day) == why
    assert calendar().is_school_day(day) is (why is None)


@pytest.mark.parametrize(
    ("day", "known"),
    [
        (date(2026, 9, 2), False),
        (date(2026, 9, 3), True),
        (date(2026, 12, 25), True),
        (date(2027, 4, 1), True),
        (date(2027, 7, 21), True),
        (date(2027, 7, 22), False),
        (date(2027, 7, 24), False),
    ],
)
def test_only_days_within_the_entered_year_are_known(day: date, known: bool) -> None:
    assert calendar().knows(day) is known


def test_a_day_that_was_not_entered_is_never_guessed_even_at_a_weekend() -> None:
    with pytest.raises(CalendarUnknown, match="do not cover Saturday 24 July 2027"):
        calendar().is_school_day(date(2027, 7, 24))


def test_the_gap_of_a_missing_term_is_not_taken_for_a_holiday() -> None:
    without_spring = calendar(terms=(AUTUMN, SUMMER))
    assert not without_spring.knows(date(2027, 2, 3))
    assert not without_spring.knows(date(2026, 12, 23))


def test_a_long_holiday_between_two_entered_years_is_known() -> None:
    next_year = TermDates("Autumn 2027", date(2027, 9, 2), date(2027, 12, 17))
    assert calendar(terms=(AUTUMN, SPRING, SUMMER, next_year)).why_closed(date(2027, 8, 11)) == "in the school holidays"


def test_a_closure_is_known_even_outside_every_term() -> None:
    summer = ClosedDays(date(2027, 7, 22), date(2027, 8, 31), ClosureKind.CLOSURE, "summer holidays")
    assert calendar(closures=(summer,)).is_school_day(date(2027, 8, 4)) is False


def test_a_calendar_without_terms_knows_no_day() -> None:
    with pytest.raises(CalendarUnknown):
        calendar(terms=(), closures=()).is_school_day(date(2026, 11, 20))


def test_training_days_and_holidays_are_working_days_and_bank_holidays_are_not() -> None:
    assert calendar().is_working_day(date(2027, 1, 4))
    assert calendar().is_working_day(date(2026, 12, 23))
    assert not calendar().is_working_day(date(2026, 12, 25))
    assert not calendar().is_working_day(date(2026, 11, 21))


def test_a_bank_holiday_that_the_school_added_is_no_working_day() -> None:
    royal = ClosedDays(date(2027, 6, 11), date(2027, 6, 11), ClosureKind.BANK_HOLIDAY)
    assert not calendar(closures=(royal,)).is_working_day(date(2027, 6, 11))


def test_working_days_of_a_year_without_bank_holidays_are_not_known() -> None:
    with pytest.raises(CalendarUnknown, match="bank holidays of 2029"):
        calendar().is_working_day(date(2029, 3, 1))


@pytest.mark.parametrize(
    ("start", "n", "end"),
    [
        (date(2026, 11, 20), 0, date(2026, 11, 20)),
        (date(2026, 11, 21), 0, date(2026, 11, 23)),
        (date(2026, 11, 20), 1, date(2026, 11, 23)),
        (date(2026, 11, 21), 1, date(2026, 11, 23)),
        (date(2026, 10, 23), 1, date(2026, 11, 2)),
        (date(2026, 12, 17), 2, date(2027, 1, 5)),
        (date(2027, 1, 19), 1, date(2027, 1, 22)),
    ],
)
def test_school_days_are_counted_over_weekends_holidays_and_closures(start: date, n: int, end: date) -> None:
    assert calendar().add_school_days(start, n) == end


@pytest.mark.parametrize(
    ("start", "n", "end"),
    [
        (date(2026, 10, 23), 1, date(2026, 10, 26)),
        (date(2026, 12, 24), 1, date(2026, 12, 29)),
        (date(2026, 12, 31), 1, date(2027, 1, 4)),
        (date(2026, 12, 25), 0, date(2026, 12, 29)),
    ],
)
def test_working_days_are_counted_through_school_holidays(start: date, n: int, end: date) -> None:
    assert calendar().add_working_days(start, n) == end


def test_counting_past_the_entered_dates_says_which_day_is_missing() -> None:
    with pytest.raises(CalendarUnknown, match="Thursday 22 July 2027"):
        calendar().add_school_days(date(2027, 7, 20), 2)


def test_days_are_not_counted_backward() -> None:
    with pytest.raises(ValueError, match="forward"):
        calendar().add_school_days(date(2026, 11, 20), -1)


@given(start=st.dates(AUTUMN.first, date(2027, 5, 1)), n=st.integers(1, 30))
def test_n_school_days_later_lie_exactly_n_school_days(start: date, n: int) -> None:
    year = calendar()
    end = year.add_school_days(start, n)
    between = [start + timedelta(days=k) for k in range(1, (end - start).days + 1)]
    assert year.is_school_day(end)
    assert sum(map(year.is_school_day, between)) == n


@given(day=ANY_DAY)
def test_a_school_day_is_always_a_working_day_within_a_term(day: date) -> None:
    year = calendar()
    if year.is_school_day(day):
        assert year.is_working_day(day)
        assert year.term_of(day) is not None


@pytest.mark.parametrize(
    ("day", "starts"),
    [
        (date(2026, 10, 23), datetime(2026, 10, 23, 7, 45, tzinfo=UTC)),
        (date(2026, 11, 2), datetime(2026, 11, 2, 8, 45, tzinfo=UTC)),
        (date(2027, 3, 25), datetime(2027, 3, 25, 8, 45, tzinfo=UTC)),
        (date(2027, 4, 12), datetime(2027, 4, 12, 7, 45, tzinfo=UTC)),
    ],
)
@pytest.mark.parametrize("timezone", ["Europe/London", "Europe/Jersey"])
def test_school_starts_at_the_same_local_time_on_both_sides_of_a_clock_change(
    day: date, starts: datetime, timezone: str
) -> None:
    begin, end = calendar(timezone=timezone).school_day_bounds(day)
    assert begin == starts
    assert end - begin == timedelta(hours=6, minutes=35)


def test_a_closed_day_has_no_school_hours() -> None:
    with pytest.raises(ValueError, match="not a school day"):
        calendar().school_day_bounds(date(2026, 11, 21))


def test_a_moment_without_a_zone_is_not_taken() -> None:
    with pytest.raises(ValueError, match="time zone"):
        calendar().local(datetime(2026, 11, 20, 12, 0))  # noqa: DTZ001 - the mistake is the point


def test_the_term_of_a_day_includes_its_half_term_and_no_holiday() -> None:
    assert calendar().term_of(date(2026, 10, 28)) is AUTUMN
    assert calendar().term_of(date(2026, 12, 23)) is None


def test_terms_may_be_given_in_any_order() -> None:
    assert calendar(terms=(SUMMER, AUTUMN, SPRING)).terms == (AUTUMN, SPRING, SUMMER)


def test_terms_that_overlap_are_refused() -> None:
    with pytest.raises(Refused, match="Spring 2027 begins before Autumn 2026 ends"):
        calendar(terms=(TermDates("Autumn 2026", AUTUMN.first, date(2027, 1, 4)), SPRING))


def test_a_term_or_closure_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(Refused, match="Autumn ends before it begins"):
        TermDates("Autumn", date(2026, 12, 18), date(2026, 9, 3))
    with pytest.raises(Refused, match="before the first"):
        ClosedDays(date(2026, 12, 18), date(2026, 9, 3), ClosureKind.INSET)


def test_a_school_day_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(Refused, match="school day ends"):
        SchoolCalendar((AUTUMN,), (), time(15, 20), time(8, 45), "Europe/London", frozenset())
