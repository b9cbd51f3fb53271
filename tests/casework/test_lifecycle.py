"""What can become of an incident, a case and a step is a table, and the drawing in the documents is that table."""

from dataclasses import replace
from pathlib import Path

import pytest

from incidents.access import Right
from incidents.casework.closing import ClosingFacts
from incidents.casework.lifecycle import CASE, REASON_WANTED, STEP, CaseFacts, StepFacts, document, main, mermaid
from incidents.casework.words import Finding, Outcome, Records
from incidents.casework.workflow import load
from incidents.recording.lifecycle import INCIDENT, IncidentFacts

PAGE = Path(__file__).parents[2] / "docs" / "lifecycles.md"
LIVES = [INCIDENT, CASE, STEP]
BLANK = CaseFacts(ClosingFacts(load("pupil_to_pupil")))
REASONED = replace(BLANK, reason="New screenshots came in.")


def test_the_page_in_the_documents_is_drawn_from_the_tables():
    assert PAGE.read_text(encoding="utf-8") == document(), (
        "run: python -m incidents.casework.lifecycle > docs/lifecycles.md"
    )


def test_the_module_prints_the_page():
    printed = []
    main(printed.append)
    assert printed == [document()]


@pytest.mark.parametrize("life", LIVES, ids=lambda life: life.thing)
def test_a_lifecycle_begins_once_and_reaches_every_state(life):
    assert [move.came_from for move in life.moves].count(None) == 1
    assert {move.to for move in life.moves} == set(life.states) == set(life.instead)


@pytest.mark.parametrize("life", LIVES, ids=lambda life: life.thing)
def test_no_state_is_a_dead_end(life):
    assert {move.came_from for move in life.moves} - {None} == set(life.states)


@pytest.mark.parametrize("life", LIVES, ids=lambda life: life.thing)
def test_a_verb_leads_from_a_state_to_one_state_only(life):
    starts = [(move.verb, move.came_from) for move in life.moves]
    assert len(starts) == len(set(starts))


def test_the_drawing_has_an_arrow_for_every_move():
    drawn = mermaid(STEP)
    assert "todo --> todo: hand over, change date" in drawn
    assert "[*] --> todo: plan" in drawn
    assert drawn.startswith('stateDiagram-v2\n    state "To do" as todo\n')


@pytest.mark.parametrize(
    ("verb", "state", "facts", "reason"),
    [
        ("close", "closed", BLANK, "The case is closed. Reopen it first."),
        ("add_note", "closed", BLANK, "The case is closed. Reopen it first."),
        ("record_outcome", "closed", BLANK, "The case is closed. Reopen it first."),
        ("reopen", "open", REASONED, "The case is open already."),
        ("reopen", "closed", BLANK, REASON_WANTED),
        ("record_finding", "open", REASONED, "Choose one of the findings that this kind of case has."),
        ("record_finding", "open", replace(BLANK, new_finding=Finding.CONFLICT), REASON_WANTED),
        ("record_outcome", "open", BLANK, "There is no finding yet: say what is established."),
        ("close", "open", BLANK, "There is no finding yet: say what is established."),
    ],
)
def test_what_can_not_be_done_with_a_case_says_why(verb, state, facts, reason):
    assert reason in CASE.reasons_not_to(verb, state, facts)


@pytest.mark.parametrize(
    ("verb", "state", "facts"),
    [
        ("reopen", "closed", REASONED),
        ("add_note", "open", BLANK),
        ("assign", "open", BLANK),
        ("link_incident", "open", BLANK),
        ("record_finding", "open", replace(REASONED, new_finding=Finding.CONFLICT)),
        (
            "record_outcome",
            "open",
            CaseFacts(replace(BLANK.closing, finding=Finding.CONFLICT, outcomes=frozenset({Outcome.RESTORATIVE}))),
        ),
    ],
)
def test_what_can_be_done_with_a_case_has_no_reason_against_it(verb, state, facts):
    assert CASE.reasons_not_to(verb, state, facts) == []


GIVEN = StepFacts(reason="Nobody else saw it.")


@pytest.mark.parametrize(
    ("verb", "state", "facts", "reasons"),
    [
        ("do", "todo", StepFacts(), []),
        ("do", "done", StepFacts(), ["The step is done already. Take it up again first."]),
        ("do", "skipped", StepFacts(), ["The step was put aside as not needed. Take it up again first."]),
        ("do", "todo", StepFacts(case_open=False), ["The case is closed. Reopen it first."]),
        ("do", "todo", StepFacts(waits_for="Finding"), ["It starts after “Finding”, which is not done yet."]),
        (
            "do",
            "todo",
            StepFacts(records=Records.FINDING),
            ["Record the finding first: this step is done when it is on the case."],
        ),
        ("do", "todo", StepFacts(records=Records.FINDING, recorded=frozenset({Records.FINDING})), []),
        ("skip", "todo", GIVEN, []),
        ("skip", "todo", replace(GIVEN, waits_for="Finding"), []),
        ("skip", "todo", StepFacts(), [REASON_WANTED]),
        ("skip", "todo", StepFacts(reason="  "), [REASON_WANTED]),
        (
            "skip",
            "todo",
            replace(GIVEN, records=Records.OUTCOME),
            ["A case always needs its outcome, so this step can’t be left out."],
        ),
        ("take_up_again", "done", GIVEN, []),
        ("take_up_again", "skipped", GIVEN, []),
        ("take_up_again", "todo", GIVEN, ["The step is still to do."]),
        ("take_up_again", "done", StepFacts(), [REASON_WANTED]),
        ("hand_over", "todo", StepFacts(), []),
        ("hand_over", "todo", StepFacts(someone_chosen=False), ["Choose who does it."]),
        ("change_date", "todo", StepFacts(), [REASON_WANTED]),
    ],
)
def test_what_can_be_done_with_a_step(verb, state, facts, reasons):
    assert STEP.reasons_not_to(verb, state, facts) == reasons


@pytest.mark.parametrize(
    ("verb", "state", "facts", "reasons"),
    [
        ("put_in_case", "recorded", IncidentFacts(), []),
        (
            "put_in_case",
            "recorded",
            IncidentFacts(other_case_closed=True),
            ["The case you chose is closed. Reopen it first, or choose another."],
        ),
        ("put_in_case", "in_case", IncidentFacts(reason="x"), ["This incident is in a case already."]),
        ("put_in_case", "no_further_action", IncidentFacts(), []),
        ("take_no_action", "recorded", IncidentFacts(reason="A joke between friends."), []),
        ("take_no_action", "in_case", IncidentFacts("x"), ["This incident is in a case already."]),
        ("take_no_action", "no_further_action", IncidentFacts("x"),
         ["It was decided already that nothing more is to be done."]),
        ("take_out", "in_case", IncidentFacts("It belongs to another."), []),
        ("take_out", "in_case", IncidentFacts("x", case_closed=True), ["Its case is closed. Reopen the case first."]),
        ("take_out", "in_case", IncidentFacts("x", last_of_case=True),
         ["A case needs an incident. Close the case instead."]),
        ("take_out", "recorded", IncidentFacts("x"), ["Nobody has decided on this incident yet."]),
    ],
)  # fmt: skip
def test_what_can_be_decided_on_an_incident(verb, state, facts, reasons):
    assert INCIDENT.reasons_not_to(verb, state, facts) == reasons


@pytest.mark.parametrize(("verb", "state"), [("take_no_action", "recorded"), ("take_out", "in_case")])
def test_no_further_action_and_taking_out_need_their_reason(verb, state):
    assert len(INCIDENT.reasons_not_to(verb, state, IncidentFacts())) == 1


@pytest.mark.parametrize(
    ("life", "verb", "state", "right", "may"),
    [
        (CASE, "close", "open", Right.DECIDE, True),
        (CASE, "close", "open", Right.WORK, False),
        (CASE, "close", "closed", Right.DECIDE, False),
        (STEP, "do", "todo", Right.DO_OWN_STEPS, True),
        (STEP, "skip", "todo", Right.DO_OWN_STEPS, False),
        (INCIDENT, "take_no_action", "recorded", Right.SAFEGUARD, False),
    ],
)
def test_who_may_is_apart_from_what_may_be_done_now(life, verb, state, right, may):
    assert life.may(verb, state, {right}) == may


def test_a_verb_that_no_table_knows_is_a_mistake_of_ours():
    with pytest.raises(KeyError, match="the lifecycle of a case has no burn"):
        CASE.reasons_not_to("burn", "open", BLANK)
