"""Which of the laws that may be relevant stand first: those that the record itself points to, then those usual for it."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from incidents.citations.suggesting import Happening, shared_words
from incidents.matters.words import Direction, Method
from incidents.schools.statutes import DIRECTIONS, METHODS, Statute, Topic

FEW_LAWS = 5  # so many stand open on a page

# What somebody looks up first after words online, whoever wrote them.
_USUAL = frozenset({Topic.HARASSMENT, Topic.THREATS, Topic.OFFENSIVE_MESSAGES})
# Grave or narrow: not to be read first unless something on the record points there.
_ONLY_IF_SAID = frozenset(
    {Topic.FLASHING_IMAGES, Topic.SELF_HARM, Topic.SENDING_GENITALS, Topic.SHARING_INTIMATE, Topic.CHILD_IMAGES,
     Topic.HAVING_CHILD_IMAGES, Topic.CONTACT_WITH_CHILDREN, Topic.COMPUTERS, Topic.HATRED, Topic.TEACHER_NAMED,
     Topic.DEVICES}
)  # fmt: skip
_OF_PUPILS = frozenset({Topic.BEHAVIOUR})
_OF_PARENTS = frozenset({Topic.DEFAMATION, Topic.PREMISES})
_BY_DIRECTION: Mapping[Direction, Collection[Topic]] = {
    Direction.PUPIL_TO_PUPIL: _OF_PUPILS,
    Direction.PUPIL_TO_STAFF: _OF_PUPILS,
    Direction.PARENT_TO_STAFF: _OF_PARENTS,
    Direction.PARENT_TO_CHILD: _OF_PARENTS,
    Direction.COMMENT_ON_SCHOOL_ACCOUNT: {Topic.DEFAMATION},
    Direction.STAFF_CONTACT: {Topic.CONTACT_WITH_CHILDREN},
    Direction.STRANGER_TO_PUPIL: {Topic.CONTACT_WITH_CHILDREN},
    Direction.SCHOOL_ACCOUNT: {Topic.PERSONAL_DATA},
}
_BY_METHOD: Mapping[Method, Collection[Topic]] = {
    Method.FAKE_ACCOUNT: {Topic.COMPUTERS, Topic.FALSE_MESSAGES},
    Method.AI_IMAGE: {Topic.SHARING_INTIMATE, Topic.CHILD_IMAGES},
    Method.PHOTOS_OR_VIDEO: {Topic.PERSONAL_DATA},
    Method.PHONE_CALL: {Topic.PERSISTENT_MESSAGES},
    Method.TEXT_MESSAGE: {Topic.PERSISTENT_MESSAGES},
}
_NAKED = ("naked", "nude", "nudes", "topless", "underwear", "intimate", "sexual")
_WORDS: Mapping[Topic, Sequence[str]] = {
    Topic.HARASSMENT: ("again and again", "every day", "every night", "followed her", "followed him", "stalking"),
    Topic.THREATS: ("threat", "threats", "threatened", "threatens", "kill", "stab", "knife", "hurt you", "beat up"),
    Topic.FALSE_MESSAGES: ("hoax", "made up", "false alarm", "bomb"),
    Topic.PERSISTENT_MESSAGES: ("over and over", "again and again", "all night", "every night", "every few minutes"),
    Topic.HATRED: ("racist", "islamophobic", "antisemitic", "homophobic"),
    Topic.EQUALITY: ("racist", "homophobic", "transphobic", "sexist", "disability", "disabled", "religion", "hijab"),
    Topic.FLASHING_IMAGES: ("epilepsy", "flashing"),
    Topic.SELF_HARM: ("self harm", "kill yourself", "kill herself", "kill himself", "cut yourself", "suicide"),
    Topic.SENDING_GENITALS: ("genitals", "penis", "dick pic"),
    Topic.SHARING_INTIMATE: _NAKED,
    Topic.CHILD_IMAGES: _NAKED,
    Topic.CONTACT_WITH_CHILDREN: ("meet up", "keep it secret", "send me a picture", "sexual", "grooming"),
    Topic.COMPUTERS: ("hacked", "password", "logged in", "log in", "her account", "his account"),
    Topic.DEFAMATION: ("liar", "thief", "lies about", "paedophile", "pervert", "corrupt"),
    Topic.PERSONAL_DATA: ("address", "phone number", "timetable", "published"),
    Topic.PREMISES: ("school gate", "at the gate", "reception", "playground"),
}
_SAID, _POINTED, _IS_USUAL, _NOT_FIRST = 4, 3, 2, -3


def ranked(several: Sequence[Statute], happening: Happening) -> list[Statute]:
    """The laws in the order of a page: of each topic the one that names the fewest other cases, then the rest."""
    order, seen = list(Topic), Counter[Topic]()
    by_weight = sorted(
        several, key=lambda each: (-_weight(each.topic, happening), order.index(each.topic), _breadth(each))
    )
    turns = {}
    for each in by_weight:
        turns[each.key] = seen[each.topic]
        seen[each.topic] += 1
    return sorted(by_weight, key=lambda each: turns[each.key])


def _weight(topic: Topic, happening: Happening) -> int:
    said = bool(shared_words(_WORDS.get(topic, ()), happening.words))
    pointed = topic in _BY_DIRECTION.get(happening.direction, ()), topic in _BY_METHOD.get(happening.method, ())
    quiet = topic in _ONLY_IF_SAID and not said and not any(pointed)
    return _SAID * said + _POINTED * sum(pointed) + _IS_USUAL * (topic in _USUAL) + _NOT_FIRST * quiet


def _breadth(statute: Statute) -> int:
    """In how many cases it may be relevant: a law that names none is for all."""
    return (len(statute.directions) or len(DIRECTIONS)) * (len(statute.methods) or len(METHODS))
