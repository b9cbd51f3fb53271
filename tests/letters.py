"""What every message of the test run said, and whether a name was in it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage

import pytest

from incidents import mail
from incidents.demo import cast as demo
from tests import cast as tests


def seeded_names() -> set[str]:
    """Every name that the tests' cast and the demo's schools have, of a person and of a school."""
    people = [row[1:3] for row in (*tests.STAFF, *tests.BOARD, *tests.PUPILS)]
    people += [(each.given, each.family) for school in demo.schools() for each in (*school.people, *school.pupils)]
    return {name for both in people for name in both} | {school.short_name for school in demo.schools()} | {"Penwick"}


def said_in(message: EmailMessage) -> str:
    """All of a message but its date and whom it goes to."""
    told = [f"{name}: {words}" for name, words in message.items() if name not in ("To", "Date", "Message-ID")]
    return "\n".join([*told, message.get_content()])


def names_in(said: str, names: set[str]) -> set[str]:
    return set(re.findall(r"\w+", said)) & names


@contextmanager
def every_message_read() -> Iterator[set[str]]:
    """What was said in the messages that were written within this block, whatever way they went."""
    said: set[str] = set()
    written = mail.letter

    def reading(*given, **named) -> EmailMessage:
        message = written(*given, **named)
        said.add(said_in(message))
        return message

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mail, "letter", reading)
        yield said
