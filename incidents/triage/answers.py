"""What a decider answers in a triage, what they answer it on, and what must be so before it can be decided."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from incidents.matters.directions import direction_of
from incidents.recording.hours import UNDER_CONTROL, ControlFinding, TimeFinding, tests_are_asked
from incidents.recording.words import Direction, FourCs, Method, PersonKind
from incidents.schools.pack import Motive
from incidents.triage.action_tests import ReasonableAnswer, TestAnswer, TestName, missing_reasons
from incidents.triage.facts import BEHAVIOUR_POLICY, Ground, PowerFacts
from incidents.triage.motives import MOTIVES, NEEDED_WORDS, needed
from incidents.triage.questions import SINGLE_QUESTIONS, QuestionName, YesNo, questions_for


@dataclass(frozen=True)
class TriageAnswers:
    """One triage as it was answered. No case, workflow or owner means a new case, the usual workflow, the usual owner.

    `why` is why it takes the place of an earlier triage. `seen` is the decision on the power to act that the decider had
    before them; if another took its place meanwhile, theirs is not kept.
    """

    direction: Direction
    tests: Mapping[TestName, TestAnswer] = field(default_factory=dict)
    reasonable: ReasonableAnswer | None = None
    single: Mapping[QuestionName, YesNo] = field(default_factory=dict)
    case_id: uuid.UUID | None = None
    workflow: str | None = None
    owner_id: uuid.UUID | None = None
    title: str = ""
    why: str = ""
    seen: uuid.UUID | None = None
    motives: tuple[str, ...] = ()  # keys, as ticked; empty: left open
    four_cs: FourCs | None = None
    rules: tuple[str, ...] = ()  # the rules and laws to cite, and why by a version that held on some of the days only
    rules_why: str = ""


NO_ACTION_REASONS: dict[str, str] = {
    "put_right": "It was put right at the time",
    "once_and_small": "It happened once and hurt nobody",
    "not_ours": "It is not about anybody in this school",
    "recorded_twice": "It is recorded twice: another record has it",
    "did_not_happen": "It did not happen as it was told",
    "for_others": "Others deal with it, such as the police or another school",
}
"""Why nothing more is to be done, to tick."""


@dataclass(frozen=True)
class Circumstances:
    """What the record, the calendar and the nation's pack say before anybody answers anything."""

    time: TimeFinding
    control: ControlFinding
    alleged: Mapping[PersonKind, int]
    targets: frozenset[PersonKind]
    method: Method
    grounds: Mapping[str, Ground]
    nation: str
    day_from: date | None = None
    day_until: date | None = None
    motives: tuple[Motive, ...] = ()  # the pack's
    governed: bool = True  # whether such a school has governors
    policy: str = BEHAVIOUR_POLICY
    policy_version: str = ""
    wordings: Mapping[TestName, str] = field(default_factory=dict)  # the policy's own words for the tests

    @property
    def suggested(self) -> Direction:
        return direction_of(self.alleged, self.targets, self.method)

    def asked(self, direction: Direction) -> tuple[QuestionName, ...]:
        """The questions of a triage in this direction."""
        return questions_for(
            direction,
            [kind for kind, count in self.alleged.items() if count],
            nation=self.nation,
            tests_asked=tests_are_asked(self.time.time, self.control.control),
            reasonable_asked=self.control.control not in UNDER_CONTROL,
        )

    def facts(self, answers: TriageAnswers) -> PowerFacts:
        """What the power to act is decided from. Answers to questions that are not asked count for nothing."""
        asked = self.asked(answers.direction)
        return PowerFacts(
            direction=answers.direction,
            alleged=self.alleged,
            time=self.time.time,
            control=self.control.control,
            grounds=self.grounds,
            nation=self.nation,
            answers=answers.tests if QuestionName.TESTS in asked else {},
            reasonable=answers.reasonable if QuestionName.REASONABLE in asked else None,
            policy=self.policy,
            day_from=self.day_from,
            day_until=self.day_until,
            governed=self.governed,
        )

    def missing(self, answers: TriageAnswers) -> dict[str, str]:
        """What stands in the way of deciding, by field: every question asked needs its answer and reason."""
        asked = self.asked(answers.direction)
        wrong = {
            name.value: f"{SINGLE_QUESTIONS[name].title} Choose yes, no or not sure."
            for name in asked
            if name in SINGLE_QUESTIONS and name not in answers.single
        }
        if QuestionName.TESTS in asked:
            wrong |= missing_reasons(
                answers.tests, answers.reasonable, reasonable_asked=QuestionName.REASONABLE in asked
            )
        return wrong | self.missing_motives(answers.direction, answers.motives)

    def missing_motives(self, direction: Direction, ticked: Collection[str]) -> dict[str, str]:
        """What seems to be behind it, where the nation's law wants it recorded."""
        return {MOTIVES: NEEDED_WORDS} if needed(self.nation, direction) and not ticked else {}


def kept_facts(circumstances: Circumstances, facts: PowerFacts) -> dict[str, Any]:
    """What a decision was taken on, as codes that can be kept and counted; no names and no narrative."""
    return {
        "direction": facts.direction.value,
        "alleged": {kind.value: count for kind, count in facts.alleged.items() if count},
        "time": facts.time.value,
        "control": facts.control.value,
        "tests": {test.value: given.answer.value for test, given in facts.answers.items()},
        "reasonable": facts.reasonable.answer.value if facts.reasonable else "",
        "day_from": facts.day_from.isoformat() if facts.day_from else "",
        "day_until": facts.day_until.isoformat() if facts.day_until else "",
        "method": circumstances.method.value,
    }
