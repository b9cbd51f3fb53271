"""The two facts kept apart: in or out of school hours, and under whose control."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.errors import Refused
from incidents.recording import hours  # pytest would take tests_are_asked itself for a test
from incidents.recording.hours import (
    CONTROL_BECAUSE,
    CONTROL_LABELS,
    TIME_LABELS,
    Control,
    Happened,
    SchoolTime,
    TimeFinding,
    WhenKind,
    control_of,
    time_of,
)
from incidents.schools.calendar import SchoolCalendar
from tests.schools.example import AUTUMN, SUMMER, calendar

IN, OUT, SPANS, UNKNOWN = SchoolTime.IN_HOURS, SchoolTime.OUT_OF_HOURS, SchoolTime.SPANS, SchoolTime.UNKNOWN
FRIDAY, SATURDAY, SUNDAY = date(2026, 11, 20), date(2026, 11, 21), date(2026, 11, 22)
MONDAY, WEDNESDAY = date(2026, 11, 23), date(2026, 11, 25)


def at(day: date, clock: str = "") -> Happened:
    return Happened(WhenKind.EXACT, day, time_from=time.fromisoformat(clock) if clock else None)


def went_on(first: date, begins: str = "", ends: str = "", last: date | None = None) -> Happened:
    first_time = time.fromisoformat(begins) if begins else None
    last_time = time.fromisoformat(ends) if ends else None
    return Happened(WhenKind.RANGE, first, last, first_time, last_time)


def found(happened: Happened, year: SchoolCalendar | None = None) -> TimeFinding:
    return time_of(happened, year or calendar())


@pytest.mark.parametrize(
    ("happened", "expected", "because"),
    [
        (at(FRIDAY, "21:14"), OUT, "Friday 20 November was a school day; school ended at 15:20."),
        (at(FRIDAY, "15:20"), OUT, "Friday 20 November was a school day; school ended at 15:20."),
        (at(FRIDAY, "15:19"), IN, "Friday 20 November was a school day; school ran from 08:45 to 15:20."),
        (at(FRIDAY, "08:45"), IN, "Friday 20 November was a school day; school ran from 08:45 to 15:20."),
        (at(FRIDAY, "08:44"), OUT, "Friday 20 November was a school day; school started at 08:45."),
        (at(FRIDAY, "00:00"), OUT, "Friday 20 November was a school day; school started at 08:45."),
        (at(SATURDAY, "11:00"), OUT, "Saturday 21 November was not a school day: it was the weekend."),
        (at(SATURDAY), OUT, "Saturday 21 November was not a school day: it was the weekend."),
        (
            at(date(2026, 9, 3), "11:00"),
            OUT,
            "Thursday 3 September was not a school day: it was a staff training day (INSET).",
        ),
        (at(date(2026, 10, 28)), OUT, "Wednesday 28 October was not a school day: it was half-term."),
        (at(date(2026, 12, 25)), OUT, "Friday 25 December was not a school day: it was a bank holiday."),
        (
            at(date(2027, 1, 20), "11:00"),
            OUT,
            "Wednesday 20 January was not a school day: it was a day when the school was closed (snow).",
        ),
        (
            at(FRIDAY),
            UNKNOWN,
            "Friday 20 November was a school day; school ran from 08:45 to 15:20, but the time is not known.",
        ),
        (Happened(WhenKind.UNKNOWN), UNKNOWN, "It is not known when this happened."),
        (
            at(date(2027, 8, 4), "21:14"),
            UNKNOWN,
            "The school’s term dates do not cover Wednesday 4 August 2027. "
            "So it is not known whether this was a school day.",
        ),
    ],
)
def test_a_moment_is_in_or_out_of_hours_and_the_sentence_says_why(
    happened: Happened, expected: SchoolTime, because: str
) -> None:
    assert found(happened) == TimeFinding(expected, because)


@pytest.mark.parametrize(
    ("happened", "expected", "because"),
    [
        (
            went_on(FRIDAY, "12:00", "15:20"),
            IN,
            "Friday 20 November was a school day; school ran from 08:45 to 15:20.",
        ),
        (
            went_on(FRIDAY, "15:00", "16:00"),
            SPANS,
            "Friday 20 November was a school day; school ran from 08:45 to 15:20. "
            "Part of it was in those hours and part was not.",
        ),
        (went_on(FRIDAY, "08:00", "08:45"), OUT, "Friday 20 November was a school day; school started at 08:45."),
        (went_on(FRIDAY, "20:00", "21:00"), OUT, "Friday 20 November was a school day; school ended at 15:20."),
        (went_on(FRIDAY, "20:00"), OUT, "Friday 20 November was a school day; school ended at 15:20."),
        (went_on(FRIDAY, "09:00", "09:00"), IN, "Friday 20 November was a school day; school ran from 08:45 to 15:20."),
        (
            went_on(FRIDAY, "14:00"),
            UNKNOWN,
            "Friday 20 November was a school day; school ran from 08:45 to 15:20, but the time is not fully known.",
        ),
        (
            went_on(SATURDAY, last=SUNDAY),
            OUT,
            "No day from Saturday 21 November to Sunday 22 November was a school day: it was the weekend.",
        ),
        (
            went_on(date(2026, 12, 24), last=date(2026, 12, 26)),
            OUT,
            "No day from Thursday 24 December to Saturday 26 December was a school day.",
        ),
        (
            went_on(FRIDAY, "20:00", "01:00", SATURDAY),
            OUT,
            "Friday 20 November to Saturday 21 November took in 1 school day, 08:45 to 15:20; "
            "none of it was in those hours.",
        ),
        (
            went_on(MONDAY, "20:00", "21:00", WEDNESDAY),
            SPANS,
            "Monday 23 November to Wednesday 25 November took in 3 school days, 08:45 to 15:20; "
            "part of it was in those hours and part was not.",
        ),
        (
            went_on(MONDAY, last=WEDNESDAY),
            SPANS,
            "Monday 23 November to Wednesday 25 November took in 3 school days, 08:45 to 15:20; "
            "part of it was in those hours and part was not.",
        ),
        (
            went_on(FRIDAY, last=SATURDAY),
            UNKNOWN,
            "Friday 20 November to Saturday 21 November took in 1 school day, 08:45 to 15:20, "
            "but the times are not fully known.",
        ),
    ],
)
def test_a_stretch_of_time_is_in_out_or_both_and_is_not_known_where_its_ends_leave_it_open(
    happened: Happened, expected: SchoolTime, because: str
) -> None:
    assert found(happened) == TimeFinding(expected, because)


def test_a_stretch_that_leaves_the_known_calendar_is_not_known() -> None:
    happened = went_on(date(2027, 7, 20), "10:00", "11:00", date(2027, 7, 23))
    assert found(happened).time is UNKNOWN
    assert "Thursday 22 July 2027" in found(happened).because


@pytest.mark.parametrize("timezone", ["Europe/London", "Europe/Jersey"])
@pytest.mark.parametrize("day", [date(2026, 10, 23), date(2026, 11, 2), date(2027, 3, 25), date(2027, 4, 12)])
def test_hours_are_local_on_both_sides_of_a_clock_change(day: date, timezone: str) -> None:
    year = calendar(timezone=timezone)
    assert found(at(day, "15:19"), year).time is IN
    assert found(at(day, "15:20"), year).time is OUT


@given(
    day=st.dates(AUTUMN.first, SUMMER.last),
    clock=st.times(min_value=time(0, 0), max_value=time(23, 59)),
)
def test_an_exact_minute_agrees_with_the_bounds_of_the_school_day(day: date, clock: time) -> None:
    year = calendar()
    inside = False
    if year.is_school_day(day):
        begin, end = year.school_day_bounds(day)
        inside = begin <= year.at(day, clock) < end
    assert found(Happened(WhenKind.EXACT, day, time_from=clock), year).time is (IN if inside else OUT)


@given(
    first=st.datetimes(datetime(2026, 11, 16), datetime(2026, 11, 24)),  # noqa: DTZ001 - clocks at school
    minutes=st.integers(2, 3 * 24 * 60),
    data=st.data(),
)
def test_every_minute_of_a_stretch_agrees_with_what_is_said_of_the_whole(
    first: datetime, minutes: int, data: st.DataObject
) -> None:
    first = first.replace(second=0, microsecond=0)
    last, inner = first + timedelta(minutes=minutes), data.draw(st.integers(0, minutes - 1))
    whole = found(Happened(WhenKind.RANGE, first.date(), last.date(), first.time(), last.time())).time
    moment = first + timedelta(minutes=inner)
    part = found(Happened(WhenKind.EXACT, moment.date(), time_from=moment.time())).time
    assert whole in (part, SPANS)


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: Happened(WhenKind.EXACT), "day_from"),
        (lambda: Happened(WhenKind.EXACT, FRIDAY, time_until=time(9)), "kind"),
        (lambda: Happened(WhenKind.RANGE, SATURDAY, FRIDAY), "day_until"),
        (lambda: went_on(FRIDAY, "21:00", "01:00"), "time_until"),
    ],
)
def test_a_time_that_cannot_be_is_refused_beside_its_field(make: object, field: str) -> None:
    with pytest.raises(Refused) as refused:
        make()  # type: ignore[operator]  # any way of making one
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("time_found", "control", "asked"),
    [
        (IN, Control.ON_SITE, False),
        (IN, Control.SCHOOL_ACTIVITY, False),
        (IN, Control.OFF_SITE, True),
        (IN, Control.UNKNOWN, True),
        (OUT, Control.ON_SITE, True),
        (OUT, Control.SCHOOL_ACTIVITY, True),
        (OUT, Control.OFF_SITE, True),
        (SPANS, Control.ON_SITE, True),
        (UNKNOWN, Control.ON_SITE, True),
        (UNKNOWN, Control.UNKNOWN, True),
    ],
)
def test_the_tests_are_asked_unless_it_was_all_in_hours_and_under_control(
    time_found: SchoolTime, control: Control, asked: bool
) -> None:
    assert hours.tests_are_asked(time_found, control) is asked


@pytest.mark.parametrize("control", list(Control))
def test_the_place_is_kept_and_explained_apart_from_the_time(control: Control) -> None:
    assert control_of(control).control is control
    assert control_of(control).because.endswith(".")


def test_every_value_has_its_words() -> None:
    assert set(TIME_LABELS) == set(SchoolTime)
    assert set(CONTROL_LABELS) == set(CONTROL_BECAUSE) == set(Control)
