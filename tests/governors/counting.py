"""Counts of a term by hand, for the tests of what is made of them."""

from dataclasses import replace
from datetime import date

from incidents.governors.disclosure import BANDS, TESTS, Counts, Figures, Group, Quoted, Term, gate
from incidents.governors.shown import Shown

TERM = Term("autumn term 2026", date(2026, 9, 1), date(2027, 1, 3))
SECONDARY = (40, 9, 6, 2, 1)
Split = tuple[int, ...]


def counts(
    split: Split = SECONDARY,
    rest: int = 7,
    relied: tuple[int, int, int] = (35, 9, 0),
    cases: int = 20,
    steps: int = 90,
    share: float = 0.92,
    **tables: dict[str, int],
) -> Counts:
    """A term in which `split` are the directions and `rest` has none; every share is about `share` of its base."""
    total = sum(split) + rest
    known = {"directions": dict(zip(Group, split, strict=True)), "tests": dict(zip(TESTS, relied, strict=True))}
    of = {"incidents": total, "cases": cases, "steps": steps}
    bands = {name: int(share * of[base.value]) for name, base in BANDS.items()}
    return Counts(incidents=total, cases=cases, steps=steps, tables=known | tables, bands=bands)


def figures(*args: object, earlier: tuple[tuple[str, str], ...] = (), **more: object) -> Figures:
    """The same through the gate; `earlier` are terms with their printed totals."""
    made = gate(counts(*args, **more), term=TERM)  # type: ignore[arg-type]  # as `counts` takes them
    return replace(made, earlier=tuple(Quoted(name, {"incidents": Shown(shown)}) for name, shown in earlier))
