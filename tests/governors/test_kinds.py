"""Kinds of harm and motives in the report: several motives an incident, coarse, and older reports as they were."""

import json
from dataclasses import replace

import pytest

from incidents import clock
from incidents.database import writing
from incidents.governors.disclosure import CELLS_OF, FORMAT_WITHOUT_KINDS, Figures
from incidents.governors.facts import incidents_of
from incidents.governors.figures import FOUR_CS_ROWS, MOTIVE_GROUPS, Recorded, figures_of
from incidents.governors.findings import known, rows, summary
from incidents.recording.hours import Control
from incidents.recording.words import Direction, FourCs
from incidents.schools.pack import MOTIVES
from incidents.schools.queries import calendar
from incidents.triage.actions import triage
from incidents.triage.answers import TriageAnswers
from tests.cast import Cast
from tests.governors.attack import Attack, narrowed
from tests.governors.counting import TERM
from tests.triage.recorded import LESSON, record

PLAIN = Recorded(Direction.PUPIL_TO_PUPIL, four_cs=FourCs.CONDUCT)


def told(incidents: list[Recorded], table: str) -> dict[str, str]:
    return {row: shown.text for row, shown in figures_of(incidents, [], term=TERM).tables[table].items()}


def test_each_kind_has_its_place_and_the_table_a_rest() -> None:
    assert set(FOUR_CS_ROWS) == set(FourCs)
    assert None in FOUR_CS_ROWS.values()
    assert set(MOTIVE_GROUPS) < MOTIVES


def test_an_incident_with_several_motives_counts_in_each_kind_once() -> None:
    several = replace(PLAIN, motives=frozenset({"race", "religion_or_belief", "sex"}))
    assert told([several] * 10, "motives") == {"sex": "10", "race": "10", "disability": "<5"}


def test_motives_of_the_rest_are_never_told() -> None:
    others = replace(PLAIN, motives=frozenset({"age", "dependants", "marital_status", "marriage_or_civil_partnership"}))
    assert set(told([others] * 20, "motives").values()) == {"<5"}


def test_kinds_exclude_each_other_and_the_fourth_is_in_the_rest() -> None:
    sold = replace(PLAIN, four_cs=FourCs.COMMERCE)
    assert told([PLAIN] * 12 + [sold] * 9, "four_cs") == {"conduct": "10", "content": "<5", "contact": "<5"}


@pytest.mark.parametrize("many", [0, 3, 4])
def test_a_hidden_motive_stays_any_of_five(many: int) -> None:
    moved = replace(PLAIN, motives=frozenset({"race", "disability"}))
    attack = Attack()
    attack.read(figures_of([PLAIN] * 16 + [moved] * many, [], term=TERM).cells())
    assert narrowed(attack) == {}


def published_before() -> str:
    """A report in the form that knew no kinds."""
    plain = json.loads(figures_of([PLAIN] * 20, [], term=TERM).to_json())
    cells = {name: plain["cells"][name] for name in CELLS_OF[FORMAT_WITHOUT_KINDS]}
    return json.dumps(plain | {"format": FORMAT_WITHOUT_KINDS, "cells": cells}, sort_keys=True, separators=(",", ":"))


def test_a_report_that_was_published_before_is_read_as_it_was_to_the_byte() -> None:
    figures = Figures.from_json(published_before())
    assert figures.to_json() == published_before()
    assert not known(figures, "motives")
    assert rows(figures, "directions")
    assert summary(figures)


def test_an_old_form_with_a_new_figure_in_it_is_not_read() -> None:
    plain = json.loads(published_before())
    with pytest.raises(ValueError, match="doesn't know"):
        Figures.from_json(json.dumps(plain | {"cells": plain["cells"] | {"motives.race": "5"}}))


def test_what_triage_kept_is_what_the_report_counts(cast: Cast) -> None:
    with cast.here():
        incident = record(cast, happened=LESSON, control=Control.ON_SITE)
        answers = TriageAnswers(Direction.PUPIL_TO_PUPIL, motives=("sex", "race"), four_cs=FourCs.CONDUCT)
        with writing():
            triage(incident, answers, by=cast.viewer("head"), at=clock.now())
        [counted] = incidents_of(TERM, calendar(), clock.now())
    assert (counted.four_cs, counted.motives) == (FourCs.CONDUCT, {"sex", "race"})
