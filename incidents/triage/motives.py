"""Why it was done, as far as it could be seen, and which kind of online harm it was: asked shortly, kept as keys."""

from collections.abc import Collection, Mapping, Sequence

from incidents.errors import Refused
from incidents.people.kinds import PersonKind
from incidents.recording.words import Direction, FourCs, Method
from incidents.schools.pack import Motive

# What the decisions are kept under, and how the first is answered.
MOTIVES, FOUR_CS = "motives", "four_cs"
NAMED, NOT_KNOWN, OTHER = "named", "not_known", "other"
MOTIVES_QUESTION = "Does it seem to have been done because of any of these? What it looks like is enough."
OTHER_WORDS, NOT_KNOWN_WORDS = "something else", "not known, or none of these"

_AIMED_AT_STAFF = (Direction.PUPIL_TO_STAFF, Direction.PARENT_TO_STAFF, Direction.STAFF_TO_STAFF)
_BY_DIRECTION: Mapping[Direction, FourCs] = {
    Direction.STRANGER_TO_PUPIL: FourCs.CONTACT,
    Direction.STAFF_CONTACT: FourCs.CONTACT,
    Direction.SCHOOL_ACCOUNT: FourCs.CONTENT,
}
_BY_METHOD: Mapping[Method, FourCs] = {Method.LIVESTREAM: FourCs.CONTENT, Method.AI_IMAGE: FourCs.CONTENT}


# Where the law wants it recorded for each incident of this kind, even one that comes to nothing: Addressing Bullying in
# Schools Act (Northern Ireland) 2016, section 3.
_NEEDED: Mapping[str, frozenset[Direction]] = {
    "northern_ireland": frozenset({Direction.PUPIL_TO_PUPIL, Direction.UNKNOWN_AUTHOR}),
}
NEEDED_WORDS = "The law here wants it on record. Tick what seems to be behind it, or that it is not known."


def needed(nation: str, direction: Direction) -> bool:
    """Whether what seems to be behind it can't be left open."""
    return direction in _NEEDED.get(nation, frozenset())


def suggested(direction: Direction, method: Method) -> FourCs:
    """Which of the four it most likely is: mostly how people behaved, unless the direction or the means say otherwise."""
    return _BY_DIRECTION.get(direction) or _BY_METHOD.get(method, FourCs.CONDUCT)


def offered(motives: Sequence[Motive], targets: Collection[PersonKind], direction: Direction) -> list[tuple[str, str]]:
    """What can be ticked: the pack's motives, those of adults only where one was the target; then the two that always stand."""
    adult = PersonKind.STAFF in targets or direction in _AIMED_AT_STAFF
    known = [(motive.key, _capital(motive.says)) for motive in motives if adult or not motive.staff]
    return [*known, (OTHER, _capital(OTHER_WORDS)), (NOT_KNOWN, _capital(NOT_KNOWN_WORDS))]


def answered(ticked: Collection[str], motives: Sequence[Motive]) -> tuple[str, list[str]] | None:
    """The answer and its keys, in the pack's order; None where nothing was ticked. Raises `Refused` for what can't be."""
    if not ticked:
        return None
    named = [key for key in [*(motive.key for motive in motives), OTHER] if key in ticked]
    if set(ticked) - {*named, NOT_KNOWN}:
        raise Refused("Tick motives of the list.", MOTIVES)
    if NOT_KNOWN in ticked:
        if named:
            raise Refused("Tick motives, or that none is known; not both.", MOTIVES)
        return NOT_KNOWN, []
    return NAMED, named


def in_words(answer: str, keys: Collection[str], motives: Sequence[Motive]) -> str:
    """A decision on motives as the pages say it, in the words of the pack it was decided under."""
    if answer != NAMED:
        return _capital(NOT_KNOWN_WORDS)
    says = {motive.key: motive.says for motive in motives} | {OTHER: OTHER_WORDS}
    return _capital(", ".join(says[key] for key in says if key in keys))


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
