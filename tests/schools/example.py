"""One invented school year that the tests of calendars, hours and deadlines share."""

from datetime import date, time

from incidents.schools.calendar import ClosedDays, ClosureKind, SchoolCalendar, TermDates
from incidents.schools.jurisdiction import Nation, SchoolType, load

AUTUMN = TermDates("Autumn 2026", date(2026, 9, 3), date(2026, 12, 18))
SPRING = TermDates("Spring 2027", date(2027, 1, 4), date(2027, 3, 25))
SUMMER = TermDates("Summer 2027", date(2027, 4, 12), date(2027, 7, 21))
CLOSURES = (
    ClosedDays(date(2026, 9, 3), date(2026, 9, 3), ClosureKind.INSET, "first day"),
    ClosedDays(date(2026, 10, 26), date(2026, 10, 30), ClosureKind.HALF_TERM, "autumn half-term"),
    ClosedDays(date(2027, 1, 4), date(2027, 1, 4), ClosureKind.INSET),
    ClosedDays(date(2027, 1, 20), date(2027, 1, 21), ClosureKind.CLOSURE, "snow"),
    ClosedDays(date(2027, 2, 15), date(2027, 2, 19), ClosureKind.HALF_TERM),
    ClosedDays(date(2027, 5, 31), date(2027, 6, 4), ClosureKind.HALF_TERM),
)
ENGLISH_BANK_HOLIDAYS = load(Nation.ENGLAND, SchoolType.MAINTAINED).bank_holidays([2026, 2027])


def calendar(
    terms: tuple[TermDates, ...] = (AUTUMN, SPRING, SUMMER),
    closures: tuple[ClosedDays, ...] = CLOSURES,
    bank_holidays: frozenset[date] = ENGLISH_BANK_HOLIDAYS,
    timezone: str = "Europe/London",
) -> SchoolCalendar:
    return SchoolCalendar(terms, closures, time(8, 45), time(15, 20), timezone, bank_holidays)
