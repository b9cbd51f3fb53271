"""The three tests of the school's policy, the question of what is reasonable, and the reasons that can be ticked."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class TestName(StrEnum):
    """The three tests, in the order a policy gives them."""

    __test__ = False  # pytest: a rule of the school, not a test of ours

    RUNNING = "running"
    THREAT = "threat"
    REPUTATION = "reputation"


class Answer(StrEnum):
    """How a test was answered. Unclear counts as not met, and is asked again."""

    MET = "met"
    NOT_MET = "not_met"
    UNCLEAR = "unclear"


class Reasonable(StrEnum):
    """Whether acting on what a pupil did off-site is reasonable: the law's own question, apart from the tests."""

    YES = "yes"
    NO = "no"
    UNCLEAR = "unclear"


@dataclass(frozen=True)
class Reason:
    """A reason that can be ticked, and the answer it can stand for. Never guessed from what somebody wrote."""

    key: str
    words: str
    answer: Answer


@dataclass(frozen=True)
class Consideration:
    """Something that helps to show that acting is reasonable; `phrase` is how the sentence says it."""

    key: str
    words: str
    phrase: str


@dataclass(frozen=True)
class TestAnswer:
    """One test as it was answered: own words are kept on the record and never enter the sentence."""

    __test__ = False

    answer: Answer
    reasons: tuple[str, ...] = ()
    own_words: str = ""


@dataclass(frozen=True)
class ReasonableAnswer:
    """Whether acting is reasonable, as it was answered, with what was considered."""

    answer: Reasonable
    considered: tuple[str, ...] = ()
    own_words: str = ""


ANSWER_LABELS: dict[Answer, str] = {Answer.MET: "Met", Answer.NOT_MET: "Not met", Answer.UNCLEAR: "Unclear"}

REASONABLE_LABELS: dict[Reasonable, str] = {
    Reasonable.YES: "Yes",
    Reasonable.NO: "No",
    Reasonable.UNCLEAR: "Unclear",
}

TITLES: dict[TestName, str] = {
    TestName.RUNNING: "Running of the school",
    TestName.THREAT: "Threat",
    TestName.REPUTATION: "Reputation",
}

QUESTIONS: dict[TestName, str] = {
    TestName.RUNNING: "Could it have repercussions for the orderly running of the school?",
    TestName.THREAT: "Does it pose a threat to a member of the school community?",
    TestName.REPUTATION: "Could it adversely affect the reputation of the school, or its employees or governors?",
}

UNGOVERNED: dict[TestName, str] = {
    **QUESTIONS,
    TestName.REPUTATION: "Could it adversely affect the reputation of the school or its employees?",
}
"""The same where a school has no governors."""

REASONABLE_TITLE = "Is acting reasonable?"
REASONABLE_QUESTION = "The law asks this too when pupils were off-site."

NOTHING_POINTS_TO_IT = Reason("nothing_points_to_it", "Nothing points to it", Answer.NOT_MET)
MORE_TO_FIND_OUT = Reason("more_to_find_out", "There is more to find out", Answer.UNCLEAR)

REASONS: dict[TestName, tuple[Reason, ...]] = {
    TestName.RUNNING: (
        Reason("unwilling_to_come_in", "A pupil is unwilling to come in", Answer.MET),
        Reason("many_joined_in", "Many pupils joined in or saw it", Answer.MET),
        Reason("went_on_in_school", "It went on in lessons or at break", Answer.MET),
        Reason("families_worried", "Other families are worried", Answer.MET),
        NOTHING_POINTS_TO_IT,
        MORE_TO_FIND_OUT,
    ),
    TestName.THREAT: (
        Reason("words_of_threat", "Words of threat", Answer.MET),
        Reason("place_time_weapon", "A place, a time or a weapon", Answer.MET),
        Reason("told_to_harm_themselves", "Told to harm themselves", Answer.MET),
        Reason("private_details", "Private details made public", Answer.MET),
        NOTHING_POINTS_TO_IT,
        MORE_TO_FIND_OUT,
    ),
    TestName.REPUTATION: (
        Reason("school_recognised", "The school is named or can be recognised", Answer.MET),
        Reason("staff_recognised", "Staff or governors are named or can be recognised", Answer.MET),
        Reason("anyone_can_see", "Anyone can see it", Answer.MET),
        Reason("untrue_as_fact", "Something untrue is told as a fact", Answer.MET),
        NOTHING_POINTS_TO_IT,
        MORE_TO_FIND_OUT,
    ),
}

CONSIDERATIONS: tuple[Consideration, ...] = (
    Consideration("reaches_into_school", "It reaches into school", "it reaches into school"),
    Consideration("known_as_pupils", "They can be known as our pupils", "it can be seen to come from its pupils"),
    Consideration(
        "school_device", "On a school device or account", "it was done on a school device or a school account"
    ),
    Consideration("travelling", "On the way to or from school", "it was done on the way to or from school"),
    Consideration("pattern", "Part of something that began in school", "it is part of something that began in school"),
)


def considered_phrases(keys: tuple[str, ...]) -> list[str]:
    """What was ticked, as the sentence says it, in the order of the list; an unknown key says nothing."""
    return [each.phrase for each in CONSIDERATIONS if each.key in keys]


def reason_words(test: TestName, keys: tuple[str, ...]) -> list[str]:
    """What was ticked for one test, in the words of the list."""
    return [each.words for each in REASONS[test] if each.key in keys]


def missing_reasons(
    answers: Mapping[TestName, TestAnswer],
    reasonable: ReasonableAnswer | None = None,
    *,
    reasonable_asked: bool = False,
) -> dict[str, str]:
    """What stands in the way of deciding, by field: each test asked needs an answer, and each answer its reason.

    Reasons that stand for another answer don't count: “Words of threat” is no reason for “Not met”.
    """
    wrong: dict[str, str] = {}
    for test in TestName:
        given = answers.get(test)
        title = TITLES[test]
        if given is None:
            wrong[test.value] = f"{title}: choose met, not met or unclear."
            continue
        fits = any(each.key in given.reasons and each.answer is given.answer for each in REASONS[test])
        if not fits and not given.own_words.strip():
            label = ANSWER_LABELS[given.answer].lower()
            wrong[f"{test.value}_reasons"] = f"{title}: say why it is {label}. Tick a reason or write your own."
    if reasonable_asked:
        wrong |= _reasonable_missing(reasonable)
    return wrong


def _reasonable_missing(given: ReasonableAnswer | None) -> dict[str, str]:
    if given is None:
        return {"reasonable": "Is acting reasonable? Choose yes, no or unclear."}
    ticked_counts = given.answer is Reasonable.YES and bool(considered_phrases(given.considered))
    if ticked_counts or given.own_words.strip():
        return {}
    if given.answer is Reasonable.YES:
        return {"considered": "Is acting reasonable? Tick what you have considered or write your own reason."}
    return {"considered": "Is acting reasonable? Write in your own words why not, or what is unclear."}
