"""Counting: each fact goes where it belongs, and what comes out has passed the gate."""

from typing import Any

import pytest

from incidents.casework.words import Finding, Outcome
from incidents.governors.disclosure import TABLES, Group
from incidents.governors.figures import (
    ESTABLISHED,
    GROUP_OF,
    METHOD_GROUPS,
    PLATFORM_GROUPS,
    Opened,
    Recorded,
    figures_of,
    platform_group,
)
from incidents.governors.findings import ROWS
from incidents.recording.headline import PLATFORMS
from incidents.recording.words import Direction, Method
from tests.governors.counting import TERM

PLAIN = Recorded(
    Direction.PUPIL_TO_PUPIL, outside_hours=True, off_site=True, relied_on=frozenset({"running"}),
    triaged_in_one_day=True, method=Method.GROUP_CHAT, platform="WhatsApp",
)  # fmt: skip
DONE = Opened(True, True, Finding.CONFIRMED_BULLYING, frozenset({Outcome.SUPPORT_TARGET, Outcome.PARENTS_MET}), 5, 5)


def test_every_direction_method_and_platform_has_its_place() -> None:
    assert set(GROUP_OF) == set(Direction)
    assert set(METHOD_GROUPS) == set(Method)
    assert set(PLATFORM_GROUPS) == set(PLATFORMS)
    assert set(GROUP_OF.values()) - {None} == set(Group)


@pytest.mark.parametrize("name", TABLES)
def test_every_row_has_words_and_every_value_a_row(name: str) -> None:
    assert tuple(ROWS[name]) == TABLES[name].rows


@pytest.mark.parametrize("groups", [GROUP_OF, METHOD_GROUPS])
def test_every_table_of_incidents_has_a_rest(groups: dict[Any, Any]) -> None:
    assert None in groups.values()


@pytest.mark.parametrize(("typed", "group"), [
    ("WhatsApp", "messaging"), ("Chat inside an online game", "games"), ("Group chat, app not known", "messaging"),
    ("Short video app", "social"), ("The school’s page", "school_systems"), ("Text", None), ("", None),
])  # fmt: skip
def test_a_place_is_told_by_its_kind_however_it_was_typed(typed: str, group: str | None) -> None:
    assert platform_group(typed) == group


def test_a_term_of_like_incidents_reads_as_expected() -> None:
    figures = figures_of([PLAIN] * 20, [DONE] * 16, term=TERM)
    said = {name: shown.text for name, shown in figures.cells().items()}
    assert (said["incidents"], said["cases"]) == ("20", "15")
    assert said["directions.pupil_to_pupil"] == said["methods.group_chat"] == said["platforms.messaging"] == "20"
    assert (said["tests.running"], said["tests.threat"]) == ("20", "<5")
    assert (said["findings.bullying"], said["outcomes.support"], said["outcomes.talked"]) == ("15", "15", "15")
    assert said["bands.cases_closed"] == said["bands.steps_on_time"] == "all but a few"
    assert said["bands.repeated"] == "a few or none"


def test_what_nobody_triaged_yet_has_no_direction() -> None:
    figures = figures_of([Recorded(None)] * 20, [], term=TERM)
    assert {shown.text for shown in figures.tables["directions"].values()} == {"<5"}


@pytest.mark.parametrize("direction", [Direction.PARENT_TO_CHILD, Direction.STAFF_CONTACT, None])
def test_a_test_is_never_counted_against_parents_or_staff(direction: Direction | None) -> None:
    figures = figures_of([Recorded(direction, relied_on=frozenset({"running"}))] * 20, [], term=TERM)
    assert figures.tables["tests"]["running"].text == "<5"


def test_support_for_staff_is_support_too() -> None:
    case = Opened(finding=Finding.UPHELD, outcomes=frozenset({Outcome.SUPPORT_STAFF}))
    rows = figures_of([PLAIN] * 20, [case] * 10, term=TERM).tables["outcomes"]
    assert rows["support"].text == rows["staff_supported"].text == "10"


def test_punishment_rests_on_what_is_established_as_in_casework() -> None:
    from incidents.casework.closing import ESTABLISHED as PUNISHABLE

    assert PUNISHABLE <= ESTABLISHED


@pytest.mark.parametrize("how_many", [0, 1, 9])
def test_a_quiet_term_gives_no_part_away(how_many: int) -> None:
    figures = figures_of([PLAIN] * how_many, [DONE] * how_many, term=TERM)
    assert all(shown.is_kept_back for name, shown in figures.cells().items() if "." in name)
