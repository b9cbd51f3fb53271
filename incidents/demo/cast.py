"""Who is in the demo: two invented schools, those who work in them, pupils, and who is whose parent."""

from dataclasses import dataclass, field
from datetime import time
from functools import cache

from incidents.access import Role
from incidents.demo.tables import DataWrong, Table, read_file
from incidents.schools.jurisdiction import Nation, SchoolType
from incidents.schools.models import NumberKind

PASSWORD = "paper boats on the canal"
"""Of every demo account; it is printed and stands in docs/demo.md, and the demo holds nothing real."""


@dataclass(frozen=True)
class Someone:
    """A person with a job at the school, paid or not; with roles, also an account."""

    key: str
    given: str
    family: str
    title: str
    job: str
    kind: str  # staff, governor, volunteer, outside
    roles: tuple[Role, ...] = ()
    year: str = ""

    @property
    def name(self) -> str:
        return f"{self.given} {self.family}"


@dataclass(frozen=True)
class Pupil:
    """A pupil with the year group and form of the present school year."""

    key: str
    given: str
    family: str
    year: str
    form: str

    @property
    def name(self) -> str:
        return f"{self.given} {self.family}"


@dataclass(frozen=True)
class Kin:
    """One grown-up's tie to one or more pupils, and what they may be told."""

    key: str
    given: str  # empty: somebody already listed
    family: str
    relation: str
    of: tuple[str, ...]
    responsible: bool
    do_not_tell: bool
    note: str


@dataclass(frozen=True)
class Number:
    """A number that pages about incidents show."""

    kind: NumberKind
    who: str
    phone: str


@dataclass(frozen=True)
class Report:
    """The words of a head's report on a term, what is asked of the board, and in how many days it meets.

    Not published: the words have only been begun.
    """

    term: int  # terms before the one that is under way
    published: bool
    words: str
    asks: tuple[str, ...]
    meeting_in: int


@dataclass(frozen=True)
class Annex:
    """What somebody writes for the chair alone about a term; not published: it has only been begun."""

    term: int
    published: bool
    by: str
    words: str


@dataclass(frozen=True)
class Waiting:
    """A privileged role that one administrator has proposed and that waits for a second."""

    account: str
    role: Role
    by: str


@dataclass(frozen=True)
class Look:
    """As whom to sign in, and what there is to see."""

    sign_in: str
    see: str


@dataclass(frozen=True)
class SchoolCast:
    """One school of the demo and everybody in it."""

    key: str
    name: str
    short_name: str
    nation: Nation
    school_type: SchoolType
    trust: str
    timezone: str
    day_starts: time
    day_ends: time
    mail: str
    stories: tuple[str, ...]
    rules: str  # the file with its policies and signatures
    first_year: str  # the year group in which pupils come to this school
    on_duty: str
    people: tuple[Someone, ...]
    pupils: tuple[Pupil, ...]
    kin: tuple[Kin, ...]
    numbers: tuple[Number, ...]
    looks: tuple[Look, ...]
    reports: tuple[Report, ...]
    annexes: tuple[Annex, ...]
    waiting: Waiting | None
    keys: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        every = [*(p.key for p in self.people), *(p.key for p in self.pupils), *(k.key for k in self.kin if k.given)]
        twice = {key for key in every if every.count(key) > 1}
        if twice:
            raise DataWrong(f"{self.key}: {', '.join(sorted(twice))} is there twice.")
        object.__setattr__(self, "keys", frozenset(every))
        pupils = {pupil.key for pupil in self.pupils}
        for kin in self.kin:
            if kin.key not in self.keys or not set(kin.of) <= pupils:
                raise DataWrong(f"{self.key}: {kin.key} is the {kin.relation} of somebody who is not a pupil here.")
        if self.on_duty not in self.keys:
            raise DataWrong(f"{self.key}: {self.on_duty}, on duty, is not in the cast.")

    def with_role(self, role: Role) -> list[Someone]:
        """Those who hold this role, in the order of the file."""
        return [someone for someone in self.people if role in someone.roles]

    def email(self, someone: Someone) -> str:
        """The address somebody signs in with: without accents or spaces."""
        return f"{plain(someone.given)}.{plain(someone.family)}@{self.mail}"


def plain(name: str) -> str:
    """A name as an address can hold it."""
    letters = {"â": "a", "ê": "e", "ń": "n"}
    return "".join(letters.get(c, c) for c in name.lower() if c.isalpha() or c == "-")


def _split(name: str, where: str) -> tuple[str, str]:
    given, _, family = name.partition(" ")
    if not family:
        raise DataWrong(f"{where}: {name!r} needs a given and a family name.")
    return given, family


def _someone(table: Table, kind: str) -> Someone:
    given, family = _split(table.text("name"), table.where)
    found = Someone(
        table.text("key"), given, family, table.text("title"), table.text("job"), kind,
        tuple(Role(role) for role in table.texts("roles")), table.text("year", ""),
    )  # fmt: skip
    table.done()
    return found


def _kin(table: Table) -> Kin:
    given, family = _split(table.text("name"), table.where) if "name" in table else ("", "")
    found = Kin(
        table.text("key"), given, family, table.text("relation"), table.texts("of"),
        table.take("responsible", bool, True), table.take("do_not_tell", bool, False), table.text("note", ""),
    )  # fmt: skip
    table.done()
    return found


def _pupil(row: list[str]) -> Pupil:
    key, name, year, form = row
    return Pupil(key, *_split(name, key), year, form)


def _number(table: Table) -> Number:
    found = Number(NumberKind(table.text("kind")), table.text("who"), table.text("phone"))
    table.done()
    return found


def _look(table: Table) -> Look:
    found = Look(table.text("sign_in"), table.text("see"))
    table.done()
    return found


def _report(table: Table) -> Report:
    found = Report(
        table.take("term", int), table.take("published", bool), table.text("words"), table.texts("asks"),
        table.take("meeting_in", int),
    )  # fmt: skip
    table.done()
    return found


def _annex(table: Table) -> Annex:
    found = Annex(table.take("term", int), table.take("published", bool), table.text("by"), table.text("words"))
    table.done()
    return found


def _waiting(table: Table | None) -> Waiting | None:
    if table is None:
        return None
    found = Waiting(table.text("account"), Role(table.text("role")), table.text("by"))
    table.done()
    return found


KINDS = {"staff": "staff", "governors": "governor", "volunteers": "volunteer", "outside": "outside"}


def _school(table: Table) -> SchoolCast:
    people = [_someone(each, kind) for plural, kind in KINDS.items() for each in table.tables(plural)]
    found = SchoolCast(
        key=table.text("key"),
        name=table.text("name"),
        short_name=table.text("short_name"),
        nation=Nation(table.text("nation")),
        school_type=SchoolType(table.text("type")),
        trust=table.text("trust"),
        timezone=table.text("timezone"),
        day_starts=time.fromisoformat(table.text("day_starts")),
        day_ends=time.fromisoformat(table.text("day_ends")),
        mail=table.text("mail"),
        stories=table.texts("stories"),
        rules=table.text("rules"),
        first_year=table.text("first_year"),
        on_duty=table.text("on_duty"),
        people=tuple(people),
        pupils=tuple(_pupil(row) for row in table.take("pupils", list)),
        kin=tuple(_kin(each) for each in table.tables("kin")),
        numbers=tuple(_number(each) for each in table.tables("number")),
        looks=tuple(_look(each) for each in table.tables("look")),
        reports=tuple(_report(each) for each in table.tables("report")),
        annexes=tuple(_annex(each) for each in table.tables("annex")),
        waiting=_waiting(table.table("waiting")),
    )
    table.done()
    return found


@cache
def schools() -> tuple[SchoolCast, ...]:
    """Both schools, in the order of the file. Raises DataWrong for whatever can't be used."""
    top = Table(read_file("cast.toml"), "cast.toml")
    found = tuple(_school(each) for each in top.tables("school"))
    top.done()
    return found
