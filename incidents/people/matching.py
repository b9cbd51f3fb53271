"""Names as people type them: without case or accents, in any order, with a title or an initial, with a slip of the finger."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

TITLES = frozenset(
    ["mr", "mrs", "ms", "miss", "mx", "dr", "sir", "madam", "mme", "prof", "professor", "rev", "reverend",
     "fr", "father", "sister"]
)  # fmt: skip
# "The head", whatever the nation calls the post, is somebody even without a name.
HEAD_WORDS = frozenset(["head", "headteacher", "headmaster", "headmistress", "principal"])
FILLERS = frozenset(["the", "our", "a", "of", "school"])
# A shorter family name is too easily another name.
SHORTEST_WITH_A_SLIP = 5

_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})


def fold(words: str) -> str:
    """The words without case, accents or apostrophes, other signs as spaces: "O’Brien-Łuczak" is "obrien luczak"."""
    plain = unicodedata.normalize("NFKD", words.casefold()).translate(_LETTERS)
    if not plain.isascii():
        plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    plain = re.sub(r"['’‘`´]", "", plain)
    return " ".join(re.findall(r"[^\W_]+", plain))


def means(typed: str, given_name: str, family_name: str, job: str = "") -> bool:
    """Whether these typed words may well mean this person.

    It errs towards yes: whoever is alleged must never be sent the record of it, so a name in another order, with a
    title, an initial, a short form or one wrong letter counts, and so does "the headteacher" for whoever is that.
    """
    words = fold(typed).replace("head teacher", "headteacher").split()
    wanted = [word for word in words if word not in TITLES | FILLERS]
    if not wanted:
        return False
    if _means_the_post(wanted, job):
        return True
    given, family = fold(given_name).split(), fold(family_name).split()
    titled = len(words) > len([word for word in words if word not in TITLES])
    rest = _without(wanted, family)
    if rest is None:
        return titled and bool(given) and wanted == given
    return all(any(_same_given(word, name) for name in given) for word in rest)


def _means_the_post(wanted: Sequence[str], job: str) -> bool:
    post = fold(job).replace("head teacher", "headteacher").split()
    is_head = (bool(post) and post[0] in HEAD_WORDS - {"head"}) or post == ["head"]
    return bool(post) and (list(wanted) == post or (is_head and set(wanted) <= HEAD_WORDS))


def _without(wanted: Iterable[str], family: Sequence[str]) -> list[str] | None:
    """What is left of the words once the family name is taken out; None if it is not among them."""
    left = list(wanted)
    for name in family:
        found = next((word for word in left if word == name or _one_slip(word, name)), None)
        if found is None:
            joined = "".join(family)
            return [word for word in wanted if word != joined] if joined in left else None
        left.remove(found)
    return left if family else None


def _same_given(word: str, name: str) -> bool:
    """The name, its beginning, or a beginning of it: "j", "jo" and "joanna" go together."""
    return word.startswith(name) or name.startswith(word) or _one_slip(word, name)


def _one_slip(one: str, other: str) -> bool:
    """Whether one letter changed, added, left out or swapped with its neighbour makes the same word of both."""
    if min(len(one), len(other)) < SHORTEST_WITH_A_SLIP or abs(len(one) - len(other)) > 1:
        return False
    start = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    one, other = one[start:], other[start:]
    swapped = one[:2] == other[1::-1] and one[2:] == other[2:]
    return swapped or one[1:] == other[1:] or one[1:] == other or one == other[1:]


def by_number(name: str) -> tuple[bool, int, str]:
    """7A stands before 10A, and Reception before both."""
    number = re.search(r"\d+", name)
    return number is not None, int(number[0]) if number else 0, name
