"""Finding the names of people on record in words that are about to be published."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SHORTEST = 3  # a name of two letters is too often a word
_POSSESSIVE = re.compile(r"['’]s$")


@dataclass(frozen=True, slots=True)
class NamesFound:
    """What was found, as it was typed. `full` names somebody; `single` may be one person's name or an ordinary word."""

    full: tuple[str, ...]
    single: tuple[str, ...]


def names_in(text: str, people: Iterable[tuple[str, str]]) -> NamesFound:
    """Look for people, given as (given name, family name), without regard to case or accents.

    A given name followed by a family name of the same person is `full`. A given or family name alone counts only where
    it is typed with a capital letter, since many are words ("Green", "Grace").
    """
    words = [(match[0], fold(match[0])) for match in _WORD.finditer(text)]
    known = [(fold(given), fold(family)) for given, family in people]
    wholes = {(given.split()[0], family.split()[-1]) for given, family in known if given and family}
    pairs = [
        (f"{first} {second}", (one, other))
        for (first, one), (second, other) in pairwise(words)
        if (one, other) in wholes or (other, one) in wholes
    ]
    said = {part for _, pair in pairs for part in pair}
    singles = {part for names in known for name in names for part in name.split() if len(part) >= _SHORTEST}
    alone = [typed for typed, folded in words if typed[0].isupper() and folded in singles and folded not in said]
    return NamesFound(tuple(dict.fromkeys(typed for typed, _ in pairs)), tuple(dict.fromkeys(alone)))


def fold(word: str) -> str:
    """Without case, accents or a possessive s."""
    plain = unicodedata.normalize("NFKD", _POSSESSIVE.sub("", word).casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))
