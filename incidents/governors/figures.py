"""Counting a term: facts go in, figures that passed the gate come out; an exact count never leaves this file."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from incidents.casework.words import BANDS as OUTCOME_BANDS
from incidents.casework.words import Band as OutcomeBand
from incidents.casework.words import Finding, Outcome
from incidents.governors.disclosure import NEVER_PUPILS, Counts, Figures, Group, Quoted, Term, gate
from incidents.recording.words import Direction, FourCs, Method

# What has no group is in the rest of its table, which is not printed: strangers, the unknown, the undecided.
GROUP_OF: Mapping[Direction, Group | None] = {
    Direction.PUPIL_TO_PUPIL: Group.PUPIL_TO_PUPIL,
    Direction.PUPIL_TO_STAFF: Group.PUPIL_TO_STAFF,
    Direction.PARENT_TO_STAFF: Group.PARENT,
    Direction.PARENT_TO_PARENT: Group.PARENT,
    Direction.PARENT_TO_CHILD: Group.PARENT,
    Direction.STAFF_CONDUCT: Group.STAFF,
    Direction.STAFF_TO_STAFF: Group.STAFF,
    Direction.STAFF_CONTACT: Group.STAFF,
    Direction.GOVERNOR_OR_VOLUNTEER: Group.STAFF,
    Direction.STRANGER_TO_PUPIL: None,
    Direction.COMMENT_ON_SCHOOL_ACCOUNT: Group.SCHOOL_ACCOUNT,
    Direction.SCHOOL_ACCOUNT: Group.SCHOOL_ACCOUNT,
    Direction.UNKNOWN_AUTHOR: None,
}
METHOD_GROUPS: Mapping[Method, str | None] = {
    Method.TEXT_MESSAGE: "messages",
    Method.EMAIL: "messages",
    Method.PHONE_CALL: "messages",
    Method.INSTANT_MESSENGER: "messages",
    Method.DIRECT_MESSAGE: "messages",
    Method.GROUP_CHAT: "group_chat",
    Method.WEBSITE_COMMENT: "posts",
    Method.POLL: "posts",
    Method.SCHOOL_ACCOUNT_COMMENT: "posts",
    Method.PHOTOS_OR_VIDEO: "pictures",
    Method.LIVESTREAM: "pictures",
    Method.AI_IMAGE: "pictures",
    Method.FAKE_ACCOUNT: "pretending",
    Method.GAMING_CHAT: None,
    Method.OTHER: None,
}
PLATFORM_GROUPS: Mapping[str, str] = {
    **dict.fromkeys(("Messenger", "Signal", "Telegram", "WhatsApp"), "messaging"),
    **dict.fromkeys(
        ("BeReal", "Facebook", "Instagram", "Reddit", "Snapchat", "TikTok", "X", "YouTube"), "social"
    ),
    **dict.fromkeys(("Discord", "Fortnite", "Minecraft", "Roblox", "Twitch"), "games"),
    **dict.fromkeys(("Google Classroom", "Microsoft Teams"), "school_systems"),
}  # fmt: skip
# What somebody typed instead of a name from the list, by the first of these that is in it.
PLATFORM_WORDS: tuple[tuple[str, str], ...] = (
    ("game", "games"),
    ("chat", "messaging"),
    ("messag", "messaging"),
    ("school", "school_systems"),
    ("social", "social"),
    ("photo", "social"),
    ("video", "social"),
    ("post", "social"),
)
# That it happened, and who did it: what a warning or a sanction can rest on.
ESTABLISHED = frozenset(
    {
        Finding.CONFIRMED_BULLYING,
        Finding.HURTFUL_ONCE,
        Finding.CONFLICT,
        Finding.UPHELD,
        Finding.UPHELD_IN_PART,
        Finding.SUBSTANTIATED,
        Finding.NO_CONSENT,
        Finding.ACCOUNT_NOT_APPROVED,
        Finding.RULES_NOT_KEPT,
    }
)
# Three broad kinds of motive, each counted by itself: one incident can have several. The others are in the rest.
MOTIVE_GROUPS: Mapping[str, str] = {
    **dict.fromkeys(("sex", "sexual_orientation", "gender_reassignment", "pregnancy_or_maternity"), "sex"),
    **dict.fromkeys(("race", "religion_or_belief", "political_opinion"), "race"),
    "disability": "disability",
}
# Of the four kinds of harm the rarest is in the rest, with what nobody said.
FOUR_CS_ROWS: Mapping[FourCs, str | None] = {
    FourCs.CONDUCT: "conduct", FourCs.CONTENT: "content", FourCs.CONTACT: "contact", FourCs.COMMERCE: None,
}  # fmt: skip
_NOT_PRINTED = (OutcomeBand.NONE, OutcomeBand.PUT_RIGHT)  # the rest of the table of outcomes


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the report needs to know of one incident. `direction` is None until triage has decided it."""

    direction: Direction | None
    outside_hours: bool = False
    off_site: bool = False
    relied_on: frozenset[str] = frozenset()  # the tests relied on to act
    staff_target: bool = False
    triaged_in_one_day: bool = False
    method: Method = Method.OTHER
    platform: str = ""
    four_cs: FourCs | None = None
    motives: frozenset[str] = frozenset()  # perceived, by the pack's keys
    broken: frozenset[str] = frozenset()  # the rules said to be broken, by policy and code
    repeated: bool = False  # somebody it was aimed at had been a target before, in the last twelve months


@dataclass(frozen=True, slots=True)
class Opened:
    """What the report needs to know of one case opened in the term, as it stood after the term's last day."""

    closed: bool = False
    closed_in_20_days: bool = False
    finding: Finding | None = None
    outcomes: frozenset[Outcome] = frozenset()
    steps: int = 0  # that fell due
    steps_on_time: int = 0


def figures_of(
    incidents: Sequence[Recorded], cases: Sequence[Opened], *, term: Term, earlier: Iterable[Quoted] = ()
) -> Figures:
    """The figures of a term."""
    return gate(_counts(incidents, cases), term=term, earlier=tuple(earlier))


def _counts(incidents: Sequence[Recorded], cases: Sequence[Opened]) -> Counts:
    return Counts(
        incidents=len(incidents),
        cases=len(cases),
        steps=sum(each.steps for each in cases),
        tables={
            "directions": _named(GROUP_OF[each.direction] if each.direction else None for each in incidents),
            "methods": _named(METHOD_GROUPS[each.method] for each in incidents),
            "platforms": _named(platform_group(each.platform) for each in incidents),
            "four_cs": _named(FOUR_CS_ROWS[each.four_cs] if each.four_cs else None for each in incidents),
            "motives": _named(group for each in incidents for group in _motive_groups(each)),
            "tests": _named(test for each in incidents for test in _relied_on(each)),
            "staff": {"targets": sum(each.staff_target for each in incidents)},
            "findings": {
                "established": sum(each.finding in ESTABLISHED for each in cases),
                "bullying": sum(each.finding is Finding.CONFIRMED_BULLYING for each in cases),
            },
            "outcomes": _named(row for each in cases for row in _outcome_rows(each)),
        },
        bands={
            "outside_hours": sum(each.outside_hours for each in incidents),
            "off_site": sum(each.off_site for each in incidents),
            "triaged_in_one_day": sum(each.triaged_in_one_day for each in incidents),
            "repeated": sum(each.repeated for each in incidents),
            "cases_closed": sum(each.closed for each in cases),
            "closed_in_20_days": sum(each.closed_in_20_days for each in cases),
            "steps_on_time": sum(each.steps_on_time for each in cases),
        },
        rules=Counter(rule for each in incidents for rule in each.broken),
    )


def platform_group(platform: str) -> str | None:
    """The kind of place; None is the rest of the table."""
    typed = platform.casefold()
    return PLATFORM_GROUPS.get(platform) or next((group for word, group in PLATFORM_WORDS if word in typed), None)


def _named(rows: Iterable[str | None]) -> Counter[str]:
    return Counter(row for row in rows if row is not None)


def _motive_groups(incident: Recorded) -> frozenset[str]:
    """Two motives of one kind count once: a row is of incidents, never of motives."""
    return frozenset(MOTIVE_GROUPS[motive] for motive in incident.motives if motive in MOTIVE_GROUPS)


def _relied_on(incident: Recorded) -> frozenset[str]:
    """The tests give power over pupils only: never counted of a parent's or a staff matter."""
    group = GROUP_OF[incident.direction] if incident.direction else None
    return incident.relied_on if incident.direction and group not in NEVER_PUPILS else frozenset()


def _outcome_rows(case: Opened) -> set[str]:
    bands = {OUTCOME_BANDS[outcome] for outcome in case.outcomes}.difference(_NOT_PRINTED)
    rows = {str(band) for band in bands}
    return rows | {"staff_supported"} if Outcome.SUPPORT_STAFF in case.outcomes else rows
