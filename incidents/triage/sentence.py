"""The sentence of power in words that could be read to any parent: no name is ever in it."""

from collections.abc import Sequence
from datetime import date

from incidents.recording.hours import Control, SchoolTime
from incidents.recording.words import Direction, PersonKind
from incidents.schools.calendar import day_in_words
from incidents.triage.action_tests import Answer, Reasonable, TestName, considered_phrases
from incidents.triage.facts import Clause, May, PowerFacts

Clauses = tuple[Clause, Clause, Clause]

SUPPORT = "support the person targeted"

BECAUSE_OF: dict[TestName, str] = {
    TestName.RUNNING: "could disrupt the orderly running of the school",
    TestName.THREAT: "poses a threat to a member of the school community",
    TestName.REPUTATION: "could harm the good name of the school, its staff or its governors",
}

# What comes after a comma takes a comma behind it too, because the day follows.
PLACE_AND_TIME: dict[tuple[Control, SchoolTime], str] = {
    (Control.OFF_SITE, SchoolTime.IN_HOURS): "in school hours but off-site",
    (Control.OFF_SITE, SchoolTime.OUT_OF_HOURS): "off-site",
    (Control.OFF_SITE, SchoolTime.SPANS): "off-site, partly in school hours,",
    (Control.OFF_SITE, SchoolTime.UNKNOWN): "off-site, at a time not known,",
    (Control.ON_SITE, SchoolTime.IN_HOURS): "in school",
    (Control.ON_SITE, SchoolTime.OUT_OF_HOURS): "on the school site outside school hours",
    (Control.ON_SITE, SchoolTime.SPANS): "on the school site, partly outside school hours,",
    (Control.ON_SITE, SchoolTime.UNKNOWN): "on the school site, at a time not known,",
    (Control.SCHOOL_ACTIVITY, SchoolTime.IN_HOURS): "on a school activity in school hours",
    (Control.SCHOOL_ACTIVITY, SchoolTime.OUT_OF_HOURS): "on a school activity outside school hours",
    (Control.SCHOOL_ACTIVITY, SchoolTime.SPANS): "on a school activity, partly outside school hours,",
    (Control.SCHOOL_ACTIVITY, SchoolTime.UNKNOWN): "on a school activity, at a time not known,",
    (Control.UNKNOWN, SchoolTime.IN_HOURS): "in school hours, in a place not known,",
    (Control.UNKNOWN, SchoolTime.OUT_OF_HOURS): "outside school hours, in a place not known,",
    (Control.UNKNOWN, SchoolTime.SPANS): "partly in school hours, in a place not known,",
    (Control.UNKNOWN, SchoolTime.UNKNOWN): "at a time and in a place not known,",
}

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")

ADULTS: dict[PersonKind, tuple[str, str, str]] = {
    PersonKind.STAFF: ("a member of its staff", "members of its staff", "The ground is the code of conduct"),
    PersonKind.VOLUNTEER: ("one of its volunteers", "of its volunteers", "The ground is its agreement with volunteers"),
    PersonKind.GOVERNOR: ("one of its governors", "of its governors", "The ground is the governors’ code of conduct"),
}
"""How the sentence speaks of one, of several, and of the ground, for adults who have agreed to a code."""


def and_list(parts: Sequence[str]) -> str:
    """a, b and c."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def day_words(first: date | None, last: date | None) -> str:
    """Empty when no day is known, so that the caller says so once."""
    if first is None and last is None:
        return ""
    begin = first or last
    end = last or first
    assert begin is not None
    assert end is not None
    if begin == end:
        return f"on {day_in_words(begin)}"
    return f"from {day_in_words(begin)} to {day_in_words(end)}"


def when_and_where(facts: PowerFacts) -> str:
    """“off-site on Friday 20 November”, ready for whatever comes next."""
    place = PLACE_AND_TIME[facts.control, facts.time]
    day = day_words(facts.day_from, facts.day_until)
    if not day and facts.time is not SchoolTime.UNKNOWN:
        day = "on a day not known"
    return f"{place} {day}".strip().rstrip(",")


def said_to_have_done(facts: PowerFacts, one: str, several: str) -> str:
    """“what two of its pupils are said to have done off-site on …”; “did” once there is a finding."""
    count = facts.alleged.get(facts.over, 0)
    number = NUMBERS[count] if count < len(NUMBERS) else str(count)
    who = one if count <= 1 else f"{number} {several}"
    did = "did" if facts.found else f"{'is' if count <= 1 else 'are'} said to have done"
    return f"what {who} {did} {when_and_where(facts)}"


def pupils_did(facts: PowerFacts) -> str:
    one = "one of its pupils" if facts.alleged.get(PersonKind.PUPIL, 0) else "a pupil"
    return said_to_have_done(facts, one, "of its pupils")


def ground_and_policy(facts: PowerFacts) -> str:
    """The law's ground and the school's own rule, said once where the ground is the policy itself."""
    ground = facts.grounds["pupil_on_site" if facts.in_care else "pupil_off_site"].text
    return ground if facts.policy in ground else f"{ground} and {facts.policy}"


def because(facts: PowerFacts) -> str:
    """“it could disrupt …, poses a threat … and could harm …”, of the tests that are met."""
    said = f"it {and_list([BECAUSE_OF[test] for test in facts.tests_answered(Answer.MET)])}"
    return said if facts.governed else said.replace(", its staff or its governors", " or its staff")


def pupil_in_school(facts: PowerFacts) -> Clauses:
    """In hours and in the school's care: the tests are absent, the ground is the ordinary power over behaviour."""
    were = "the pupils were" if facts.alleged.get(PersonKind.PUPIL, 0) > 1 else "the pupil was"
    return (
        Clause("The school may act", f"on {pupils_did(facts)};"),
        Clause("it relies on", f"{ground_and_policy(facts)};"),
        Clause("it has considered", f"that {were} in its care in school hours, so the three tests are not asked."),
    )


def pupil_may_act(facts: PowerFacts) -> Clauses:
    """At least one test met and, off-site, acting found reasonable."""
    if facts.in_care:
        considered = "that its staff were in charge at the time."
    else:
        considered = _reasonable_because(facts)
    return (
        Clause("The school may act", f"on {pupils_did(facts)}, because {because(facts)};"),
        Clause("it relies on", f"{ground_and_policy(facts)};"),
        Clause("it has considered", considered),
    )


def _reasonable_because(facts: PowerFacts) -> str:
    phrases = considered_phrases(facts.reasonable.considered) if facts.reasonable else []
    if not phrases:
        return "that acting is reasonable, in all that it knows of what happened."
    return f"that acting is reasonable, because {and_list(phrases)}."


def pupil_no_test_met(facts: PowerFacts) -> Clauses:
    so_far = " so far" if facts.tests_answered(Answer.UNCLEAR) else ""
    return (
        Clause("The school may not punish", f"{pupils_did(facts)}, because none of the three tests is met{so_far};"),
        Clause("it relies on", f"{facts.policy}, which asks for at least one of them;"),
        Clause("it has considered", f"each of the three tests, and must still {SUPPORT}."),
    )


def pupil_not_reasonable(facts: PowerFacts) -> Clauses:
    """A test is met, yet the law lets a school reach off-site only as far as is reasonable."""
    return (
        Clause("The school may not punish", f"{pupils_did(facts)}, although {because(facts)};"),
        Clause("it relies on", f"{ground_and_policy(facts)};"),
        Clause(
            "it has considered",
            f"that off-site it may do only what is reasonable, and that this would not be; it must still {SUPPORT}.",
        ),
    )


def pupil_undecided(facts: PowerFacts) -> Clauses:
    """A test or the question of what is reasonable is still open, and what is known does not settle it."""
    if not facts.tests_answered(Answer.MET):
        why = "the three tests have not all been answered"
    elif facts.reasonable is not None and facts.reasonable.answer is Reasonable.UNCLEAR:
        why = "it is unclear whether acting is reasonable"
    else:
        why = "it has not yet been answered whether acting is reasonable"
    return (
        Clause("The school cannot say yet", f"whether it may act on {pupils_did(facts)}, because {why};"),
        Clause("it would rely on", f"{ground_and_policy(facts)};"),
        Clause("it must", f"{SUPPORT} now, whatever is decided."),
    )


def adult_under_a_code(facts: PowerFacts) -> Clauses:
    """Staff, volunteers and governors: what they signed up to is the ground, never the tests."""
    one, several, ground = ADULTS[facts.over]
    return (
        Clause("The school may look into", f"{said_to_have_done(facts, one, several)}."),
        Clause(f"{ground}, not the three tests."),
        Clause("Before anything else", "it asks whether a child could be harmed."),
    )


def own_account(facts: PowerFacts) -> Clauses:
    """A post or picture on the school's own account, when nobody is said to have done wrong."""
    shown = f"what was shown on its own account {day_words(facts.day_from, facts.day_until)}".strip()
    return (
        Clause("The school may put right", f"{shown}."),
        Clause("The ground is the code of conduct, not the three tests."),
        Clause("It must", "check consent for every child shown, and support anyone harmed by it."),
    )


def parent() -> Clauses:
    return (
        Clause("The school has no power to punish a parent."),
        Clause("It may", "meet, point to the complaints policy, report the post,"),
        Clause("and must", f"{SUPPORT}."),
    )


def public(facts: PowerFacts) -> Clauses:
    """Someone outside the school; a stranger who reaches a pupil is for the site and the police."""
    stranger = facts.direction is Direction.STRANGER_TO_PUPIL
    may = "report the account to the site and to the police," if stranger else "answer, report the post to the site,"
    return (
        Clause("The school has no power to punish someone outside the school."),
        Clause("It may", may),
        Clause("and must", "keep the pupil safe and support them." if stranger else f"{SUPPORT}."),
    )


def unknown() -> Clauses:
    return (
        Clause("The school cannot say yet", "whether it may act on anyone, because nobody knows who did it."),
        Clause("It may", "keep the evidence, look into who it was, report the post,"),
        Clause("and must", f"{SUPPORT}."),
    )


def clauses_for(facts: PowerFacts, may: May) -> Clauses:
    """The one sentence that fits whom it is about and what was decided."""
    over = facts.over
    if over in ADULTS:
        nobody_alleged = facts.direction is Direction.SCHOOL_ACCOUNT and not facts.alleged.get(over, 0)
        return own_account(facts) if nobody_alleged else adult_under_a_code(facts)
    if over is PersonKind.PARENT:
        return parent()
    if over is PersonKind.PUBLIC:
        return public(facts)
    if over is PersonKind.UNKNOWN:
        return unknown()
    if not facts.tests_asked:
        return pupil_in_school(facts)
    if may is May.MAY_ACT:
        return pupil_may_act(facts)
    if may is May.UNDECIDED:
        return pupil_undecided(facts)
    return pupil_not_reasonable(facts) if facts.tests_answered(Answer.MET) else pupil_no_test_met(facts)
