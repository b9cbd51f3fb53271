"""The workflows: which steps a kind of case has, read strictly from one data file each."""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeVar

from incidents.casework.deadlines import Limit, LimitUnit
from incidents.casework.words import Document, Finding, Outcome, Records, StepRole
from incidents.recording.words import Direction
from incidents.schools.limits import UNIT_WORDS
from incidents.schools.pack import TERMS

FOLDER: Final = Path(__file__).parent / "workflows"
OPENED: Final = "opened"
AFTER: Final = "after:"

SUGGESTED: Final[Mapping[Direction, str]] = {
    Direction.PUPIL_TO_PUPIL: "pupil_to_pupil",
    Direction.PUPIL_TO_STAFF: "staff_as_target",
    Direction.PARENT_TO_STAFF: "parents_post",
    Direction.PARENT_TO_PARENT: "parents_post",
    Direction.PARENT_TO_CHILD: "parents_post",
    Direction.STAFF_CONDUCT: "staff_breach",
    Direction.STAFF_TO_STAFF: "staff_breach",
    Direction.STAFF_CONTACT: "staff_breach",
    Direction.GOVERNOR_OR_VOLUNTEER: "staff_breach",
    Direction.STRANGER_TO_PUPIL: "pupil_to_pupil",
    Direction.COMMENT_ON_SCHOOL_ACCOUNT: "school_account_comment",
    Direction.SCHOOL_ACCOUNT: "school_account_consent",
    Direction.UNKNOWN_AUTHOR: "pupil_to_pupil",
}

WORKFLOW_KEYS: Final = frozenset({"key", "version", "title", "who_for", "findings", "outcomes", "step"})
WORKFLOW_MAY: Final = frozenset({"review"})
STEP_KEYS: Final = frozenset({"key", "title", "what", "role", "starts", "safety", "produces", "records", "confirm"})
STEP_MAY: Final = frozenset({"limit"})

_UNITS: Final = {word: unit for unit, words in UNIT_WORDS.items() for word in words}
_LIMIT: Final = re.compile(r"(\d+) ([a-z ]+)")
_TERM: Final = re.compile(r"\{(.*?)\}")

Word = TypeVar("Word", bound=StrEnum)
Value = TypeVar("Value", str, bool, list[Any])
Thing = TypeVar("Thing")


class WorkflowWrong(Exception):
    """A workflow's file can't be used; the message names the file and the key."""


@dataclass(frozen=True)
class StepPlan:
    """One thing to be done, as the workflow plans it. Without a limit it has no date of its own."""

    key: str
    title: str  # this and `what` may hold {words} that differ by nation: see `in_words_of`
    what: str
    role: StepRole
    limit: Limit | None
    starts: str
    safety: bool
    produces: Document
    records: Records
    confirm: bool

    @property
    def waits_for(self) -> str | None:
        """The key of the step that must be over first, or None when it starts as the case opens."""
        return self.starts.removeprefix(AFTER) if self.starts.startswith(AFTER) else None


@dataclass(frozen=True)
class Workflow:
    """The steps of one kind of case, its findings and outcomes; `review` is the step that asks the target."""

    key: str
    version: str
    title: str
    who_for: str
    steps: tuple[StepPlan, ...]
    findings: tuple[Finding, ...]
    outcomes: tuple[Outcome, ...]
    review: str | None

    def step(self, key: str) -> StepPlan:
        """The plan of one step. Raises KeyError for a step that this workflow does not have."""
        return next((plan for plan in self.steps if plan.key == key), None) or _no_step(self.key, key)


def _no_step(workflow: str, key: str) -> StepPlan:
    raise KeyError(f"{workflow} has no step {key}")


def suggest(direction: Direction) -> str:
    """The workflow that usually fits a direction. Triage shows it and people may choose another."""
    return SUGGESTED[direction]


def keys() -> tuple[str, ...]:
    """Every workflow there is, in the order in which they are offered."""
    return tuple(dict.fromkeys(SUGGESTED.values()))


@cache
def load(key: str) -> Workflow:
    """The workflow of this key. Raises WorkflowWrong, also for a key that has no file."""
    if key not in keys():
        raise WorkflowWrong(f"There is no workflow called {key!r}.")
    path = FOLDER / f"{key}.toml"
    if not path.is_file():
        raise WorkflowWrong(f"{path.name} is missing.")
    workflow = parse(path.read_text(encoding="utf-8"), path.name)
    if workflow.key != key:
        raise WorkflowWrong(f"{path.name}: key is {workflow.key!r}, and the file is named for {key!r}.")
    return workflow


def parse(text: str, name: str) -> Workflow:
    """Read a workflow from TOML. Whatever is unknown, missing or of the wrong kind raises WorkflowWrong."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise WorkflowWrong(f"{name} can’t be read: {error}.") from error
    top = _Table(raw, name)
    top.has_only(WORKFLOW_KEYS, WORKFLOW_MAY)
    steps = _steps(raw["step"], name)
    workflow = Workflow(
        key=top.text("key"),
        version=top.text("version"),
        title=top.text("title"),
        who_for=top.text("who_for"),
        steps=steps,
        findings=top.words("findings", Finding),
        outcomes=top.words("outcomes", Outcome),
        review=top.text("review") if "review" in raw else None,
    )
    _check_review(workflow, name)
    return workflow


def in_words_of(term: Callable[[str], str], text: str) -> str:
    """The text with each {word} said as this school says it; `term` is the pack's."""
    return _TERM.sub(lambda found: term(found[1]), text)


def read_limit(words: str) -> Limit:
    """Read "5 school days". Raises ValueError with a sentence: a number alone does not say what it counts."""
    found = _LIMIT.fullmatch(words)
    unit = _UNITS.get(found[2]) if found else None
    if found is None or unit is None:
        known = ", ".join(many for _, many in UNIT_WORDS.values())
        raise ValueError(f"{words!r} is not a number and a unit (one of: {known})")
    return Limit(int(found[1]), unit)


def _steps(raw: object, name: str) -> tuple[StepPlan, ...]:
    if not isinstance(raw, list) or not raw:
        raise WorkflowWrong(f"{name}: step must be one or more [[step]] tables.")
    plans: dict[str, StepPlan] = {}
    for position, entry in enumerate(raw, start=1):
        if not isinstance(entry, dict):
            raise WorkflowWrong(f"{name}: step {position} is not a table.")
        plan = _step(_Table(entry, f"{name}, step {entry.get('key', position)}"))
        if plan.key in plans:
            raise WorkflowWrong(f"{name}: there are two steps with the key {plan.key}.")
        _check_start(plan, plans, name)
        plans[plan.key] = plan
    for records in (Records.FINDING, Records.OUTCOME):
        if sum(plan.records is records for plan in plans.values()) != 1:
            raise WorkflowWrong(f"{name}: exactly one step must have records = {records.value!r}.")
    return tuple(plans.values())


def _step(table: "_Table") -> StepPlan:
    table.has_only(STEP_KEYS, STEP_MAY)
    plan = StepPlan(
        key=table.text("key"),
        title=table.text("title"),
        what=table.text("what"),
        role=table.word("role", StepRole),
        limit=table.limit("limit"),
        starts=table.text("starts"),
        safety=table.flag("safety"),
        produces=table.word("produces", Document),
        records=table.word("records", Records),
        confirm=table.flag("confirm"),
    )
    if plan.safety and plan.limit and plan.limit.unit is LimitUnit.SCHOOL_DAYS:
        raise table.wrong("limit", "counts school days, and a safety clock runs through the holidays")
    return plan


def _check_start(plan: StepPlan, before: Mapping[str, StepPlan], name: str) -> None:
    """A step waits for a step that stands above it: so none waits for itself, and no two wait for each other."""
    if plan.starts == OPENED or plan.waits_for in before:
        return
    if plan.waits_for is None:
        raise WorkflowWrong(f"{name}, step {plan.key}: starts is {plan.starts!r}, not “opened” or “after:” and a step.")
    raise WorkflowWrong(f"{name}, step {plan.key}: starts after {plan.waits_for!r}, and no step above it has that key.")


def _check_review(workflow: Workflow, name: str) -> None:
    if workflow.review is not None and workflow.review not in {plan.key for plan in workflow.steps}:
        raise WorkflowWrong(f"{name}: review names {workflow.review!r}, and no step has that key.")


class _Table:
    """One table of a file, which says where it is when something in it is wrong."""

    def __init__(self, raw: Mapping[str, Any], where: str) -> None:
        self.raw, self.where = raw, where

    def wrong(self, key: str, why: str) -> WorkflowWrong:
        return WorkflowWrong(f"{self.where}: {key} {why}.")

    def has_only(self, must: frozenset[str], may: frozenset[str]) -> None:
        for key in sorted(must - self.raw.keys()):
            raise self.wrong(key, "is missing")
        for key in sorted(self.raw.keys() - must - may):
            raise self.wrong(key, "is not a key that is known here")

    def text(self, key: str) -> str:
        value = self._kind(key, str, "text")
        if not value.strip():
            raise self.wrong(key, "is empty")
        for word in _TERM.findall(value):
            if word not in TERMS:
                raise self.wrong(key, f"holds {{{word}}}, which no school has a word for")
        return value

    def flag(self, key: str) -> bool:
        return self._kind(key, bool, "true or false")

    def word(self, key: str, words: type[Word]) -> Word:
        return self._read(key, words, self.text(key))

    def words(self, key: str, words: type[Word]) -> tuple[Word, ...]:
        found = tuple(self._read(key, words, value) for value in self._kind(key, list, "a list of words"))
        if not found or len(set(found)) < len(found):
            raise self.wrong(key, "needs one or more words, each of them once")
        return found

    def limit(self, key: str) -> Limit | None:
        return self._read(key, read_limit, self.text(key)) if key in self.raw else None

    def _read(self, key: str, read: Callable[[str], Thing], value: str) -> Thing:
        try:
            return read(value)
        except ValueError as error:
            raise self.wrong(key, f"can’t be used: {error}") from error

    def _kind(self, key: str, kind: type[Value], called: str) -> Value:
        value = self.raw[key]
        if type(value) is not kind:
            raise self.wrong(key, f"must be {called}")
        return value
