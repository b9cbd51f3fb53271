"""What a page says about a school's year: days in words, and what is missing in it."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

from incidents.schools.calendar import LONGEST_HOLIDAY, ClosureKind, SchoolCalendar, TermDates, day_in_words

# The dates of the next term are needed before a limit of school days reaches beyond those that are entered.
ENOUGH_AHEAD = timedelta(days=60)
# A term that is longer than this has a half-term in every nation.
LONG_TERM = timedelta(days=60)
AUGUST = 8
YEARS_SHOWN = 3
FIRST_MONTHS = (8, 9)
NO_COUNT = "deadlines in school days can’t be counted"

CLOSURE_LABELS: dict[ClosureKind, str] = {
    ClosureKind.HALF_TERM: "Half-term",
    ClosureKind.INSET: "Staff training day (INSET)",
    ClosureKind.CLOSURE: "School closed",
    ClosureKind.BANK_HOLIDAY: "Extra bank holiday",
}


def whole_day(day: date) -> str:
    """The day with its year: "Friday 18 December 2026"."""
    return f"{day_in_words(day)} {day.year}"


def short_day(day: date) -> str:
    """The day without its weekday: "18 December 2026"."""
    return f"{day.day} {day:%B} {day.year}"


def span(first: date, last: date) -> str:
    """From and to, or the one day."""
    return whole_day(first) if first == last else f"{whole_day(first)} to {whole_day(last)}"


def gaps(calendar: SchoolCalendar, today: date) -> list[str]:
    """What is missing in the dates, as sentences, the most pressing first; nothing if all is there."""
    terms = calendar.terms
    if not terms:
        return [f"No term is entered: {NO_COUNT}, and nobody is told whether school was open."]
    last = terms[-1].last
    found = []
    if last < today + ENOUGH_AHEAD:
        found.append(f"No dates after {short_day(last)}: {NO_COUNT}.")
    found += [
        f"No dates between {short_day(earlier.last)} and {short_day(later.first)}: {NO_COUNT}."
        for earlier, later in pairwise(terms)
        if later.last >= today and later.first - earlier.last > LONGEST_HOLIDAY
    ]
    found += [
        f"No half-term in {term.name}: its days would count as school days."
        for term in _long_ones(terms, today)
        if not any(day.kind is ClosureKind.HALF_TERM and day.first in term for day in calendar.closures)
    ]
    return found


def _long_ones(terms: Sequence[TermDates], today: date) -> list[TermDates]:
    return [term for term in terms if term.last >= today and term.last - term.first > LONG_TERM]


def first_day(calendar: SchoolCalendar, today: date) -> date:
    """The first day of the school year that this day lies in: of its first term; today where none is entered.

    A school year begins after the longest holiday, the summer's: everywhere in August or September.
    """
    starts = [term.first for term in calendar.terms if august_before(today) <= term.first <= today]
    return min(starts, default=today)


def next_year_starts(calendar: SchoolCalendar, today: date) -> date | None:
    """The first day of the next school year as far as it is entered; none where it is not: it is asked for, never guessed."""
    starts = [term.first for term in calendar.terms if term.first > today and term.first.month in FIRST_MONTHS]
    return min(starts, default=None)


def august_before(day: date) -> date:
    """Where the months of the school year start that this day lies in."""
    return date(day.year if day.month >= AUGUST else day.year - 1, AUGUST, 1)


def can_be_shown(first_year: int, today: date) -> bool:
    """Whether the months from August of this year on may have dates in them."""
    return abs(first_year - today.year) <= YEARS_SHOWN
