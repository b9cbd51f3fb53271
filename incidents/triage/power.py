"""The power to act: what the school may do, over whom, on what ground, and what it relied on."""

from collections.abc import Iterator

from incidents.matters.directions import DIRECTION_KIND
from incidents.recording.words import Direction, PersonKind
from incidents.triage.action_tests import REASONABLE_TITLE, TITLES, Answer, Reasonable, TestName
from incidents.triage.facts import Clause, Ground, May, Power, PowerFacts
from incidents.triage.sentence import ADULTS, clauses_for

__all__ = ["Clause", "Ground", "May", "Power", "PowerFacts", "power"]

ACT_OF_2006 = frozenset({"england", "wales"})

MAY_BY_KIND: dict[PersonKind, May] = {
    PersonKind.STAFF: May.MAY_ACT,
    PersonKind.VOLUNTEER: May.MAY_ACT,
    PersonKind.GOVERNOR: May.MAY_ACT,
    PersonKind.PARENT: May.NO_POWER,
    PersonKind.PUBLIC: May.NO_POWER,
    PersonKind.UNKNOWN: May.UNDECIDED,
}
"""What holds for everyone but pupils, whatever the tests say: the tests give power over pupils only."""

MAY_BY_REASONABLE: dict[Reasonable, May] = {
    Reasonable.YES: May.MAY_ACT,
    Reasonable.NO: May.MAY_NOT_PUNISH,
    Reasonable.UNCLEAR: May.UNDECIDED,
}

STAYS_UNCLEAR: dict[TestName, str] = {
    TestName.RUNNING: "Whether the running of the school is affected stays unclear and will be asked again.",
    TestName.THREAT: "Whether it poses a threat stays unclear and will be asked again.",
    TestName.REPUTATION: "Whether the reputation is harmed stays unclear and will be asked again.",
}
REASONABLE_STAYS_UNCLEAR = "Whether acting is reasonable stays unclear and will be asked again."

NO_NAMES = "No names, so it can be read to any parent."
NOT_FOR_PARENTS = "No names, but this is about an adult who works in the school: it is not for parents."
NO_POWER_OVER_PARENTS = "It gives no power over a parent."
STILL_SUPPORT = "There is still a duty to support the person targeted."

ALSO: dict[PersonKind, str] = {
    PersonKind.STAFF: "A member of staff is also on the record. For staff the ground is the code of conduct, "
    "not the three tests.",
    PersonKind.VOLUNTEER: "A volunteer is also on the record. For them the ground is the agreement with volunteers, "
    "not the three tests.",
    PersonKind.GOVERNOR: "A governor is also on the record. For them the ground is the governors’ code of conduct, "
    "not the three tests.",
    PersonKind.PARENT: "A parent is also on the record. The school has no power to punish a parent.",
    PersonKind.PUBLIC: "Someone outside the school is also on the record. The school has no power to punish them.",
    PersonKind.UNKNOWN: "Someone not known yet is also on the record. Decide again when it is known who they are.",
}

BY_DIRECTION: dict[Direction, str] = {
    Direction.PARENT_TO_PARENT: "Between parents, the school’s part is often only to help them talk.",
    Direction.PARENT_TO_CHILD: "Tell the child’s own parents, unless the child’s contacts say not to.",
    Direction.COMMENT_ON_SCHOOL_ACCOUNT: "The school may hide or delete a comment on its own account and ban its "
    "writer from it, whoever they are.",
    Direction.SCHOOL_ACCOUNT: "Take it off the account first. Then check which child is shown, and for which use "
    "consent was given.",
    Direction.STRANGER_TO_PUPIL: "Ask the police before anyone answers the stranger.",
    Direction.UNKNOWN_AUTHOR: "Decide again when it is known who did it.",
}

SECTION_90 = (
    "Off-site, section 90 of the Education and Inspections Act 2006 reaches pupils only, and only as far as is "
    "reasonable."
)
SECTION_91 = (
    "Before a sanction (section 91 of the Education and Inspections Act 2006): a paid member of staff, or someone the "
    "headteacher has authorised, decides it; it is decided and given in school or while the pupil is in staff’s "
    "charge; it is lawful, reasonable and in proportion; age, special needs, disability and religion are considered."
)
BEFORE_A_SANCTION = (
    "Before a sanction: it is lawful, reasonable and in proportion, and age, special needs and disability are "
    "considered."
)
SUSPENSION = "Suspension or exclusion is a path of its own: only the headteacher may decide it, with notice in writing."
EXCLUSION = "Sending a pupil home or excluding them is a path of its own, with rules of its own."

TO_CONFIRM = "A lawyer has not confirmed this ground for schools like yours. Take advice before you rely on it."
DOES_NOT_FIT = "The direction does not fit the people on the record. Check both before you decide."


FITS: dict[Direction, frozenset[PersonKind]] = {
    **{
        direction: frozenset({kind})
        for direction, kind in DIRECTION_KIND.items()
        if kind is not PersonKind.UNKNOWN and direction is not Direction.SCHOOL_ACCOUNT
    },
    Direction.GOVERNOR_OR_VOLUNTEER: frozenset({PersonKind.GOVERNOR, PersonKind.VOLUNTEER}),
}
"""Whom a direction can be about. Anyone may have written a comment, run an account or stayed unknown until now."""


def power(facts: PowerFacts) -> Power:
    """Decide what the school may do, and say it.

    Over pupils: in hours and in its care by its ordinary power; otherwise by a test met and, off-site, by acting
    being reasonable (Education and Inspections Act 2006 s.89(5), s.90(2)(a), or the nation's own ground). Over
    anyone else the tests decide nothing.
    """
    may = _may(facts)
    over = facts.over
    ground = facts.ground
    relied_on = facts.tests_answered(Answer.MET) if over is PersonKind.PUPIL and may is May.MAY_ACT else ()
    return Power(
        may=may,
        over=over,
        ground=ground.text if ground else "",
        source=ground.source if ground else "",
        clauses=clauses_for(facts, may),
        notes=list(_notes(facts, may)),
        reminders=list(_before_a_sanction(facts, may)),
        relied_on=list(relied_on),
        asked_again=list(facts.tests_answered(Answer.UNCLEAR)),
        still_to_answer=_still_to_answer(facts),
    )


def _may(facts: PowerFacts) -> May:
    if facts.over is not PersonKind.PUPIL:
        return MAY_BY_KIND[facts.over]
    if not facts.tests_asked:
        return May.MAY_ACT
    if not facts.tests_answered(Answer.MET):
        return May.UNDECIDED if facts.tests_open else May.MAY_NOT_PUNISH
    if not facts.reasonable_asked:
        return May.MAY_ACT
    if facts.reasonable is None:
        return May.UNDECIDED
    return MAY_BY_REASONABLE[facts.reasonable.answer]


def _still_to_answer(facts: PowerFacts) -> list[str]:
    titles = [TITLES[test] for test in facts.tests_open]
    if facts.reasonable_asked and facts.reasonable is None:
        titles.append(REASONABLE_TITLE)
    return titles


def _notes(facts: PowerFacts, may: May) -> Iterator[str]:
    """What the reader should know beside the sentence, the most telling first."""
    over = facts.over
    yield NOT_FOR_PARENTS if over in ADULTS else NO_NAMES
    if over is PersonKind.PUPIL:
        yield NO_POWER_OVER_PARENTS
    for test in facts.tests_answered(Answer.UNCLEAR):
        yield STAYS_UNCLEAR[test]
    if facts.reasonable_asked and facts.reasonable and facts.reasonable.answer is Reasonable.UNCLEAR:
        yield REASONABLE_STAYS_UNCLEAR
    if may is May.MAY_NOT_PUNISH:
        yield STILL_SUPPORT
    if not facts.kinds & (FITS.get(facts.direction, frozenset(PersonKind)) | {PersonKind.UNKNOWN}):
        yield DOES_NOT_FIT
    if facts.ground and facts.ground.confirm:
        yield TO_CONFIRM
    for kind in PersonKind:
        if kind in facts.kinds and kind is not over and kind in ALSO:
            yield ALSO[kind]
    if facts.direction in BY_DIRECTION and _direction_note_fits(facts):
        yield BY_DIRECTION[facts.direction]


def _direction_note_fits(facts: PowerFacts) -> bool:
    return facts.direction is not Direction.UNKNOWN_AUTHOR or facts.over is PersonKind.UNKNOWN


def _before_a_sanction(facts: PowerFacts, may: May) -> Iterator[str]:
    """Sections 90 and 91 apply to every school in England and Wales, and nowhere else."""
    if facts.over is not PersonKind.PUPIL or may is May.MAY_NOT_PUNISH:
        return
    if facts.nation not in ACT_OF_2006:
        yield BEFORE_A_SANCTION
        yield EXCLUSION
        return
    if not facts.in_care:
        yield SECTION_90
    yield SECTION_91
    yield SUSPENSION
