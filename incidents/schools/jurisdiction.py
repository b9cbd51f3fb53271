"""What differs by nation and type of school: words, grounds to act, motives, bodies to tell, limits.

One data file a nation and version: an old version stays beside the new one, for what was decided under it.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from incidents.access import Role
from incidents.schools.data_file import PackBroken, Reader, Table, lines_of, read_toml
from incidents.schools.limits import Limit, LimitUnit
from incidents.schools.pack import (
    GROUNDS,
    LIMITS,
    MAY_MANAGE,
    MOTIVES,
    TERMS,
    Body,
    Check,
    Ground,
    HeadCases,
    Motive,
    NoSuchPack,
    Pack,
    StatedLimit,
    Word,
)
from incidents.schools.pack import Nation as Nation
from incidents.schools.pack import SchoolType as SchoolType

FOLDER = Path(__file__).parent / "jurisdictions"


@cache
def versions(nation: Nation) -> tuple[str, ...]:
    """The versions of a nation's pack that are here, the oldest first: a version is named by its month."""
    return tuple(sorted(path.stem for path in (FOLDER / nation).glob("*.toml")))


@cache
def load(nation: Nation, school_type: SchoolType, version: str | None = None) -> Pack:
    """The pack for a school of this type in this nation, as it stands in this version: the newest if none is named."""
    file, text = _file(nation, version)
    pack = parse(file, text, nation, school_type)
    if file != f"{nation}/{pack.version}.toml":
        raise PackBroken(f"{file}: version is “{pack.version}”: it must be the name of the file.")
    return pack


@cache
def school_types(nation: Nation) -> Mapping[SchoolType, str]:
    """The types of school there are in a nation, with the name each has there."""
    file, text = _file(nation)
    types = Reader(file, read_toml(file, text)).table("types")
    return MappingProxyType({kind: types.table(kind).text("name") for kind in _types_in(types)})


def _file(nation: Nation, version: str | None = None) -> tuple[str, str]:
    known = versions(nation)
    version = version or known[-1]
    if version not in known:
        raise NoSuchPack(f"There is no version {version} of the rules of {nation}.")
    return f"{nation}/{version}.toml", (FOLDER / nation / f"{version}.toml").read_text(encoding="utf-8")


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
        motives=_motives(reader.table("motives"), doubts),
        head_cases=_head_cases(reader.table("head_cases"), doubts),
        offices_missing=frozenset(Role(role) for role in reader.some_of("offices_missing", Role, optional=True)),
        escalation=_bodies(reader.table("escalation"), doubts),
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


def _motives(reader: Reader, doubts: list[str]) -> tuple[Motive, ...]:
    """In the order of the file, which is the order on the page."""
    motives = []
    for key in list(reader.left):
        if key not in MOTIVES:
            raise reader.wrong(reader.at(key), "is not a motive that is known here")
        if isinstance(reader.left[key], dict):
            row = reader.table(key)
            motives.append(Motive(key, row.text("says"), row.flag("staff"), _confirm(row, doubts)))
        else:
            motives.append(Motive(key, reader.text(key), staff=False, confirm=False))
    return tuple(motives)


def _head_cases(row: Reader, doubts: list[str]) -> HeadCases:
    who, may, source, choices = row.text("who"), row.text("may"), row.text("source"), {}
    for choice in row.tables("choices"):
        choices[choice.text("who")] = tuple(Role(role) for role in choice.some_of("roles", MAY_MANAGE))
        choice.end()
    if who not in choices:
        raise row.wrong(row.at("who"), "is not one of the choices")
    return HeadCases(who, may, MappingProxyType(choices), source, _confirm(row, doubts))


def _bodies(reader: Reader, doubts: list[str]) -> tuple[Body, ...]:
    rows = [(key, reader.table(key)) for key in list(reader.left)]
    return tuple(Body(key, row.text("name"), row.text("when"), _confirm(row, doubts)) for key, row in rows)


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
