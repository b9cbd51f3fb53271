"""Passwords: what is good enough, and argon2 at a cost that a small server bears."""

import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 12, 200
GUESSED = ("password", "incidentbook", "incident book", "qwerty", "123456")

# OWASP's second choice: 19 MiB and two passes. The library's default takes 64 MiB a sign-in, too much for a small server.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Not more than two at once in a process, or a crowd at the door would take all memory.
_AT_ONCE = threading.BoundedSemaphore(2)
# Verified against when the address is unknown, so that the answer takes as long.
_NOBODY = _HASHER.hash("nobody has this password")


def hash_password(password: str) -> str:
    """The form in which a password is kept."""
    with _AT_ONCE:
        return _HASHER.hash(password)


def is_right(kept: str | None, given: str) -> bool:
    """Whether `given` is the password; takes as long when there is none."""
    with _AT_ONCE:
        try:
            return _HASHER.verify(kept or _NOBODY, given) and kept is not None
        except (VerificationError, InvalidHashError):
            return False


def reasons_against(password: str, email: str, name: str) -> list[str]:
    """Why this can't be somebody's password, in sentences; empty means it can."""
    folded = password.casefold()
    parts = {part for part in (*email.casefold().split("@"), *name.casefold().split()) if len(part) > 3}
    rules = (
        (len(password) < SHORTEST, f"Use at least {SHORTEST} characters. Three or four words of your own are good."),
        (len(password) > LONGEST, f"Use at most {LONGEST} characters."),
        (len(set(folded)) < 5, "Use more different characters."),
        (any(part in folded for part in parts), "Leave out your name and your address."),
        (any(word in folded for word in GUESSED), "Leave out words that are easy to guess."),
    )  # fmt: skip
    return [reason for broken, reason in rules if broken]
