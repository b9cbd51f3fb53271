"""What can become of a case and of a step, as tables; run as a module it draws them for the docs."""

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from incidents.access import Right
from incidents.casework.closing import ClosingFacts, reasons_against_outcomes, reasons_not_to_close
from incidents.casework.words import CASE_STATE_LABELS, STEP_STATE_LABELS, CaseState, Finding, Records, StepState
from incidents.matters.lifecycle import Facts, Lifecycle, Move, Need, mermaid
from incidents.recording.lifecycle import INCIDENT
from incidents.registers.lifecycle import ENTRY

__all__ = ["CASE", "STEP", "CaseFacts", "CaseVerb", "StepFacts", "StepVerb", "document", "mermaid"]


class CaseVerb(StrEnum):
    """What is done with a case."""

    OPEN = "open"
    LINK_INCIDENT = "link_incident"
    ASSIGN = "assign"
    ADD_NOTE = "add_note"
    RECORD_FINDING = "record_finding"
    RECORD_OUTCOME = "record_outcome"
    CLOSE = "close"
    REOPEN = "reopen"


class StepVerb(StrEnum):
    """What is done with a step."""

    PLAN = "plan"
    DO = "do"
    SKIP = "skip"
    TAKE_UP_AGAIN = "take_up_again"
    HAND_OVER = "hand_over"
    CHANGE_DATE = "change_date"


@dataclass(frozen=True)
class CaseFacts:
    """What a move of a case looks at. `new_finding` is the one about to be recorded."""

    closing: ClosingFacts
    reason: str = ""
    new_finding: Finding | None = None


@dataclass(frozen=True)
class StepFacts:
    """What a move of a step looks at. `waits_for` is the title of the step it starts after, while that is not over."""

    case_open: bool = True
    waits_for: str | None = None
    records: Records = Records.NOTHING
    recorded: frozenset[Records] = field(default_factory=frozenset)
    reason: str = ""
    someone_chosen: bool = True


REASON_WANTED: Final = "Give the reason in a sentence: it is kept on the record."


def _case_reason(facts: CaseFacts) -> list[str]:
    return [] if facts.reason.strip() else [REASON_WANTED]


def _finding_fits(facts: CaseFacts) -> list[str]:
    if facts.new_finding in facts.closing.workflow.findings:
        return []
    return ["Choose one of the findings that this kind of case has."]


def _can_close(facts: CaseFacts) -> list[str]:
    return reasons_not_to_close(facts.closing)


def _outcomes_stand(facts: CaseFacts) -> list[str]:
    return reasons_against_outcomes(facts.closing)


def _step_reason(facts: StepFacts) -> list[str]:
    return [] if facts.reason.strip() else [REASON_WANTED]


def _case_open(facts: StepFacts) -> list[str]:
    return [] if facts.case_open else ["The case is closed. Reopen it first."]


def _has_started(facts: StepFacts) -> list[str]:
    return [f"It starts after “{facts.waits_for}”, which is not done yet."] if facts.waits_for else []


def _is_recorded(facts: StepFacts) -> list[str]:
    if facts.records is Records.NOTHING or facts.records in facts.recorded:
        return []
    return [f"Record the {facts.records.value} first: this step is done when it is on the case."]


def _can_be_left_out(facts: StepFacts) -> list[str]:
    if facts.records is Records.NOTHING:
        return []
    return [f"A case always needs its {facts.records.value}, so this step can’t be left out."]


def _someone(facts: StepFacts) -> list[str]:
    return [] if facts.someone_chosen else ["Choose who does it."]


REASON: Final = Need("a reason", _case_reason)
FINDING_FITS: Final = Need("a finding that the workflow has", _finding_fits)
CAN_CLOSE: Final = Need(
    "every step done or put aside with a reason, the review among them; a finding about each who is said to have done it; "
    "outcomes that stand",
    _can_close,
)
OUTCOMES_STAND: Final = Need(
    "a finding about each; outcomes that the workflow has; for a sanction its check list, for an exclusion its own path",
    _outcomes_stand,
)
STEP_REASON: Final = Need("a reason", _step_reason)
CASE_OPEN: Final = Need("the case is open", _case_open)
HAS_STARTED: Final = Need("the step it starts after is over", _has_started)
IS_RECORDED: Final = Need("the finding or outcome it stands for is recorded", _is_recorded)
CAN_BE_LEFT_OUT: Final = Need("it is not the finding or the outcome", _can_be_left_out)
SOMEONE: Final = Need("somebody to do it", _someone)

_DECIDE: Final = (Right.DECIDE,)
_WORK: Final = (Right.WORK,)
_OWN_OR_WORK: Final = (Right.WORK, Right.DO_OWN_STEPS)
_OPEN, _CLOSED = CaseState.OPEN, CaseState.CLOSED
_TODO, _DONE, _SKIPPED = StepState.TODO, StepState.DONE, StepState.SKIPPED

CASE: Final = Lifecycle[CaseFacts](
    thing="case",
    moves=(
        Move(CaseVerb.OPEN, None, _OPEN, _DECIDE),
        Move(CaseVerb.LINK_INCIDENT, _OPEN, _OPEN, _DECIDE),
        Move(CaseVerb.ASSIGN, _OPEN, _OPEN, _DECIDE),
        Move(CaseVerb.ADD_NOTE, _OPEN, _OPEN, _WORK),
        Move(CaseVerb.RECORD_FINDING, _OPEN, _OPEN, _DECIDE, (FINDING_FITS, REASON)),
        Move(CaseVerb.RECORD_OUTCOME, _OPEN, _OPEN, _DECIDE, (OUTCOMES_STAND,)),
        Move(CaseVerb.CLOSE, _OPEN, _CLOSED, _DECIDE, (CAN_CLOSE,)),
        Move(CaseVerb.REOPEN, _CLOSED, _OPEN, _DECIDE, (REASON,)),
    ),
    states=CASE_STATE_LABELS,
    instead={_OPEN: "The case is open already.", _CLOSED: "The case is closed. Reopen it first."},
)

STEP: Final = Lifecycle[StepFacts](
    thing="step",
    moves=(
        Move(StepVerb.PLAN, None, _TODO, _DECIDE),
        Move(StepVerb.DO, _TODO, _DONE, _OWN_OR_WORK, (CASE_OPEN, HAS_STARTED, IS_RECORDED)),
        Move(StepVerb.SKIP, _TODO, _SKIPPED, _WORK, (CASE_OPEN, CAN_BE_LEFT_OUT, STEP_REASON)),
        Move(StepVerb.HAND_OVER, _TODO, _TODO, _WORK, (CASE_OPEN, SOMEONE)),
        Move(StepVerb.CHANGE_DATE, _TODO, _TODO, _WORK, (CASE_OPEN, STEP_REASON)),
        Move(StepVerb.TAKE_UP_AGAIN, _DONE, _TODO, _WORK, (CASE_OPEN, STEP_REASON)),
        Move(StepVerb.TAKE_UP_AGAIN, _SKIPPED, _TODO, _WORK, (CASE_OPEN, STEP_REASON)),
    ),
    states=STEP_STATE_LABELS,
    instead={
        _TODO: "The step is still to do.",
        _DONE: "The step is done already. Take it up again first.",
        _SKIPPED: "The step was put aside as not needed. Take it up again first.",
    },
)

RIGHT_WORDS: Final = {
    Right.DECIDE: "whoever decides the matter",
    Right.WORK: "whoever works on it",
    Right.DO_OWN_STEPS: "whoever the step is given to",
    Right.ADD_WORDS: "whoever asked for it",
}

_HEAD: Final = """# Lifecycles

What can become of an incident, a case, a step and an entry of a register. The tables in
`incidents/recording/lifecycle.py`, `incidents/casework/lifecycle.py` and `incidents/registers/lifecycle.py`
are the rule; this page is drawn from them by `python -m incidents.casework.lifecycle`
and a test compares the two. A move along an arrow that is not here is refused, with the reason in words.
"""


def document() -> str:
    """The whole of docs/lifecycles.md."""
    return "\n".join([_HEAD, _section(INCIDENT), _section(CASE), _section(STEP), _section(ENTRY)])


def _section(life: Lifecycle[Facts]) -> str:
    rows = [
        f"| {life.states[move.came_from] if move.came_from else ''} | {move.verb.replace('_', ' ')} "
        f"| {life.states[move.to]} | {_who(move)} | {'; '.join(need.words for need in move.needs)} |"
        for move in life.moves
    ]
    table = ["| from | what is done | to | who may | what it needs |", "|---|---|---|---|---|", *rows]
    return "\n".join([f"## {life.thing.capitalize()}", "", "```mermaid", mermaid(life), "```", "", *table, ""])


def _who(move: Move[Facts]) -> str:
    return " or ".join(RIGHT_WORDS[right] for right in move.rights) or "everyone who may record"


def main(write: Callable[[str], object] = sys.stdout.write) -> None:
    """Print the page."""
    write(document())


if __name__ == "__main__":
    main()
