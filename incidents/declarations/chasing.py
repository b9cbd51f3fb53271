"""When somebody who has not answered is reminded, where the school turned that on: seldom, and not for ever."""

from datetime import date, timedelta

EVERY = timedelta(days=14)
TIMES = 3


def chase_day(since: date, today: date) -> date | None:
    """The last day on which a reminder was due, of those a fortnight apart; none before the first.

    `since` is the day from which they were asked for this version. After the third nobody is reminded again: then somebody
    talks to them.
    """
    due = [since + EVERY * number for number in range(1, TIMES + 1)]
    return max((day for day in due if day <= today), default=None)
