"""How the tabs are arranged: a number that waits is never lost, and never more than seven stand on the cover."""

import pytest

from incidents.tabs import MORE, MOST, ShownTab, arranged


def tabs(*labels: str, count: int = 0) -> list[ShownTab]:
    return [ShownTab(label, f"/{label.lower()}", count) for label in labels]


def labels(found: list[ShownTab]) -> list[str]:
    return [tab.label for tab in found]


UNDER = [ShownTab("Policies", "/policies", 2, "Rules"), ShownTab("Law", "/school/law", 1, "Rules")]


def test_what_waits_behind_a_tab_is_in_its_number():
    cover = arranged([*tabs("Rules"), *UNDER], {"Rules"}, "/today", "/more")
    assert [(tab.label, tab.count, labels(list(tab.behind))) for tab in cover] == [("Rules", 3, ["Policies", "Law"])]


def test_a_tab_for_others_is_not_shown_without_any():
    assert labels(arranged(tabs("Today", "Rules"), {"Rules"}, "/today", "/more")) == ["Today"]


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/school", ["School"]),
        ("/school/days", ["School"]),
        ("/school/law", ["Rules"]),
        ("/school/law/change", ["Rules"]),
        ("/policies/before", ["Rules"]),
        ("/schools", []),
    ],
)
def test_the_tab_that_leads_here_is_marked_the_nearest_alone(path, current):
    cover = arranged([*tabs("School", "Rules"), *UNDER], {"Rules"}, path, "/more")
    assert [tab.label for tab in cover if tab.current] == current


@pytest.mark.parametrize("many", range(1, 12))
def test_with_the_messages_there_are_never_more_than_seven_and_nothing_is_lost(many):
    cover = arranged(tabs(*"ABCDEFGHIJK"[:many], count=1), (), "/a", "/more")
    assert len(cover) + 1 <= MOST
    assert sum(tab.count for tab in cover) == many
    assert (labels(cover)[-1] == MORE) is (many >= MOST)
