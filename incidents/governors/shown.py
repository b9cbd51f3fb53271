"""The only forms in which a number may stand in a report: a value of this kind can't hold an exact small count."""

import re
from dataclasses import dataclass
from enum import StrEnum

SMALL = 5
TOO_FEW_BELOW = 15


class Band(StrEnum):
    """How much of a total, in four steps; fewer than 5 at either end are never told apart from none."""

    FEW = "a few or none"
    SOME = "some"
    MOST = "most"
    ALL_BUT_FEW = "all but a few"


TOO_FEW = "too few to judge"
WITHHELD = "not shown"
FEWER = "<5"
_WORDS = frozenset(Band) | {TOO_FEW, WITHHELD, FEWER}
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
    def compared(self) -> int:
        """For *fewer* and *more* only: "<5" counts as 5, so that it never makes a difference look larger."""
        return self.number if self.number is not None else SMALL

    def could_be(self) -> range:
        """Every count that is printed like this; only for "<5" and numbers."""
        if self.is_fewer:
            return range(SMALL)
        if self.number is None:
            raise ValueError("Only a count has a range.")
        low = SMALL if self.number == SMALL else self.number - 2
        return range(low, self.number + 3)


def count_shown(count: int) -> Shown:
    """0 to 4 as "<5", otherwise the nearest 5 (5 stands for 5 to 7, 10 for 8 to 12)."""
    if count < 0:
        raise ValueError("A count can't be below nothing.")
    return Shown(FEWER if count < SMALL else str(SMALL * ((count + 2) // SMALL)))


def band_shown(part: int, total: int) -> Shown:
    """The band of `part` in `total`; below a printed 15 there are too few to judge."""
    if not 0 <= part <= total:
        raise ValueError("A part must lie between nothing and its total.")
    printed = count_shown(total).number
    if printed is None or printed < TOO_FEW_BELOW:
        return Shown(TOO_FEW)
    if part < SMALL:
        return Shown(Band.FEW.value)
    if total - part < SMALL:
        return Shown(Band.ALL_BUT_FEW.value)
    return Shown(Band.SOME.value if 2 * part <= total else Band.MOST.value)


def least(band: Band, total: int) -> int:
    """The smallest part of `total` that is printed as this band."""
    return {Band.FEW: 0, Band.SOME: SMALL, Band.MOST: total // 2 + 1, Band.ALL_BUT_FEW: total - SMALL + 1}[band]
