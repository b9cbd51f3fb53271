"""A new school year: which class goes where, as a proposal to put right, and what it comes to."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from incidents.people.matching import fold

Class = tuple[str, str]  # year group and form
Moves = Mapping[Class, Class | None]  # None: they leave

_BEFORE_ONE = {"nursery": "Reception", "reception": "Year 1"}
_PLACES = {"nursery": -1, "reception": 0}
# The years of a Scottish secondary school come after the seven of a primary school.
_AFTER_PRIMARY = {"s": 7}


@dataclass(frozen=True)
class Going:
    """A class with how many are in it, and where it is proposed to go; an empty year group: they leave."""

    year_group: str
    form: str
    count: int
    to_year: str
    to_form: str

    @property
    def name(self) -> str:
        """The class in words."""
        return in_words((self.year_group, self.form))


def in_words(of: Class) -> str:
    """A class as people say it: "Year 6, 6R"."""
    return ", ".join(filter(None, of))


def proposed(counts: Mapping[Class, int]) -> list[Going]:
    """Every class a year further, the oldest year leaving; the oldest first."""
    oldest = max((place(year) for year, _ in counts), default=0)
    return [
        Going(year, form, count, *(("", "") if place(year) == oldest else (next_year(year), next_form(form, year))))
        for (year, form), count in sorted(counts.items(), key=lambda item: (-place(item[0][0]), item[0]))
    ]


def place(year_group: str) -> int:
    """Where a year group stands among the others; what is no year stands last and is left to a person."""
    folded = fold(year_group)
    if folded in _PLACES:
        return _PLACES[folded]
    found = re.fullmatch(r"([a-z ]*?) ?([0-9]+)", folded)
    return int(found[2]) + _AFTER_PRIMARY.get(found[1], 0) if found else -2


def next_year(year_group: str) -> str:
    """The year group after this one, in the same words; the same again where it has no number."""
    folded = fold(year_group)
    return _BEFORE_ONE.get(folded) or _one_more(year_group)


def next_form(form: str, year_group: str) -> str:
    """A form named by its year takes the new number; "Oak class" stays Oak class."""
    number = re.search(r"[0-9]+", year_group)
    return _one_more(form) if number and re.match(rf"{number[0]}(?![0-9])", form) else form


def _one_more(words: str) -> str:
    return re.sub(r"[0-9]+", lambda found: str(int(found[0]) + 1), words, count=1)


def told(going: Iterable[Going], moves: Moves) -> list[tuple[str, str]]:
    """What the press does, class by class: from where, and how many to where."""
    said = []
    for each in going:
        to = moves.get((each.year_group, each.form))
        pupils = "1 pupil" if each.count == 1 else f"{each.count:,} pupils"
        said.append(
            (each.name, f"{pupils} to {in_words(to)}" if to else f"{pupils} {'leaves' if each.count == 1 else 'leave'}")
        )
    return said
