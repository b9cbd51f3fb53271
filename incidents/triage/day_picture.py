"""The day as a strip: when the school day ran and when it happened, as per cent of 24 hours."""

from dataclasses import dataclass
from datetime import date, time

from incidents.recording.hours import Happened, WhenKind
from incidents.schools.calendar import CalendarUnknown, SchoolCalendar, day_in_words, time_in_words

MINUTES = 24 * 60


@dataclass(frozen=True)
class SchoolDay:
    """The part of the strip that is the school day."""

    start: float
    end: float
    start_text: str
    end_text: str


@dataclass(frozen=True)
class DayPicture:
    """What the strip shows, and the same in a sentence for who can't see it."""

    says: str
    marks: list[tuple[float, str]]
    school: SchoolDay | None


def place_of(moment: time) -> float:
    """Where a time of day stands on the strip, in per cent."""
    return round((moment.hour * 60 + moment.minute) * 100 / MINUTES, 1)


def picture_of(happened: Happened, calendar: SchoolCalendar) -> DayPicture | None:
    """The strip for one day whose times are known at least in part; none for several days or an unknown time."""
    if happened.kind is WhenKind.UNKNOWN or happened.day_from is None or happened.last_day != happened.day_from:
        return None
    times = [moment for moment in (happened.time_from, happened.time_until) if moment is not None]
    if not times:
        return None
    try:
        school = _school_day(happened.day_from, calendar)
    except CalendarUnknown:
        return None
    words = [time_in_words(moment) for moment in times]
    ran = f"the school day ran from {school.start_text} to {school.end_text}" if school else "it was not a school day"
    when = f"It happened at {words[0]}." if len(words) == 1 else f"It went on from {words[0]} to {words[1]}."
    return DayPicture(
        f"{day_in_words(happened.day_from)}: {ran}. {when}",
        [(place_of(moment), word) for moment, word in zip(times, words, strict=True)],
        school,
    )


def _school_day(day: date, calendar: SchoolCalendar) -> SchoolDay | None:
    if not calendar.is_school_day(day):
        return None
    starts, ends = calendar.day_starts, calendar.day_ends
    return SchoolDay(place_of(starts), place_of(ends), time_in_words(starts), time_in_words(ends))
