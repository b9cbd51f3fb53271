"""The six workflows are whole, and a file with a mistake in it says where."""

import re

import pytest

from incidents.casework import workflow
from incidents.casework.deadlines import Limit, LimitUnit
from incidents.casework.words import (
    BAND_LABELS,
    BANDS,
    DOCUMENT_LABELS,
    FINDING_LABELS,
    OUTCOME_LABELS,
    PUPIL_EXCLUSIONS,
    PUPIL_SANCTIONS,
    STAFF_DISCIPLINE,
    STEP_ROLE_LABELS,
    Document,
    Finding,
    Outcome,
    Records,
    StepRole,
)
from incidents.casework.workflow import WorkflowWrong, in_words_of, load, parse, read_limit, suggest
from incidents.recording.words import Direction
from incidents.schools import jurisdiction
from incidents.schools.jurisdiction import Nation, SchoolType

SIX = [
    "pupil_to_pupil",
    "staff_as_target",
    "staff_breach",
    "parents_post",
    "school_account_comment",
    "school_account_consent",
]

GOOD = """
key = "x"
version = "1"
title = "A title"
who_for = "Somebody"
findings = ["upheld"]
outcomes = ["no_action"]

[[step]]
key = "first"
title = "First"
what = "Do it with the {dsl_short}."
role = "owner"
limit = "5 school days"
starts = "opened"
safety = false
produces = "nothing"
records = "finding"
confirm = true

[[step]]
key = "second"
title = "Second"
what = "Do it."
role = "owner"
starts = "after:first"
safety = false
produces = "nothing"
records = "outcome"
confirm = false
"""

MISTAKES = [
    ('title = "A title"\n', "", "x.toml: title is missing"),
    ('title = "A title"', 'title = "A title"\ncolour = "red"', "x.toml: colour is not a key that is known here"),
    ('title = "A title"', 'title = " "', "x.toml: title is empty"),
    ('title = "A title"', "title = 5", "x.toml: title must be text"),
    ('["upheld"]', '["guilty"]', "x.toml: findings can’t be used: 'guilty'"),
    ('["upheld"]', "[]", "x.toml: findings needs one or more words"),
    ('["upheld"]', '["upheld", "upheld"]', "x.toml: findings needs one or more words, each of them once"),
    ('["upheld"]', '"upheld"', "x.toml: findings must be a list of words"),
    ("[[step]]", "[[steps]]", "x.toml: step is missing"),
    ('title = "First"\n', "", "x.toml, step first: title is missing"),
    ('title = "First"', 'title = "First"\nwho = "me"', "x.toml, step first: who is not a key that is known here"),
    (
        'limit = "5 school days"',
        'limit = "5"',
        "x.toml, step first: limit can’t be used: '5' is not a number and a unit",
    ),
    ('limit = "5 school days"', 'limit = "5 moons"', "x.toml, step first: limit can’t be used: '5 moons'"),
    ('limit = "5 school days"', "limit = 5", "x.toml, step first: limit must be text"),
    ('"after:first"', '"after:third"', "x.toml, step second: starts after 'third', and no step above it has that key"),
    ('"after:first"', '"after:second"', "x.toml, step second: starts after 'second'"),
    ('"after:first"', '"soon"', "x.toml, step second: starts is 'soon'"),
    ("safety = false", "safety = true", "x.toml, step first: limit counts school days, and a safety clock runs"),
    ("confirm = false", "confirm = 0", "x.toml, step second: confirm must be true or false"),
    ('key = "second"', 'key = "first"', "x.toml: there are two steps with the key first"),
    ('records = "outcome"', 'records = "nothing"', "x.toml: exactly one step must have records = 'outcome'"),
    ("{dsl_short}", "{queen}", "x.toml, step first: what holds {queen}, which no school has a word for"),
    ('key = "x"', 'key = "x"\nreview = "third"', "x.toml: review names 'third', and no step has that key"),
    ('key = "x"', "key = ", "x.toml can’t be read"),
]


@pytest.mark.parametrize("key", SIX)
def test_each_of_the_six_workflows_can_be_read_and_is_named_as_its_file(key):
    assert load(key).key == key


def test_there_are_six_workflows_and_a_file_for_each_and_no_other():
    assert sorted(workflow.keys()) == sorted(SIX) == sorted(path.stem for path in workflow.FOLDER.iterdir())


def test_the_sample_without_a_mistake_is_taken():
    assert [plan.key for plan in parse(GOOD, "x.toml").steps] == ["first", "second"]


@pytest.mark.parametrize(("good", "bad", "message"), MISTAKES)
def test_a_mistake_in_a_file_is_told_with_the_file_and_the_key(good, bad, message):
    assert good in GOOD
    with pytest.raises(WorkflowWrong, match="^" + re.escape(message)):
        parse(GOOD.replace(good, bad, 1) if good != "[[step]]" else GOOD.replace(good, bad), "x.toml")


@pytest.mark.parametrize("key", ["", "../words", "made_up"])
def test_a_workflow_that_is_not_one_of_the_six_is_refused(key):
    with pytest.raises(WorkflowWrong, match="There is no workflow"):
        load(key)


@pytest.mark.parametrize(
    ("words", "limit"),
    [
        ("0 days", Limit(0, LimitUnit.DAYS)),
        ("1 day", Limit(1, LimitUnit.DAYS)),
        ("72 hours", Limit(72, LimitUnit.HOURS)),
        ("5 school days", Limit(5, LimitUnit.SCHOOL_DAYS)),
        ("1 working day", Limit(1, LimitUnit.WORKING_DAYS)),
    ],
)
def test_a_limit_is_read_as_a_person_would_say_it(words, limit):
    assert read_limit(words) == limit


@pytest.mark.parametrize(
    ("direction", "key"),
    [
        ("pupil_to_pupil", "pupil_to_pupil"),
        ("pupil_to_staff", "staff_as_target"),
        ("parent_to_staff", "parents_post"),
        ("parent_to_parent", "parents_post"),
        ("parent_to_child", "parents_post"),
        ("staff_conduct", "staff_breach"),
        ("staff_to_staff", "staff_breach"),
        ("staff_contact", "staff_breach"),
        ("governor_or_volunteer", "staff_breach"),
        ("stranger_to_pupil", "pupil_to_pupil"),
        ("comment_on_school_account", "school_account_comment"),
        ("school_account", "school_account_consent"),
        ("unknown_author", "pupil_to_pupil"),
    ],
)
def test_each_direction_has_the_workflow_that_usually_fits(direction, key):
    assert suggest(Direction(direction)) == key


def test_no_direction_is_left_without_a_suggestion():
    assert set(workflow.SUGGESTED) == set(Direction)


@pytest.mark.parametrize(
    ("key", "step", "limit", "safety"),
    [
        ("pupil_to_pupil", "evidence", "the same day", True),
        ("pupil_to_pupil", "account_target", "5 school days", False),
        ("pupil_to_pupil", "parents", "5 school days", False),
        ("pupil_to_pupil", "platform", "1 day", True),
        ("pupil_to_pupil", "review_target", "10 school days", False),
        ("staff_as_target", "acknowledge", "1 working day", False),
        ("staff_as_target", "review_target", "10 working days", False),
        ("staff_breach", "threshold", "1 working day", True),
        ("staff_breach", "facts", "5 working days", False),
        ("staff_breach", "investigation", "20 working days", False),
        ("staff_breach", "hearing_notice", "10 working days", False),
        ("staff_breach", "outcome_letter", "5 working days", False),
        ("staff_breach", "appeal", "10 working days", False),
        ("parents_post", "reassure", "1 school day", False),
        ("parents_post", "meet", "5 school days", False),
        ("parents_post", "platform", "3 days", True),
        ("school_account_comment", "hide", "the same day", True),
        ("school_account_consent", "remove", "the same day", True),
        ("school_account_consent", "tell_dpo", "the same day", True),
        ("school_account_consent", "regulator", "72 hours", True),
    ],
)
def test_the_usual_limits_are_those_of_the_domain(key, step, limit, safety):
    plan = load(key).step(step)
    assert (plan.limit.in_words(), plan.safety) == (limit, safety)


@pytest.mark.parametrize("key", SIX)
def test_a_usual_time_is_marked_to_confirm_but_for_the_one_that_is_statutory_guidance(key):
    for plan in load(key).steps:
        assert plan.confirm == (plan.limit is not None and plan.key != "threshold")


@pytest.mark.parametrize("key", ["parents_post", "school_account_comment", "school_account_consent"])
def test_nobody_is_punished_over_whom_the_school_has_no_power(key):
    assert not set(load(key).outcomes) & (
        PUPIL_SANCTIONS | PUPIL_EXCLUSIONS | STAFF_DISCIPLINE | {Outcome.PUPIL_WARNED}
    )


def test_pupils_are_not_disciplined_as_staff_nor_staff_as_pupils():
    assert not set(load("pupil_to_pupil").outcomes) & STAFF_DISCIPLINE
    assert not set(load("staff_breach").outcomes) & (PUPIL_SANCTIONS | PUPIL_EXCLUSIONS)


def test_allegations_against_staff_end_in_one_of_the_five_findings():
    assert set(load("staff_breach").findings) == {"substantiated", "malicious", "false", "unsubstantiated", "unfounded"}


def test_the_target_is_asked_again_where_there_is_one():
    assert {key for key in SIX if load(key).review} == {"pupil_to_pupil", "staff_as_target"}


@pytest.mark.parametrize("key", SIX)
@pytest.mark.parametrize("nation", list(Nation))
def test_each_nation_hears_its_own_words_in_every_step(key, nation):
    term = jurisdiction.load(nation, SchoolType.MAINTAINED).term
    told = [in_words_of(term, text) for plan in load(key).steps for text in (plan.title, plan.what)]
    assert not [text for text in told if "{" in text]


@pytest.mark.parametrize("key", SIX)
def test_no_step_speaks_of_victims_perpetrators_or_submitting(key):
    assert not re.search(r"victim|perpetrator|submi", (workflow.FOLDER / f"{key}.toml").read_text().lower())


@pytest.mark.parametrize(
    ("words", "labels"),
    [
        (Finding, FINDING_LABELS),
        (Outcome, OUTCOME_LABELS),
        (Outcome, BANDS),
        (StepRole, STEP_ROLE_LABELS),
        (Document, DOCUMENT_LABELS),
    ],
)
def test_every_word_has_its_label(words, labels):
    assert set(labels) == set(words)


def test_every_band_is_used_and_named():
    assert set(BANDS.values()) == set(BAND_LABELS)


def test_every_finding_and_outcome_belongs_to_a_workflow():
    flows = [load(key) for key in SIX]
    assert {finding for flow in flows for finding in flow.findings} == set(Finding)
    assert {outcome for flow in flows for outcome in flow.outcomes} == set(Outcome)


def test_a_step_that_is_not_there_is_an_error_in_words():
    with pytest.raises(KeyError, match="pupil_to_pupil has no step made_up"):
        load("pupil_to_pupil").step("made_up")


def test_the_finding_is_a_step_apart_from_the_outcome():
    steps = {plan.records: plan.key for plan in load("pupil_to_pupil").steps}
    assert steps[Records.FINDING] != steps[Records.OUTCOME]
