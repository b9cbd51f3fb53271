"""A pack value by value: what can be edited, the school's own edits laid over it, and what a newer version changes."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from incidents.errors import Refused
from incidents.schools.limits import UNIT_WORDS
from incidents.schools.pack import Pack
from incidents.schools.statutes import Statute, Statutes

VERSION = "version"  # the one change that is no value: which version the school uses
LONGEST = 500


class Group(StrEnum):
    """The parts of the page, in their order."""

    WORDS = "words"
    GROUNDS = "grounds"
    CHECKS = "sanction_checks"
    MOTIVES = "motives"
    HEAD_CASES = "head_cases"
    BODIES = "escalation"
    LIMITS = "limits"
    STATUTES = "statutes"


GROUP_LABELS: Mapping[Group, str] = {
    Group.WORDS: "Words",
    Group.GROUNDS: "Grounds: what the school relies on",
    Group.CHECKS: "Before a sanction on a pupil",
    Group.MOTIVES: "Motives",
    Group.HEAD_CASES: "Who manages a case about the head",
    Group.BODIES: "Whom to tell outside the school",
    Group.LIMITS: "Limits of time",
    Group.STATUTES: "Laws that may be relevant",
}

WORD_LABELS: Mapping[str, str] = {
    "dsl": "Safeguarding lead",
    "dsl_short": "Safeguarding lead, in short",
    "deputy_dsl": "Deputy safeguarding lead",
    "headteacher": "Who leads the school",
    "governors": "Those who govern the school",
    "governor": "One of them",
    "chair": "Their chair",
    "clerk": "Their clerk",
    "lado": "Who is told of an adult who may have harmed a child",
    "lado_short": "The same, in short",
    "social_care": "Social care",
    "police": "Police",
    "parent": "Parent",
    "target_part": "A pupil’s part: it was done to them",
    "alleged_part": "A pupil’s part: said to have done it",
}
GROUND_LABELS: Mapping[str, str] = {
    "pupil_off_site": "Pupils, off-site",
    "pupil_on_site": "Pupils, in the school’s care",
    "staff": "Staff",
    "governor": "Those who govern the school",
    "volunteer": "Volunteers",
    "parent": "Parents",
    "public": "Anybody else",
}
LIMIT_LABELS: Mapping[str, str] = {
    "record_within": "Record an incident",
    "refer_allegation_within": "Refer an allegation against an adult",
    "report_data_breach_within": "Report lost or shared personal data",
    "transfer_file_within": "Pass on the child protection file of a pupil who left",
    "educational_record_within": "Answer a parent who asks for the pupil’s record",
}


@dataclass(frozen=True)
class Value:
    """One value of a pack: `path` lasts from version to version, `choices` are all that it can be (empty: any words)."""

    path: str
    group: Group
    label: str
    says: str
    source: str
    confirm: bool
    choices: tuple[str, ...] = ()
    is_date: bool = False
    is_number: bool = False
    may_be_empty: bool = False
    unit: str = ""


def values_of(pack: Pack, laws: Statutes) -> list[Value]:
    """Every value of a pack that has words, in the order of the page; of laws those of the school's nation and type."""
    return [*_of_pack(pack), *_of_laws(laws.of_nation(pack.nation, pack.school_type))]


def _of_pack(pack: Pack) -> Iterator[Value]:
    for key, label in WORD_LABELS.items():
        yield Value(f"words.{key}.says", Group.WORDS, label, pack.words[key].says, "", pack.words[key].confirm)
    for key, label in GROUND_LABELS.items():
        held = pack.grounds[key]
        yield Value(f"grounds.{key}.text", Group.GROUNDS, label, held.text, held.source, held.confirm)
    for check in pack.sanction_checks:
        path = f"sanction_checks.{check.key}.text"
        yield Value(path, Group.CHECKS, "This must be so", check.text, check.source, check.confirm)
    for motive in pack.motives:
        label = "Asked where an adult was the target" if motive.staff else "Asked of everybody"
        yield Value(f"motives.{motive.key}.says", Group.MOTIVES, label, motive.says, "", motive.confirm)
    head = pack.head_cases
    yield Value("head_cases.manager.who", Group.HEAD_CASES, "Manager of such a case", head.who, head.source, head.confirm,
                tuple(head.choices))  # fmt: skip
    path = "head_cases.powers.may"
    yield Value(path, Group.HEAD_CASES, "What they may do", head.may, head.source, head.confirm)
    for body in pack.escalation:
        yield Value(f"escalation.{body.key}.name", Group.BODIES, "Name", body.name, body.when, body.confirm)
    for key, label in LIMIT_LABELS.items():
        if key in pack.limits:
            stated = pack.limits[key]
            yield Value(f"limits.{key}.amount", Group.LIMITS, label, str(stated.limit.amount), stated.source, stated.confirm,
                        is_number=True, unit=UNIT_WORDS[stated.limit.unit][1])  # fmt: skip


def _of_laws(laws: Iterable[Statute]) -> Iterator[Value]:
    for law in laws:
        for name, label in (
            ("about", "what it is about"),
            ("in_force", "law since"),
            ("repealed", "law no longer from"),
        ):
            path, says = f"statutes.{law.key}.{name}", str(getattr(law, name) or "")
            yield Value(path, Group.STATUTES, f"{law.title}: {label}", says, law.source, law.confirm, is_date=name != "about",
                        may_be_empty=name == "repealed")  # fmt: skip


def read(value: Value, typed: str) -> str:
    """What was typed for a value, as it is kept. Raises `Refused` for a value that a lawyer confirmed, and for nonsense."""
    typed = typed.strip()
    if not value.confirm:
        raise Refused("This is settled. Only what a lawyer has not confirmed is yours to change.", "says")
    if not typed and not value.may_be_empty:
        raise Refused("Type what it should say.", "says")
    if len(typed) > LONGEST:
        raise Refused(f"Use {LONGEST} letters or fewer.", "says")
    if value.choices and typed not in value.choices:
        raise Refused("Choose one of the list.", "says")
    if value.is_number and not (typed.isascii() and typed.isdigit() and len(typed) <= 3):
        raise Refused("Type a whole number, such as 5.", "says")
    if value.is_date and typed:
        _date(typed)
    if value.group is Group.STATUTES and value.path.endswith(".about") and "may be relevant" not in typed:
        raise Refused("Keep the words “may be relevant”: the page never says that a law was broken.", "says")
    return typed


def _date(typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError as wrong:
        raise Refused("Type the day as year, month and day, such as 2024-01-31.", "says") from wrong


def laid_over(pack: Pack, edits: Mapping[str, str]) -> Pack:
    """The pack as the school reads it. An edit of a value that this version has not, or that is settled here, is left out."""
    if not edits:
        return pack
    known = {value.path: value for value in _of_pack(pack)}
    by_group: dict[str, dict[str, str]] = {}
    for path, says in edits.items():
        value = known.get(path)
        if value and value.confirm and (not value.choices or says in value.choices):
            group, key, _ = path.split(".")
            by_group.setdefault(group, {})[key] = says
    return replace(pack, **{group: _put_over(getattr(pack, group), group, own) for group, own in by_group.items()})


# In which field of its row each part of a pack keeps its words.
_FIELDS: Mapping[str, str] = {
    Group.WORDS: "says",
    Group.GROUNDS: "text",
    Group.CHECKS: "text",
    Group.MOTIVES: "says",
    Group.BODIES: "name",
}


def _put_over(held: Any, group: str, own: Mapping[str, str]) -> Any:
    """One part of a pack with the school's own words in it; each stays unconfirmed, because no lawyer has seen them."""
    if group == Group.HEAD_CASES:
        fields = {"manager": "who", "powers": "may"}
        return replace(held, **{fields[key]: says for key, says in own.items()})
    if group == Group.LIMITS:
        limits = {key: replace(held[key].limit, amount=int(says)) for key, says in own.items()}
        return MappingProxyType({**held, **{key: replace(held[key], limit=limit) for key, limit in limits.items()}})
    name = _FIELDS[group]
    if isinstance(held, tuple):
        return tuple(replace(row, **{name: own[row.key]}) if row.key in own else row for row in held)
    return MappingProxyType({**held, **{key: replace(held[key], **{name: says}) for key, says in own.items()}})


def laws_laid_over(laws: Statutes, edits: Mapping[str, str]) -> Statutes:
    """The laws as the school reads them. Days that can't be (repealed before it began) leave the law as it came."""
    own: dict[str, dict[str, Any]] = {}
    for path, says in edits.items():
        group, _, rest = path.partition(".")
        key, _, name = rest.rpartition(".")
        if group == Group.STATUTES and key in laws.by_key and laws.by_key[key].confirm:
            own.setdefault(key, {})[name] = says if name == "about" else (date.fromisoformat(says) if says else None)
    if not own:
        return laws
    rows = (replace(law, **own[law.key]) if law.key in own else law for law in laws.rows)
    fits = (row if row.repealed is None or row.in_force < row.repealed else laws.by_key[row.key] for row in rows)
    return Statutes(laws.version, tuple(fits))


@dataclass(frozen=True)
class Difference:
    """What one value says in two versions; empty where a version has it not."""

    group: Group
    label: str
    before: str
    after: str


def differences(old: Pack, new: Pack) -> list[Difference]:
    """What taking up the newer version changes, in the order of the page."""
    before = {value.path: value for value in _of_pack(old)}
    after = {value.path: value for value in _of_pack(new)}
    found = []
    for path in [*after, *(path for path in before if path not in after)]:
        was, becomes = before.get(path), after.get(path)
        either = becomes or was
        assert either is not None
        said = (was.says if was else "", becomes.says if becomes else "")
        if said[0] != said[1]:
            found.append(Difference(either.group, either.label, *said))
    return found
