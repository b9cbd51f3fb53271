"""What a pack holds: what differs by nation and type of school, as plain values."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

import holidays

from incidents.access import Role
from incidents.schools.limits import Limit


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
# Who can be trusted with a case about the head; each type of school says in which order.
MAY_MANAGE = (Role.CASE_MANAGER, Role.CHAIR, Role.VICE_CHAIR)
GROUNDS = frozenset({"pupil_off_site", "pupil_on_site", "staff", "governor", "volunteer", "parent", "public"})
LIMITS = frozenset(
    {
        "record_within",
        "refer_allegation_within",
        "report_data_breach_within",
        "transfer_file_within",
        "educational_record_within",
    }
)
MOTIVES = frozenset(
    {
        "race",
        "sex",
        "disability",
        "religion_or_belief",
        "sexual_orientation",
        "gender_reassignment",
        "pregnancy_or_maternity",
        "age",
        "marriage_or_civil_partnership",
        "political_opinion",
        "dependants",
        "marital_status",
    }
)


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
    """Who manages a case that alleges something of the headteacher; the school may choose another of `choices`.

    Each choice stands with the roles that such a case goes to, in their order: nobody else ever decides it. `may` stands
    after "They may" and says what follows from who employs the headteacher.
    """

    who: str
    may: str
    choices: Mapping[str, tuple[Role, ...]]
    source: str
    confirm: bool

    @property
    def roles(self) -> tuple[Role, ...]:
        """The roles that decide such a case, the first with somebody in it who is free of conflict."""
        return self.choices[self.who]


@dataclass(frozen=True)
class Motive:
    """A perceived motive, as its nation's law on equality names it; `staff` only is asked where an adult was the target."""

    key: str
    says: str
    staff: bool
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
    motives: tuple[Motive, ...]
    head_cases: HeadCases
    offices_missing: frozenset[Role]  # roles that such a school does not have
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
