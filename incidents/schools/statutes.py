"""Acts and sections that may be relevant, each with where and when it is law; and the guard against citing the wrong one.

Information for the headteacher, never advice: that a law may be relevant says nothing about whether anybody broke it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache, cached_property
from pathlib import Path

from incidents.schools.data_file import Reader, lines_of, read_toml
from incidents.schools.jurisdiction import FOLDER, Nation, SchoolType

FILE = "statutes.toml"
NOT_CONFIRMED = "A lawyer has not confirmed this."


class Topic(StrEnum):
    """What a law is about, broadly: laws of one topic stand for each other in other nations and at other times."""

    HARASSMENT = "harassment"
    THREATS = "threats"
    OFFENSIVE_MESSAGES = "offensive_messages"
    FALSE_MESSAGES = "false_messages"
    PERSISTENT_MESSAGES = "persistent_messages"
    PUBLIC_ORDER = "public_order"
    HATRED = "hatred"
    FLASHING_IMAGES = "flashing_images"
    SELF_HARM = "self_harm"
    SENDING_GENITALS = "sending_genitals"
    SHARING_INTIMATE = "sharing_intimate"
    CHILD_IMAGES = "child_images"
    HAVING_CHILD_IMAGES = "having_child_images"
    CONTACT_WITH_CHILDREN = "contact_with_children"
    COMPUTERS = "computers"
    EQUALITY = "equality"
    DEFAMATION = "defamation"
    TEACHER_NAMED = "teacher_named"
    BEHAVIOUR = "behaviour"
    DEVICES = "devices"
    PREMISES = "premises"
    PERSONAL_DATA = "personal_data"


TOPIC_LABELS: Mapping[Topic, str] = {
    Topic.HARASSMENT: "Harassment and stalking",
    Topic.THREATS: "Threats",
    Topic.OFFENSIVE_MESSAGES: "Offensive or menacing messages",
    Topic.FALSE_MESSAGES: "False messages",
    Topic.PERSISTENT_MESSAGES: "Messages sent over and over",
    Topic.PUBLIC_ORDER: "Abuse and disorder",
    Topic.HATRED: "Stirring up hatred",
    Topic.FLASHING_IMAGES: "Flashing images",
    Topic.SELF_HARM: "Encouraging self-harm",
    Topic.SENDING_GENITALS: "Sending sexual pictures to someone",
    Topic.SHARING_INTIMATE: "Sharing intimate pictures of someone",
    Topic.CHILD_IMAGES: "Indecent pictures of children",
    Topic.HAVING_CHILD_IMAGES: "Having indecent pictures of children",
    Topic.CONTACT_WITH_CHILDREN: "Sexual messages to children",
    Topic.COMPUTERS: "Getting into accounts and computers",
    Topic.EQUALITY: "Discrimination and equality",
    Topic.DEFAMATION: "Defamation",
    Topic.TEACHER_NAMED: "Naming an accused teacher",
    Topic.BEHAVIOUR: "Behaviour, bullying and what a school may do",
    Topic.DEVICES: "Searching devices",
    Topic.PREMISES: "Keeping someone off the premises",
    Topic.PERSONAL_DATA: "Personal data",
}

# The words of an incident, as `recording.words` has them: slices before it can't import them, a test compares.
DIRECTIONS = frozenset(
    [
        "pupil_to_pupil",
        "pupil_to_staff",
        "parent_to_staff",
        "parent_to_parent",
        "parent_to_child",
        "staff_conduct",
        "staff_to_staff",
        "staff_contact",
        "governor_or_volunteer",
        "stranger_to_pupil",
        "comment_on_school_account",
        "school_account",
        "unknown_author",
    ]
)
METHODS = frozenset(
    [
        "text_message",
        "email",
        "phone_call",
        "instant_messenger",
        "photos_or_video",
        "website_comment",
        "group_chat",
        "direct_message",
        "gaming_chat",
        "livestream",
        "fake_account",
        "ai_image",
        "poll",
        "school_account_comment",
        "other",
    ]
)

NATION_NAMES: Mapping[Nation, str] = {
    Nation.ENGLAND: "England",
    Nation.WALES: "Wales",
    Nation.SCOTLAND: "Scotland",
    Nation.NORTHERN_IRELAND: "Northern Ireland",
    Nation.JERSEY: "Jersey",
}


@dataclass(frozen=True)
class Statute:
    """A law or a part of one that has one extent and one set of dates.

    `repealed` is the first day on which it is law no more. `school_types`, `directions` and `methods` empty mean all.
    `extended_by` is the Order that takes an Act of Parliament to Jersey. `about` never says that it was broken.
    """

    key: str
    topic: Topic
    name: str
    section: str
    about: str
    extent: frozenset[Nation]
    school_types: frozenset[SchoolType]
    in_force: date
    repealed: date | None
    replaced_by: tuple[str, ...]
    directions: frozenset[str]
    methods: frozenset[str]
    extended_by: str
    source: str
    confirm: bool

    @property
    def title(self) -> str:
        """As it is cited: "Malicious Communications Act 1988 s.1(1)(a)(ii)"."""
        return f"{self.name} {self.section}".strip()

    @property
    def where(self) -> str:
        """The nations that it is the law of, in words."""
        names = [name for nation, name in NATION_NAMES.items() if nation in self.extent]
        return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))

    @property
    def when(self) -> str:
        """The days on which it is the law, in words."""
        if self.repealed is None:
            return f"since {_day(self.in_force)}"
        return f"from {_day(self.in_force)} to {_day(self.repealed - timedelta(days=1))}"

    def in_force_on(self, day: date) -> bool:
        """Whether it is the law on that day."""
        return self.in_force <= day and (self.repealed is None or day < self.repealed)


class WhyNot(StrEnum):
    """Why a law can't be cited for an incident."""

    OTHER_NATION = "other_nation"
    OTHER_TYPE = "other_type"
    NOT_YET = "not_yet"
    NO_LONGER = "no_longer"


@dataclass(frozen=True)
class Refusal:
    """A law that can't be cited, why in one sentence, and those that could be cited in its place."""

    why: WhyNot
    message: str
    instead: tuple[Statute, ...]


@dataclass(frozen=True)
class Days:
    """The days on which an incident may have happened: `None` is no known end. One day known alone is that day."""

    first: date | None
    last: date | None

    @classmethod
    def of(cls, day_from: date | None, day_until: date | None) -> "Days":
        """From the two days of a record. No day at all may be any day."""
        return cls(day_from or day_until, day_until or day_from)

    def touch(self, statute: Statute) -> bool:
        """Whether the law is in force on at least one of them."""
        return not self.before(statute) and not self.after(statute)

    def lie_within(self, statute: Statute) -> bool:
        """Whether the law is in force on every one of them."""
        if self.first is None or self.last is None:
            return False
        return statute.in_force_on(self.first) and statute.in_force_on(self.last)

    def before(self, statute: Statute) -> bool:
        """All of them came before it was the law."""
        return self.last is not None and self.last < statute.in_force

    def after(self, statute: Statute) -> bool:
        """All of them came after it was the law."""
        return self.first is not None and statute.repealed is not None and self.first >= statute.repealed


@dataclass(frozen=True)
class Statutes:
    """All the laws that the product knows something of, under one version."""

    version: str
    rows: tuple[Statute, ...]

    @cached_property
    def by_key(self) -> Mapping[str, Statute]:
        """Each under its key, which lasts."""
        return {statute.key: statute for statute in self.rows}

    def of_nation(self, nation: str, school_type: str) -> tuple[Statute, ...]:
        """Whatever is or was the law for such a school, at any time."""
        return tuple(row for row in self.rows if _covers(row, nation, school_type))


def why_not(
    statute: Statute,
    nation: str,
    school_type: str,
    day_from: date | None,
    day_until: date | None,
    among: Statutes | None = None,
) -> Refusal | None:
    """The wrong-law guard: why this law can't be cited for an incident of these days, or None where it can be.

    A law is the law of its nations and, where it says so, of its types of school, from its first day to the day before
    it was repealed. Where an incident lasted several days, or its day is not known, a law that was in force on one of
    the days that it may have happened on can be cited; `caution` then says so, and the person who cites it says why.
    """
    days = Days.of(day_from, day_until)
    for why, holds, says in (
        (WhyNot.OTHER_NATION, nation not in statute.extent, f"is not the law of {_name(nation)}; it is of {statute.where}"),
        (WhyNot.OTHER_TYPE, not _covers(statute, nation, school_type), "does not cover schools of this type"),
        (WhyNot.NOT_YET, days.before(statute), f"was not the law then; it is {statute.when}"),
        (WhyNot.NO_LONGER, days.after(statute), f"was the law no longer; it was {statute.when}"),
    ):  # fmt: skip
        if holds:
            instead = _in_place_of(statute, nation, school_type, day_from, day_until, among or load())
            return Refusal(why, f"{statute.title} {says}. {_named(instead)}", instead)
    return None


def caution(statute: Statute, day_from: date | None, day_until: date | None) -> str:
    """What to weigh before citing a law that was in force on some of the days only; empty where it was on all."""
    days = Days.of(day_from, day_until)
    if days.lie_within(statute):
        return ""
    if days.first is None:
        return f"The day is not known, and this is the law only {statute.when}. Say why it fits."
    return f"This was the law on some of these days only: {statute.when}. Say why it fits."


def citable(
    nation: str, school_type: str, day_from: date | None, day_until: date | None, among: Statutes | None = None
) -> tuple[Statute, ...]:
    """Every law that may be cited for an incident of these days in such a school, in the order of the file."""
    days = Days.of(day_from, day_until)
    return tuple(row for row in (among or load()).of_nation(nation, school_type) if days.touch(row))


def likely(
    nation: str,
    school_type: str,
    day_from: date | None,
    day_until: date | None,
    *,
    direction: str,
    method: str,
    among: Statutes | None = None,
) -> tuple[Statute, ...]:
    """Of those that may be cited, the ones that speak of this direction and this method."""
    return tuple(
        row
        for row in citable(nation, school_type, day_from, day_until, among)
        if (not row.directions or direction in row.directions) and (not row.methods or method in row.methods)
    )


def _in_place_of(
    statute: Statute, nation: str, school_type: str, day_from: date | None, day_until: date | None, among: Statutes
) -> tuple[Statute, ...]:
    """What took its place or gave place to it comes first, then others on the same topic."""
    could = [row for row in citable(nation, school_type, day_from, day_until, among) if row.key != statute.key]
    near = [row for row in could if row.key in statute.replaced_by or statute.key in row.replaced_by]
    return tuple(near + [row for row in could if row.topic is statute.topic and row not in near])


def _named(instead: Iterable[Statute]) -> str:
    titles = [row.title for row in instead]
    return f"In its place: {'; '.join(titles)}." if titles else "Nothing on the list stands in its place."


def _covers(statute: Statute, nation: str, school_type: str) -> bool:
    return nation in statute.extent and (not statute.school_types or school_type in statute.school_types)


def _name(nation: str) -> str:
    return NATION_NAMES[Nation(nation)]


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


# --- reading the file -------------------------------------------------------------------------------------------------


@cache
def load(folder: Path = FOLDER) -> Statutes:
    """The laws as they come with the product."""
    return parse(FILE, (folder / FILE).read_text(encoding="utf-8"))


def parse(file: str, text: str) -> Statutes:
    """Reads a file of laws strictly; `PackBroken` names the file, the key and the line."""
    reader = Reader(file, read_toml(file, text), lines=lines_of(text))
    version = reader.text("version")
    rows: dict[str, Statute] = {}
    readers = reader.tables("statutes")
    for row in readers:
        statute = _statute(row)
        if statute.key in rows:
            raise row.wrong(row.at("key"), f"“{statute.key}” stands here twice")
        rows[statute.key] = statute
    for row, statute in zip(readers, rows.values(), strict=True):
        for key in statute.replaced_by:
            if key not in rows:
                raise row.wrong(row.at("replaced_by"), f"names “{key}”, which is not in the file")
    reader.end()
    return Statutes(version, tuple(rows.values()))


def _statute(row: Reader) -> Statute:
    statute = Statute(
        key=row.text("key"),
        topic=Topic(row.one_of("topic", Topic)),
        name=row.text("name"),
        section=row.take("section", str),  # empty for a law that is relevant as a whole
        about=row.text("about"),
        extent=frozenset(Nation(each) for each in row.some_of("extent", Nation)),
        school_types=frozenset(SchoolType(each) for each in row.some_of("school_types", SchoolType, optional=True)),
        in_force=row.take("in_force", date),
        repealed=row.take("repealed", date) if "repealed" in row.left else None,
        replaced_by=row.texts("replaced_by") if "replaced_by" in row.left else (),
        directions=frozenset(row.some_of("directions", DIRECTIONS, optional=True)),
        methods=frozenset(row.some_of("methods", METHODS, optional=True)),
        extended_by=row.text("extended_by") if "extended_by" in row.left else "",
        source=row.text("source"),
        confirm=row.flag("confirm"),
    )
    row.end()
    _check(row, statute)
    return statute


def _check(row: Reader, statute: Statute) -> None:
    """What no law can be, and that nothing reaches Jersey unless it is Jersey's own or was extended there."""
    if statute.repealed is not None and statute.repealed <= statute.in_force:
        raise row.wrong(row.at("repealed"), "must be after the day on which it came into force")
    if statute.replaced_by and statute.repealed is None:
        raise row.wrong(row.at("replaced_by"), "needs the day on which it was repealed")
    if Nation.JERSEY in statute.extent and "(Jersey)" not in statute.name and not statute.extended_by:
        raise row.wrong(row.at("extent"), "has Jersey in it: name the Order that extends it there in extended_by")
    if "may be relevant" not in statute.about:
        raise row.wrong(row.at("about"), "must say that it may be relevant, never that it was broken")
