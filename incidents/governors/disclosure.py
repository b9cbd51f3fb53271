"""The gate: exact counts go in, only values that may be published come out. docs/disclosure.md says what it promises."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from incidents.governors.declared import Declared
from incidents.governors.reviews import Reviews
from incidents.governors.shown import PARTS_FROM, SMALL, TOO_FEW, WITHHELD, Shown, band_shown, count_shown, rate_shown
from incidents.triage.action_tests import TestName

FORMAT, FORMAT_WITHOUT_KINDS = 3, 2  # reports of the second were published without kinds and motives


class Base(StrEnum):
    """What a figure is a part of."""

    INCIDENTS = "incidents"
    CASES = "cases"
    STEPS = "steps"  # never printed itself


class Group(StrEnum):
    """Directions in groups broad enough for a small school. Strangers and the undecided make up the rest."""

    PUPIL_TO_PUPIL = "pupil_to_pupil"
    PUPIL_TO_STAFF = "pupil_to_staff"
    PARENT = "parent"
    STAFF = "staff"
    SCHOOL_ACCOUNT = "school_account"


NEVER_PUPILS = (Group.PARENT, Group.STAFF)  # elsewhere a pupil may prove to be the author
TESTS = tuple(test.value for test in TestName)


@dataclass(frozen=True, slots=True)
class Table:
    """Counts of one base. No table is complete: each has a rest that is not printed, so that nothing adds up."""

    base: Base
    rows: tuple[str, ...]


TABLES: Mapping[str, Table] = {
    "directions": Table(Base.INCIDENTS, tuple(Group)),
    "methods": Table(Base.INCIDENTS, ("group_chat", "messages", "posts", "pictures", "pretending")),
    "platforms": Table(Base.INCIDENTS, ("messaging", "social", "games", "school_systems")),
    "four_cs": Table(Base.INCIDENTS, ("conduct", "content", "contact")),
    "motives": Table(Base.INCIDENTS, ("sex", "race", "disability")),
    "tests": Table(Base.INCIDENTS, TESTS),
    "staff": Table(Base.INCIDENTS, ("targets",)),
    "findings": Table(Base.CASES, ("established", "bullying")),
    "outcomes": Table(
        Base.CASES, ("support", "staff_supported", "talked", "removed", "warning", "sanction", "referred")
    ),
}
BANDS: Mapping[str, Base] = {
    "outside_hours": Base.INCIDENTS,
    "off_site": Base.INCIDENTS,
    "triaged_in_one_day": Base.INCIDENTS,
    "repeated": Base.INCIDENTS,
    "cases_closed": Base.CASES,
    "closed_in_20_days": Base.CASES,
    "steps_on_time": Base.STEPS,
}
RATES = ("repeated",)  # the first incident of all can't be a repeated one


@dataclass(frozen=True, slots=True)
class Term:
    """The term a report is about, by date of recording: a name as in "autumn term 2026"; both days belong to it."""

    name: str
    first: date
    last: date


@dataclass(frozen=True, slots=True, repr=False)
class Counts:
    """Exact counts of one term, on their way into the gate. No repr: an exact number belongs in no log.

    The rows of a table but `motives`, `tests`, `findings` and `outcomes` exclude each other; none is larger than its base.
    """

    incidents: int
    cases: int
    steps: int
    tables: Mapping[str, Mapping[str, int]]
    bands: Mapping[str, int]
    rules: Mapping[str, int] = field(
        default_factory=dict
    )  # by policy and code: incidents in which it is said to be broken

    def __post_init__(self) -> None:
        if max(self.rules.values(), default=0) > self.incidents:
            raise ValueError("A part can't be larger than its total.")
        if self.tables.keys() - TABLES.keys() or self.bands.keys() - BANDS.keys():
            raise ValueError("A count has a name that the report doesn't know.")
        for name, rows in self.tables.items():
            if rows.keys() - set(TABLES[name].rows):
                raise ValueError("A count has a name that the report doesn't know.")
            if max(rows.values(), default=0) > self.of(TABLES[name].base):
                raise ValueError("A part can't be larger than its total.")

    def of(self, base: Base) -> int:
        """The exact total."""
        return {Base.INCIDENTS: self.incidents, Base.CASES: self.cases, Base.STEPS: self.steps}[base]


@dataclass(frozen=True, slots=True)
class Quoted:
    """An earlier term as it was published then: quoted, never counted again. `cells` are named as `Figures.cells` says."""

    term: str
    cells: Mapping[str, Shown]

    @property
    def incidents(self) -> Shown:
        """Its total."""
        return self.cells["incidents"]


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything that a report may say in numbers. Page and PDF are drawn from this, or from its JSON, alone."""

    term: Term
    incidents: Shown
    cases: Shown
    tables: Mapping[str, Mapping[str, Shown]]
    bands: Mapping[str, Shown]
    earlier: tuple[Quoted, ...] = field(default=())
    rules: Mapping[str, Shown] = field(default_factory=dict)  # only what is printed as 5 or more
    declared: Declared | None = None  # shares in steps; none where nobody is asked to sign anything
    reviews: Reviews | None = None  # no figures and about nobody; none in a report from before it told of policies

    @property
    def format(self) -> int:
        """In which form it is written: a report that was published before stays as it was, to the byte."""
        return FORMAT if TABLES.keys() == self.tables.keys() else FORMAT_WITHOUT_KINDS

    def cells(self) -> dict[str, Shown]:
        """Each value under a name that lasts, as in `directions.parent`, to be quoted by later reports."""
        found = {"incidents": self.incidents, "cases": self.cases}
        for name, rows in (*self.tables.items(), ("bands", self.bands)):
            found |= {f"{name}.{row}": shown for row, shown in rows.items()}
        return found | {f"{RULES}{rule}": shown for rule, shown in self.rules.items()}

    def to_json(self) -> str:
        """Canonical: sorted keys, no spaces, UTF-8 as it is, so that equal figures have equal bytes."""
        return json.dumps(self._plain(), sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    def sha256(self) -> str:
        """The fingerprint that goes into the audit log when the report is published: 64 hex digits."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()

    def _plain(self) -> dict[str, Any]:
        return {
            "format": self.format,
            "term": {"name": self.term.name, "first": self.term.first.isoformat(), "last": self.term.last.isoformat()},
            "cells": {name: shown.text for name, shown in self.cells().items()},
            "earlier": [
                {"term": quoted.term, "cells": {name: shown.text for name, shown in quoted.cells.items()}}
                for quoted in self.earlier
            ],
            **({"reviews": self.reviews.plain()} if self.reviews else {}),
            **({"declared": self.declared.plain()} if self.declared else {}),
        }

    @classmethod
    def from_json(cls, text: str) -> "Figures":
        """Read back what was published. A value in any other form (an exact 13, say) is refused with ValueError."""
        plain = json.loads(text)
        fixed, known = _fixed(plain["cells"]), CELLS_OF.get(plain["format"])
        if fixed != known or (plain["format"] != FORMAT and len(fixed) < len(plain["cells"])):
            raise ValueError("These figures were written in a form that this version doesn't know.")
        term = plain["term"]
        found = cls.from_cells(
            Term(term["name"], date.fromisoformat(term["first"]), date.fromisoformat(term["last"])),
            {name: Shown(value) for name, value in plain["cells"].items()},
            tuple(
                Quoted(each["term"], {name: Shown(value) for name, value in each["cells"].items()})
                for each in plain["earlier"]
            ),
        )
        return replace(
            found,
            reviews=Reviews.read(plain["reviews"]) if "reviews" in plain else None,
            declared=Declared.read(plain["declared"]) if "declared" in plain else None,
        )

    @classmethod
    def from_cells(cls, term: Term, cells: Mapping[str, Shown], earlier: tuple[Quoted, ...] = ()) -> "Figures":
        """The figures from their cells. One missing, or one too many, is refused with ValueError."""
        if _fixed(cells) not in CELLS_OF.values() or not all("incidents" in quoted.cells for quoted in earlier):
            raise ValueError("A figure is missing, or has a name that the report doesn't know.")
        tables = {
            name: {row: cells[f"{name}.{row}"] for row in table.rows}
            for name, table in TABLES.items()
            if f"{name}.{table.rows[0]}" in cells
        }
        return cls(
            term=term,
            incidents=cells["incidents"],
            cases=cells["cases"],
            tables=MappingProxyType({name: MappingProxyType(rows) for name, rows in tables.items()}),
            bands=MappingProxyType({name: cells[f"bands.{name}"] for name in BANDS}),
            earlier=earlier,
            rules=MappingProxyType(
                {name.removeprefix(RULES): shown for name, shown in cells.items() if name.startswith(RULES)}
            ),
        )


def _fixed(cells: Iterable[str]) -> set[str]:
    """The cells that every report of a form has; which rules were broken 5 times differs from one to another."""
    return {name for name in cells if not name.startswith(RULES)}


RULES = "rules."
CELLS = (
    {"incidents", "cases"}
    | {f"{name}.{row}" for name, table in TABLES.items() for row in table.rows}
    | {f"bands.{name}" for name in BANDS}
)
CELLS_OF = {
    FORMAT: CELLS,
    FORMAT_WITHOUT_KINDS: {name for name in CELLS if name.partition(".")[0] not in ("four_cs", "motives")},
}


def gate(counts: Counts, *, term: Term, earlier: Sequence[Quoted] = ()) -> Figures:
    """Turn exact counts into figures that nobody can be found from.

    What is hidden (printed "<5", "a few or none", or the few left out by "all but a few") can still be any of 0 to 4
    for a reader who knows this method and everything that the school ever published. Whether something is printed hangs
    on printed totals alone, never on what is hidden.
    """
    cells = {"incidents": count_shown(counts.incidents), "cases": count_shown(counts.cases)}
    for name, table in TABLES.items():
        split = cells[table.base.value].at_least >= PARTS_FROM
        for row in table.rows:
            count = counts.tables.get(name, {}).get(row, 0)
            cells[f"{name}.{row}"] = count_shown(count) if split else Shown(TOO_FEW)
    for name, base in BANDS.items():
        cells[f"bands.{name}"] = _share(name, base, counts)
    if cells["incidents"].at_least >= PARTS_FROM:
        # The policies are no secret: to leave a rule out says "fewer than 5" of it, as printing that would.
        cells |= {f"{RULES}{rule}": count_shown(count) for rule, count in counts.rules.items() if count >= SMALL}
    return Figures.from_cells(term, cells, tuple(earlier))


def _share(name: str, base: Base, counts: Counts) -> Shown:
    """How many dated steps there were is not printed; that there were enough of them says that there were cases."""
    if base is Base.STEPS and count_shown(counts.cases).at_least < PARTS_FROM:
        return Shown(TOO_FEW)
    show = rate_shown if name in RATES else band_shown
    return show(counts.bands.get(name, 0), counts.of(base))


def totals_only(term: Term, incidents: Shown, cases: Shown) -> Figures:
    """What a new version says after a recall: the two totals again as they were let out, and nothing else."""
    cells = dict.fromkeys(CELLS, Shown(WITHHELD)) | {"incidents": incidents, "cases": cases}
    return Figures.from_cells(term, cells)
