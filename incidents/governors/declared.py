"""How far policies are signed, for a report: in steps, of whole audiences alone, never of a class or a person."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from incidents.governors.shown import Shown, band_shown

HEADING = "Who has signed"
EXPLAINED = "How many signed, of all who are asked. To decline is an answer; an audience of fewer than 15 is not told."


@dataclass(frozen=True, slots=True)
class Signed:
    """One policy and one audience, with the step that its share lies in."""

    title: str
    audience: str
    share: Shown

    @property
    def words(self) -> str:
        """The step, for a table."""
        return self.share.cell


@dataclass(frozen=True, slots=True)
class Declared:
    """All that is asked, as it stood on the day of the report."""

    rows: tuple[Signed, ...]

    def plain(self) -> list[dict[str, Any]]:
        """For the frozen figures."""
        return [{"title": each.title, "audience": each.audience, "share": each.share.text} for each in self.rows]

    @classmethod
    def read(cls, plain: Sequence[Mapping[str, Any]]) -> "Declared":
        """Read back what was published. An exact number in it is refused with ValueError."""
        return cls(tuple(Signed(each["title"], each["audience"], Shown(each["share"])) for each in plain))


def declared_of(counted: Iterable[tuple[str, str, int, int]]) -> Declared | None:
    """Title, audience, how many signed and of how many: let through as steps only. None where nothing is asked."""
    rows = [Signed(title, audience, band_shown(signed, asked)) for title, audience, signed, asked in counted]
    return Declared(tuple(sorted(rows, key=lambda each: (each.title.casefold(), each.audience)))) if rows else None
