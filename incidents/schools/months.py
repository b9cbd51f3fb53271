"""A school's year as months of days: what each day is, in a mark and in words, so that no colour is needed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from incidents.schools.calendar import CLOSED_WORDS, SATURDAY, ClosureKind, SchoolCalendar, days_between

MONTHS_SHOWN = 12


class Day(StrEnum):
    """What a day is to the school."""

    SCHOOL = "school"
    INSET = "inset"
    HALF_TERM = "half_term"
    CLOSURE = "closure"
    BANK_HOLIDAY = "bank_holiday"
    WEEKEND = "weekend"
    HOLIDAYS = "holidays"
    UNKNOWN = "unknown"


# The mark beside the number, and what the legend says. A school day has none: it stands in bold.
MARKS: Mapping[Day, tuple[str, str]] = {
    Day.SCHOOL: ("", "A bold number: a school day"),
    Day.INSET: ("T", "Staff training day (INSET)"),
    Day.HALF_TERM: ("H", "Half-term"),
    Day.CLOSURE: ("C", "School closed"),
    Day.BANK_HOLIDAY: ("B", "Bank holiday"),
    Day.HOLIDAYS: ("", "A thin number: the weekend or the school holidays"),
    Day.UNKNOWN: ("?", "No dates are entered"),
}
_CLOSED: Mapping[ClosureKind, Day] = {
    ClosureKind.INSET: Day.INSET,
    ClosureKind.HALF_TERM: Day.HALF_TERM,
    ClosureKind.CLOSURE: Day.CLOSURE,
    ClosureKind.BANK_HOLIDAY: Day.BANK_HOLIDAY,
}


@dataclass(frozen=True)
class Shown:
    """One day in its month."""

    day: date
    is_a: Day
    words: str  # what it is, where the number alone does not say it

    @property
    def mark(self) -> str:
        """The letter beside the number."""
        return MARKS.get(self.is_a, ("", ""))[0]


@dataclass(frozen=True)
class Month:
    """A month in weeks from Monday to Sunday; None where another month's days would stand."""

    name: str
    weeks: tuple[tuple[Shown | None, ...], ...]
    says: tuple[str, ...]  # the month in sentences


def months(calendar: SchoolCalendar, first: date, bank_holidays: Mapping[date, str]) -> list[Month]:
    """Twelve months from the one of `first`. `bank_holidays` gives each its name."""
    found, start = [], first.replace(day=1)
    for _ in range(MONTHS_SHOWN):
        after = (start + timedelta(days=31)).replace(day=1)
        days = [_shown(day, calendar, bank_holidays) for day in days_between(start, after - timedelta(days=1))]
        found.append(Month(f"{start:%B %Y}", _weeks(days), tuple(_sentences(days))))
        start = after
    return found


def _shown(day: date, calendar: SchoolCalendar, bank_holidays: Mapping[date, str]) -> Shown:
    if day in bank_holidays:
        return Shown(day, Day.BANK_HOLIDAY, f"bank holiday, {bank_holidays[day]}")
    weekend = day.weekday() >= SATURDAY
    shut = next((each for each in calendar.closures if each.first <= day <= each.last), None)
    if weekend:
        return Shown(day, Day.WEEKEND, "")
    if shut is not None:
        called = f", {shut.note}" if shut.note and shut.kind is not ClosureKind.CLOSURE else ""
        return Shown(day, _CLOSED[shut.kind], shut.why() + called)
    if not calendar.knows(day):
        return Shown(day, Day.UNKNOWN, "no dates are entered")
    return Shown(day, Day.SCHOOL, "") if calendar.term_of(day) else Shown(day, Day.HOLIDAYS, "school holidays")


def _weeks(days: list[Shown]) -> tuple[tuple[Shown | None, ...], ...]:
    padded: list[Shown | None] = [*[None] * days[0].day.weekday(), *days]
    padded += [None] * (-len(padded) % 7)
    return tuple(tuple(padded[start : start + 7]) for start in range(0, len(padded), 7))


def _sentences(days: list[Shown]) -> list[str]:
    """How many school days, and each day or run of days that is something else."""
    unknown = any(shown.is_a is Day.UNKNOWN for shown in days)
    count = sum(shown.is_a is Day.SCHOOL for shown in days)
    known = [] if unknown and not count else ["1 school day" if count == 1 else f"{count or 'No'} school days"]
    runs: list[tuple[date, date, str]] = []
    for shown in days:
        if shown.is_a not in _TOLD:
            continue
        words = _plain(shown)
        if runs and runs[-1][2] == words and (shown.day - runs[-1][1]).days <= _OVER_A_WEEKEND:
            runs[-1] = (runs[-1][0], shown.day, words)
        else:
            runs.append((shown.day, shown.day, words))
    return [*known, *(f"{_from_to(first, last)}: {words}" for first, last, words in runs)]


_TOLD = frozenset([Day.INSET, Day.HALF_TERM, Day.CLOSURE, Day.BANK_HOLIDAY, Day.UNKNOWN])
_OVER_A_WEEKEND = 3


def _plain(shown: Shown) -> str:
    """The words without the article that stands after "it was"."""
    for kind, words in CLOSED_WORDS.items():
        if shown.words.startswith(words) and _CLOSED[kind] is shown.is_a:
            return MARKS[shown.is_a][1].lower().replace("inset", "INSET") + shown.words.removeprefix(words)
    return shown.words


def _from_to(first: date, last: date) -> str:
    one = f"{first:%A} {first.day}"
    return one if first == last else f"{one} to {last:%A} {last.day}"
