"""A case closes when everything is done, found and answered, and says what is missing until then."""

from dataclasses import replace

import pytest

from incidents.casework.closing import ClosingFacts, StepFact, reasons_against_outcomes, reasons_not_to_close
from incidents.casework.words import Finding, Outcome, StepState
from incidents.casework.workflow import load
from incidents.schools import jurisdiction
from incidents.schools.jurisdiction import Nation, SchoolType

PUPILS, STAFF, PARENTS = load("pupil_to_pupil"), load("staff_breach"), load("parents_post")
CHECKS = jurisdiction.load(Nation.ENGLAND, SchoolType.MAINTAINED).sanction_checks


def steps_of(workflow, state=StepState.DONE, words="Done."):
    return tuple(StepFact(plan.key, plan.title, state, words) for plan in workflow.steps)


READY = ClosingFacts(
    workflow=PUPILS,
    steps=steps_of(PUPILS),
    finding=Finding.CONFIRMED_BULLYING,
    outcomes=frozenset({Outcome.SUPPORT_TARGET}),
    checks=CHECKS,
)


def with_step(key, state, words=""):
    return tuple(replace(step, state=state, words=words) if step.key == key else step for step in READY.steps)


def test_a_case_with_everything_done_may_close():
    assert reasons_not_to_close(READY) == []


MISSING = [
    ({"steps": with_step("parents", StepState.TODO)}, "“Tell both sets of parents” is still to do"),
    ({"steps": with_step("parents", StepState.SKIPPED, " ")}, "“Tell both sets of parents” was put aside without"),
    ({"steps": with_step("review_target", StepState.TODO)}, "“Review with the target” is still to do: ask whether"),
    ({"steps": with_step("review_target", StepState.SKIPPED)}, "“Review with the target” was put aside without"),
    ({"steps": READY.steps[:-1]}, "This kind of case has a review"),
    ({"finding": None}, "There is no finding yet"),
    ({"finding": Finding.MALICIOUS}, "The finding is not one that this kind of case has"),
    ({"without_finding": ("Zara Hussain",)}, "There is no finding yet about Zara Hussain"),
    ({"outcomes": frozenset()}, "There is no outcome yet"),
    ({"outcomes": frozenset({Outcome.DISMISSAL})}, "One of the outcomes is not one that this kind"),
    ({"outcomes": frozenset({Outcome.NO_ACTION, Outcome.SUPPORT_TARGET})}, "“No action” stands alone"),
    ({"outcomes": frozenset({Outcome.PUPIL_WARNED}), "finding": Finding.NOT_UPHELD}, "The finding does not establish"),
]


@pytest.mark.parametrize(("change", "reason"), MISSING)
def test_a_case_stays_open_and_says_the_one_thing_that_is_missing(change, reason):
    reasons = reasons_not_to_close(replace(READY, **change))
    assert len(reasons) == 1
    assert reasons[0].startswith(reason)


def test_a_step_put_aside_with_a_reason_does_not_hold_a_case_open():
    facts = replace(READY, steps=with_step("review_target", StepState.SKIPPED, "The pupil has moved abroad."))
    assert reasons_not_to_close(facts) == []


def test_every_reason_is_told_at_once():
    untouched = replace(READY, steps=steps_of(PUPILS, StepState.TODO, ""), finding=None, outcomes=frozenset())
    assert len(reasons_not_to_close(untouched)) == len(PUPILS.steps) + 2


def test_a_parents_case_has_no_review_to_wait_for():
    facts = ClosingFacts(PARENTS, steps_of(PARENTS), Finding.UPHELD, outcomes=frozenset({Outcome.PARENTS_MET}))
    assert reasons_not_to_close(facts) == []


@pytest.mark.parametrize("unticked", [check.key for check in CHECKS])
def test_a_sanction_waits_for_each_statement_of_the_check_list(unticked):
    ticked = {check.key for check in CHECKS} - {unticked}
    facts = replace(READY, outcomes=frozenset({Outcome.SANCTION}), ticked=ticked)
    text = next(check.text for check in CHECKS if check.key == unticked)
    assert reasons_against_outcomes(facts) == [f"Before a sanction, this must be so: {text}"]


def test_a_sanction_with_the_whole_list_answered_stands():
    facts = replace(READY, outcomes=frozenset({Outcome.SANCTION}), ticked={check.key for check in CHECKS})
    assert reasons_not_to_close(facts) == []


@pytest.mark.parametrize("outcome", [Outcome.SUSPENSION, Outcome.EXCLUSION])
def test_suspension_and_exclusion_do_not_use_the_check_list_of_a_sanction(outcome):
    facts = replace(READY, outcomes=frozenset({outcome}), ticked={check.key for check in CHECKS})
    reasons = reasons_against_outcomes(facts)
    assert "Only the headteacher, or whoever acts as headteacher, may decide it." in reasons
    assert not [reason for reason in reasons if reason.startswith("Before a sanction")]


@pytest.mark.parametrize(
    ("finding", "stands"),
    [("substantiated", True), ("malicious", False), ("false", False), ("unsubstantiated", False), ("unfounded", False)],
)
def test_a_warning_to_staff_rests_only_on_what_is_substantiated(finding, stands):
    facts = ClosingFacts(STAFF, steps_of(STAFF), Finding(finding), outcomes=frozenset({Outcome.WRITTEN_WARNING}))
    assert (reasons_not_to_close(facts) == []) == stands


@pytest.mark.parametrize("finding", ["malicious", "false", "unsubstantiated", "unfounded"])
def test_support_and_advice_need_no_finding_against_anyone(finding):
    outcomes = frozenset({Outcome.ADVICE, Outcome.SUPPORT_STAFF})
    assert reasons_against_outcomes(ClosingFacts(STAFF, steps_of(STAFF), Finding(finding), outcomes=outcomes)) == []
