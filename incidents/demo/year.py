"""The demo's school year, laid out around the day it is made, and its days counted back in school days."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from incidents.schools.calendar import ClosureKind, SchoolCalendar, TermDates

MONDAY, FRIDAY = 0, 4
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class PlannedTerm:
    """A term, and the days in it on which pupils stay at home."""

    name: str
    first: date
    last: date
    shut: tuple[tuple[ClosureKind, str, date, date], ...]


def _weekday_from(day: date, weekday: int | None = None) -> date:
    """The first such weekday on or after a day; without one named, the first from Monday to Friday."""
    while (day.weekday() > FRIDAY) if weekday is None else (day.weekday() != weekday):
        day += ONE_DAY
    return day


def _week_off(monday: date, name: str) -> tuple[ClosureKind, str, date, date]:
    return ClosureKind.HALF_TERM, name, monday, monday + timedelta(days=4)


def school_year(starts_in: int) -> tuple[PlannedTerm, ...]:
    """Three terms as most schools of England and Wales have them: a training day first, and a week off in the middle."""
    autumn = _weekday_from(date(starts_in, 9, 2))
    spring = _weekday_from(date(starts_in + 1, 1, 4))
    spring_ends = _weekday_from(date(starts_in + 1, 3, 25), FRIDAY)
    summer = spring_ends + timedelta(days=17)  # the Monday after two weeks
    return (
        PlannedTerm(
            f"Autumn term {starts_in}", autumn, _weekday_from(date(starts_in, 12, 15), FRIDAY),
            ((ClosureKind.INSET, "", autumn, autumn),
             _week_off(_weekday_from(date(starts_in, 10, 23), MONDAY), "")),
        ),
        PlannedTerm(
            f"Spring term {starts_in + 1}", spring, spring_ends,
            (_week_off(_weekday_from(date(starts_in + 1, 2, 12), MONDAY), ""),),
        ),
        PlannedTerm(
            f"Summer term {starts_in + 1}", summer, _weekday_from(date(starts_in + 1, 7, 20)),
            (_week_off(_weekday_from(date(starts_in + 1, 5, 25), MONDAY), ""),),
        ),
    )  # fmt: skip


def terms_around(made_on: date) -> tuple[PlannedTerm, ...]:
    """The terms of the school year before, the present one and the next two, so that limits can be counted on."""
    present = made_on.year if made_on >= date(made_on.year, 9, 1) else made_on.year - 1
    return tuple(term for year in range(present - 1, present + 3) for term in school_year(year))


class Days:
    """School days counted back: number 0 is the last one before the day the demo is made, so nothing is in the future."""

    def __init__(self, calendar: SchoolCalendar, made_at: datetime) -> None:
        self.calendar = calendar
        self._found: list[date] = []
        self._more = self._backwards(calendar.local(made_at).date())

    def _backwards(self, made_on: date) -> Iterator[date]:
        day = made_on
        while True:  # ends: before the terms entered, the calendar raises
            day -= ONE_DAY
            if self.calendar.is_school_day(day):
                yield day

    def day(self, number: int) -> date:
        """The date of the school day with this number."""
        if number < 0:
            raise ValueError("That day has not come yet.")
        while len(self._found) <= number:
            self._found.append(next(self._more))
        return self._found[number]

    def last_of_term(self, back: int) -> int:
        """The number of the last school day of that term; of the one under way it is 0."""
        wanted, number = self.term(back), 0
        while self.day(number) not in wanted:
            number += 1
        return number

    def term(self, back: int) -> TermDates:
        """The term so many before the one under way: that in which the last school day lies."""
        terms = self.calendar.terms
        return terms[next(number for number, term in enumerate(terms) if self.day(0) in term) - back]

    def before(self, day: date, school_days: int) -> date:
        """The date so many school days before a school day."""
        number = 0
        while self.day(number) > day:
            number += 1
        return self.day(number + school_days)

    def at(self, number: int, clock: time) -> datetime:
        """A moment of the school day with this number, in UTC."""
        return self.calendar.at(self.day(number), clock)
