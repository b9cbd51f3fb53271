"""A draft held against the version before it: which clauses are new, changed or gone, and word by word what changed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from incidents.matters.words import DIRECTION_LABELS, METHOD_LABELS
from incidents.policies.kinds import (
    AUDIENCE_LABELS,
    FORCE_LABELS,
    PERMIT_LABELS,
    POLICY_KIND_LABELS,
    SERIOUSNESS_LABELS,
    WORKFLOWS,
    Permit,
)
from incidents.policies.reading import ClauseText, PolicyText


class Mark(StrEnum):
    """What became of some words."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


class Fate(StrEnum):
    """What became of a clause."""

    SAME = "same"
    CHANGED = "changed"
    NEW = "new"
    GONE = "gone"
    MOVED = "moved"


@dataclass(frozen=True)
class Piece:
    """Some words with the same mark."""

    mark: Mark
    words: str


@dataclass(frozen=True)
class Line:
    """One part of a policy or a clause, before and after, word by word."""

    label: str
    pieces: tuple[Piece, ...]

    @property
    def is_same(self) -> bool:
        """Nothing of it changed."""
        return all(piece.mark is Mark.SAME for piece in self.pieces)


@dataclass(frozen=True)
class Compared:
    """A clause, what became of it, and its parts that are worth showing."""

    code: str
    force: str
    fate: Fate
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Difference:
    """All that a draft changes."""

    lines: tuple[Line, ...]
    clauses: tuple[Compared, ...]

    @property
    def is_none(self) -> bool:
        """The draft says what the version before it says."""
        return not self.lines and all(clause.fate is Fate.SAME for clause in self.clauses)

    def count(self, fate: Fate) -> int:
        """How many clauses this happened to."""
        return sum(clause.fate is fate for clause in self.clauses)


def by_word(before: str, after: str) -> tuple[Piece, ...]:
    """The words of both in their order: what is the same, what is gone, what is new. Each side can be read back from it."""
    old, new = re.findall(r"\S+|\n+", before), re.findall(r"\S+|\n+", after)
    found: list[Piece] = []
    for what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            found.append(Piece(Mark.SAME, " ".join(old[a:b])))
            continue
        if b > a:
            found.append(Piece(Mark.GONE, " ".join(old[a:b])))
        if d > c:
            found.append(Piece(Mark.NEW, " ".join(new[c:d])))
    return tuple(found)


def difference(before: PolicyText, after: PolicyText) -> Difference:
    """What `after` changes. A clause is known by its code."""
    lines = tuple(line for line in _lines(_parts(before), _parts(after)) if not line.is_same)
    return Difference(lines, tuple(_clauses(before, after)))


def _lines(before: dict[str, str], after: dict[str, str]) -> Iterator[Line]:
    for label in after | before:
        old, new = before.get(label, ""), after.get(label, "")
        if old or new:
            yield Line(label, by_word(old, new))


def _clauses(before: PolicyText, after: PolicyText) -> Iterator[Compared]:
    old = {clause.code: clause for clause in before.clauses}
    new = {clause.code: clause for clause in after.clauses}
    kept_before = [code for code in old if code in new]
    kept_after = [code for code in new if code in old]
    stays = _longest_same(kept_before, kept_after)
    for code, clause in new.items():
        if code not in old:
            yield Compared(code, FORCE_LABELS[clause.force], Fate.NEW, tuple(_lines({}, clause_parts(clause))))
            continue
        lines = tuple(_lines(clause_parts(old[code]), clause_parts(clause)))
        changed = tuple(line for line in lines if not line.is_same or line.label == "Words")
        if all(line.is_same for line in lines):
            yield Compared(code, FORCE_LABELS[clause.force], Fate.SAME if code in stays else Fate.MOVED, changed)
        else:
            yield Compared(code, FORCE_LABELS[clause.force], Fate.CHANGED, changed)
    for code, clause in old.items():
        if code not in new:
            yield Compared(code, FORCE_LABELS[clause.force], Fate.GONE, tuple(_lines(clause_parts(clause), {})))


def _longest_same(before: list[str], after: list[str]) -> set[str]:
    """The codes that kept their order; the others were moved."""
    blocks = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    return {code for block in blocks for code in before[block.a : block.a + block.size]}


def _parts(text: PolicyText) -> dict[str, str]:
    """Everything but the clauses, by what a reader calls it."""
    tests, posting = text.tests, text.before_posting
    asked = [f"{each.ask} Stop if {each.wary}. {each.think} {' '.join(each.clauses)}" for each in posting.questions]
    return {
        "Kind": POLICY_KIND_LABELS[text.kind],
        "Title": text.title,
        "Adopted on": _day(text.adopted_on),
        "In force from": _day(text.in_force_from),
        "Review by": _day(text.review_on) if text.review_on else "",
        "Adopted before the school used Incident Book": text.adopted_before,
        "What is new": text.changed,
        "Words before the clauses": text.intro,
        "Words after the clauses": text.outro,
        "Signed by": "; ".join(text.signatories),
        "Test: the running of the school": tests.orderly if tests else "",
        "Test: a threat": tests.threat if tests else "",
        "Test: reputation": tests.reputation if tests else "",
        "Before posting: rule of thumb": posting.rule,
        "Before posting: questions": "\n".join(asked),
    }


def clause_parts(clause: ClauseText) -> dict[str, str]:
    """The parts of a clause, by what a reader calls them."""
    return {
        "Words": clause.wording,
        "Force": FORCE_LABELS[clause.force],
        "For": ", ".join(AUDIENCE_LABELS[each] for each in clause.audiences),
        "Towards": ", ".join(AUDIENCE_LABELS[each] for each in clause.towards),
        "Except": "; ".join(clause.exceptions),
        "A breach is": SERIOUSNESS_LABELS[clause.seriousness],
        "Speaks of": ", ".join(DIRECTION_LABELS[each] for each in clause.directions),
        "By": ", ".join(METHOD_LABELS[each] for each in clause.methods),
        "Words that suggest it": ", ".join(clause.keywords),
        "A breach starts": WORKFLOWS.get(clause.workflow, ""),
        "Lifted by": PERMIT_LABELS[Permit(clause.permission)] if clause.permission else "",
    }


def _day(day: object) -> str:
    return f"{day:%-d %B %Y}"
