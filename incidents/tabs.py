"""Which tabs stand on the cover, and which on a page behind one of them: never more than seven, the messages among them."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

MOST = 7
MORE = "More"


@dataclass(frozen=True)
class ShownTab:
    """A tab as the templates draw it; `behind` are those that stand on its page."""

    label: str
    href: str
    count: int = 0
    under: str = ""
    about: str = ""
    says: Callable[[], str] = str
    current: bool = False
    behind: tuple["ShownTab", ...] = ()


def arranged(shown: Sequence[ShownTab], parents: Collection[str], path: str, more: str) -> list[ShownTab]:
    """The tabs of the cover in their order. `parents` have a page for others, and are not shown without any; what finds no
    room is behind the last, which leads to `more`."""
    here = max((tab.href for tab in shown if _leads_to(tab.href, path)), key=len, default="")
    marked = [replace(tab, current=tab.href == here) for tab in shown]
    on_cover = []
    for tab in marked:
        behind = tuple(each for each in marked if each.under == tab.label)
        if not tab.under and (behind or tab.label not in parents):
            on_cover.append(_with(tab, behind))
    if len(on_cover) < MOST:
        return on_cover
    kept = MOST - 2  # beside the messages and this one
    return [*on_cover[:kept], _with(ShownTab(MORE, more, current=path == more), tuple(on_cover[kept:]))]


def _with(tab: ShownTab, behind: tuple[ShownTab, ...]) -> ShownTab:
    return replace(
        tab,
        behind=behind,
        count=tab.count + sum(each.count for each in behind),
        current=tab.current or any(each.current for each in behind),
    )


def _leads_to(href: str, path: str) -> bool:
    return path == href or path.startswith(f"{href}/")
