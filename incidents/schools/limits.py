"""A limit of time: an amount and what it is counted in."""

from dataclasses import dataclass
from enum import StrEnum


class LimitUnit(StrEnum):
    """What a limit counts. Hours and days run through evenings, weekends and holidays; the other two do not."""

    HOURS = "hours"
    DAYS = "days"
    SCHOOL_DAYS = "school_days"
    WORKING_DAYS = "working_days"


UNIT_WORDS: dict[LimitUnit, tuple[str, str]] = {
    LimitUnit.HOURS: ("hour", "hours"),
    LimitUnit.DAYS: ("day", "days"),
    LimitUnit.SCHOOL_DAYS: ("school day", "school days"),
    LimitUnit.WORKING_DAYS: ("working day", "working days"),
}
SAME_DAY_WORDS: dict[LimitUnit, str] = {
    LimitUnit.HOURS: "at once",
    LimitUnit.DAYS: "the same day",
    LimitUnit.SCHOOL_DAYS: "the same school day",
    LimitUnit.WORKING_DAYS: "the same working day",
}


def counted(amount: int, unit: LimitUnit) -> str:
    """The amount with its unit in words: "1 school day", "3 hours"."""
    one, many = UNIT_WORDS[unit]
    return f"{amount} {one if amount == 1 else many}"


@dataclass(frozen=True)
class Limit:
    """So many hours, days, school days or working days; 0 days means by the end of the same one."""

    amount: int
    unit: LimitUnit

    def __post_init__(self) -> None:
        if self.amount < 0:
            raise ValueError(f"A limit can't be below nothing: {self.amount} {self.unit}.")

    def in_words(self) -> str:
        """As a person would say it: "5 school days", "the same day"."""
        return counted(self.amount, self.unit) if self.amount else SAME_DAY_WORDS[self.unit]
