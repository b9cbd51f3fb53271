"""When it happened, read from what people type: “21:15”, “8pm to 9pm”, “noon”, or nothing."""

import re
from datetime import date, time, timedelta

from incidents.errors import Refused
from incidents.recording.hours import Happened, WhenKind

WORDS = {"noon": time(12), "midday": time(12), "midnight": time(0)}
BETWEEN = re.compile(r"\s*(?:\bto\b|\buntil\b|\btill\b|\band\b|[-–—])\s*")
CLOCK = re.compile(r"(\d{1,2})(?:\s*[:.h]?\s*([0-5]\d))?\s*(am|pm)?")
FIELD = "time"
EXAMPLES = "Write a time like 21:15, 9pm, or 8pm to 9pm. Leave it empty if you don’t know."


def times_in(typed: str) -> tuple[time | None, time | None]:
    """The start and, for a stretch, the end. Nothing typed is (None, None). Raises `Refused` with advice.

    A time that could be morning or evening (“8:30”) is refused: which of them it was decides what the school may do.
    """
    text = re.sub(r"^(?:about|around|at|from|between|c\.?a?\.?|~)\s+", "", typed.strip().lower())
    text = re.sub(r"\b([ap])\.?\s?m\b\.?", r"\1m", text)
    if not text:
        return None, None
    pieces = BETWEEN.split(text)
    if len(pieces) > 2:
        raise Refused(EXAMPLES, FIELD)
    if len(pieces) == 1:
        return _time(pieces[0], None), None
    half = re.search(r"(am|pm)\s*$", pieces[1])
    return _time(pieces[0], half.group(1) if half else None), _time(pieces[1], None)


def _time(text: str, half: str | None) -> time:
    """One time; `half` is the am or pm of the other end of the stretch, which “8 to 9pm” leaves unsaid for this one."""
    text = text.strip()
    if text in WORDS:
        return WORDS[text]
    found = CLOCK.fullmatch(text)
    if not found:
        raise Refused(EXAMPLES, FIELD)
    hour, minute = int(found.group(1)), int(found.group(2) or 0)
    said = found.group(3) or (half if hour <= 12 and not found.group(1).startswith("0") else None)
    if said:
        if not 1 <= hour <= 12:
            raise Refused(EXAMPLES, FIELD)
        return time(hour % 12 + (12 if said == "pm" else 0), minute)
    if hour > 23:
        raise Refused(EXAMPLES, FIELD)
    if (len(found.group(1)) == 1 and hour > 0) or (hour <= 12 and found.group(2) is None):
        shown = f"{hour}:{minute:02}" if minute else str(hour)
        raise Refused(f"Was that in the morning or the evening? Write {shown}am or {shown}pm.", FIELD)
    return time(hour, minute)


def happened(first: date | None, last: date | None, typed: str) -> Happened:
    """What is known of when it happened. A stretch past midnight (“11pm to 1am”) ends on the next day."""
    if first is None:
        return Happened(WhenKind.UNKNOWN)
    start, end = times_in(typed)
    last = None if last == first else last
    if last is None and end is None:
        return Happened(WhenKind.EXACT, first, None, start, None)
    if last is None and start is not None and end is not None and end < start:
        last = first + timedelta(days=1)
    return Happened(WhenKind.RANGE, first, last, start, end)
