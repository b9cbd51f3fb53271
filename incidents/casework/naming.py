"""A case's title stands on screens that others see: it carries no name of anybody involved."""

import re
from collections.abc import Iterable

SHORTEST = 2  # of a name that is looked for: an initial could be any word


def names_in(title: str, people: Iterable[tuple[str, str]]) -> list[str]:
    """The given and family names among these people's that stand in the title as whole words, spelt with their capital.

    "May" is found and "may" is not: a title that says what happened seldom needs such a word with a capital inside it.
    """
    parts = {part for names in people for name in names for part in re.split(r"[\s-]+", name) if len(part) >= SHORTEST}
    return sorted(part for part in parts if re.search(rf"(?<!\w){re.escape(part)}(?:’s|'s)?(?!\w)", title))
