"""Which days a report is about: reports follow each other without a gap and never share a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from incidents.errors import NotPossibleNow
from incidents.governors.disclosure import Term

_DAY = timedelta(days=1)
_COMMON = ("autumn", "spring", "summer", "winter", "term", "first", "second", "third", "half")


@dataclass(frozen=True, slots=True)
class Dates:
    """A term as the school entered it."""

    name: str
    starts: date
    ends: date


def report_term(dates: Dates, terms: Sequence[Dates], reported: Sequence[Term], today: date) -> Term:
    """The days that a report of this term covers, by date of recording.

    A term runs to the day before the next one starts. A report made before that day covers the days until yesterday, and
    what is recorded after it belongs to the next report: so no two reports overlap, and no figure can be had by taking
    one from another. `reported` are the terms of published reports; a correction keeps its days.
    Raises `NotPossibleNow` when no day has passed yet.
    """
    name = in_prose(dates.name)
    for earlier in reported:
        if earlier.name == name:
            return earlier
    first, last = dates.starts, _last_day(dates, terms)
    before = max((each.last for each in reported if each.first < first), default=None)
    if before is not None and _follows(dates, terms, before):
        first = before + _DAY
    taken = min((each.first for each in reported if each.first >= first), default=None)
    last = min(last, today - _DAY, *([taken - _DAY] if taken else []))
    if last < first:
        raise NotPossibleNow("No day of this term has passed that is not in a report already.")
    return Term(name, first, last)


def whole_term(dates: Dates, terms: Sequence[Dates]) -> Term:
    """All the days of a term, whatever was reported of them."""
    return Term(dates.name, dates.starts, _last_day(dates, terms))


def _last_day(dates: Dates, terms: Sequence[Dates]) -> date:
    following = min((term.starts for term in terms if term.starts > dates.starts), default=None)
    return following - _DAY if following else dates.ends


def _follows(dates: Dates, terms: Sequence[Dates], before: date) -> bool:
    """Whether the last report reaches into the term just before this one, or into this one."""
    previous = max((term.starts for term in terms if term.starts < dates.starts), default=None)
    return before >= (previous or dates.starts)


def in_prose(name: str) -> str:
    """A term's name within a sentence: Autumn term 2026 becomes autumn term 2026, Michaelmas 2026 stays."""
    first = name.split(" ", 1)[0].casefold()
    return name[:1].lower() + name[1:] if first in _COMMON else name
