"""From a scrap of text to the words something is found by: folded, each once, without those that are in every sentence."""

from collections.abc import Sequence

from incidents.people.matching import fold

# Words of every sentence find nothing: they are neither kept nor looked for.
EVERYWHERE = frozenset(
    ["a", "about", "after", "all", "also", "am", "an", "and", "any", "are", "as", "at", "be", "because", "been",
     "before", "but", "by", "can", "could", "did", "do", "does", "for", "from", "get", "got", "had", "has", "have",
     "he", "her", "him", "his", "how", "i", "if", "in", "into", "is", "it", "its", "just", "me", "my", "no", "not",
     "of", "off", "on", "one", "or", "our", "out", "said", "saw", "she", "so", "some", "that", "the", "their", "them",
     "then", "there", "they", "this", "to", "too", "up", "us", "was", "we", "went", "were", "what", "when", "where",
     "which", "who", "why", "will", "with", "would", "you", "your"]
)  # fmt: skip
LONGEST = 40  # letters of a word that are kept; what is longer is an address, and its beginning tells it apart
MOST_LOOKED_FOR = 8  # words of one question; nobody remembers more of what they look for


def kept_words(*texts: str) -> frozenset[str]:
    """The words that these texts are found by."""
    return frozenset(word[:LONGEST] for text in texts for word in fold(text).split()) - EVERYWHERE


def looked_for(typed: str) -> Sequence[str]:
    """The words of a question, in the order typed: each has to begin a word of what is found.

    Only words that are in every sentence are left out, unless there are no others: then nothing is found by them.
    """
    words = list(dict.fromkeys(word[:LONGEST] for word in fold(typed).split()))
    telling = [word for word in words if word not in EVERYWHERE]
    return (telling or words)[:MOST_LOOKED_FOR]


def first_after(word: str) -> str:
    """The upper end of all words that begin so, where words stand in the order of their code points."""
    return word + "\U0010ffff"
