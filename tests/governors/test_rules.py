"""The rules that were said to be broken, in the report: named from five, never more than was printed."""

import json

import pytest

from incidents.governors.disclosure import FORMAT_WITHOUT_KINDS, Counts, Figures
from incidents.governors.figures import Recorded, figures_of
from incidents.governors.findings import NO_RULE, TOO_FEW_WORDS, broken, no_rules
from incidents.recording.words import Direction
from tests.citations.rules import adopt
from tests.citations.test_citing import cite
from tests.governors.counting import TERM
from tests.governors.test_kinds import published_before
from tests.triage.recorded import record

ONE, OTHER = "Social media, 4.1", "Code of conduct, 2"


def told(*several: tuple[int, set[str]]) -> Figures:
    rows = [Recorded(Direction.PUPIL_TO_PUPIL, broken=frozenset(rules)) for many, rules in several for _ in range(many)]
    return figures_of(rows, [], term=TERM)


NAMED = [
    (((12, {ONE}), (4, {OTHER})), [(ONE, "10")]),
    (((7, {ONE, OTHER}), (9, {OTHER})), [(OTHER, "15"), (ONE, "5")]),
    (((16, set()), (4, {ONE})), []),
    (((9, {ONE}),), []),  # a total below 10 is not split
]


@pytest.mark.parametrize(("several", "named"), NAMED)
def test_a_rule_is_named_from_five_incidents_rounded_down(several, named):
    assert [(rule, shown.text) for rule, shown, _, _ in broken(told(*several))] == named


def test_why_no_rule_is_named_is_said():
    assert no_rules(told((12, {ONE}))) == ""
    assert no_rules(told((12, set()))) == NO_RULE
    assert no_rules(told((9, {ONE}))) == TOO_FEW_WORDS


def test_what_was_published_is_read_again_to_the_byte():
    figures = told((12, {ONE}))
    assert Figures.from_json(figures.to_json()) == figures
    assert "rules.Social media, 4.1" in figures.cells()


def test_a_report_of_the_older_form_names_no_rule():
    plain = json.loads(published_before())
    assert plain["format"] == FORMAT_WITHOUT_KINDS
    with pytest.raises(ValueError, match="doesn't know"):
        Figures.from_json(json.dumps(plain | {"cells": plain["cells"] | {f"rules.{ONE}": "5"}}))


def test_no_rule_is_broken_more_often_than_there_are_incidents():
    with pytest.raises(ValueError, match="larger than its total"):
        Counts(incidents=1, cases=0, steps=0, tables={}, bands={}, rules={ONE: 2})


def test_a_withdrawn_citation_and_context_are_not_counted(cast):
    from incidents.citations import actions
    from incidents.database import writing
    from incidents.governors.facts import incidents_of
    from incidents.schools.queries import calendar

    with cast.here():
        _, [one, other, advice] = adopt(cast, {}, {}, {"force": "advice"})
        incident = record(cast)
        [_, wrong, _] = cite(cast, incident, *(f"clause:{each}" for each in (one, other, advice)))
        by = cast.viewer("head")
        with writing():
            actions.withdraw(incident, wrong.id, "Not this one.", by=by, at=by.at)
        [counted] = incidents_of(TERM, calendar(), by.at)
        assert counted.broken == {"Social media, 4.1"}
