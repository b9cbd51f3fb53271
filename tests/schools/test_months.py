"""The year as months: each day in a mark and in words."""

import re
from datetime import date, time

import pytest

from incidents.schools.calendar import ClosedDays, ClosureKind, SchoolCalendar, TermDates
from incidents.schools.months import Day, months

BANK = {date(2026, 8, 31): "Summer bank holiday", date(2026, 12, 25): "Christmas Day"}
CALENDAR = SchoolCalendar(
    terms=[TermDates("Autumn", date(2026, 9, 1), date(2026, 12, 18)), TermDates("Spring", date(2027, 1, 4), date(2027, 3, 26))],
    closures=[
        ClosedDays(date(2026, 9, 1), date(2026, 9, 1), ClosureKind.INSET),
        ClosedDays(date(2026, 10, 26), date(2026, 10, 30), ClosureKind.HALF_TERM, "autumn"),
        ClosedDays(date(2026, 12, 3), date(2026, 12, 4), ClosureKind.CLOSURE, "snow"),
    ],
    day_starts=time(8, 45), day_ends=time(15, 20), timezone="Europe/London", bank_holidays=frozenset(BANK),
)  # fmt: skip
YEAR = months(CALENDAR, date(2026, 8, 1), BANK)
DAYS = {each.day: each for month in YEAR for week in month.weeks for each in week if each}


@pytest.mark.parametrize(
    ("day", "is_a", "words"),
    [
        (date(2026, 8, 31), Day.BANK_HOLIDAY, "bank holiday, Summer bank holiday"),
        (date(2026, 9, 1), Day.INSET, "a staff training day (INSET)"),
        (date(2026, 9, 2), Day.SCHOOL, ""),
        (date(2026, 9, 5), Day.WEEKEND, ""),
        (date(2026, 10, 28), Day.HALF_TERM, "half-term, autumn"),
        (date(2026, 12, 4), Day.CLOSURE, "a day when the school was closed (snow)"),
        (date(2026, 12, 21), Day.HOLIDAYS, "school holidays"),
        (date(2026, 8, 28), Day.UNKNOWN, "no dates are entered"),
        (date(2027, 5, 4), Day.UNKNOWN, "no dates are entered"),
    ],
)
def test_each_day_is_what_the_school_entered_and_nothing_is_guessed(day, is_a, words):
    assert (DAYS[day].is_a, DAYS[day].words) == (is_a, words)


def test_twelve_whole_months_in_whole_weeks():
    assert (YEAR[0].name, YEAR[-1].name, len(DAYS)) == ("August 2026", "July 2027", 365)
    assert {len(week) for month in YEAR for week in month.weeks} == {7}
    assert all(
        each.day.weekday() == place for month in YEAR for week in month.weeks for place, each in enumerate(week) if each
    )


def test_a_month_in_sentences_says_what_the_marks_say():
    assert YEAR[1].says == ("21 school days", "Tuesday 1: staff training day (INSET)")
    assert YEAR[2].says == ("17 school days", "Monday 26 to Friday 30: half-term, autumn")
    assert YEAR[4].says[1:] == (
        "Thursday 3 to Friday 4: school closed (snow)",
        "Friday 25: bank holiday, Christmas Day",
    )
    assert YEAR[9].says == ("Monday 3 to Monday 31: no dates are entered",)


def test_the_page_shows_the_year_that_is_now_or_another(cast):
    office = cast.client("administrator")
    page = office.get("/school").text
    assert re.findall(r"<caption>([^<]+)</caption>", page)[0] == "August 2026"
    assert "bank holiday, Christmas Day" in page
    assert "<caption>August 2027</caption>" in office.get("/school?from=2027").text
    for typed in ("1", "99999", "x", "²"):
        assert "<caption>August 2026</caption>" in office.get("/school", query_string={"from": typed}).text


def test_closed_days_are_changed_and_not_made_twice(cast):
    office = cast.client("administrator")
    form = {"kind": "inset", "name": "", "starts": ["4", "12", "2026"], "ends": ["", "", ""]}
    office.post("/school/closures/new", data=form)
    address = re.search(r'href="(/school/closures/[0-9a-f-]+)"', office.get("/school").text)[1]
    assert office.post(address, data={**form, "starts": ["11", "12", "2026"]}).status_code == 302
    page = office.get("/school").text
    assert "Friday 11 December 2026" in page
    assert "Friday 4 December 2026" not in page
    office.post("/school/closures/new", data=form)
    assert "entered already" in office.post(address, data=form).text
