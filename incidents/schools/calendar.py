"""When the school is open: terms, training days, half-terms, closures and bank holidays, in the school's own time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo

from incidents.errors import Refused

ONE_DAY = timedelta(days=1)
SATURDAY = 5
# Two entered terms with a longer gap than this have a term missing between them, so the gap is not known to be a
# holiday. The longest usual one, July and August in Northern Ireland, is 63 days; a longer one is entered as a closure.
LONGEST_HOLIDAY = timedelta(days=70)


class CalendarUnknown(Exception):
    """The school has not entered the dates that an answer needs. The message is a sentence for the person."""


class ClosureKind(StrEnum):
    """Why the school is shut on a day when it might have been open."""

    INSET = "inset"
    HALF_TERM = "half_term"
    BANK_HOLIDAY = "bank_holiday"
    CLOSURE = "closure"


CLOSED_WORDS: dict[ClosureKind, str] = {
    ClosureKind.HALF_TERM: "half-term",
    ClosureKind.INSET: "a staff training day (INSET)",
    ClosureKind.BANK_HOLIDAY: "a bank holiday",
    ClosureKind.CLOSURE: "a day when the school was closed",
}


def day_in_words(day: date) -> str:
    """The day as the pages say it: "Friday 20 November"."""
    return f"{day:%A} {day.day} {day:%B}"


def time_in_words(moment: time) -> str:
    """The time on the 24-hour clock: "15:20"."""
    return f"{moment:%H:%M}"


@dataclass(frozen=True)
class TermDates:
    """One term, from its first to its last day, both included."""

    name: str
    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise Refused(f"{self.name} ends before it begins.", "ends")

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True)
class ClosedDays:
    """One or more days in a row when no pupils are in school; `note` says why in the school's words."""

    first: date
    last: date
    kind: ClosureKind
    note: str = ""

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise Refused("The last closed day is before the first.", "ends")

    def why(self) -> str:
        """What stands after "it was": "half-term", "a day when the school was closed (snow)"."""
        noted = self.note and self.kind is ClosureKind.CLOSURE
        return f"{CLOSED_WORDS[self.kind]} ({self.note})" if noted else CLOSED_WORDS[self.kind]


def days_between(first: date, last: date) -> list[date]:
    """Every day from the first to the last, both included."""
    return [first + ONE_DAY * n for n in range((last - first).days + 1)]


@dataclass(frozen=True)
class SchoolCalendar:
    """What one school entered about its year. A day outside it is not known, and is never guessed."""

    terms: Sequence[TermDates]
    closures: Sequence[ClosedDays]
    day_starts: time
    day_ends: time
    timezone: str
    bank_holidays: frozenset[date]
    _zone: ZoneInfo = field(init=False, repr=False, compare=False)
    _closed: dict[date, ClosedDays] = field(init=False, repr=False, compare=False)
    _bank_years: frozenset[int] = field(init=False, repr=False, compare=False)
    _why: dict[date, str | None] = field(init=False, repr=False, compare=False)  # of the days that were asked about

    def __post_init__(self) -> None:
        if self.day_ends <= self.day_starts:
            raise Refused("The school day ends before it begins.", "day_ends")
        terms = tuple(sorted(self.terms, key=lambda term: term.first))
        for earlier, later in pairwise(terms):
            if later.first <= earlier.last:
                raise Refused(f"{later.name} begins before {earlier.name} ends.", "starts")
        keep = object.__setattr__  # the only way to fill a frozen dataclass once
        keep(self, "terms", terms)
        keep(self, "closures", tuple(self.closures))
        keep(self, "_zone", ZoneInfo(self.timezone))
        keep(self, "_closed", {day: shut for shut in self.closures for day in days_between(shut.first, shut.last)})
        keep(self, "_bank_years", frozenset(day.year for day in self.bank_holidays))
        keep(self, "_why", {})

    # --- what is known -------------------------------------------------------------------------------------------

    def knows(self, day: date) -> bool:
        """Whether the school entered enough to say if this day is a school day."""
        if day in self._closed or self.term_of(day):
            return True
        return any(
            earlier.last < day < later.first and later.first - earlier.last <= LONGEST_HOLIDAY
            for earlier, later in pairwise(self.terms)
        )

    def term_of(self, day: date) -> TermDates | None:
        """The term this day lies in, its half-term included; none in the holidays or where no term was entered."""
        return next((term for term in self.terms if day in term), None)

    def _must_know(self, day: date) -> None:
        if not self.knows(day):
            raise CalendarUnknown(f"The school’s term dates do not cover {day_in_words(day)} {day.year}.")

    # --- school days and working days ------------------------------------------------------------------------------

    def why_closed(self, day: date) -> str | None:
        """What stands after "it was": "a bank holiday", "half-term", "the weekend"; nothing on a school day."""
        if day not in self._why:
            self._must_know(day)
            self._why[day] = self._why_shut(day)
        return self._why[day]

    def _why_shut(self, day: date) -> str | None:
        if day in self.bank_holidays:
            return CLOSED_WORDS[ClosureKind.BANK_HOLIDAY]
        if day in self._closed:
            return self._closed[day].why()
        if self.term_of(day) is None:
            return "in the school holidays"
        return "the weekend" if day.weekday() >= SATURDAY else None

    def is_school_day(self, day: date) -> bool:
        """Whether pupils are in school. Raises CalendarUnknown where the school entered no dates."""
        return self.why_closed(day) is None

    def is_working_day(self, day: date) -> bool:
        """Monday to Friday but for bank holidays: school holidays and training days are working days.

        Every year has bank holidays in every nation, so a year without one has not been filled in yet.
        """
        if day.year not in self._bank_years:
            raise CalendarUnknown(f"The bank holidays of {day.year} are not known yet.")
        shut = self._closed.get(day)
        extra_bank_holiday = shut is not None and shut.kind is ClosureKind.BANK_HOLIDAY
        return day.weekday() < SATURDAY and day not in self.bank_holidays and not extra_bank_holiday

    def add_school_days(self, start: date, n: int) -> date:
        """The n-th school day after `start`; for 0 the day itself, or the next school day if it is none."""
        return self._add(start, n, self.is_school_day)

    def add_working_days(self, start: date, n: int) -> date:
        """The n-th working day after `start`; for 0 the day itself, or the next working day if it is none."""
        return self._add(start, n, self.is_working_day)

    @staticmethod
    def _add(start: date, n: int, counts: Callable[[date], bool]) -> date:
        if n < 0:
            raise ValueError("Days are only counted forward.")
        day = start if n == 0 else start + ONE_DAY
        wanted = max(n, 1)
        while True:  # ends: beyond the dates entered, `counts` raises
            wanted -= counts(day)
            if not wanted:
                return day
            day += ONE_DAY

    # --- local time ------------------------------------------------------------------------------------------------

    def at(self, day: date, clock: time) -> datetime:
        """The moment, in UTC, when clocks at the school show this time on this day."""
        return datetime.combine(day, clock, tzinfo=self._zone).astimezone(UTC)

    def local(self, moment: datetime) -> datetime:
        """The same moment as clocks at the school show it."""
        if moment.tzinfo is None:
            raise ValueError("A moment needs its time zone.")
        return moment.astimezone(self._zone)

    def school_day_bounds(self, day: date) -> tuple[datetime, datetime]:
        """When school starts and ends on this school day, in UTC."""
        if not self.is_school_day(day):
            raise ValueError(f"{day} is not a school day.")
        return self.at(day, self.day_starts), self.at(day, self.day_ends)
