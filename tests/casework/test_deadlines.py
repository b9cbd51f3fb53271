"""When a step is due and how late it is: over clock changes, weekends, half-terms and Christmas."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.casework.deadlines import Limit, LimitUnit, due, overdue_by
from incidents.schools.calendar import CalendarUnknown
from tests.schools.example import calendar

LONDON = ZoneInfo("Europe/London")
HOURS, DAYS, SCHOOL, WORKING = LimitUnit.HOURS, LimitUnit.DAYS, LimitUnit.SCHOOL_DAYS, LimitUnit.WORKING_DAYS
YEAR = calendar()
# Both clock changes (25 October 2026, 28 March 2027), three half-terms, Christmas and Easter lie in here.
STARTS = st.datetimes(datetime(2026, 9, 3), datetime(2027, 4, 30), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis wants them bare and adds the zone itself
UNITS = st.sampled_from(list(LimitUnit))
AMOUNTS = st.integers(0, 25)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


@pytest.mark.parametrize(
    ("amount", "unit", "start", "expected"),
    [
        (0, SCHOOL, "2026-11-20 10:00", "2026-11-20 15:20"),
        (0, SCHOOL, "2026-11-20 15:20", "2026-11-20 15:20"),
        (0, SCHOOL, "2026-11-20 21:14", "2026-11-23 15:20"),
        (0, SCHOOL, "2026-11-21 09:00", "2026-11-23 15:20"),
        (1, SCHOOL, "2026-11-20 10:00", "2026-11-23 15:20"),
        (1, SCHOOL, "2026-11-20 21:14", "2026-11-23 15:20"),
        (5, SCHOOL, "2026-10-21 10:00", "2026-11-04 15:20"),
        (2, SCHOOL, "2026-12-17 10:00", "2027-01-05 15:20"),
        (10, SCHOOL, "2027-03-18 10:00", "2027-04-16 15:20"),
        (0, WORKING, "2026-11-20 18:00", "2026-11-23 17:00"),
        (1, WORKING, "2026-11-20 10:00", "2026-11-23 17:00"),
        (1, WORKING, "2026-12-24 10:00", "2026-12-29 17:00"),
        (5, WORKING, "2026-10-22 10:00", "2026-10-29 17:00"),
        (0, DAYS, "2026-11-20 21:14", "2026-11-20 23:59"),
        (0, DAYS, "2026-11-20 23:59:30", "2026-11-20 23:59:30"),
        (5, DAYS, "2026-10-23 10:00", "2026-10-28 23:59"),
        (24, HOURS, "2026-10-24 12:00", "2026-10-25 11:00"),
        (24, HOURS, "2027-03-27 12:00", "2027-03-28 13:00"),
        (72, HOURS, "2026-12-24 12:00", "2026-12-27 12:00"),
    ],
)
def test_a_step_is_due_when_its_limit_says(amount: int, unit: LimitUnit, start: str, expected: str) -> None:
    moment = due(Limit(amount, unit), local(start), YEAR)
    assert moment == local(expected)
    assert moment.tzinfo is UTC


@given(start=STARTS, amount=AMOUNTS, unit=UNITS)
def test_nothing_is_due_before_it_starts(start: datetime, amount: int, unit: LimitUnit) -> None:
    assert due(Limit(amount, unit), start, YEAR) >= start


@given(start=STARTS, amount=AMOUNTS, unit=UNITS)
def test_a_longer_limit_is_never_due_sooner(start: datetime, amount: int, unit: LimitUnit) -> None:
    assert due(Limit(amount, unit), start, YEAR) <= due(Limit(amount + 1, unit), start, YEAR)


@given(start=STARTS, wait=st.timedeltas(timedelta(), timedelta(days=9)), amount=AMOUNTS, unit=UNITS)
def test_what_starts_later_is_never_due_sooner(start: datetime, wait: timedelta, amount: int, unit: LimitUnit) -> None:
    assert due(Limit(amount, unit), start, YEAR) <= due(Limit(amount, unit), start + wait, YEAR)


@given(start=STARTS, amount=AMOUNTS)
def test_a_limit_in_school_days_ends_with_school_on_a_school_day(start: datetime, amount: int) -> None:
    end = YEAR.local(due(Limit(amount, SCHOOL), start, YEAR))
    assert YEAR.is_school_day(end.date())
    assert end.time() == time(15, 20)


@given(start=STARTS, amount=AMOUNTS)
def test_a_limit_in_working_days_ends_at_five_on_a_working_day(start: datetime, amount: int) -> None:
    end = YEAR.local(due(Limit(amount, WORKING), start, YEAR))
    assert YEAR.is_working_day(end.date())
    assert end.time() == time(17, 0)


@given(start=STARTS, amount=st.integers(0, 24 * 90))
def test_a_safety_limit_in_hours_is_exact_elapsed_time(start: datetime, amount: int) -> None:
    assert due(Limit(amount, HOURS), start, YEAR) - start == timedelta(hours=amount)
    assert due(Limit(amount, HOURS), start.astimezone(LONDON), YEAR) - start == timedelta(hours=amount)


@given(start=STARTS, amount=AMOUNTS)
def test_a_limit_in_days_runs_through_weekends_and_holidays(start: datetime, amount: int) -> None:
    end = YEAR.local(due(Limit(amount, DAYS), start, YEAR))
    assert (end.date() - YEAR.local(start).date()).days == amount


def test_a_safety_clock_needs_no_term_dates() -> None:
    empty = calendar(terms=(), closures=(), bank_holidays=frozenset())
    assert due(Limit(72, HOURS), local("2026-12-24 12:00"), empty) == local("2026-12-27 12:00")
    assert due(Limit(1, DAYS), local("2026-12-24 12:00"), empty) == local("2026-12-25 23:59")


@pytest.mark.parametrize("unit", [SCHOOL, WORKING])
def test_a_due_date_beyond_the_entered_dates_is_not_made_up(unit: LimitUnit) -> None:
    with pytest.raises(CalendarUnknown):
        due(Limit(10, unit), local("2027-12-20 10:00"), YEAR)


def test_a_start_without_a_zone_is_not_taken() -> None:
    with pytest.raises(ValueError, match="time zone"):
        due(Limit(1, HOURS), datetime(2026, 11, 20), YEAR)  # noqa: DTZ001 - the mistake is the point


@pytest.mark.parametrize(
    ("unit", "was_due", "now", "words"),
    [
        (SCHOOL, "2026-11-20 15:20", "2026-11-20 15:20", ""),
        (SCHOOL, "2026-11-20 15:20", "2026-11-20 18:00", "less than a school day"),
        (SCHOOL, "2026-11-20 15:20", "2026-11-22 18:00", "less than a school day"),
        (SCHOOL, "2026-11-20 15:20", "2026-11-23 09:00", "1 school day"),
        (SCHOOL, "2026-11-20 15:20", "2026-11-24 09:00", "2 school days"),
        (SCHOOL, "2026-12-18 15:20", "2027-01-05 09:00", "1 school day"),
        (SCHOOL, "2027-07-21 15:20", "2027-07-24 09:00", "3 days"),
        (WORKING, "2026-12-24 17:00", "2026-12-29 09:00", "1 working day"),
        (WORKING, "2026-12-24 17:00", "2026-12-27 09:00", "less than a working day"),
        (DAYS, "2026-11-20 23:59", "2026-11-23 09:00", "3 days"),
        (HOURS, "2026-11-20 15:20", "2026-11-20 15:40", "less than an hour"),
        (HOURS, "2026-11-20 15:20", "2026-11-20 18:40", "3 hours"),
        (HOURS, "2026-10-24 12:00", "2026-10-25 12:00", "25 hours"),
        (HOURS, "2026-11-20 15:20", "2026-11-23 16:00", "3 days"),
    ],
)
def test_lateness_is_told_in_what_the_limit_counts(unit: LimitUnit, was_due: str, now: str, words: str) -> None:
    assert overdue_by(local(was_due), local(now), Limit(1, unit), YEAR) == words


@given(moment=STARTS, later=st.timedeltas(timedelta(microseconds=1), timedelta(days=60)), unit=UNITS)
def test_what_is_late_always_says_so(moment: datetime, later: timedelta, unit: LimitUnit) -> None:
    assert overdue_by(moment, moment + later, Limit(1, unit), YEAR)
    assert not overdue_by(moment + later, moment, Limit(1, unit), YEAR)


@pytest.mark.parametrize(
    ("amount", "unit", "words"),
    [
        (1, SCHOOL, "1 school day"),
        (5, SCHOOL, "5 school days"),
        (72, HOURS, "72 hours"),
        (0, DAYS, "the same day"),
        (0, SCHOOL, "the same school day"),
    ],
)
def test_a_limit_says_itself_in_words(amount: int, unit: LimitUnit, words: str) -> None:
    assert Limit(amount, unit).in_words() == words


def test_a_limit_below_nothing_is_an_error() -> None:
    with pytest.raises(ValueError, match="below nothing"):
        Limit(-1, DAYS)


def test_both_clock_changes_lie_where_the_properties_look() -> None:
    assert YEAR.at(date(2026, 10, 26), time(12)) - YEAR.at(date(2026, 10, 24), time(12)) == timedelta(hours=49)
    assert YEAR.at(date(2027, 3, 29), time(12)) - YEAR.at(date(2027, 3, 27), time(12)) == timedelta(hours=47)
