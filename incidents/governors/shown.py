"""The only forms in which a number may stand in a report: a value of this kind can't hold an exact small count."""

import re
from dataclasses import dataclass
from enum import StrEnum

SMALL = 5
PARTS_FROM = 10  # a printed total below this is not split
SHARES_FROM = 15  # below this no share of a total is told


class Band(StrEnum):
    """How much of a total, in four steps; fewer than 5 at either end are never told apart from none."""

    FEW = "a few or none"
    SOME = "some"
    MOST = "most"
    ALL_BUT_FEW = "all but a few"


TOO_FEW = "too few to judge"
WITHHELD = "not shown"
FEWER = "<5"
OVER_HALF = "more than half"  # the top step of a rate: it says nothing of how many are left out
_WORDS = frozenset(Band) | {TOO_FEW, WITHHELD, FEWER, OVER_HALF}
_ROUNDED = re.compile(r"[1-9]\d{0,5}")


@dataclass(frozen=True, slots=True)
class Shown:
    """A published value: "<5", a multiple of 5, or one of a few words. Anything else is refused with ValueError.

    It is made by the gate from a count, or read back from a published report; the count itself is not kept.
    """

    text: str

    def __post_init__(self) -> None:
        rounded = _ROUNDED.fullmatch(self.text) is not None and int(self.text) % SMALL == 0
        if self.text not in _WORDS and not rounded:
            raise ValueError("This is not a form in which a figure may be shown.")

    @property
    def number(self) -> int | None:
        """The printed number, or None where words or "<5" are printed."""
        return int(self.text) if self.text.isdigit() else None

    @property
    def band(self) -> Band | None:
        """The band, where one is printed."""
        return Band(self.text) if self.text in frozenset(Band) else None

    @property
    def is_fewer(self) -> bool:
        """Whether it stands for 0, 1, 2, 3 or 4."""
        return self.text == FEWER

    @property
    def is_kept_back(self) -> bool:
        """Whether the report gives no value here at all."""
        return self.text in (TOO_FEW, WITHHELD)

    @property
    def cell(self) -> str:
        """For a table: 1,040, <5, Most."""
        if self.number is not None:
            return f"{self.number:,}"
        return self.text[:1].upper() + self.text[1:]

    @property
    def prose(self) -> str:
        """For a sentence: about 1,040, fewer than 5, most."""
        if self.number is not None:
            return f"about {self.number:,}"
        return "fewer than 5" if self.is_fewer else self.text

    @property
    def words(self) -> str:
        """For a cell that has room: 1,040, fewer than 5."""
        return "fewer than 5" if self.is_fewer else self.cell

    @property
    def at_least(self) -> int:
        """The printed number; 0 for anything else. What several terms had at least is the sum of these."""
        return self.number or 0

    @property
    def compared(self) -> int:
        """For *fewer* and *more* only: "<5" counts as 5, so that it never makes a difference look larger."""
        return self.number if self.number is not None else SMALL

    def could_be(self) -> range:
        """Every count that is printed like this; only for "<5" and numbers."""
        if self.is_fewer:
            return range(SMALL)
        if self.number is None:
            raise ValueError("Only a count has a range.")
        return range(self.number, self.number + SMALL)


def count_shown(count: int) -> Shown:
    """0 to 4 as "<5", otherwise rounded down to a multiple of 5 (15 stands for 15 to 19).

    Down and not to the nearest: then parts never print as more than the total that they are parts of, and the room
    that is left is never less than 4. docs/disclosure.md shows what follows from that.
    """
    if count < 0:
        raise ValueError("A count can't be below nothing.")
    return Shown(FEWER if count < SMALL else str(count - count % SMALL))


def band_shown(part: int, total: int) -> Shown:
    """The band of `part` in `total`; below a printed 15 there are too few to judge."""
    if not 0 <= part <= total:
        raise ValueError("A part must lie between nothing and its total.")
    if total < SHARES_FROM:
        return Shown(TOO_FEW)
    if part < SMALL:
        return Shown(Band.FEW.value)
    if total - part < SMALL:
        return Shown(Band.ALL_BUT_FEW.value)
    return Shown(Band.SOME.value if 2 * part <= total else Band.MOST.value)


def rate_shown(part: int, total: int) -> Shown:
    """A rate in three steps: as a band, but with one step over half.

    For what can't be true of every one of a total: "all but a few" would then say that somebody is left out.
    """
    shown = band_shown(part, total)
    return Shown(OVER_HALF) if shown.band in (Band.MOST, Band.ALL_BUT_FEW) else shown
