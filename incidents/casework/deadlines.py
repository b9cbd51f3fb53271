"""When a step is due, and how late it is in words."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

from incidents.schools.calendar import ONE_DAY, CalendarUnknown, SchoolCalendar
from incidents.schools.limits import Limit, LimitUnit, counted

__all__ = ["Limit", "LimitUnit", "due", "overdue_by"]

END_OF_WORK = time(17, 0)
END_OF_DAY = time(23, 59)
ONE_HOUR = timedelta(hours=1)
# After this an overdue limit in hours is told in days: "51 hours" says less than "2 days".
HOURS_TOLD_AS_HOURS = timedelta(hours=48)


def due(limit: Limit, start: datetime, calendar: SchoolCalendar) -> datetime:
    """The moment, in UTC, by which it is to be done; never before `start`.

    Hours are exact elapsed time and days are calendar days to their end: both are safety clocks and run through
    evenings, weekends and holidays. School days run to the end of the school day and working days to 17:00, local time.
    What starts after that hour counts from the next such day. Raises CalendarUnknown where the dates were not entered.
    """
    began = calendar.local(start)
    if limit.unit is LimitUnit.HOURS:
        return start.astimezone(UTC) + ONE_HOUR * limit.amount
    if limit.unit is LimitUnit.DAYS:
        return max(start.astimezone(UTC), calendar.at(began.date() + ONE_DAY * limit.amount, END_OF_DAY))
    add, ends = _counting(limit.unit, calendar)
    moment = calendar.at(add(began.date(), limit.amount), ends)
    if moment < start:  # only when nothing was added, late on such a day
        moment = calendar.at(add(began.date(), 1), ends)
    return moment


def _counting(unit: LimitUnit, calendar: SchoolCalendar) -> tuple[Callable[[date, int], date], time]:
    if unit is LimitUnit.SCHOOL_DAYS:
        return calendar.add_school_days, calendar.day_ends
    return calendar.add_working_days, END_OF_WORK


def overdue_by(due: datetime, now: datetime, limit: Limit, calendar: SchoolCalendar) -> str:
    """How late it is, in what the limit counts: "2 school days", "3 hours"; empty when it is not late.

    Where the school's dates are missing, the lateness is still told, in plain days.
    """
    due, now = due.astimezone(UTC), now.astimezone(UTC)  # within one local zone Python subtracts clock times
    if now <= due:
        return ""
    if limit.unit is LimitUnit.HOURS:
        return _elapsed(now - due)
    days = [calendar.local(due).date() + ONE_DAY * n for n in range(1, _nights(due, now, calendar) + 1)]
    counts = {
        LimitUnit.SCHOOL_DAYS: calendar.is_school_day,
        LimitUnit.WORKING_DAYS: calendar.is_working_day,
    }.get(limit.unit, lambda _day: True)
    unit = limit.unit
    try:
        late = sum(map(counts, days))
    except CalendarUnknown:
        late, unit = len(days), LimitUnit.DAYS
    return counted(late, unit) if late else f"less than {_one(unit)}"


def _nights(earlier: datetime, later: datetime, calendar: SchoolCalendar) -> int:
    return (calendar.local(later).date() - calendar.local(earlier).date()).days


def _one(unit: LimitUnit) -> str:
    return "a " + counted(1, unit).removeprefix("1 ")


def _elapsed(late: timedelta) -> str:
    if late < ONE_HOUR:
        return "less than an hour"
    if late < HOURS_TOLD_AS_HOURS:
        return counted(late // ONE_HOUR, LimitUnit.HOURS)
    return counted(late // ONE_DAY, LimitUnit.DAYS)
