"""Which version of a policy is in force on which day, and which dates a new version may have."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol, TypeVar

ONE_DAY = timedelta(days=1)
# Reminders go out this many days before a review, and on its day.
REMINDED = (90, 30, 0)


class Dated(Protocol):
    """A version as far as dates go."""

    @property
    def policy_id(self) -> uuid.UUID: ...
    @property
    def in_force_from(self) -> date: ...


V = TypeVar("V", bound=Dated)


@dataclass(frozen=True)
class Wrong:
    """What is wrong with one of the dates, in words for the person; `field` is the date's name."""

    field: str
    says: str


def last_day(version: Dated, versions: Iterable[Dated]) -> date | None:
    """The last day on which a version is in force: the day before the next one's. None while no other follows."""
    later = [
        each.in_force_from
        for each in versions
        if each.policy_id == version.policy_id and each.in_force_from > version.in_force_from
    ]
    return min(later) - ONE_DAY if later else None


def in_force(versions: Sequence[V], first: date, last: date | None = None) -> list[V]:
    """The versions in force on a day, or on any day of a span: a span may give two of one policy. The oldest first."""
    until = max(first, last or first)
    found = []
    for version in sorted(versions, key=lambda each: (str(each.policy_id), each.in_force_from)):
        ends = last_day(version, versions)
        if version.in_force_from <= until and (ends is None or ends >= first):
            found.append(version)
    return found


def is_past_review(review_on: date | None, today: date) -> bool:
    """Past its review date a policy stays in force, and says so."""
    return review_on is not None and review_on < today


def reminders_begun(review_on: date, today: date) -> int | None:
    """Which of the reminders (90, 30 or 0 days before) is the last whose day has come; None before the first."""
    begun = [days for days in REMINDED if today >= review_on - timedelta(days=days)]
    return min(begun) if begun else None


def wrong_dates(
    adopted_on: date, in_force_from: date, review_on: date | None, *, newest: date | None, began: date, today: date
) -> list[Wrong]:
    """What forbids these dates for a new version. `newest`: since when the newest one is in force; None: it is the first.

    No version may begin on or before the day of another: what was in force then would be altered. For the same reason a
    later version does not begin in the past, unless before the school began with the product (`began`).
    """
    found = []
    if in_force_from < adopted_on:
        found.append(Wrong("in_force_from", "A policy can’t be in force before it is adopted."))
    if review_on is not None and review_on <= adopted_on:
        found.append(Wrong("review_on", "The review must be after the day on which the policy is adopted."))
    if newest is not None and in_force_from <= newest:
        found.append(
            Wrong(
                "in_force_from",
                f"The version before it is in force from {day_words(newest)}: this one must begin later.",
            )
        )
    elif newest is not None and began <= in_force_from < today:
        found.append(
            Wrong("in_force_from", "A new version can’t begin in the past: something was in force on those days. "
                  f"Choose {day_words(today)} or later.")
        )  # fmt: skip
    return found


def day_words(day: date) -> str:
    """A day as pages say it."""
    return f"{day.day} {day:%B %Y}"
