"""References that can be said over the telephone and tell nothing: drawn at random, without look-alikes or vowels."""

import secrets

ALPHABET = "23456789BCDFGHJKMNPQRTVWX"
LENGTH = 4


def draw() -> str:
    """Four characters of 25: one of 390,625, drawn again by the caller if the school used it this year."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def is_one(typed: str) -> bool:
    """Whether what was typed can be a reference at all."""
    return len(tidy(typed)) == LENGTH and set(tidy(typed)) <= set(ALPHABET)


def tidy(typed: str) -> str:
    """What somebody typed or heard, as it is stored: "7k-4m " is 7K4M."""
    return "".join(letter for letter in typed.upper() if letter.isalnum())
