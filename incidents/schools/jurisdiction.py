"""What differs by nation and type of school: words, grounds to act, bodies to tell, limits. One data file a nation."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType

import holidays

from incidents.schools.data_file import Reader, Table, lines_of, read_toml
from incidents.schools.limits import Limit, LimitUnit

FOLDER = Path(__file__).parent / "jurisdictions"


class Nation(StrEnum):
    """The five whose law the product knows something of."""

    ENGLAND = "england"
    WALES = "wales"
    SCOTLAND = "scotland"
    NORTHERN_IRELAND = "northern_ireland"
    JERSEY = "jersey"


class SchoolType(StrEnum):
    """The type of school, in the words of England; a pack has its nation's own name for each that it knows."""

    MAINTAINED = "maintained"
    ACADEMY = "academy"
    INDEPENDENT = "independent"
    SPECIAL = "special"
    PRU = "pru"


# Every word that term() can be asked for. A pack gives all of them.
TERMS = frozenset(
    {
        "dsl",
        "dsl_short",
        "deputy_dsl",
        "headteacher",
        "governors",
        "governor",
        "chair",
        "clerk",
        "lado",
        "lado_short",
        "social_care",
        "police",
        "parent",
        "target_part",
        "alleged_part",
    }
)
GROUNDS = frozenset({"pupil_off_site", "pupil_on_site", "staff", "governor", "volunteer", "parent", "public"})
LIMITS = frozenset({"record_within", "refer_allegation_within"})


class NoSuchPack(Exception):
    """The nation has no schools of this type. The message is a sentence for the person."""


@dataclass(frozen=True)
class Word:
    """What a thing is called here."""

    says: str
    confirm: bool


@dataclass(frozen=True)
class Ground:
    """What a school relies on towards one kind of person.

    `text` stands after "it relies on", or for those over whom there is no power, after "it may". `source` is the
    citation. `power` is whether it lets the school impose anything at all.
    """

    text: str
    source: str
    power: bool
    confirm: bool


@dataclass(frozen=True)
class Check:
    """One thing to be sure of before a sanction on a pupil; `text` is a statement to tick."""

    key: str
    text: str
    source: str
    confirm: bool


@dataclass(frozen=True)
class HeadCases:
    """Who manages a case that alleges something of the headteacher; the school may choose another of `choices`."""

    who: str
    choices: tuple[str, ...]
    source: str
    confirm: bool


@dataclass(frozen=True)
class Body:
    """Someone outside the school who is told, and when."""

    key: str
    name: str
    when: str
    confirm: bool


@dataclass(frozen=True)
class StatedLimit:
    """A limit that law or guidance gives, with its source."""

    limit: Limit
    source: str
    confirm: bool


@dataclass(frozen=True)
class Pack:
    """What the product knows of one nation's rules for one type of school: information, not advice."""

    nation: Nation
    nation_name: str
    school_type: SchoolType
    type_name: str
    version: str
    timezone: str
    holiday_country: str
    holiday_subdivision: str
    words: Mapping[str, Word]
    grounds: Mapping[str, Ground]
    sanction_checks: tuple[Check, ...]
    head_cases: HeadCases
    escalation: tuple[Body, ...]
    limits: Mapping[str, StatedLimit]
    to_confirm: tuple[str, ...]

    def term(self, word: str) -> str:
        """What this school calls it: term("dsl") is "designated safeguarding person (DSP)" in Wales."""
        return self.words[word].says

    def ground(self, over: str, *, off_site: bool = True) -> Ground:
        """What the school relies on towards this kind of person (a value of PersonKind).

        Only for pupils does it matter where they were. Someone unknown is treated like the public: no power is
        claimed over a person before it is known who they are.
        """
        key = {"pupil": "pupil_off_site" if off_site else "pupil_on_site", "unknown": "public"}.get(over, over)
        return self.grounds[key]

    def body(self, key: str) -> Body:
        """The outside body that answers to this key here, such as "lado" or "police"."""
        return next(body for body in self.escalation if body.key == key)

    @property
    def record_within(self) -> Limit | None:
        """How soon an incident is to be recorded, where the nation says so."""
        stated = self.limits.get("record_within")
        return stated.limit if stated else None

    def bank_holidays(self, years: Iterable[int]) -> frozenset[date]:
        """The nation's bank holidays in these years: what a school's calendar starts from."""
        return _bank_holidays(self.holiday_country, self.holiday_subdivision, tuple(years))

    def bank_holiday_names(self, years: Iterable[int]) -> dict[date, str]:
        """The same with what each is called."""
        found = holidays.country_holidays(self.holiday_country, subdiv=self.holiday_subdivision or None, years=years)
        return {day: found[day] for day in found}


@lru_cache(maxsize=64)
def _bank_holidays(country: str, subdivision: str, years: tuple[int, ...]) -> frozenset[date]:
    """Worked out once: every page that counts days asks for them."""
    return frozenset(holidays.country_holidays(country, subdiv=subdivision or None, years=years))


@cache
def load(nation: Nation, school_type: SchoolType) -> Pack:
    """The pack for a school of this type in this nation."""
    return parse(f"{nation}.toml", _text_of(nation), nation, school_type)


@cache
def school_types(nation: Nation) -> Mapping[SchoolType, str]:
    """The types of school there are in a nation, with the name each has there."""
    file = f"{nation}.toml"
    types = Reader(file, read_toml(file, _text_of(nation))).table("types")
    return MappingProxyType({kind: types.table(kind).text("name") for kind in _types_in(types)})


def parse(file: str, text: str, nation: Nation, school_type: SchoolType) -> Pack:
    """Reads one nation's file for one type of school. `file` is its name, for messages.

    A type's own table is laid over the nation's: tables are merged key by key, lists and values replaced.
    """
    whole, lines = read_toml(file, text), lines_of(text)
    types = Reader(file, whole.pop("types", {}), "types", lines)
    known = _types_in(types)
    name = Reader(file, whole, lines=lines).text("name")
    if school_type not in known:
        raise NoSuchPack(f"{name} has no school of the type “{school_type}”. Choose another type.")
    own = types.table(school_type)
    type_name = own.text("name")
    return _pack(Reader(file, _laid_over(whole, own.left), lines=lines), nation, school_type, type_name)


def _text_of(nation: Nation) -> str:
    return (FOLDER / f"{nation}.toml").read_text(encoding="utf-8")


def _types_in(types: Reader) -> list[SchoolType]:
    for key in types.left:
        if key not in set(SchoolType):
            raise types.wrong(types.at(key), "is not a type of school")
    return [kind for kind in SchoolType if kind in types.left]


def _laid_over(below: Table, above: Table) -> Table:
    merged = dict(below)
    for key, value in above.items():
        under = merged.get(key)
        merged[key] = _laid_over(under, value) if isinstance(value, dict) and isinstance(under, dict) else value
    return merged


def _pack(reader: Reader, nation: Nation, school_type: SchoolType, type_name: str) -> Pack:
    doubts: list[str] = []
    days = reader.table("bank_holidays")
    pack = Pack(
        nation=nation,
        nation_name=reader.text("name"),
        school_type=school_type,
        type_name=type_name,
        version=reader.text("version"),
        timezone=reader.text("timezone"),
        holiday_country=days.text("country"),
        holiday_subdivision=days.take("subdivision", str),  # empty where the country has none
        words=_words(reader.table("words"), doubts),
        grounds=_grounds(reader.table("grounds"), doubts),
        sanction_checks=tuple(_check(row, doubts) for row in reader.tables("sanction_checks")),
        head_cases=_head_cases(reader.table("head_cases"), doubts),
        escalation=tuple(_body(row, doubts) for row in reader.tables("escalation")),
        limits=_limits(reader.table("limits"), doubts),
        to_confirm=tuple(doubts),
    )
    days.end()
    reader.end()
    return pack


def _confirm(reader: Reader, doubts: list[str]) -> bool:
    """Whether a lawyer has still to confirm this value; if so it is noted by the place where it stands."""
    confirm = reader.flag("confirm")
    if confirm:
        doubts.append(reader.path)
    reader.end()
    return confirm


def _words(reader: Reader, doubts: list[str]) -> Mapping[str, Word]:
    words: dict[str, Word] = {}
    for key in sorted(TERMS):
        if isinstance(reader.left.get(key), dict):
            row = reader.table(key)
            words[key] = Word(row.text("says"), _confirm(row, doubts))
        else:
            words[key] = Word(reader.text(key), confirm=False)
    reader.end()
    return MappingProxyType(words)


def _grounds(reader: Reader, doubts: list[str]) -> Mapping[str, Ground]:
    grounds: dict[str, Ground] = {}
    for key in sorted(GROUNDS):
        row = reader.table(key)
        grounds[key] = Ground(row.text("text"), row.text("source"), row.take("power", bool), _confirm(row, doubts))
    reader.end()
    return MappingProxyType(grounds)


def _check(row: Reader, doubts: list[str]) -> Check:
    return Check(row.text("key"), row.text("text"), row.text("source"), _confirm(row, doubts))


def _head_cases(row: Reader, doubts: list[str]) -> HeadCases:
    cases = HeadCases(row.text("who"), row.texts("choices"), row.text("source"), _confirm(row, doubts))
    if cases.who not in cases.choices:
        raise row.wrong(row.at("who"), "is not one of the choices")
    return cases


def _body(row: Reader, doubts: list[str]) -> Body:
    return Body(row.text("key"), row.text("name"), row.text("when"), _confirm(row, doubts))


def _limits(reader: Reader, doubts: list[str]) -> Mapping[str, StatedLimit]:
    limits: dict[str, StatedLimit] = {}
    for key in sorted(LIMITS & reader.left.keys()):
        row = reader.table(key)
        unit = row.text("unit")
        if unit not in set(LimitUnit):
            raise row.wrong(row.at("unit"), f"must be one of {', '.join(LimitUnit)}")
        amount = row.take("amount", int)
        if amount < 0:
            raise row.wrong(row.at("amount"), "can't be below 0")
        limits[key] = StatedLimit(Limit(amount, LimitUnit(unit)), row.text("source"), _confirm(row, doubts))
    reader.end()
    return MappingProxyType(limits)
