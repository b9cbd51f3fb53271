"""A file's name as its sender's device gave it: kept to be recognised by, never used as a path."""

import unicodedata

LONGEST = 120
_NAMELESS = "File without a name"


def kept_name(given: str | None) -> str:
    """The last part of the name, without what can't be seen or would turn the words around it about."""
    last = (given or "").replace("\\", "/").rpartition("/")[2]
    seen = "".join(letter for letter in last if unicodedata.category(letter)[0] not in "CZ" or letter == " ").strip()
    if len(seen) <= LONGEST:
        return seen or _NAMELESS
    stem, dot, ending = seen.rpartition(".")
    tail = f"{dot}{ending}" if dot and len(ending) <= 8 else ""
    return f"{(stem if tail else seen)[: LONGEST - 1 - len(tail)]}…{tail}"
