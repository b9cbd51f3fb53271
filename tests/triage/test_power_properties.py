"""What must hold of the sentence of power for every combination of facts."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from incidents.recording.hours import Control, SchoolTime
from incidents.recording.words import Direction, PersonKind
from incidents.triage.action_tests import (
    CONSIDERATIONS,
    REASONS,
    Answer,
    Reasonable,
    ReasonableAnswer,
    TestAnswer,
    TestName,
)
from incidents.triage.power import May, PowerFacts, power
from tests.triage.power_cases import GROUNDS

NAMES = ("Quillon", "Brackwater", "Ms Tamsin Orrery", "@nightowl_y6")
OWN_WORDS = st.sampled_from([f"{name} said so" for name in NAMES] + [""])


def reasons(test):
    known = [each.key for each in REASONS[test]]
    return st.lists(st.sampled_from([*known, *NAMES]), max_size=3).map(tuple)


def an_answer_to(test):
    return st.builds(TestAnswer, st.sampled_from(Answer), reasons(test), OWN_WORDS)


considered = st.lists(st.sampled_from([*(each.key for each in CONSIDERATIONS), *NAMES]), max_size=4).map(tuple)
facts_of_any_kind = st.builds(
    PowerFacts,
    direction=st.sampled_from(Direction),
    alleged=st.dictionaries(st.sampled_from(PersonKind), st.integers(0, 30), max_size=4),
    time=st.sampled_from(SchoolTime),
    control=st.sampled_from(Control),
    grounds=st.just(GROUNDS),
    nation=st.sampled_from(["england", "wales", "scotland", "northern_ireland", "jersey"]),
    answers=st.fixed_dictionaries({}, optional={test: an_answer_to(test) for test in TestName}),
    reasonable=st.none() | st.builds(ReasonableAnswer, st.sampled_from(Reasonable), considered, OWN_WORDS),
    day_from=st.none() | st.dates(date(2024, 1, 1), date(2030, 1, 1)),
    found=st.booleans(),
)


@given(facts_of_any_kind)
def test_the_tests_never_give_power_over_anyone_but_pupils(facts):
    decided = power(facts)
    if decided.over is not PersonKind.PUPIL:
        assert decided.relied_on == []
        assert decided.sentence == power(replace(facts, answers={}, reasonable=None)).sentence


@given(facts_of_any_kind)
def test_there_is_never_a_power_to_punish_a_parent_or_the_public(facts):
    decided = power(facts)
    if decided.over in {PersonKind.PARENT, PersonKind.PUBLIC}:
        assert decided.may is May.NO_POWER
        assert "has no power to punish" in decided.in_full


@given(facts_of_any_kind)
def test_adults_under_a_code_are_told_that_the_tests_are_not_the_ground(facts):
    decided = power(facts)
    if decided.over in {PersonKind.STAFF, PersonKind.GOVERNOR, PersonKind.VOLUNTEER}:
        assert "not the three tests" in decided.in_full


@given(facts_of_any_kind)
def test_no_name_that_was_typed_anywhere_is_in_the_sentence_or_the_notes(facts):
    decided = power(facts)
    said = " ".join([decided.in_full, decided.ground, *decided.notes, *decided.reminders, *decided.still_to_answer])
    assert not [name for name in NAMES if name in said]


@given(facts_of_any_kind)
def test_in_hours_and_in_the_school_s_care_the_tests_play_no_part(facts):
    in_care = facts.control in {Control.ON_SITE, Control.SCHOOL_ACTIVITY}
    if facts.time is SchoolTime.IN_HOURS and in_care:
        decided = power(facts)
        assert not facts.tests_asked
        assert (decided.relied_on, decided.asked_again, decided.still_to_answer) == ([], [], [])
        assert decided == power(replace(facts, answers={}, reasonable=None))


@given(facts_of_any_kind)
def test_every_unclear_test_is_asked_again_and_is_never_relied_on(facts):
    decided = power(facts)
    unclear = [test for test in TestName if test in facts.answers and facts.answers[test].answer is Answer.UNCLEAR]
    assert decided.asked_again == (unclear if facts.tests_asked else [])
    assert not set(unclear) & set(decided.relied_on)


@given(facts_of_any_kind)
def test_over_a_pupil_off_site_the_school_acts_only_with_a_test_met_and_reason(facts):
    decided = power(facts)
    if decided.over is PersonKind.PUPIL and decided.may is May.MAY_ACT and facts.reasonable_asked:
        assert decided.relied_on
        assert facts.reasonable is not None
        assert facts.reasonable.answer is Reasonable.YES


@given(facts_of_any_kind)
def test_the_sentence_is_whole_and_well_formed_whatever_the_facts(facts):
    decided = power(facts)
    said = decided.in_full
    assert len(decided.sentence) == 3
    assert all(clause.strip() for clause in decided.sentence)
    assert said.endswith(".")
    assert not [wrong for wrong in (",,", "  ", " ,", " .", "..", ",;", "None", "{") if wrong in said]


@given(facts_of_any_kind)
def test_nobody_is_said_to_have_done_it_as_a_fact_before_there_is_a_finding(facts):
    decided = power(facts)
    if not facts.found and decided.over is not PersonKind.UNKNOWN:
        assert " did " not in decided.in_full
