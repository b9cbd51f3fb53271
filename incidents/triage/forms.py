"""The forms of triage: the questions, where it goes, no further action, stepping aside."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from wtforms import HiddenField

from incidents.casework.workflow import keys, load
from incidents.decisions.models import Decision
from incidents.forms import Choice, ChoiceField, Form, LineField, SelectField, TextField, TicksField
from incidents.recording.words import DIRECTION_LABELS, FOUR_CS_LABELS, Direction, FourCs
from incidents.triage import action_tests as tests
from incidents.triage.action_tests import Answer, Reasonable, ReasonableAnswer, TestAnswer, TestName
from incidents.triage.answers import NO_ACTION_REASONS, TriageAnswers
from incidents.triage.belonging import PossibleCase
from incidents.triage.motives import MOTIVES_QUESTION, NOT_KNOWN
from incidents.triage.queries import PossibleOwner
from incidents.triage.questions import SINGLE_QUESTIONS, YES_NO_LABELS, QuestionName, YesNo

DIRECTIONS: list[Choice] = [(each.value, words) for each, words in DIRECTION_LABELS.items()]
YES_NO: list[Choice] = [(each.value, words) for each, words in YES_NO_LABELS.items()]
ANSWERS: list[Choice] = [(each.value, words) for each, words in tests.ANSWER_LABELS.items()]
REASONABLE: list[Choice] = [(each.value, words) for each, words in tests.REASONABLE_LABELS.items()]
FOUR_CS: list[Choice] = [(each.value, words) for each, words in FOUR_CS_LABELS.items()]
WORKFLOWS: list[Choice] = [(key, load(key).title) for key in keys()]
Default = TypeVar("Default")


def directions(*, governed: bool) -> list[Choice]:
    """Who did it to whom, in the words of a school that has governors or has none."""
    own = {} if governed else {Direction.GOVERNOR_OR_VOLUNTEER: "What a volunteer did online"}
    return [(each.value, words) for each, words in (DIRECTION_LABELS | own).items()]


OWN_WORDS = "In your own words"


def _ticks(test: TestName) -> list[Choice]:
    return [(each.key, each.words) for each in tests.REASONS[test]]


def _test(test: TestName) -> ChoiceField:
    return ChoiceField(tests.TITLES[test], ANSWERS)


def _words(**kwargs: Any) -> TextField:
    return TextField(OWN_WORDS, rows=2, longest=2_000, **kwargs)


class _SeenForm(Form):
    """A form that says which earlier decision its reader had before them."""

    seen = HiddenField()

    def seen_id(self) -> uuid.UUID | None:
        """What was not a decision of ours is none: then the act itself says that somebody decided meanwhile."""
        try:
            return uuid.UUID(self.seen.data or "")
        except ValueError:
            return None


LIKELIEST = 2  # cases said in words; the list holds them all


class TriageForm(_SeenForm):
    """All questions that a triage may ask; those that are not asked are neither drawn nor read."""

    may_cite: Mapping[str, Any]  # the rules and laws to tick, as their rows

    direction = SelectField("Direction", DIRECTIONS, needed="Choose who did it to whom.")
    harm_threshold = ChoiceField(SINGLE_QUESTIONS[QuestionName.HARM_THRESHOLD].title, YES_NO)
    identifies_teacher = ChoiceField(SINGLE_QUESTIONS[QuestionName.IDENTIFIES_TEACHER].title, YES_NO)
    running = _test(TestName.RUNNING)
    running_reasons = TicksField("Because", _ticks(TestName.RUNNING))
    running_words = _words()
    threat = _test(TestName.THREAT)
    threat_reasons = TicksField("Because", _ticks(TestName.THREAT))
    threat_words = _words()
    reputation = _test(TestName.REPUTATION)
    reputation_reasons = TicksField("Because", _ticks(TestName.REPUTATION))
    reputation_words = _words()
    reasonable = ChoiceField(tests.REASONABLE_TITLE, REASONABLE)
    considered = TicksField("You have considered", [(each.key, each.words) for each in tests.CONSIDERATIONS])
    reasonable_words = _words()
    four_cs = SelectField("What kind of thing is it?", FOUR_CS, empty="Not said")
    motives = TicksField(MOTIVES_QUESTION, two=True, keep_all=True)
    rules = TicksField("Rules and laws", keep_all=True)
    rules_why = TextField("Why do you judge by this version?", rows=2, longest=2_000)
    case = SelectField("Case", [], empty="A new case")
    title = LineField("What to call the case", width=None, longest=120, hint="No names: titles are seen on screens.")
    workflow = SelectField("Steps", WORKFLOWS, empty="As usual")
    owner = SelectField("Owner", [])
    why = TextField("Why does this take the place of the earlier decision?", rows=2, longest=2_000)

    def speak(self, *, governed: bool) -> None:
        """In the words of a school that has governors, or has none."""
        self.direction.offer(directions(governed=governed))
        if not governed:
            said = tests.REASONS[TestName.REPUTATION]
            words = [(each.key, each.words.replace("Staff or governors are", "Staff are")) for each in said]
            self.reputation_reasons.offer(words)

    def offer(self, cases: Sequence[PossibleCase], owners: Sequence[PossibleOwner], usual_steps: str) -> None:
        """Fill the lists that depend on the incident and on who asks. The first owner is the usual one."""
        self.case.offer([(str(each.case_id), _case_words(each)) for each in cases])
        likely = [f"case {each.reference}, because {each.shares}" for each in cases[:LIKELIEST] if each.reasons]
        self.case.description = f"It may belong to {'; or to '.join(likely)}." if likely else ""
        self.workflow.empty = f"As usual: {usual_steps}"
        self.workflow.offer(WORKFLOWS)  # under its new first line
        first = owners[0]
        self.owner.empty = f"{first.name}, {first.role}"
        self.owner.offer([(str(each.account_id), f"{each.name}, {each.role}") for each in owners[1:]])

    def chosen_direction(self, suggested: Direction) -> Direction:
        """The direction on the page: the suggested one until another is chosen."""
        return Direction(self.direction.data) if self.direction.data in set(Direction) else suggested

    def answers(self, suggested: Direction) -> TriageAnswers:
        """What was answered, as the rules take it; a question without an answer is left out."""
        given = {
            test: TestAnswer(
                Answer(self[test.value].data),
                tuple(self[f"{test.value}_reasons"].data or ()),
                self[f"{test.value}_words"].data or "",
            )
            for test in TestName
            if self[test.value].data
        }
        return TriageAnswers(
            direction=self.chosen_direction(suggested),
            tests=given,
            reasonable=self._reasonable(),
            single={name: YesNo(self[name.value].data) for name in SINGLE_QUESTIONS if self[name.value].data},
            case_id=uuid.UUID(self.case.data) if self.case.data else None,
            workflow=self.workflow.data or None,
            owner_id=uuid.UUID(self.owner.data) if self.owner.data else None,
            title=self.title.data or "",
            why=self.why.data or "",
            seen=self.seen_id(),
            motives=tuple(self.motives.data or ()),
            four_cs=FourCs(self.four_cs.data) if self.four_cs.data in set(FourCs) else None,
            rules=tuple(self.rules.data or ()),
            rules_why=self.rules_why.data or "",
        )

    def _reasonable(self) -> ReasonableAnswer | None:
        if not self.reasonable.data:
            return None
        answer = Reasonable(self.reasonable.data)
        return ReasonableAnswer(answer, tuple(self.considered.data or ()), self.reasonable_words.data or "")

    def settle(self) -> None:
        """Drop answers that were not offered, without a word: for showing what has been answered so far."""
        self.validate()
        for field in self:
            field.errors = []
        self.form_errors.clear()

    def put_right(self, missing: Mapping[str, str]) -> None:
        """Say beside each field what is missing."""
        for name, message in missing.items():
            self[name].errors = [*self[name].errors, message]

    def recall(self, standing: Mapping[str, Decision]) -> None:
        """Show the earlier answers: what did not change need not be given again."""
        if "direction" in standing:
            self.direction.data = standing["direction"].answer
        for test in TestName:
            self._recall(test.value, f"{test.value}_reasons", f"{test.value}_words", standing.get(f"test_{test.value}"))
        self._recall("reasonable", "considered", "reasonable_words", standing.get("reasonable"))
        if (kind := standing.get("four_cs")) and kind.answer in set(FourCs):
            self.four_cs.data = kind.answer
        if why := standing.get("motives"):
            self.motives.data = why.reasons or ([NOT_KNOWN] if why.answer == NOT_KNOWN else [])
        for name in SINGLE_QUESTIONS:
            earlier = standing.get(name.value)
            if earlier and earlier.answer in set(YesNo):
                self[name.value].data = earlier.answer

    def _recall(self, answer: str, ticks: str, words: str, earlier: Decision | None) -> None:
        if earlier and earlier.answer in self[answer].offered:
            self[answer].data, self[ticks].data, self[words].data = earlier.answer, earlier.reasons, earlier.words


def _case_words(case: PossibleCase) -> str:
    return f"Case {case.reference}: {case.title}" + (f" ({case.shares})" if case.shares else "")


class NoActionForm(_SeenForm):
    """Nothing more is to be done, and why."""

    direction = SelectField("Direction", DIRECTIONS, needed="Choose who did it to whom.")
    harm_threshold = ChoiceField(SINGLE_QUESTIONS[QuestionName.HARM_THRESHOLD].title, YES_NO)
    motives = TicksField(MOTIVES_QUESTION, two=True, keep_all=True)
    reasons = TicksField("Why is nothing more to be done?", list(NO_ACTION_REASONS.items()))
    words = TextField("In your own words", rows=4, longest=5_000)

    def direction_or(self, otherwise: Default) -> Direction | Default:
        """The direction on the page, if it is one."""
        return Direction(self.direction.data) if self.direction.data in set(Direction) else otherwise

    def single(self) -> dict[QuestionName, YesNo]:
        """What was answered of the questions with a yes or no."""
        given = self.harm_threshold.data
        return {QuestionName.HARM_THRESHOLD: YesNo(given)} if given else {}


class StepAsideForm(Form):
    """Only a button."""
