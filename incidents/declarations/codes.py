"""The code in a household's link: short enough to be typed on a phone from a slip of paper, too long to be guessed."""

import hashlib
import secrets
from collections import OrderedDict
from datetime import datetime, timedelta

# Without vowels and look-alikes, as references are. 16 of 25 are 74 bits: with a million links open and a thousand tries a
# second, one is met in half a million years.
ALPHABET = "23456789BCDFGHJKMNPQRTVWX"
GROUPS, LETTERS = 4, 4


def draw() -> str:
    """A new code: “7K4M-TT9C-WXPH-2RQB”."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(LETTERS)) for _ in range(GROUPS))


def digest(typed: str) -> str:
    """What is kept of a code, however it was typed: small letters, spaces and missing dashes are forgiven."""
    plain = "".join(letter for letter in typed.upper() if letter.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()


HOUR = timedelta(hours=1)
WRONG_AN_HOUR = 30  # codes that lead nowhere, from one address
USES_AN_HOUR = 60  # of one link: pages, answers and copies together
REMEMBERED = 10_000


class Knocks:
    """How often somebody knocked within the hour. Kept in memory, so it is counted by each server process for itself.

    Only what leads nowhere, or one link by itself, is ever turned away: nobody can shut others out by knocking.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._since: OrderedDict[str, tuple[datetime, int]] = OrderedDict()

    def too_many(self, who: str, at: datetime) -> bool:
        """Count one knock; whether it is one too many in this hour."""
        since, count = self._since.pop(who, (at, 0))
        if at - since >= HOUR:
            since, count = at, 0
        self._since[who] = since, count + 1
        while len(self._since) > REMEMBERED:
            self._since.popitem(last=False)
        return count + 1 > self.limit
