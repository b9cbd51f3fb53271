"""The three tests: every answer needs its reason."""

import pytest

from incidents.triage.action_tests import (
    CONSIDERATIONS,
    QUESTIONS,
    REASONS,
    TITLES,
    Answer,
    Reasonable,
    ReasonableAnswer,
    TestAnswer,
    TestName,
    considered_phrases,
    missing_reasons,
    reason_words,
)

NOTHING = ("nothing_points_to_it",)
GOOD = {
    TestName.RUNNING: TestAnswer(Answer.MET, ("many_joined_in",)),
    TestName.THREAT: TestAnswer(Answer.NOT_MET, NOTHING),
    TestName.REPUTATION: TestAnswer(Answer.UNCLEAR, (), "A closed group so far."),
}

ROWS = [
    ("met with a ticked reason", TestAnswer(Answer.MET, ("words_of_threat",)), None),
    ("met in own words", TestAnswer(Answer.MET, (), "He said where he would wait."), None),
    ("not met with nothing ticked", TestAnswer(Answer.NOT_MET), "threat_reasons"),
    ("not met with a reason for met", TestAnswer(Answer.NOT_MET, ("words_of_threat",)), "threat_reasons"),
    ("met with a reason for not met", TestAnswer(Answer.MET, NOTHING), "threat_reasons"),
    ("met with only spaces", TestAnswer(Answer.MET, (), "   "), "threat_reasons"),
    ("met with a reason of another test", TestAnswer(Answer.MET, ("many_joined_in",)), "threat_reasons"),
    ("not answered", None, "threat"),
]


@pytest.mark.parametrize(("name", "answer", "field"), ROWS, ids=[row[0] for row in ROWS])
def test_each_test_needs_an_answer_and_each_answer_a_reason_that_fits(name, answer, field):
    answers = {test: given for test, given in {**GOOD, TestName.THREAT: answer}.items() if given}
    assert list(missing_reasons(answers)) == ([field] if field else [])


REASONABLE_ROWS = [
    (None, ["reasonable"]),
    (ReasonableAnswer(Reasonable.YES, ("reaches_into_school",)), []),
    (ReasonableAnswer(Reasonable.YES), ["considered"]),
    (ReasonableAnswer(Reasonable.NO, ("reaches_into_school",)), ["considered"]),
    (ReasonableAnswer(Reasonable.NO, (), "It happened once, far from school."), []),
    (ReasonableAnswer(Reasonable.UNCLEAR, (), "We do not know whose phone it was."), []),
]


@pytest.mark.parametrize(("given", "fields"), REASONABLE_ROWS)
def test_reasonable_needs_a_reason_too_when_it_is_asked(given, fields):
    assert list(missing_reasons(GOOD, given, reasonable_asked=True)) == fields


def test_reasonable_is_not_missed_when_it_is_not_asked():
    assert missing_reasons(GOOD) == {}


def test_a_message_says_which_test_and_what_to_do():
    message = missing_reasons({**GOOD, TestName.THREAT: TestAnswer(Answer.NOT_MET)})["threat_reasons"]
    assert message == "Threat: say why it is not met. Tick a reason or write your own."


def test_every_test_has_a_title_a_question_and_reasons_for_each_answer():
    assert set(TITLES) == set(QUESTIONS) == set(REASONS) == set(TestName)
    assert all({each.answer for each in REASONS[test]} == set(Answer) for test in TestName)


def test_keys_of_reasons_are_never_used_twice_in_one_list():
    for listed in [*REASONS.values(), CONSIDERATIONS]:
        assert len({each.key for each in listed}) == len(listed)


def test_what_was_ticked_is_said_in_the_order_of_the_list_and_strange_keys_are_silent():
    assert reason_words(TestName.RUNNING, ("families_worried", "?", "many_joined_in")) == [
        "Many pupils joined in or saw it",
        "Other families are worried",
    ]
    assert considered_phrases(("?", "reaches_into_school")) == ["it reaches into school"]
