"""Two facts about an incident, kept apart: was it in school hours, and were those who did it under staff's control."""

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from incidents.errors import Refused
from incidents.schools.calendar import CalendarUnknown, SchoolCalendar, day_in_words, days_between, time_in_words

MIDNIGHT = 24 * 60  # minutes; a day is the minutes 0 to 1439


class WhenKind(StrEnum):
    """How well it is known when it happened."""

    EXACT = "exact"
    RANGE = "range"
    UNKNOWN = "unknown"


class SchoolTime(StrEnum):
    """The first fact: in or out of school hours."""

    IN_HOURS = "in_hours"
    OUT_OF_HOURS = "out_of_hours"
    SPANS = "spans"
    UNKNOWN = "unknown"


class Control(StrEnum):
    """The second fact: where those who did it were, and whether staff were lawfully in control."""

    ON_SITE = "on_site"
    SCHOOL_ACTIVITY = "school_activity"
    OFF_SITE = "off_site"
    UNKNOWN = "unknown"


TIME_LABELS: dict[SchoolTime, str] = {
    SchoolTime.IN_HOURS: "In school hours",
    SchoolTime.OUT_OF_HOURS: "Outside school hours",
    SchoolTime.SPANS: "Partly in school hours, partly outside",
    SchoolTime.UNKNOWN: "Not known",
}
CONTROL_LABELS: dict[Control, str] = {
    Control.ON_SITE: "On the premises",
    Control.SCHOOL_ACTIVITY: "On a school activity",
    Control.OFF_SITE: "Off-site",
    Control.UNKNOWN: "Not known",
}
CONTROL_BECAUSE: dict[Control, str] = {
    Control.ON_SITE: "Those who did it were on the school’s premises.",
    Control.SCHOOL_ACTIVITY: "Those who did it were on a school activity, or otherwise in the care of staff.",
    Control.OFF_SITE: "Those who did it were not on the premises and not in the care of staff.",
    Control.UNKNOWN: "It is not known where those who did it were.",
}
UNDER_CONTROL = frozenset({Control.ON_SITE, Control.SCHOOL_ACTIVITY})


@dataclass(frozen=True)
class Happened:
    """When it happened, in the school's local time, as far as it is known.

    Exact: one day, with its minute if known. Range: it went on from the first day and time until the last; without a
    last day it is all on the first. Times left out are not known; they are not taken to be the whole day.
    """

    kind: WhenKind
    day_from: date | None = None
    day_until: date | None = None
    time_from: time | None = None
    time_until: time | None = None

    def __post_init__(self) -> None:
        if self.kind is WhenKind.UNKNOWN:
            return
        if self.day_from is None:
            raise Refused("Say which day it happened, or that it is not known.", "day_from")
        if self.kind is WhenKind.EXACT and (self.day_until, self.time_until) != (None, None):
            raise Refused("One moment has no end. Say instead that it went on for a while.", "kind")
        if self.last_day < self.day_from:
            raise Refused("The last day is before the first.", "day_until")
        one_day = self.last_day == self.day_from
        if one_day and self.time_from and self.time_until and self.time_until < self.time_from:
            raise Refused(
                "The end is before the start. If it went on past midnight, give the next day as the last day.",
                "time_until",
            )

    @property
    def last_day(self) -> date:
        """The last day of it, which is the first where no other was given."""
        last = self.day_until or self.day_from
        if last is None:
            raise ValueError("There is no day.")
        return last

    def days(self) -> list[date]:
        """Every day it touched or may have touched; none if the day is not known."""
        if self.kind is WhenKind.UNKNOWN or self.day_from is None:
            return []
        return days_between(self.day_from, self.last_day)


@dataclass(frozen=True)
class TimeFinding:
    """In or out of school hours, and the sentence that says why."""

    time: SchoolTime
    because: str


@dataclass(frozen=True)
class ControlFinding:
    """Under control or off-site, and the sentence that says why."""

    control: Control
    because: str


@dataclass(frozen=True)
class _Window:
    """Minutes of one day, the end not included."""

    start: int
    end: int

    def meets(self, other: "_Window") -> bool:
        return max(self.start, other.start) < min(self.end, other.end)


@dataclass(frozen=True)
class _Touched:
    """What a stretch of time has in common with school hours and with the rest of the clock."""

    school: bool = False
    rest: bool = False

    def __or__(self, other: "_Touched") -> "_Touched":
        return _Touched(self.school or other.school, self.rest or other.rest)


def _minutes(clock: time) -> int:
    return clock.hour * 60 + clock.minute


def _possible(happened: Happened, day: date) -> _Window:
    """The minutes of this day in which it may have happened."""
    start, end = 0, MIDNIGHT
    if day == happened.day_from and happened.time_from is not None:
        start = _minutes(happened.time_from)
        if happened.kind is WhenKind.EXACT:
            end = start + 1
    if day == happened.last_day and happened.time_until is not None:
        end = max(_minutes(happened.time_until), start + 1 if day == happened.day_from else 0)
    return _Window(start, end)


def _certain(happened: Happened, day: date) -> _Window:
    """The minutes of this day in which it surely went on: from the latest possible start to the earliest end."""
    start, end = 0, MIDNIGHT
    known_start, known_end = happened.time_from, happened.time_until
    if day == happened.day_from:
        start = MIDNIGHT if known_start is None else _minutes(known_start)
    if day == happened.last_day:
        end = 0 if known_end is None else _minutes(known_end)
    if start >= end and day == happened.day_from == happened.last_day:
        if known_start is not None:
            return _Window(start, start + 1)
        return _Window(end - 1, end) if known_end is not None else _Window(0, 0)
    return _Window(start, end)


def _touched(window: _Window, calendar: SchoolCalendar, day: date) -> _Touched:
    if window.start >= window.end:
        return _Touched()
    if not calendar.is_school_day(day):
        return _Touched(rest=True)
    starts, ends = _minutes(calendar.day_starts), _minutes(calendar.day_ends)
    before, after = _Window(0, starts), _Window(ends, MIDNIGHT)
    return _Touched(window.meets(_Window(starts, ends)), window.meets(before) or window.meets(after))


def time_of(happened: Happened, calendar: SchoolCalendar) -> TimeFinding:
    """In or out of school hours, by the school's own calendar and local time (domain: the two facts kept apart).

    The minute school ends is already outside. Where what is known leaves it open, the answer is not known.
    """
    days = happened.days()
    if not days:
        return TimeFinding(SchoolTime.UNKNOWN, "It is not known when this happened.")
    possible, certain = _Touched(), _Touched()
    try:
        for day in days:
            possible |= _touched(_possible(happened, day), calendar, day)
            certain |= _touched(_certain(happened, day), calendar, day)
    except CalendarUnknown as unknown:
        return TimeFinding(SchoolTime.UNKNOWN, f"{unknown} So it is not known whether this was a school day.")
    found = _settle(possible, certain)
    return TimeFinding(found, _because(found, happened, days, calendar))


def _settle(possible: _Touched, certain: _Touched) -> SchoolTime:
    if not possible.school:
        return SchoolTime.OUT_OF_HOURS
    if not possible.rest:
        return SchoolTime.IN_HOURS
    return SchoolTime.SPANS if certain.school and certain.rest else SchoolTime.UNKNOWN


def _because(found: SchoolTime, happened: Happened, days: list[date], calendar: SchoolCalendar) -> str:
    if len(days) == 1:
        return _about_day(found, happened, days[0], calendar)
    school_days = [day for day in days if calendar.is_school_day(day)]
    period = f"{day_in_words(days[0])} to {day_in_words(days[-1])}"
    if not school_days:
        reasons = {calendar.why_closed(day) for day in days}
        why = f": it was {reasons.pop()}" if len(reasons) == 1 else ""
        return f"No day from {period} was a school day{why}."
    count = "1 school day" if len(school_days) == 1 else f"{len(school_days)} school days"
    hours = f"{time_in_words(calendar.day_starts)} to {time_in_words(calendar.day_ends)}"
    return f"{period} took in {count}, {hours}{_PERIOD_ENDS[found]}"


_PERIOD_ENDS: dict[SchoolTime, str] = {
    SchoolTime.OUT_OF_HOURS: "; none of it was in those hours.",
    SchoolTime.SPANS: "; part of it was in those hours and part was not.",
    SchoolTime.UNKNOWN: ", but the times are not fully known.",
}


def _about_day(found: SchoolTime, happened: Happened, day: date, calendar: SchoolCalendar) -> str:
    words, shut = day_in_words(day), calendar.why_closed(day)
    if shut is not None:
        return f"{words} was not a school day: it was {shut}."
    starts, ends = time_in_words(calendar.day_starts), time_in_words(calendar.day_ends)
    if found is SchoolTime.OUT_OF_HOURS:
        early = _possible(happened, day).end <= _minutes(calendar.day_starts)
        school = f"school started at {starts}" if early else f"school ended at {ends}"
    else:
        school = f"school ran from {starts} to {ends}"
    no_time = happened.time_from is None and happened.time_until is None
    ending = {
        SchoolTime.SPANS: ". Part of it was in those hours and part was not",
        SchoolTime.UNKNOWN: ", but the time is not known" if no_time else ", but the time is not fully known",
    }
    return f"{words} was a school day; {school}{ending.get(found, '')}."


def control_of(control: Control) -> ControlFinding:
    """Where those who did it were. Uniform, the way home or a school device do not make it control."""
    return ControlFinding(control, CONTROL_BECAUSE[control])


def tests_are_asked(time: SchoolTime, control: Control) -> bool:
    """Whether the three out-of-hours tests are asked: unless it was all in school hours and under staff's control.

    So they are asked when it was outside school hours or off-site, in part or whole, or when either is not known.
    """
    return not (time is SchoolTime.IN_HOURS and control in UNDER_CONTROL)
