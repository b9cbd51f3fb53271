"""Which policies were in force on the day of a report, and whose review was due: nothing about people."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from incidents.policies.versions import REMINDED, day_words, is_past_review

SOON = timedelta(days=max(REMINDED))
HEADING = "Policies and reviews due"


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A policy in force, and when it is to be looked at again."""

    title: str
    review_on: date | None

    def words(self, on: date) -> str:
        """What its review says on the day of the report."""
        if self.review_on is None:
            return "No day is set"
        if is_past_review(self.review_on, on):
            return f"Overdue since {day_words(self.review_on)}. It stays in force"
        return f"{'Due soon, by' if self.review_on <= on + SOON else 'By'} {day_words(self.review_on)}"


@dataclass(frozen=True, slots=True)
class Reviews:
    """The policies in force on one day, the longest overdue first."""

    on: date
    policies: tuple[Reviewed, ...]

    def rows(self) -> list[tuple[str, str]]:
        """Each policy with what its review says."""
        return [(each.title, each.words(self.on)) for each in self.policies]

    def sentence(self) -> str:
        """What governors need to know first."""
        if not self.policies:
            return "No policy is in force in Incident Book."
        late = sum(is_past_review(each.review_on, self.on) for each in self.policies)
        said = {0: "No review is overdue", 1: "One review is overdue"}.get(late, f"{late} reviews are overdue")
        return f"{said}, as of {day_words(self.on)}."

    def plain(self) -> dict[str, Any]:
        """For the frozen figures."""
        return {
            "on": self.on.isoformat(),
            "policies": [
                {"title": each.title, "review_on": each.review_on.isoformat() if each.review_on else None}
                for each in self.policies
            ],
        }

    @classmethod
    def read(cls, plain: Mapping[str, Any]) -> "Reviews":
        """Read back what was published."""
        return cls(
            date.fromisoformat(plain["on"]),
            tuple(
                Reviewed(each["title"], date.fromisoformat(each["review_on"]) if each["review_on"] else None)
                for each in plain["policies"]
            ),
        )


def reviews_of(policies: Iterable[tuple[str, date | None]], on: date) -> Reviews:
    """The titles and review dates of what is in force, in the order in which they want to be looked at."""
    rows = [Reviewed(title, review_on) for title, review_on in policies]
    return Reviews(on, tuple(sorted(rows, key=lambda each: (each.review_on or date.max, each.title.casefold()))))
