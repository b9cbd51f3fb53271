"""Counting: each fact goes where it belongs, and what comes out has passed the gate."""

from datetime import date

import pytest

from incidents.governors.disclosure import Group, Term
from incidents.governors.figures import GROUP_OF, Opened, Recorded, figures_of
from incidents.governors.shown import Shown
from incidents.recording.words import Direction

TERM = Term("autumn term 2026", date(2026, 9, 1), date(2027, 1, 3))
PLAIN = Recorded(Direction.PUPIL_TO_PUPIL, True, True, frozenset({"running"}), False, True)


def test_every_direction_has_its_group() -> None:
    assert set(GROUP_OF) == set(Direction)
    assert set(GROUP_OF.values()) == set(Group)


def test_a_term_of_like_incidents_reads_as_expected() -> None:
    figures = figures_of([PLAIN] * 20, [Opened(True)] * 16, term=TERM)
    assert (figures.incidents.text, figures.cases.text) == ("20", "15")
    assert figures.directions[Group.PUPIL_TO_PUPIL] == Shown("20")
    assert figures.tests == {"running": Shown("all but a few"), "threat": Shown("a few or none"),
                             "reputation": Shown("a few or none")}  # fmt: skip
    assert figures.bands["cases_closed"] == Shown("all but a few")
    assert figures.bands["staff_targets"] == Shown("a few or none")


def test_what_nobody_triaged_yet_counts_with_the_unknown() -> None:
    waiting = Recorded(None, False, False, frozenset(), False, False)
    assert figures_of([waiting] * 20, [], term=TERM).directions[Group.STRANGER] == Shown("20")


@pytest.mark.parametrize("how_many", [0, 1, 14])
def test_a_quiet_term_gives_no_part_away(how_many: int) -> None:
    figures = figures_of([PLAIN] * min(how_many, 12), [], term=TERM)
    assert all(shown.is_kept_back for shown in (*figures.directions.values(), *figures.bands.values()))
