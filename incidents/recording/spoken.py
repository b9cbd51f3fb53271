"""Moments and stretches of time as the pages say them, in the school's own time."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from incidents.recording.hours import Control, Happened, WhenKind

# Where those who did it were, in the words of the question.
WHERE_SAID: dict[Control, str] = {
    Control.ON_SITE: "At school",
    Control.SCHOOL_ACTIVITY: "On a trip or at a club, in our care",
    Control.OFF_SITE: "Somewhere else, such as at home",
    Control.UNKNOWN: "Not known",
}


def day_said(day: date) -> str:
    """For example “Friday 20 November 2026”."""
    return f"{day:%A} {day.day} {day:%B} {day.year}"


def moment_said(at: datetime, timezone: str, *, year: bool = False) -> str:
    """For example “Friday 20 November, 21:40”."""
    local = at.astimezone(ZoneInfo(timezone))
    return f"{local:%A} {local.day} {local:%B}{f' {local.year}' if year else ''}, {local:%H:%M}"


def happened_said(happened: Happened) -> str:
    """For example “Friday 20 November 2026, 20:00 to 21:00”."""
    if happened.kind is WhenKind.UNKNOWN or happened.day_from is None:
        return "Not known"
    first, last = day_said(happened.day_from), day_said(happened.last_day)
    start, end = _clock(happened.time_from), _clock(happened.time_until)
    if first == last:
        times = f"{start} to {end}" if start and end else start or (f"until {end}" if end else "")
        return f"{first}, {times}" if times else f"{first}, time not known"
    return f"{first}{', ' + start if start else ''} to {last}{', ' + end if end else ''}"


def _clock(at: time | None) -> str:
    return f"{at:%H:%M}" if at else ""


def size_said(size: int) -> str:
    """For example “1.2 MB”."""
    return f"{size / 1_048_576:.1f} MB" if size >= 104_858 else f"{max(size // 1024, 1)} KB"


def typed_again(happened: Happened) -> str:
    """The times as somebody could have typed them, for a form that puts them right."""
    start, end = _clock(happened.time_from), _clock(happened.time_until)
    return f"{start} to {end}" if start and end else start
