"""The attacker of docs/disclosure.md: from everything a school ever published he works out what a hidden number can be."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, partial

from incidents.governors.disclosure import BANDS, RATES, TABLES, Base, Figures, Group
from incidents.governors.shown import FEWER, TOO_FEW, Band, Shown, band_shown, count_shown, rate_shown

MOST = 120  # no term of the schools tried has more
STEPS = 60  # never printed: any number would do
Spans = dict[str, tuple[int, int]]  # for each number the least and the most that it can be


RULES_KNOWN = ("pupils", "staff", "everyone")  # the policies are no secret: these rules were in force


def with_rules(cells: Mapping[str, Shown]) -> Mapping[str, Shown]:
    """What was published, and what it says of the rules that it does not name: where parts are told, fewer than 5."""
    unnamed = TOO_FEW if cells[f"directions.{Group.PARENT}"].is_kept_back else FEWER
    return {f"rules.{rule}": Shown(unnamed) for rule in RULES_KNOWN} | dict(cells)


@dataclass(frozen=True)
class Link:
    """What must hold between numbers: all of `parts` together are at most `whole`, less `but`."""

    parts: tuple[str, ...]
    whole: str
    but: int = 0


def _links() -> Iterator[Link]:
    for name, table in TABLES.items():
        exclusive = name in ("directions", "methods", "platforms", "four_cs")
        for parts in [table.rows] if exclusive else [(row,) for row in table.rows]:
            yield Link(tuple(f"{name}.{row}" for row in parts), table.base.value)
    for name, base in BANDS.items():
        yield Link((f"bands.{name}",), base.value)
    for test in TABLES["tests"].rows:  # never relied on against parents and staff
        yield Link((f"tests.{test}", f"directions.{Group.PARENT}", f"directions.{Group.STAFF}"), "incidents")
    yield Link(("findings.bullying",), "findings.established")
    yield Link(("outcomes.sanction",), "findings.established")
    yield Link(("outcomes.warning",), "findings.established")
    yield Link(("outcomes.staff_supported",), "outcomes.support")
    yield Link(("bands.closed_in_20_days",), "bands.cases_closed")
    for rule in RULES_KNOWN:  # one incident can break several, or have none cited
        yield Link((f"rules.{rule}",), "incidents")
    # Likely and not certain: he may reckon with them too.
    never_pupils = (f"directions.{Group.PARENT}", f"directions.{Group.STAFF}")
    yield Link(("rules.pupils", *never_pupils), "incidents")  # a rule for pupils is broken by pupils
    yield Link(("rules.staff",), f"directions.{Group.STAFF}")
    among_us = (Group.PUPIL_TO_PUPIL, Group.PUPIL_TO_STAFF, Group.PARENT, Group.SCHOOL_ACCOUNT)
    yield Link(("four_cs.contact", *(f"directions.{group}" for group in among_us)), "incidents")  # as triage suggests
    yield Link((f"directions.{Group.PUPIL_TO_STAFF}",), "staff.targets")
    yield Link((f"directions.{Group.PUPIL_TO_PUPIL}", "staff.targets"), "incidents")
    yield Link(("outcomes.staff_supported",), "staff.targets")
    yield Link(("cases",), "incidents")


LINKS = tuple(_links())


@dataclass
class Attack:
    """One term of one school, with all that was published about it, and the cases that the attacker knows himself."""

    published: list[Mapping[str, Shown]] = field(default_factory=list)
    known: Mapping[str, int] = field(default_factory=dict)  # for each number how many of the cases he knows are in it
    links: Sequence[Link] = LINKS
    first: bool = True  # the school's first term: its first incident can repeat nothing

    def read(self, cells: Mapping[str, Shown]) -> None:
        """One more publication with figures of this term."""
        self.published.append(with_rules(cells))

    def hidden(self) -> list[tuple[str, Band | None]]:
        """What the school says that it hides: each number printed as fewer than 5, at either end."""
        latest = self.published[0]
        ends = {name: shown.band for name, shown in latest.items() if shown.band in (Band.FEW, Band.ALL_BUT_FEW)}
        return [(name, None) for name, shown in latest.items() if shown.is_fewer] + list(ends.items())

    def open_values(self, name: str, end: Band | None) -> set[int]:
        """Which of 0 to 4 it can still be."""
        return {value for value in range(5) if any(self._possible(name, end, value, world) for world in self.worlds)}

    def _possible(self, name: str, end: Band | None, value: int, spans: Spans) -> bool:
        base = BANDS[name.partition(".")[2]].value if name.startswith("bands.") else ""
        exact = spans[base][0] - value if end is Band.ALL_BUT_FEW else value
        low, high = spans[name]
        return low <= exact <= high and solve({**spans, name: (exact, exact)}, self.links)

    @cached_property
    def worlds(self) -> list[Spans]:
        """For each pair of exact totals that fits what was printed, the largest first, what every number can be."""
        counts = {name: self._span(range(MOST), partial(self._fits_count, name)) for name in self.published[0]}
        (few, many), (less, more) = counts["incidents"], counts["cases"]
        made = (
            self._world({**counts, "incidents": (total, total), "cases": (opened, opened), "steps": (STEPS, STEPS)})
            for total in range(many, few - 1, -1)
            for opened in range(more, less - 1, -1)
        )
        return [world for world in made if world]

    def _world(self, spans: Spans) -> Spans | None:
        for row, base in BANDS.items():
            name, total = f"bands.{row}", spans[base.value][0]
            left = self.known.get(base.value, 0) - self.known.get(name, 0) if base is not Base.STEPS else 0
            top = total - (row == "repeated" and self.first) - left
            span = self._span(range(max(top, 0) + 1), partial(self._fits_share, name, row, total))
            if span is None:
                return None
            spans[name] = span
        return spans

    def _span(self, among: range, fits: Callable[[int], bool]) -> tuple[int, int] | None:
        fitting = [count for count in among if fits(count)]
        return (fitting[0], fitting[-1]) if fitting else None

    def _fits_count(self, name: str, count: int) -> bool:
        """Whether a count would be printed as it was printed, in each publication; every one where it never was."""
        return count >= self.known.get(name, 0) and all(printed(count) == shown for shown in self._said(name))

    def _fits_share(self, name: str, row: str, total: int, part: int) -> bool:
        show = rate_shown if row in RATES else band_shown
        return part >= self.known.get(name, 0) and all(show(part, total) == shown for shown in self._said(name))

    def _said(self, name: str) -> list[Shown]:
        said = {cells[name] for cells in self.published}
        return [shown for shown in said if not shown.is_kept_back and (name.startswith("bands.") or not shown.band)]


@cache
def printed(count: int) -> Shown:
    """How the gate that is attacked prints a count."""
    return count_shown(count)


def narrowed(attack: Attack) -> dict[str, set[int]]:
    """The hidden numbers of which the attacker can rule out a value that what he knows himself doesn't rule out."""
    found = {}
    for name, end in attack.hidden():
        possible, must = attack.open_values(name, end), set(_must_be_open(attack, name, end))
        if not must <= possible:
            found[name] = possible
    return found


def _must_be_open(attack: Attack, name: str, end: Band | None) -> range:
    """All of 0 to 4; each case that he knows himself may take one value away."""
    known = max(attack.known.values(), default=0)
    if not known:
        return range(5)
    base = BANDS[name.partition(".")[2]].value if name.startswith("bands.") else ""
    inside = attack.known.get(name, 0)
    here = attack.known.get(base, 0) - inside if end is Band.ALL_BUT_FEW else inside
    return range(here, 5 - (known - here))


def terms_of(reports: Iterable[Figures], links: Sequence[Link] = LINKS) -> dict[str, Attack]:
    """All that these reports say, by term: each in its own report, and quoted in later ones."""
    attacks: dict[str, Attack] = {}
    for figures in reports:
        attacks.setdefault(figures.term.name, Attack(links=links)).read(figures.cells())
        for quoted in figures.earlier:
            attacks[quoted.term].read(quoted.cells)
    return attacks


# --- a small solver ----------------------------------------------------------------------------------------------------


def solve(spans: Spans, links: Sequence[Link]) -> bool:
    """Whether whole numbers within the spans fulfil every link; exact: it narrows, tries both ends, and halves."""
    narrow = _narrow(dict(spans), links)
    if narrow is None:
        return False
    for end in (0, 1):
        if _fulfilled({name: span[end] for name, span in narrow.items()}, links):
            return True
    name = max(narrow, key=lambda each: narrow[each][1] - narrow[each][0])
    low, high = narrow[name]
    middle = (low + high) // 2
    return low < high and any(solve({**narrow, name: half}, links) for half in ((low, middle), (middle + 1, high)))


def _narrow(spans: Spans, links: Sequence[Link]) -> Spans | None:
    changed = True
    while changed:
        changed = False
        for link in links:
            least = sum(spans[part][0] for part in link.parts)
            whole = spans[link.whole]
            updates = {link.whole: (max(whole[0], least + link.but), whole[1])}
            for part in link.parts:
                low, high = spans[part]
                updates[part] = (low, min(high, whole[1] - link.but - (least - low)))
            for name, span in updates.items():
                if span[0] > span[1]:
                    return None
                if span != spans[name]:
                    spans[name], changed = span, True
    return spans


def _fulfilled(values: Mapping[str, int], links: Sequence[Link]) -> bool:
    return all(sum(values[part] for part in link.parts) + link.but <= values[link.whole] for link in links)
