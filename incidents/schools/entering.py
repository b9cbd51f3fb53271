"""What of a school's dates, times and numbers is a slip of the finger, and how a time of day is read as it was typed."""

import re
from datetime import date, time, timedelta

from incidents.errors import Refused

LONGEST_TERM = timedelta(days=200)
LONGEST_CLOSURE = timedelta(days=120)
# Nobody enters a calendar further away than this; a wrong year would make every count of days slow and wrong.
FURTHEST = timedelta(days=5 * 365)
FEWEST_DIGITS = 3  # 999, 101

_TIME = re.compile(r"([0-9]{1,2})(?:[:. ]?([0-9]{2}))? ?([ap]\.?m\.?)?", re.IGNORECASE)
_PHONE = re.compile(r"\+?[0-9 ()-]+(?: ?(?:ext\.?|x) ?[0-9]+)?", re.IGNORECASE)


def check_dates(starts: date, ends: date, longest: timedelta, today: date) -> None:
    """Raises `Refused` for days in the wrong order, for years away, or for more days in a row than there can be."""
    if abs(starts - today) > FURTHEST:
        raise Refused(f"{starts.year} is too far from today. Check the year.", "starts")
    if ends < starts:
        raise Refused("The last day is before the first.", "ends")
    if ends - starts > longest:
        raise Refused(f"That is {(ends - starts).days + 1} days in a row. Check the dates.", "ends")


def time_of_day(typed: str) -> time:
    """The time meant by "8:45", "08.45", "0845", "8" or "3.20 pm". Raises `Refused` for anything else."""
    read = _TIME.fullmatch(typed.strip())
    if read:
        hour, minute, half = int(read[1]), int(read[2] or 0), (read[3] or "").lower()[:1]
        if half and 1 <= hour <= 12:
            hour = hour % 12 + (12 if half == "p" else 0)
        elif half:
            hour = 24
        if hour < 24 and minute < 60:
            return time(hour, minute)
    raise Refused("Type the time with hours and minutes, like 8:45 or 15:20.")


def check_phone(typed: str) -> str:
    """The number without space around it. Raises `Refused` for what no telephone can ring."""
    phone = typed.strip()
    if not phone:
        raise Refused("Type the phone number.", "phone")
    if not _PHONE.fullmatch(phone) or len(re.findall("[0-9]", phone)) < FEWEST_DIGITS:
        raise Refused("Type the phone number in figures, like 01632 960 170.", "phone")
    return phone
