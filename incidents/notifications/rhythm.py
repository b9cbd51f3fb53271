"""When a message goes: at the same hours for everybody, so that its time tells nothing; and when it is tried again."""

from collections.abc import Callable, Collection
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

# Each full hour from 7:00 to 19:00 by the school's own clock.
ROUNDS = tuple(range(7, 20))

ROUND = "messages"  # what the timetable calls a round of messages

ONE_DAY = timedelta(days=1)

# How long after each failed try the next one is made. After the last the message is given up, and the administrator told.
BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (5, 15, 60, 4 * 60, 12 * 60))
# Danger is tried more often, and given up sooner: by then somebody should have rung.
BACK_OFF_IN_DANGER = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 30, 60, 120))

# Whoever took a message out to send it has so long; then it is somebody else's to try.
TAKEN_FOR = timedelta(minutes=5)

# After so long without its round the office is told that nothing goes round.
LATE_AFTER = timedelta(minutes=10)


def latest_slot(hours: Collection[int], timezone: str, at: datetime) -> datetime:
    """The last moment, in UTC, at or before `at` when clocks at the school showed one of these full hours.

    A day has each hour once, also when the clocks change: an hour that comes twice counts the first time, one that is
    left out counts when it would have been.
    """
    here = ZoneInfo(timezone)
    today = at.astimezone(here).date()
    days = (today, today - ONE_DAY)
    slots = [datetime.combine(day, time(hour), here).astimezone(UTC) for day in days for hour in hours]
    return max(slot for slot in slots if slot <= at)


def is_late(timezone: str, at: datetime, *, taken: Callable[[datetime], bool]) -> bool:
    """Whether the last round should have been made and was not: whatever keeps the timetable does not run."""
    slot = latest_slot(ROUNDS, timezone, at)
    return at - slot > LATE_AFTER and not taken(slot)


def next_try(tries: int, at: datetime, *, urgent: bool) -> datetime | None:
    """When a message that failed `tries` times is tried again; None: it is given up."""
    waits = BACK_OFF_IN_DANGER if urgent else BACK_OFF
    return at + waits[tries - 1] if tries <= len(waits) else None


def rounds_in_words() -> str:
    """When messages go round, for the page that says so."""
    return f"each full hour from {ROUNDS[0]}:00 to {ROUNDS[-1]}:00"
