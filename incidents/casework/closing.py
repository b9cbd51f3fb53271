"""What must be so before outcomes stand and a case may close: rules that return their reasons."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final

from incidents.casework.sanction import Exclusion, reasons_against_exclusion, reasons_against_sanction
from incidents.casework.words import PUPIL_EXCLUSIONS, PUPIL_SANCTIONS, STAFF_DISCIPLINE, Finding, Outcome, StepState
from incidents.casework.workflow import Workflow
from incidents.schools.pack import Check

# Findings on which a punishment can rest: that it happened, and who did it.
ESTABLISHED: Final = frozenset(
    {
        Finding.CONFIRMED_BULLYING,
        Finding.HURTFUL_ONCE,
        Finding.CONFLICT,
        Finding.UPHELD,
        Finding.UPHELD_IN_PART,
        Finding.SUBSTANTIATED,
    }
)
PUNISHING: Final = PUPIL_SANCTIONS | PUPIL_EXCLUSIONS | STAFF_DISCIPLINE | {Outcome.PUPIL_WARNED}


@dataclass(frozen=True)
class StepFact:
    """A step as it stands; `words` is the note it was done with, or the reason why it was put aside."""

    key: str
    title: str
    state: StepState
    words: str = ""


@dataclass(frozen=True)
class ClosingFacts:
    """A case as it stands. `checks` is the pack's list before a sanction, `ticked` what has been said to be so."""

    workflow: Workflow
    steps: tuple[StepFact, ...] = ()
    finding: Finding | None = None  # of several the one that counts
    without_finding: tuple[str, ...] = ()  # those said to have done it, about whom there is none yet
    outcomes: frozenset[Outcome] = frozenset()
    checks: tuple[Check, ...] = ()
    ticked: Collection[str] = ()
    exclusion: Exclusion | None = None
    under_51a: bool = True


def reasons_not_to_close(facts: ClosingFacts) -> list[str]:
    """Everything that still stands in the way of closing, in the order in which a person would see to it."""
    return [reason for rule in CLOSING for reason in rule(facts)]


def reasons_against_outcomes(facts: ClosingFacts) -> list[str]:
    """Why these outcomes can't be recorded as they are."""
    return [reason for rule in OUTCOMES for reason in rule(facts)]


def _steps_over(facts: ClosingFacts) -> list[str]:
    open_steps = [step for step in facts.steps if step.state is StepState.TODO and step.key != facts.workflow.review]
    return [f"“{step.title}” is still to do. Do it, or say why it is not needed." for step in open_steps]


def _skipped_with_reason(facts: ClosingFacts) -> list[str]:
    silent = [step for step in facts.steps if step.state is StepState.SKIPPED and not step.words.strip()]
    return [f"“{step.title}” was put aside without a reason." for step in silent]


def _reviewed(facts: ClosingFacts) -> list[str]:
    """The target is asked whether it stopped: the step can be put aside, with its reason, but never be missing."""
    review = facts.workflow.review
    if review is None:
        return []
    step = next((step for step in facts.steps if step.key == review), None)
    if step is None:
        return [f"This kind of case has a review: “{facts.workflow.step(review).title}”. It is missing here."]
    if step.state is StepState.TODO:
        return [f"“{step.title}” is still to do: ask whether it has stopped, or say why that is not needed."]
    return []


def _found(facts: ClosingFacts) -> list[str]:
    if facts.finding is None:
        return ["There is no finding yet: say what is established."]
    if facts.finding not in facts.workflow.findings:
        return ["The finding is not one that this kind of case has."]
    return [f"There is no finding yet about {who}: say what is established." for who in facts.without_finding]


def _outcome_known(facts: ClosingFacts) -> list[str]:
    return [] if facts.outcomes else ["There is no outcome yet: say what was done, even if it is no action."]


def _outcomes_fit(facts: ClosingFacts) -> list[str]:
    if facts.outcomes - set(facts.workflow.outcomes):
        return ["One of the outcomes is not one that this kind of case has."]
    if Outcome.NO_ACTION in facts.outcomes and len(facts.outcomes) > 1:
        return ["“No action” stands alone: leave it out, or leave the others out."]
    return []


def _established(facts: ClosingFacts) -> list[str]:
    if facts.finding is None or facts.finding in ESTABLISHED or not facts.outcomes & PUNISHING:
        return []
    return ["The finding does not establish that somebody did it, so nobody can be punished for it."]


def _sanction_checked(facts: ClosingFacts) -> list[str]:
    return reasons_against_sanction(facts.checks, facts.ticked) if facts.outcomes & PUPIL_SANCTIONS else []


def _exclusion_checked(facts: ClosingFacts) -> list[str]:
    if not facts.outcomes & PUPIL_EXCLUSIONS:
        return []
    return reasons_against_exclusion(facts.exclusion or Exclusion(), under_51a=facts.under_51a)


Rule = Callable[[ClosingFacts], list[str]]

OUTCOMES: Final[tuple[Rule, ...]] = (
    _found,
    _outcome_known,
    _outcomes_fit,
    _established,
    _sanction_checked,
    _exclusion_checked,
)
CLOSING: Final[tuple[Rule, ...]] = (_steps_over, _skipped_with_reason, _reviewed, *OUTCOMES)
