"""Which questions triage asks."""

import pytest

from incidents.matters.directions import DIRECTION_KIND
from incidents.recording.words import Direction, PersonKind
from incidents.triage.questions import (
    ASKED_BY_DIRECTION,
    ASKED_BY_KIND,
    SINGLE_QUESTIONS,
    YesNo,
    questions_for,
)

TESTS, REASONABLE = "tests", "reasonable"
HARM, ACCUSED = "harm_threshold", "identifies_teacher"


def asked(direction, *kinds, nation="england", tests=True, reasonable=True):
    people = [PersonKind(kind) for kind in kinds]
    return list(
        questions_for(Direction(direction), people, nation=nation, tests_asked=tests, reasonable_asked=reasonable)
    )


ROWS = [
    ("a pupil off-site out of hours", "pupil_to_pupil", ["pupil"], {}, [TESTS, REASONABLE]),
    ("a pupil on a trip at night", "pupil_to_pupil", ["pupil"], {"reasonable": False}, [TESTS]),
    ("a pupil in school", "pupil_to_pupil", ["pupil"], {"tests": False, "reasonable": False}, []),
    ("a pupil towards staff", "pupil_to_staff", ["pupil"], {}, [TESTS, REASONABLE]),
    ("a parent's post", "parent_to_staff", ["parent"], {}, [ACCUSED]),
    ("a parent's post in Wales", "parent_to_staff", ["parent"], {"nation": "wales"}, [ACCUSED]),
    ("a parent's post in Scotland", "parent_to_staff", ["parent"], {"nation": "scotland"}, []),
    ("a parent's post in Northern Ireland", "parent_to_staff", ["parent"], {"nation": "northern_ireland"}, []),
    ("a parent's post in Jersey", "parent_to_staff", ["parent"], {"nation": "jersey"}, []),
    ("parent to parent", "parent_to_parent", ["parent"], {}, [ACCUSED]),
    ("staff conduct", "staff_conduct", ["staff"], {}, [HARM]),
    ("staff contact with a pupil", "staff_contact", ["staff"], {}, [HARM]),
    ("staff conduct with nobody named yet", "staff_conduct", [], {}, [HARM]),
    ("a volunteer", "governor_or_volunteer", ["volunteer"], {}, [HARM]),
    ("a stranger", "stranger_to_pupil", ["public"], {}, []),
    ("the school's own account", "school_account", [], {}, []),
    ("staff on the school's own account", "school_account", ["staff"], {}, [HARM]),
    ("nobody knows who", "unknown_author", ["unknown"], {}, [ACCUSED, TESTS, REASONABLE]),
    ("a comment by a parent", "comment_on_school_account", ["parent"], {}, [ACCUSED]),
    ("a comment by a pupil", "comment_on_school_account", ["pupil"], {}, [ACCUSED, TESTS, REASONABLE]),
    ("a pupil though the direction says parent", "parent_to_staff", ["pupil"], {}, [ACCUSED, TESTS, REASONABLE]),
    ("staff though the direction says pupil", "pupil_to_pupil", ["staff"], {}, [HARM]),
    ("a pupil and staff together", "pupil_to_pupil", ["pupil", "staff"], {}, [HARM, TESTS, REASONABLE]),
]


@pytest.mark.parametrize(("name", "direction", "kinds", "more", "expected"), ROWS, ids=[row[0] for row in ROWS])
def test_the_questions_asked_in_their_order(name, direction, kinds, more, expected):
    assert asked(direction, *kinds, **more) == expected


def test_every_direction_and_every_kind_of_person_has_its_row():
    assert set(ASKED_BY_DIRECTION) == set(DIRECTION_KIND) == set(Direction)
    assert set(ASKED_BY_KIND) == set(PersonKind)


def test_being_unsure_about_harm_leads_where_yes_leads():
    then = SINGLE_QUESTIONS["harm_threshold"].then
    assert then[YesNo.YES] in then[YesNo.NOT_SURE]
    assert "within one working day" in then[YesNo.YES]
