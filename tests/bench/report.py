"""The report as markdown: each figure beside its floor of the same run."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tests.bench.pages import Measure
from tests.bench.served import Load, Stack


@dataclass
class Part:
    """What was measured at one size."""

    title: str
    measures: list[Measure] = field(default_factory=list)
    loads: list[Load] = field(default_factory=list)
    stack: Stack | None = None


def drawn(part: Part) -> str:
    """One size."""
    return "\n".join(_part(part)) + "\n"


def growth(parts: Sequence[Part]) -> str:
    """What each page takes at each size, as a multiple of the smallest."""
    return "\n".join(_growth(parts)) + "\n"


def _part(part: Part) -> Iterable[str]:
    yield from (f"### {part.title}", "")
    yield "| What | statements | CPU ms | its floor | × floor | clock ms | floor’s clock ms |"
    yield "|---|--:|--:|--:|--:|--:|--:|"
    for each in part.measures:
        taken, floor = each.taken, each.floor
        yield (
            f"| {each.name} | {taken.statements} | {taken.cpu:.1f} | {_or_none(floor.cpu)} | {_times(taken.cpu, floor.cpu)} "
            f"| {taken.wall:.1f} | {_or_none(floor.wall)} |"
        )
    yield ""
    yield "| Through gunicorn | connections | p50 ms | p95 ms | pages a second |"
    yield "|---|--:|--:|--:|--:|"
    for load in part.loads:
        yield f"| {load.page} | {load.connections} | {load.p50:.0f} | {load.p95:.0f} | {load.per_second:.0f} |"
    yield ""
    if stack := part.stack:
        yield (
            f"- All that `make run` starts, {stack.processes} processes: {stack.memory:.0f} MB, "
            f"first page after {stack.first_answer:.1f} s."
        )
    yield ""


def _growth(parts: Sequence[Part]) -> Iterable[str]:
    first = {each.name: each.taken for each in parts[0].measures}
    yield from ("### Growth", "", "Processor time as a multiple of the smallest size’s.", "")
    yield "| What | " + " | ".join(part.title for part in parts[1:]) + " |"
    yield "|---|" + "--:|" * (len(parts) - 1)
    for name, taken in first.items():
        others = [next((each.taken.cpu for each in part.measures if each.name == name), 0) for part in parts[1:]]
        yield f"| {name} | " + " | ".join(_times(cpu, taken.cpu) for cpu in others) + " |"
    yield ""


def _or_none(milliseconds: float) -> str:
    return f"{milliseconds:.1f}" if milliseconds >= 0.05 else "–"


def _times(one: float, other: float) -> str:
    return f"{one / other:.2f}" if one and other >= 0.05 else "–"
