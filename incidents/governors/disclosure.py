"""The gate: exact counts go in, only values that may be published come out."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from incidents.governors.shown import (
    SMALL,
    TOO_FEW,
    TOO_FEW_BELOW,
    WITHHELD,
    Band,
    Shown,
    band_shown,
    count_shown,
    least,
)
from incidents.triage.action_tests import TestName

FORMAT = 1


class Group(StrEnum):
    """Directions in groups broad enough for a small school; every incident is in exactly one."""

    PUPIL_TO_PUPIL = "pupil_to_pupil"
    PUPIL_TO_STAFF = "pupil_to_staff"
    PARENT = "parent"
    STAFF = "staff"
    SCHOOL_ACCOUNT = "school_account"
    STRANGER = "stranger"


NEVER_PUPILS = (Group.PARENT, Group.STAFF)  # elsewhere a pupil may prove to be the author
TESTS = tuple(test.value for test in TestName)
BANDS = ("outside_hours", "off_site", "staff_targets", "triaged_in_one_day", "cases_closed")


@dataclass(frozen=True, slots=True)
class Term:
    """The term a report is about, by date of recording: a name as in "autumn term 2026"; both days belong to it."""

    name: str
    first: date
    last: date


@dataclass(frozen=True, slots=True, repr=False)
class Counts:
    """Exact counts of one term, on their way into the gate. No repr: an exact number belongs in no log.

    `directions` splits `incidents` without rest. `tests` counts the incidents in which each test was relied on to act
    on a pupil, and one incident may rely on several. `cases_closed` is a part of `cases`; all others of `incidents`.
    """

    incidents: int
    cases: int
    directions: Mapping[Group, int]
    tests: Mapping[str, int]
    outside_hours: int
    off_site: int
    staff_targets: int
    triaged_in_one_day: int
    cases_closed: int

    def __post_init__(self) -> None:
        if set(self.directions) - set(Group) or set(self.tests) - set(TESTS):
            raise ValueError("A count has a name that the report doesn't know.")
        if sum(self.directions.values()) != self.incidents:
            raise ValueError("Every incident belongs to exactly one direction.")
        if max(self.tests.values(), default=0) > self.incidents:
            raise ValueError("A test can't be relied on more often than there are incidents.")


@dataclass(frozen=True, slots=True)
class Quoted:
    """The total of an earlier term, as it was published then: quoted, never counted again."""

    term: str
    incidents: Shown


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything that a report may say in numbers. Page and PDF are drawn from this, or from its JSON, alone."""

    term: Term
    incidents: Shown
    cases: Shown
    directions: Mapping[Group, Shown]
    tests: Mapping[str, Shown]
    bands: Mapping[str, Shown]
    earlier: tuple[Quoted, ...] = field(default=())

    def to_json(self) -> str:
        """Canonical: sorted keys, no spaces, UTF-8 as it is, so that equal figures have equal bytes."""
        return json.dumps(self._plain(), sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    def sha256(self) -> str:
        """The fingerprint that goes into the audit log when the report is published: 64 hex digits."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()

    def _plain(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "term": {"name": self.term.name, "first": self.term.first.isoformat(), "last": self.term.last.isoformat()},
            "incidents": self.incidents.text,
            "cases": self.cases.text,
            "directions": {group.value: shown.text for group, shown in self.directions.items()},
            "tests": {name: shown.text for name, shown in self.tests.items()},
            "bands": {name: shown.text for name, shown in self.bands.items()},
            "earlier": [{"term": quoted.term, "incidents": quoted.incidents.text} for quoted in self.earlier],
        }

    @classmethod
    def from_json(cls, text: str) -> "Figures":
        """Read back what was published. A value in any other form (an exact 13, say) is refused with ValueError."""
        plain = json.loads(text)
        if plain["format"] != FORMAT:
            raise ValueError("These figures were written in a form that this version doesn't know.")
        expected = {"directions": set(Group), "tests": set(TESTS), "bands": set(BANDS)}
        if any(set(plain[part]) != names for part, names in expected.items()):
            raise ValueError("A figure is missing, or has a name that the report doesn't know.")
        term = plain["term"]
        return cls(
            term=Term(term["name"], date.fromisoformat(term["first"]), date.fromisoformat(term["last"])),
            incidents=Shown(plain["incidents"]),
            cases=Shown(plain["cases"]),
            directions=MappingProxyType({group: Shown(plain["directions"][group]) for group in Group}),
            tests=MappingProxyType({name: Shown(plain["tests"][name]) for name in TESTS}),
            bands=MappingProxyType({name: Shown(plain["bands"][name]) for name in BANDS}),
            earlier=tuple(Quoted(quoted["term"], Shown(quoted["incidents"])) for quoted in plain["earlier"]),
        )


def gate(counts: Counts, *, term: Term, earlier: Sequence[Quoted] = ()) -> Figures:
    """Turn exact counts into figures that nobody can be found from.

    What is hidden (printed "<5", "a few or none", or the few left out by "all but a few") can still be any of 0 to 4
    for a reader who knows this method, everything in this report, that the directions make up the total, and that the
    tests are never relied on against a parent or staff. Whether something is printed is decided from printed values
    alone, never from what is hidden, so that the decision itself gives nothing away:

    - the split by direction is printed from a printed total of 15, unless the larger parts would narrow a small one;
    - the tests are bands, and are printed unless some band that they could have would narrow a direction;
    - below a printed 15 no part of a total is printed at all.

    NOT guarded yet: subtraction over publications that overlap (a corrected version of the same term, figures of a
    trust, terms that share days); a reader who already knows some of the incidents; what a split printed as "not
    shown" says about groups that are then not printed; and the headteacher's own words.
    """
    incidents = count_shown(counts.incidents)
    directions = _directions(incidents, counts)
    return Figures(
        term=term,
        incidents=incidents,
        cases=count_shown(counts.cases),
        directions=MappingProxyType(directions),
        tests=MappingProxyType(_tests(incidents, directions, counts)),
        bands=MappingProxyType({name: band_shown(getattr(counts, name), _total(name, counts)) for name in BANDS}),
        earlier=tuple(earlier),
    )


def _total(name: str, counts: Counts) -> int:
    return counts.cases if name == "cases_closed" else counts.incidents


def _directions(incidents: Shown, counts: Counts) -> dict[Group, Shown]:
    if (incidents.number or 0) < TOO_FEW_BELOW:
        return dict.fromkeys(Group, Shown(TOO_FEW))
    printed = {group: count_shown(counts.directions.get(group, 0)) for group in Group}
    return printed if _leaves_open(incidents, printed, band=None) else dict.fromkeys(Group, Shown(WITHHELD))


def _tests(incidents: Shown, directions: Mapping[Group, Shown], counts: Counts) -> dict[str, Shown]:
    printed = {name: band_shown(counts.tests.get(name, 0), counts.incidents) for name in TESTS}
    if any(shown.is_kept_back for shown in (*directions.values(), *printed.values())):
        return {name: shown if shown.is_kept_back else Shown(WITHHELD) for name, shown in printed.items()}
    if all(_leaves_open(incidents, directions, band) for band in Band):
        return printed
    return dict.fromkeys(TESTS, Shown(WITHHELD))


# --- what a reader could work out -----------------------------------------------------------------------------------

Ranges = Mapping[Group, range]


def _leaves_open(incidents: Shown, directions: Mapping[Group, Shown], band: Band | None) -> bool:
    """Whether every hidden number can still be 0 to 4, if a test were printed as `band` (None: no test is printed).

    A band that can't occur together with these directions narrows nothing.
    """
    ranges = {group: shown.could_be() for group, shown in directions.items()}
    totals = incidents.could_be()
    if band is not None and not _possible(totals, ranges, band):
        return True
    if not all(_possible(totals, fixed, band) for fixed in _hidden_fixed(directions, ranges)):
        return False
    if band is Band.ALL_BUT_FEW:
        return all(_fits_any(totals, ranges, left_out) for left_out in range(SMALL))
    return True


def _hidden_fixed(directions: Mapping[Group, Shown], ranges: Ranges) -> Iterator[Ranges]:
    for group, shown in directions.items():
        if shown.is_fewer:
            yield from ({**ranges, group: range(value, value + 1)} for value in shown.could_be())


def _possible(totals: Iterable[int], ranges: Ranges, band: Band | None) -> bool:
    return any(_fits(total, ranges, least(band, total) if band else 0) for total in totals)


def _fits_any(totals: Iterable[int], ranges: Ranges, left_out: int) -> bool:
    return any(_fits(total, ranges, total - left_out) for total in totals)


def _fits(total: int, ranges: Ranges, by_pupils: int) -> bool:
    """Whether counts within `ranges` make up `total` with at least `by_pupils` of them done by pupils.

    Each range is without gaps, so it is enough to compare the least and the greatest sums.
    """
    pupils = [span for group, span in ranges.items() if group not in NEVER_PUPILS]
    others = [ranges[group] for group in NEVER_PUPILS]
    low_pupils, high_pupils = sum(span[0] for span in pupils), sum(span[-1] for span in pupils)
    low_others, high_others = sum(span[0] for span in others), sum(span[-1] for span in others)
    if by_pupils > high_pupils:
        return False
    return max(low_pupils, by_pupils) + low_others <= total <= high_pupils + high_others
