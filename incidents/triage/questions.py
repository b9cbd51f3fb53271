"""Which questions triage asks, in which order, for which direction and which people."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from incidents.matters.directions import kinds_meant
from incidents.recording.words import Direction, PersonKind


class QuestionName(StrEnum):
    """A question that triage may ask. The three tests count as one: they are asked together or not at all."""

    HARM_THRESHOLD = "harm_threshold"
    IDENTIFIES_TEACHER = "identifies_teacher"
    TESTS = "tests"
    REASONABLE = "reasonable"


class YesNo(StrEnum):
    """How a single question is answered."""

    YES = "yes"
    NO = "no"
    NOT_SURE = "not_sure"


YES_NO_LABELS: dict[YesNo, str] = {YesNo.YES: "Yes", YesNo.NO: "No", YesNo.NOT_SURE: "Not sure"}


@dataclass(frozen=True)
class Question:
    """A question with a yes or no, why it is asked, and what each answer leads to.

    `nations` empty means everywhere; `{lado}` in the words stands for the nation's own term.
    """

    name: QuestionName
    title: str
    words: str
    why: str
    then: Mapping[YesNo, str]
    nations: frozenset[str] = frozenset()


RING_FIRST = (
    "Ring the {lado} within one working day. Until they have advised you, check only the plain facts, "
    "and do not tell the person."
)

SINGLE_QUESTIONS: dict[QuestionName, Question] = {
    QuestionName.HARM_THRESHOLD: Question(
        QuestionName.HARM_THRESHOLD,
        "Could a child be harmed?",
        "Could this adult have harmed a child, broken the law in a way that touches a child, shown that they may be "
        "a risk to children, or shown that they may not be suited to work with them?",
        "This is the harm threshold. It comes before everything else about an adult who works with children.",
        {
            YesNo.YES: RING_FIRST,
            YesNo.NOT_SURE: "Not sure counts as yes until you have advice. " + RING_FIRST,
            YesNo.NO: "If it does not fit the code of conduct, it is kept as a low-level concern, on a record of its "
            "own that few people see.",
        },
    ),
    QuestionName.IDENTIFIES_TEACHER: Question(
        QuestionName.IDENTIFIES_TEACHER,
        "Could it identify an accused teacher?",
        "Could the post let people work out which teacher is accused of an offence against a pupil of the school?",
        "Section 141F of the Education Act 2002 may be relevant: such a teacher may not be named in public before "
        "a charge.",
        {
            YesNo.YES: "Do not repeat or share the post. Ask the person to take it down, and get advice from the "
            "{lado} and the police before you answer it.",
            YesNo.NOT_SURE: "Treat it as if it could. Do not repeat or share the post, and get advice from the {lado}.",
            YesNo.NO: "",
        },
        frozenset({"england", "wales"}),
    ),
}

_TESTS_AND_REASONABLE = (QuestionName.TESTS, QuestionName.REASONABLE)

ASKED_BY_DIRECTION: dict[Direction, tuple[QuestionName, ...]] = {
    Direction.PUPIL_TO_PUPIL: _TESTS_AND_REASONABLE,
    Direction.PUPIL_TO_STAFF: _TESTS_AND_REASONABLE,
    Direction.PARENT_TO_STAFF: (QuestionName.IDENTIFIES_TEACHER,),
    Direction.PARENT_TO_PARENT: (QuestionName.IDENTIFIES_TEACHER,),
    Direction.PARENT_TO_CHILD: (QuestionName.IDENTIFIES_TEACHER,),
    Direction.STAFF_CONDUCT: (QuestionName.HARM_THRESHOLD,),
    Direction.STAFF_TO_STAFF: (QuestionName.HARM_THRESHOLD,),
    Direction.STAFF_CONTACT: (QuestionName.HARM_THRESHOLD,),
    Direction.GOVERNOR_OR_VOLUNTEER: (QuestionName.HARM_THRESHOLD,),
    Direction.STRANGER_TO_PUPIL: (),
    Direction.COMMENT_ON_SCHOOL_ACCOUNT: (QuestionName.IDENTIFIES_TEACHER, *_TESTS_AND_REASONABLE),
    Direction.SCHOOL_ACCOUNT: (),
    Direction.UNKNOWN_AUTHOR: (QuestionName.IDENTIFIES_TEACHER, *_TESTS_AND_REASONABLE),
}

ASKED_BY_KIND: dict[PersonKind, tuple[QuestionName, ...]] = {
    PersonKind.PUPIL: _TESTS_AND_REASONABLE,
    PersonKind.STAFF: (QuestionName.HARM_THRESHOLD,),
    PersonKind.PARENT: (QuestionName.IDENTIFIES_TEACHER,),
    PersonKind.GOVERNOR: (QuestionName.HARM_THRESHOLD,),
    PersonKind.VOLUNTEER: (QuestionName.HARM_THRESHOLD,),
    PersonKind.PUBLIC: (),
    PersonKind.UNKNOWN: (),
}

TESTED_KINDS = frozenset({PersonKind.PUPIL, PersonKind.UNKNOWN})
"""Over whom the tests can mean anything: pupils, and someone not known yet who may prove to be one."""


def questions_for(
    direction: Direction,
    alleged: Collection[PersonKind],
    *,
    nation: str,
    tests_asked: bool,
    reasonable_asked: bool,
) -> tuple[QuestionName, ...]:
    """The questions of this triage, in order; the harm threshold always stands first.

    The people on the record beat the direction: a pupil among them brings the tests, and with no pupil (and nobody
    unknown) there are none, whatever the direction says.
    """
    kinds = kinds_meant(direction, alleged)
    wanted = set(ASKED_BY_DIRECTION[direction]).union(*(ASKED_BY_KIND[kind] for kind in alleged))
    if not (tests_asked and kinds & TESTED_KINDS):
        wanted -= {QuestionName.TESTS, QuestionName.REASONABLE}
    if not reasonable_asked:
        wanted.discard(QuestionName.REASONABLE)
    return tuple(name for name in QuestionName if name in wanted and _asked_in(name, nation))


def _asked_in(name: QuestionName, nation: str) -> bool:
    question = SINGLE_QUESTIONS.get(name)
    return question is None or not question.nations or nation in question.nations
