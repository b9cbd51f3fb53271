"""What the record suggests, and what a triage needs before it can be decided."""

from dataclasses import replace

import pytest

from incidents.matters.directions import direction_of
from incidents.recording.hours import Control, ControlFinding, SchoolTime, TimeFinding
from incidents.recording.words import Direction, Method, PersonKind
from incidents.triage.action_tests import Answer, Reasonable, ReasonableAnswer, TestAnswer, TestName
from incidents.triage.answers import Circumstances, TriageAnswers
from incidents.triage.questions import QuestionName, YesNo
from tests.triage.power_cases import GROUNDS, people

DIRECTIONS = [
    ("2 pupil", ["pupil"], "group_chat", "pupil_to_pupil"),
    ("1 pupil", ["staff"], "fake_account", "pupil_to_staff"),
    ("1 pupil", [], "poll", "pupil_to_pupil"),
    ("1 parent", ["staff"], "website_comment", "parent_to_staff"),
    ("1 parent", ["parent"], "group_chat", "parent_to_parent"),
    ("1 parent", ["pupil"], "website_comment", "parent_to_child"),
    ("1 parent", [], "website_comment", "parent_to_staff"),
    ("1 parent", ["staff"], "school_account_comment", "comment_on_school_account"),
    ("1 staff", [], "photos_or_video", "staff_conduct"),
    ("1 staff", ["staff"], "group_chat", "staff_to_staff"),
    ("1 staff", ["pupil"], "direct_message", "staff_contact"),
    ("1 staff, 1 pupil", ["pupil"], "group_chat", "staff_contact"),
    ("1 staff", [], "school_account_comment", "staff_conduct"),
    ("1 volunteer", [], "website_comment", "governor_or_volunteer"),
    ("1 public", ["pupil"], "gaming_chat", "stranger_to_pupil"),
    ("1 unknown", ["pupil"], "fake_account", "unknown_author"),
    ("", ["pupil"], "fake_account", "unknown_author"),
    ("", ["staff"], "school_account_comment", "comment_on_school_account"),
]


@pytest.mark.parametrize(("alleged", "targets", "method", "expected"), DIRECTIONS)
def test_the_record_suggests_a_direction(alleged, targets, method, expected):
    assert direction_of(people(alleged), {PersonKind(kind) for kind in targets}, Method(method)) == expected


AT_HOME = Circumstances(
    time=TimeFinding(SchoolTime.OUT_OF_HOURS, "School ended at 15:20."),
    control=ControlFinding(Control.OFF_SITE, "They were at home."),
    alleged={PersonKind.PUPIL: 1},
    targets=frozenset({PersonKind.PUPIL}),
    method=Method.GROUP_CHAT,
    grounds=GROUNDS,
    nation="england",
)
IN_SCHOOL = replace(
    AT_HOME,
    time=TimeFinding(SchoolTime.IN_HOURS, "School ran."),
    control=ControlFinding(Control.ON_SITE, "They were in school."),
)
ANSWERED = TriageAnswers(
    Direction.PUPIL_TO_PUPIL,
    tests={test: TestAnswer(Answer.MET, (), "It did.") for test in TestName},
    reasonable=ReasonableAnswer(Reasonable.YES, ("reaches_into_school",)),
)
BARE = TriageAnswers(Direction.PUPIL_TO_PUPIL)


def test_off_site_nothing_answered_lists_every_question():
    assert list(AT_HOME.missing(BARE)) == ["running", "threat", "reputation", "reasonable"]


def test_off_site_everything_answered_leaves_nothing():
    assert AT_HOME.missing(ANSWERED) == {}


def test_in_school_nothing_need_be_answered():
    assert IN_SCHOOL.missing(BARE) == {}


def test_answers_to_questions_that_are_not_asked_count_for_nothing():
    facts = IN_SCHOOL.facts(ANSWERED)
    assert (facts.answers, facts.reasonable) == ({}, None)


def test_staff_conduct_asks_the_harm_threshold_and_says_so():
    staff = replace(AT_HOME, alleged={PersonKind.STAFF: 1})
    assert staff.missing(TriageAnswers(Direction.STAFF_CONDUCT)) == {
        "harm_threshold": "Could a child be harmed? Choose yes, no or not sure."
    }
    answered = TriageAnswers(Direction.STAFF_CONDUCT, single={QuestionName.HARM_THRESHOLD: YesNo.NO})
    assert staff.missing(answered) == {}
