"""What the school may do, row by row, in a table that a headteacher can read."""
# ruff: noqa: E501  # a table is read along its rows

from datetime import date

import pytest

from tests.triage.power_cases import decide

P2P, P2S = "pupil_to_pupil", "pupil_to_staff"
ACT, NOT, NO, OPEN = "may_act", "may_not_punish", "no_power", "undecided"
R, T, N = "running", "threat", "reputation"

NO_TEST = "none of the three tests is met"
SUPPORT = "must still support the person targeted"
CODE = "The ground is the code of conduct, not the three tests."
NO_PARENT = "The school has no power to punish a parent."
DUTY = "must support the person targeted"
NOT_KNOWN = "nobody knows who did it"
IN_CARE = "so the three tests are not asked"

# tests: running, threat, reputation, each y met, n not met, ? unclear, - not answered. reasonable: the same letters.
# fmt: off
ROWS = [
    # direction, people, time, place, tests, reasonable -> may, over, relied on, it says, it never says
    # A pupil at home in the evening: one test is enough, if acting is reasonable.
    (P2P, "1 pupil", "out", "off", "ynn", "y", ACT, "pupil", [R], "could disrupt the orderly running", "threat"),
    (P2P, "1 pupil", "out", "off", "nyn", "y", ACT, "pupil", [T], "poses a threat", "disrupt"),
    (P2P, "1 pupil", "out", "off", "nny", "y", ACT, "pupil", [N], "could harm the good name", "threat"),
    (P2P, "2 pupil", "out", "off", "yyn", "y", ACT, "pupil", [R, T], "two of its pupils are said to have done", "good name"),
    (P2P, "3 pupil", "out", "off", "yyy", "y", ACT, "pupil", [R, T, N], "three of its pupils are", "parent"),
    (P2P, "12 pupil", "out", "off", "yyy", "y", ACT, "pupil", [R, T, N], "12 of its pupils are", "parent"),
    (P2P, "1 pupil", "out", "off", "ynn", "y", ACT, "pupil", [R], "one of its pupils is said to have done", " did "),
    (P2P, "", "out", "off", "ynn", "y", ACT, "pupil", [R], "what a pupil is said to have done", "one of its"),
    (P2P, "1 pupil", "out", "off", "yn?", "y", ACT, "pupil", [R], "it has considered that acting is reasonable", "good name"),
    (P2P, "1 pupil", "out", "off", "?y?", "y", ACT, "pupil", [T], "section 89(5)", "disrupt"),
    (P2S, "1 pupil", "out", "off", "nyn", "y", ACT, "pupil", [T], "The school may act", "punish"),
    (P2S, "1 pupil", "out", "off", "nny", "y", ACT, "pupil", [N], "its staff or its governors", "punish"),
    # None met: no punishment, and the duty to support stays.
    (P2P, "1 pupil", "out", "off", "nnn", "y", NOT, "pupil", [], NO_TEST, "may act"),
    (P2P, "1 pupil", "out", "off", "nnn", "n", NOT, "pupil", [], SUPPORT, "may act"),
    (P2P, "1 pupil", "out", "off", "nnn", "-", NOT, "pupil", [], NO_TEST, "so far"),
    (P2P, "1 pupil", "out", "off", "nn?", "y", NOT, "pupil", [], "met so far", "may act"),
    (P2P, "2 pupil", "out", "off", "???", "?", NOT, "pupil", [], "met so far", "may act"),
    (P2S, "1 pupil", "out", "off", "nnn", "y", NOT, "pupil", [], "which asks for at least one of them", "may act"),
    # A test met, but acting is not reasonable off-site.
    (P2P, "1 pupil", "out", "off", "ynn", "n", NOT, "pupil", [], "off-site it may do only what is reasonable", "may act"),
    (P2P, "1 pupil", "out", "off", "yyy", "n", NOT, "pupil", [], SUPPORT, "may act"),
    (P2S, "2 pupil", "out", "off", "nyn", "n", NOT, "pupil", [], "this would not be", "may act"),
    (P2P, "1 pupil", "in", "off", "ynn", "n", NOT, "pupil", [], "although it could disrupt", "may act on"),
    # Not settled yet.
    (P2P, "1 pupil", "out", "off", "ynn", "?", OPEN, "pupil", [], "unclear whether acting is reasonable", "may not"),
    (P2P, "1 pupil", "out", "off", "ynn", "-", OPEN, "pupil", [], "not yet been answered", "may not"),
    (P2P, "1 pupil", "out", "off", "---", "-", OPEN, "pupil", [], "have not all been answered", "may not"),
    (P2P, "1 pupil", "out", "off", "nn-", "y", OPEN, "pupil", [], "have not all been answered", "may not"),
    (P2P, "1 pupil", "out", "off", "y--", "y", ACT, "pupil", [R], "The school may act", "cannot say"),
    # In school hours and in the school's care: the tests are absent.
    (P2P, "1 pupil", "in", "site", "---", "-", ACT, "pupil", [], "in its care in school hours", "because it"),
    (P2P, "2 pupil", "in", "site", "---", "-", ACT, "pupil", [], "the pupils were in its care", "section 89"),
    (P2P, "1 pupil", "in", "trip", "---", "-", ACT, "pupil", [], IN_CARE, "section 89"),
    (P2S, "1 pupil", "in", "site", "---", "-", ACT, "pupil", [], "its ordinary power over behaviour", "reasonable"),
    (P2P, "1 pupil", "in", "site", "nnn", "n", ACT, "pupil", [], IN_CARE, "not punish"),
    (P2P, "1 pupil", "in", "site", "yyy", "y", ACT, "pupil", [], IN_CARE, "threat"),
    # A suspended pupil posting at 11:00: in hours, but off-site, so the tests are asked.
    (P2P, "1 pupil", "in", "off", "---", "-", OPEN, "pupil", [], "in school hours but off-site", IN_CARE),
    (P2P, "1 pupil", "in", "off", "ynn", "y", ACT, "pupil", [R], "in school hours but off-site", IN_CARE),
    (P2P, "1 pupil", "in", "off", "nnn", "y", NOT, "pupil", [], NO_TEST, IN_CARE),
    # On a residential trip at night: in care, out of hours. The policy asks its tests, the law does not ask more.
    (P2P, "1 pupil", "out", "trip", "ynn", "-", ACT, "pupil", [R], "staff were in charge", "section 89"),
    (P2P, "1 pupil", "out", "site", "nyn", "-", ACT, "pupil", [T], "outside school hours", "reasonable"),
    (P2P, "1 pupil", "out", "trip", "nnn", "-", NOT, "pupil", [], NO_TEST, "reasonable"),
    (P2P, "1 pupil", "out", "trip", "---", "-", OPEN, "pupil", [], "its ordinary power over behaviour", "section 89"),
    (P2P, "1 pupil", "both", "site", "ynn", "-", ACT, "pupil", [R], "partly outside school hours", IN_CARE),
    (P2P, "1 pupil", "both", "off", "ynn", "y", ACT, "pupil", [R], "partly in school hours", IN_CARE),
    # Time or place not known: the tests are asked.
    (P2P, "1 pupil", "?", "site", "ynn", "-", ACT, "pupil", [R], "at a time not known", IN_CARE),
    (P2P, "1 pupil", "?", "off", "ynn", "y", ACT, "pupil", [R], "off-site, at a time not known", IN_CARE),
    (P2P, "1 pupil", "in", "?", "ynn", "y", ACT, "pupil", [R], "in a place not known", IN_CARE),
    (P2P, "1 pupil", "in", "?", "ynn", "-", OPEN, "pupil", [], "cannot say yet", IN_CARE),
    (P2P, "1 pupil", "?", "?", "nnn", "-", NOT, "pupil", [], "at a time and in a place not known", IN_CARE),
    # Parents: no power, whatever the tests say.
    ("parent_to_staff", "1 parent", "out", "off", "---", "-", NO, "parent", [], NO_PARENT, "may act"),
    ("parent_to_staff", "1 parent", "out", "off", "yyy", "y", NO, "parent", [], "point to the complaints policy", "relies on"),
    ("parent_to_staff", "2 parent", "in", "site", "---", "-", NO, "parent", [], DUTY, "may act"),
    ("parent_to_staff", "", "out", "off", "yyy", "y", NO, "parent", [], "report the post", "three tests"),
    ("parent_to_parent", "1 parent", "out", "off", "yyy", "y", NO, "parent", [], NO_PARENT, "may act"),
    ("parent_to_child", "1 parent", "out", "off", "nyn", "y", NO, "parent", [], DUTY, "may act"),
    ("comment_on_school_account", "1 parent", "out", "off", "yyy", "y", NO, "parent", [], NO_PARENT, "may act"),
    # The people on the record beat the direction that was chosen.
    (P2P, "1 parent", "out", "off", "yyy", "y", NO, "parent", [], NO_PARENT, "may act"),
    ("parent_to_staff", "1 pupil", "out", "off", "nyn", "y", ACT, "pupil", [T], "one of its pupils", "punish"),
    ("parent_to_staff", "1 pupil, 1 parent", "out", "off", "nyn", "y", ACT, "pupil", [T], "one of its pupils", "two of"),
    # Staff, volunteers and governors: the code of conduct, never the tests.
    ("staff_conduct", "1 staff", "out", "off", "---", "-", ACT, "staff", [], CODE, "relies on"),
    ("staff_conduct", "1 staff", "out", "off", "yyy", "y", ACT, "staff", [], CODE, "because it"),
    ("staff_conduct", "1 staff", "in", "site", "---", "-", ACT, "staff", [], "whether a child could be harmed", "section"),
    ("staff_conduct", "", "out", "off", "---", "-", ACT, "staff", [], "a member of its staff is said to have done", "pupil"),
    ("staff_to_staff", "2 staff", "out", "off", "nny", "y", ACT, "staff", [], "two members of its staff are said", "good name"),
    ("staff_contact", "1 staff", "out", "off", "nnn", "n", ACT, "staff", [], CODE, "not punish"),
    ("staff_conduct", "1 staff, 1 parent", "out", "off", "yyy", "y", ACT, "staff", [], CODE, "parent"),
    ("governor_or_volunteer", "1 governor", "out", "off", "yyy", "y", ACT, "governor", [], "the governors’ code of conduct, not the three tests", "because it"),
    ("governor_or_volunteer", "1 volunteer", "out", "off", "---", "-", ACT, "volunteer", [], "its agreement with volunteers, not the three tests", "governor"),
    ("governor_or_volunteer", "", "out", "off", "---", "-", ACT, "governor", [], "one of its governors is said", "pupil"),
    # The school's own account.
    ("school_account", "", "in", "site", "---", "-", ACT, "staff", [], "put right what was shown on its own account", "said to have"),
    ("school_account", "1 staff", "in", "site", "---", "-", ACT, "staff", [], CODE, "put right"),
    # Strangers and the public.
    ("stranger_to_pupil", "1 public", "out", "off", "nyn", "y", NO, "public", [], "to the site and to the police", "may act"),
    ("stranger_to_pupil", "", "out", "off", "---", "-", NO, "public", [], "keep the pupil safe", "parent"),
    ("comment_on_school_account", "1 public", "out", "off", "yyy", "y", NO, "public", [], DUTY, "may act"),
    # Nobody knows who did it.
    ("unknown_author", "1 unknown", "out", "off", "nyn", "y", OPEN, "unknown", [], NOT_KNOWN, "relies on"),
    ("unknown_author", "", "out", "off", "---", "-", OPEN, "unknown", [], "look into who it was", "may act on what"),
    ("comment_on_school_account", "", "out", "off", "yyy", "y", OPEN, "unknown", [], DUTY, "relies on"),
    (P2P, "1 unknown", "out", "off", "yyn", "y", OPEN, "unknown", [], NOT_KNOWN, "pupil"),
    ("unknown_author", "1 pupil", "out", "off", "ynn", "y", ACT, "pupil", [R], "one of its pupils", NOT_KNOWN),
    (P2P, "1 pupil, 1 unknown", "out", "off", "ynn", "y", ACT, "pupil", [R], "one of its pupils is", NOT_KNOWN),
]
# fmt: on


@pytest.mark.parametrize(
    "row", ROWS, ids=lambda row: f"{row[0]}: {row[1] or 'nobody'} {row[2]} {row[3]} {row[4]} {row[5]}"
)
def test_each_row_decides_and_says_what_a_headteacher_would_expect(row):
    *facts, may, over, relied_on, says, never_says = row
    power = decide(*facts)
    assert (power.may, power.over, power.relied_on) == (may, over, relied_on)
    assert says in power.in_full
    assert never_says not in power.in_full


def test_the_design_s_own_example_reads_as_it_was_drawn():
    power = decide(
        P2P,
        "2 pupil",
        tests="yy?",
        reasonable="y",
        considered=("reaches_into_school",),
        policy="its anti-bullying policy, 4.2",
    )
    assert power.sentence == [
        "The school may act on what two of its pupils are said to have done off-site on Friday 20 November, because it "
        "could disrupt the orderly running of the school and poses a threat to a member of the school community;",
        "it relies on section 89(5) of the Education and Inspections Act 2006 and its anti-bullying policy, 4.2;",
        "it has considered that acting is reasonable, because it reaches into school.",
    ]
    assert power.notes == [
        "No names, so it can be read to any parent.",
        "It gives no power over a parent.",
        "Whether the reputation is harmed stays unclear and will be asked again.",
    ]


def test_a_parent_s_sentence_is_the_one_the_school_agreed():
    assert decide("parent_to_staff", "1 parent").in_full == (
        "The school has no power to punish a parent. It may meet, point to the complaints policy, report the post, "
        "and must support the person targeted."
    )


def test_said_to_have_done_becomes_did_only_with_a_finding():
    assert (
        "what one of its pupils did off-site" in decide(P2P, "1 pupil", tests="ynn", reasonable="y", found=True).in_full
    )


DAYS = [
    (date(2026, 11, 20), None, "off-site on Friday 20 November,"),
    (date(2026, 11, 20), date(2026, 11, 20), "off-site on Friday 20 November,"),
    (date(2026, 11, 20), date(2026, 11, 22), "from Friday 20 November to Sunday 22 November,"),
    (None, None, "off-site on a day not known,"),
]


@pytest.mark.parametrize(("first", "last", "words"), DAYS)
def test_the_day_is_said_as_far_as_it_is_known(first, last, words):
    assert words in decide(P2P, "1 pupil", tests="ynn", reasonable="y", day_from=first, day_until=last).in_full


def test_neither_day_nor_time_nor_place_known_is_said_once():
    sentence = decide(P2P, "1 pupil", "?", "?", "ynn", "y", day_from=None).in_full
    assert "done at a time and in a place not known, because" in sentence


def test_everything_considered_is_named_in_the_order_of_the_list():
    power = decide(P2P, "1 pupil", tests="ynn", reasonable="y", considered=("travelling", "reaches_into_school"))
    assert power.sentence[2].endswith("because it reaches into school and it was done on the way to or from school.")


NOTES = [
    ("section 91 is named in England", P2P, "1 pupil", {"nation": "england"}, "section 91", True),
    ("section 91 is named in Wales", P2P, "1 pupil", {"nation": "wales"}, "section 91", True),
    ("section 91 is not named in Scotland", P2P, "1 pupil", {"nation": "scotland"}, "section 9", False),
    ("section 91 is not named in Northern Ireland", P2P, "1 pupil", {"nation": "northern_ireland"}, "2006", False),
    ("section 91 is not named in Jersey", P2P, "1 pupil", {"nation": "jersey"}, "2006", False),
    ("off-site the reach of section 90 is named", P2P, "1 pupil", {}, "section 90", True),
    ("suspension is a path of its own", P2P, "1 pupil", {}, "only the headteacher may decide it", True),
    ("a parent's record has no note on sanctions", "parent_to_staff", "1 parent", {}, "sanction", False),
    ("staff matters are not for parents", "staff_conduct", "1 staff", {}, "not for parents", True),
    ("a parent beside a pupil is spoken of", P2P, "1 pupil, 1 parent", {}, "no power to punish a parent", True),
    ("staff beside a pupil are spoken of", P2P, "1 pupil, 1 staff", {}, "For staff the ground is the code", True),
    ("someone unknown beside a pupil is decided later", P2P, "1 pupil, 1 unknown", {}, "Decide again", True),
    ("a direction that does not fit is said", "staff_conduct", "1 pupil", {}, "does not fit", True),
    ("a volunteer fits its direction", "governor_or_volunteer", "1 volunteer", {}, "does not fit", False),
    ("anyone may write a comment", "comment_on_school_account", "1 parent", {}, "does not fit", False),
    ("a comment may be deleted whoever wrote it", "comment_on_school_account", "1 parent", {}, "hide or delete", True),
    ("between parents the school helps them talk", "parent_to_parent", "1 parent", {}, "help them talk", True),
]


@pytest.mark.parametrize(("name", "direction", "who", "more", "words", "there"), NOTES, ids=[row[0] for row in NOTES])
def test_the_notes_beside_the_sentence(name, direction, who, more, words, there):
    power = decide(direction, who, tests="ynn", reasonable="y", **more)
    assert (words in " ".join(power.notes + power.reminders)) is there


def test_a_power_that_is_refused_still_leaves_the_duty_to_support():
    power = decide(P2P, "1 pupil", tests="nnn", reasonable="n")
    assert "There is still a duty to support the person targeted." in power.notes
    assert power.reminders == []


def test_what_is_still_to_answer_is_listed_by_its_title():
    assert decide(P2P, "1 pupil", tests="y--").still_to_answer == ["Threat", "Reputation", "Is acting reasonable?"]
