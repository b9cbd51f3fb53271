"""Which of the school's rules may fit an incident, and why: only those in force that day, for the people it is about."""

import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from incidents.citations.words import JudgedBy, MeantAs
from incidents.matters.directions import kinds_meant
from incidents.matters.words import Direction, Method
from incidents.people.kinds import PersonKind
from incidents.people.matching import fold
from incidents.policies.kinds import BREACHABLE, Audience, Force, PolicyKind

FEW = 3  # so many stand open on a page; the rest are folded away
MOST_WORDS = 2  # of the words that a rule and the record share, so many are named

# The public has agreed to nothing, and of somebody not known nobody can say which rules are theirs.
AUDIENCE_OF: Mapping[PersonKind, Audience] = {
    PersonKind.PUPIL: Audience.PUPILS,
    PersonKind.STAFF: Audience.STAFF,
    PersonKind.PARENT: Audience.PARENTS,
    PersonKind.GOVERNOR: Audience.GOVERNORS,
    PersonKind.VOLUNTEER: Audience.VOLUNTEERS,
}
ABOUT: Mapping[Direction, str] = {
    Direction.PUPIL_TO_PUPIL: "is about pupils and other pupils",
    Direction.PUPIL_TO_STAFF: "is about pupils and staff",
    Direction.PARENT_TO_STAFF: "is about parents and the school",
    Direction.PARENT_TO_PARENT: "is about parents and other parents",
    Direction.PARENT_TO_CHILD: "is about parents and other people’s children",
    Direction.STAFF_CONDUCT: "is about what staff do online",
    Direction.STAFF_TO_STAFF: "is about staff and other staff",
    Direction.STAFF_CONTACT: "is about staff and pupils or parents",
    Direction.GOVERNOR_OR_VOLUNTEER: "is about what governors and volunteers do online",
    Direction.STRANGER_TO_PUPIL: "is about strangers and pupils",
    Direction.COMMENT_ON_SCHOOL_ACCOUNT: "is about comments on the school’s accounts",
    Direction.SCHOOL_ACCOUNT: "is about the school’s own accounts",
    Direction.UNKNOWN_AUTHOR: "is about people who hide who they are",
}
SPEAKS_OF: Mapping[Method, str] = {
    Method.TEXT_MESSAGE: "text messages",
    Method.EMAIL: "e-mail",
    Method.PHONE_CALL: "phone calls",
    Method.INSTANT_MESSENGER: "instant messengers",
    Method.PHOTOS_OR_VIDEO: "photos and video",
    Method.WEBSITE_COMMENT: "comments on websites",
    Method.GROUP_CHAT: "group chats",
    Method.DIRECT_MESSAGE: "direct messages",
    Method.GAMING_CHAT: "chat in games",
    Method.LIVESTREAM: "livestreams",
    Method.FAKE_ACCOUNT: "fake accounts",
    Method.AI_IMAGE: "pictures made with AI",
    Method.POLL: "polls",
    Method.SCHOOL_ACCOUNT_COMMENT: "comments on the school’s accounts",
}
# What weighs how much: a rule that names this kind of thing before one that only shares a word with the record.
_DIRECTION, _METHOD, _WORD, _CAN_BE_BROKEN = 4, 4, 2, 4


@dataclass(frozen=True)
class Rule:
    """A clause of one version of a policy, with the first and the last day on which that version is in force."""

    clause_id: uuid.UUID
    policy_id: uuid.UUID
    kind: PolicyKind
    title: str
    number: int
    code: str
    audiences: frozenset[Audience]
    force: Force
    wording: str
    starts: date
    towards: frozenset[Audience] = frozenset()
    ends: date | None = None
    exceptions: tuple[str, ...] = ()
    directions: frozenset[str] = frozenset()
    methods: frozenset[str] = frozenset()
    keywords: tuple[str, ...] = ()
    workflow: str = ""
    permission: str = ""  # which register's entry lifts it


@dataclass(frozen=True)
class Happening:
    """An incident as far as rules and laws look at it.

    `known` is whether the day is; if it is not, both days are the one on which it was recorded. `words` are the
    record's, folded. `permitted` says for a permission that everybody had who is said to have done it, until when.
    """

    first: date
    last: date
    known: bool
    direction: Direction
    alleged: frozenset[PersonKind]
    method: Method
    words: str = ""
    permitted: Mapping[str, str] = field(default_factory=dict)
    targets: frozenset[PersonKind] = frozenset()

    @property
    def towards(self) -> frozenset[Audience]:
        """Towards whom it was, as far as the record says."""
        return frozenset(AUDIENCE_OF[kind] for kind in self.targets if kind in AUDIENCE_OF)

    @property
    def audiences(self) -> frozenset[Audience]:
        """Whose rules can be said to be broken: those of the people on the record; of its own account, the school's."""
        meant = {AUDIENCE_OF[kind] for kind in kinds_meant(self.direction, self.alleged) if kind in AUDIENCE_OF}
        return frozenset(meant | ({Audience.SCHOOL} if self.direction is Direction.SCHOOL_ACCOUNT else set()))


@dataclass(frozen=True)
class Judged:
    """By which day a rule is judged, and how surely it was in force when it happened."""

    on: date
    by: JudgedBy


@dataclass(frozen=True)
class Suggestion:
    """A rule that may be cited, as what, judged by which day; `because` is empty for one that nothing points to."""

    rule: Rule
    meant_as: MeantAs
    judged: Judged
    because: str
    weight: int


def judged(starts: date, ends: date | None, happening: Happening) -> Judged | None:
    """How what was in force from one day to another is judged for an incident; None where it was not in force at all."""
    if starts > happening.last or (ends is not None and ends < happening.first):
        return None
    on = max(starts, happening.first)
    if not happening.known:
        return Judged(on, JudgedBy.RECORDED)
    whole = starts <= happening.first and (ends is None or ends >= happening.last)
    return Judged(on, JudgedBy.DAY if whole else JudgedBy.PART)


def meant_as(rule: Rule, happening: Happening) -> MeantAs:
    """What a rule can be cited as. Advice not followed, an invitation declined, a promise and an endeavour are context;
    so is the rule of somebody whom the record does not speak of, one about being in touch with others than those who
    were, and one that an agreed permission lifts."""
    theirs = rule.audiences & happening.audiences
    binds = rule.force in BREACHABLE and rule.permission not in happening.permitted
    return MeantAs.BREACHED if binds and theirs and fits_whom(rule, happening) else MeantAs.CONTEXT


def fits_whom(rule: Rule, happening: Happening) -> bool:
    """Whether a rule about some people is about those in the record; where neither says so, it may be."""
    return not rule.towards or not happening.towards or bool(rule.towards & happening.towards)


def suggestions(rules: Iterable[Rule], happening: Happening) -> list[Suggestion]:
    """The rules for the people it is about, and what the school itself has promised, that were in force; the ones that
    speak of it first."""
    found = []
    for rule in rules:
        when = judged(rule.starts, rule.ends, happening)
        if when is None or not rule.audiences & (happening.audiences | {Audience.SCHOOL}):
            continue
        points = list(_points(rule, happening)) if fits_whom(rule, happening) else []
        because = f"because it {_and([says for _, says in points])}" if points else ""
        weight = sum(each for each, _ in points) + (
            _CAN_BE_BROKEN if meant_as(rule, happening) is MeantAs.BREACHED else 0
        )
        found.append(Suggestion(rule, meant_as(rule, happening), when, because, weight))
    return sorted(found, key=lambda each: (not each.because, -each.weight))


def best(ranked: Sequence[Suggestion], few: int = FEW) -> list[Suggestion]:
    """The few that stand open: only what something points to. Of two versions of one policy both stand, or neither."""
    first = [each for each in ranked if each.because][:few]
    beside = {(each.rule.policy_id, each.rule.code) for each in first if each.judged.by is JudgedBy.PART}
    return [each for each in ranked if each in first or (each.rule.policy_id, each.rule.code) in beside]


def _points(rule: Rule, happening: Happening) -> Iterator[tuple[int, str]]:
    if happening.method in rule.methods and happening.method in SPEAKS_OF:
        yield _METHOD, f"speaks of {SPEAKS_OF[happening.method]}"
    if happening.direction in rule.directions:
        yield _DIRECTION, ABOUT[happening.direction]
    shared = shared_words(rule.keywords, happening.words)
    if shared:
        said = " and ".join(f"“{word}”" for word in shared[:MOST_WORDS])
        yield _WORD * len(shared), f"is for records that say {said}"


def shared_words(keywords: Iterable[str], folded: str) -> list[str]:
    """The keywords that stand in the record as whole words: "photo" is not in "photosynthesis"."""
    padded = f" {folded} "
    return [word for word in keywords if (plain := _plain(word)) and f" {plain} " in padded]


@lru_cache(maxsize=4096)
def _plain(keyword: str) -> str:
    """A keyword, folded once: the same few hundred are held against each record."""
    return fold(keyword)


def without_names(words: Iterable[str], names: Collection[str]) -> str:
    """Words folded, without the words of these names: nobody's name may be what points to a rule."""
    named = {part for name in names for part in fold(name).split()}
    return " ".join(word for said in words for word in fold(said).split() if word not in named)


def _and(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
