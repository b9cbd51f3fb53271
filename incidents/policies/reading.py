"""The words of one policy, and the one strict reader of them: for a pack's file and for a draft alike."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from incidents.matters.words import Direction, Method
from incidents.policies.kinds import BREACHABLE, WORKFLOWS, Audience, Force, Permit, PolicyKind, Seriousness
from incidents.schools.data_file import PackBroken, Reader, lines_of, read_toml

FOLDER = Path(__file__).parent / "packs"
DATES = ("adopted_on", "in_force_from", "review_on")
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.()-]{0,11}")  # it stands in addresses
_UNDATED = date(1900, 1, 1)  # never shown: `PolicyPack.adopted` puts a day in its place

Word = TypeVar("Word", bound=StrEnum)


@dataclass(frozen=True)
class ClauseText:
    """One rule, as it is written."""

    code: str
    audiences: tuple[Audience, ...]
    force: Force
    wording: str
    towards: tuple[Audience, ...] = ()
    exceptions: tuple[str, ...] = ()
    seriousness: Seriousness = Seriousness.USUAL
    directions: tuple[Direction, ...] = ()
    methods: tuple[Method, ...] = ()
    keywords: tuple[str, ...] = ()
    workflow: str = ""
    permission: str = ""


@dataclass(frozen=True)
class Tests:
    """The policy's own wording of the three out-of-hours tests."""

    orderly: str
    threat: str
    reputation: str


@dataclass(frozen=True)
class Question:
    """Something to ask oneself before posting. `wary` is the answer that should make one stop: yes or no."""

    ask: str
    wary: str
    think: str
    clauses: tuple[str, ...] = ()  # the codes of the clauses that speak of it


@dataclass(frozen=True)
class BeforePosting:
    """The policy's questions before posting, and its rule of thumb."""

    rule: str = ""
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True)
class PolicyText:
    """Everything that a version of a policy says."""

    kind: PolicyKind
    title: str
    adopted_on: date
    in_force_from: date
    review_on: date | None = None
    adopted_before: str = ""
    changed: str = ""
    intro: str = ""
    outro: str = ""
    signatories: tuple[str, ...] = ()
    tests: Tests | None = None
    before_posting: BeforePosting = field(default_factory=BeforePosting)
    clauses: tuple[ClauseText, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """In the shape of a pack's policy, without what is empty: what the reader reads again."""
        return {key: value for key, value in _plain(asdict(self)).items() if value not in ("", [], {}, None)}

    def digest(self) -> str:
        """Of every word and date in it."""
        text = json.dumps(self.as_json(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class PolicyPack:
    """A policy that comes with the product. `says`: what is peculiar to it; `source`: which policy it was made from.

    The source of some bears no date: they are not `dated`, and a day is asked for.
    """

    name: str
    label: str
    says: tuple[str, ...]
    source: str
    dated: bool
    policy: PolicyText

    def adopted(self, day: date) -> PolicyText:
        """The policy with its own dates, or, where the source bears none, adopted and in force from this day."""
        return self.policy if self.dated else replace(self.policy, adopted_on=day, in_force_from=day)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: plain for key, each in value.items() if (plain := _plain(each)) not in ("", [], {}, None)}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value.isoformat() if isinstance(value, date) else str(value) if isinstance(value, str) else value


def from_json(content: Mapping[str, Any], file: str = "The draft") -> PolicyText:
    """A draft's content. Raises `PackBroken` with the field that is wrong."""
    dated = {key: _day(file, key, value) if key in DATES else value for key, value in content.items()}
    return read_policy(Reader(file, dated))


def _day(file: str, key: str, value: Any) -> date:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError) as wrong:
        raise PackBroken(f"{file}: {key} must be a date, such as 2024-01-31.") from wrong


@cache
def packs() -> tuple[PolicyPack, ...]:
    """The packs that come with the product, by their labels."""
    found = (read_pack(path.stem, path.read_text(encoding="utf-8")) for path in FOLDER.glob("*.toml"))
    return tuple(sorted(found, key=lambda pack: pack.label))


def read_pack(name: str, text: str) -> PolicyPack:
    """A pack's file. Raises `PackBroken` with the key and the line that is wrong."""
    file = f"{name}.toml"
    reader = Reader(file, read_toml(file, text), lines=lines_of(text))
    about, dated = reader.table("pack"), "adopted_on" in reader.left
    if not dated:
        reader.left |= {"adopted_on": _UNDATED, "in_force_from": _UNDATED}
    policy = read_policy(reader)
    pack = PolicyPack(name, about.text("label"), about.texts("says"), about.text("source"), dated, policy)
    about.end()
    return pack


def read_policy(reader: Reader) -> PolicyText:
    """Every key of a policy, once; what is left over is refused."""
    policy = PolicyText(
        kind=_word(reader, "kind", PolicyKind),
        title=reader.text("title"),
        adopted_on=reader.take("adopted_on", date),
        in_force_from=reader.take("in_force_from", date),
        review_on=reader.take("review_on", date) if "review_on" in reader.left else None,
        adopted_before=_maybe(reader, "adopted_before"),
        changed=_maybe(reader, "changed"),
        intro=_maybe(reader, "intro"),
        outro=_maybe(reader, "outro"),
        signatories=_several(reader, "signatories"),
        tests=_tests(reader.table("tests")) if "tests" in reader.left else None,
        before_posting=_before_posting(reader),
        clauses=_clauses(reader),
    )
    reader.end()
    _dates_agree(reader, policy)
    codes = {clause.code for clause in policy.clauses}
    for n, question in enumerate(policy.before_posting.questions, start=1):
        if unknown := sorted(set(question.clauses) - codes):
            raise reader.wrong(
                f"before_posting.questions[{n}].clauses", f"names no clause of this policy: {unknown[0]}"
            )
    return policy


def _dates_agree(reader: Reader, policy: PolicyText) -> None:
    if policy.in_force_from < policy.adopted_on:
        raise reader.wrong("in_force_from", "is before the day of adoption")
    if policy.review_on is not None and policy.review_on <= policy.adopted_on:
        raise reader.wrong("review_on", "is not after the day of adoption")


def _tests(reader: Reader) -> Tests:
    tests = Tests(reader.text("orderly"), reader.text("threat"), reader.text("reputation"))
    reader.end()
    return tests


def _before_posting(reader: Reader) -> BeforePosting:
    if "before_posting" not in reader.left:
        return BeforePosting()
    table = reader.table("before_posting")
    rows = table.tables("questions") if "questions" in table.left else []
    found = BeforePosting(_maybe(table, "rule"), tuple(_question(row) for row in rows))
    table.end()
    return found


def _question(row: Reader) -> Question:
    question = Question(row.text("ask"), row.text("wary"), row.text("think"), _several(row, "clauses"))
    if question.wary not in ("yes", "no"):
        raise row.wrong(row.at("wary"), "must be yes or no")
    row.end()
    return question


def _clauses(reader: Reader) -> tuple[ClauseText, ...]:
    found: dict[str, ClauseText] = {}
    for row in reader.tables("clauses") if "clauses" in reader.left else []:
        clause = _clause(row)
        if clause.code.casefold() in found:
            raise row.wrong(row.at("code"), f"is used twice: {clause.code}")
        found[clause.code.casefold()] = clause
    return tuple(found.values())


def _clause(row: Reader) -> ClauseText:
    clause = ClauseText(
        code=row.text("code"),
        audiences=_words(row, "audiences", Audience, needed=True),
        force=_word(row, "force", Force),
        wording=row.text("wording"),
        towards=_words(row, "towards", Audience),
        exceptions=_several(row, "exceptions"),
        seriousness=_word(row, "seriousness", Seriousness) if "seriousness" in row.left else Seriousness.USUAL,
        directions=_words(row, "directions", Direction),
        methods=_words(row, "methods", Method),
        keywords=_several(row, "keywords"),
        workflow=_maybe(row, "workflow"),
        permission=_maybe(row, "permission"),
    )
    row.end()
    if not CODE.fullmatch(clause.code):
        raise row.wrong(row.at("code"), "must be short: letters, numbers, points and brackets, 12 at most")
    if clause.workflow and clause.workflow not in WORKFLOWS:
        raise row.wrong(row.at("workflow"), "is not a workflow that is known here")
    if clause.permission and clause.permission not in set(Permit):
        raise row.wrong(row.at("permission"), f"must be one of {', '.join(Permit)}")
    for key in ("workflow", "permission"):
        if getattr(clause, key) and clause.force not in BREACHABLE:
            raise row.wrong(row.at(key), f"can’t stand here: {clause.force} is never breached")
    return clause


def _maybe(reader: Reader, key: str) -> str:
    return reader.take(key, str).strip() if key in reader.left else ""


def _several(reader: Reader, key: str) -> tuple[str, ...]:
    return reader.texts(key) if key in reader.left else ()


def _word(reader: Reader, key: str, kind: type[Word]) -> Word:
    word = reader.text(key)
    if word not in set(kind):
        raise reader.wrong(reader.at(key), f"must be one of {', '.join(kind)}")
    return kind(word)


def _words(reader: Reader, key: str, kind: type[Word], *, needed: bool = False) -> tuple[Word, ...]:
    if key not in reader.left and not needed:
        return ()
    if key not in reader.left:
        raise reader.wrong(reader.at(key), "is missing")
    words = reader.texts(key)
    for word in words:
        if word not in set(kind):
            raise reader.wrong(reader.at(key), f"must be of {', '.join(kind)}; {word} is none")
    if len(set(words)) < len(words):
        raise reader.wrong(reader.at(key), "says one thing twice")
    return tuple(word for word in kind if word in words)  # in one order, whoever wrote them
