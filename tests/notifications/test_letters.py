"""What a message may hold: the same few words for everybody. The watch over the whole run is seen to notice a name."""

import uuid
from datetime import UTC, datetime

import pytest
from flask import render_template

from incidents import clock, mail
from incidents.notifications.letter import letter
from tests.letters import every_message_read, names_in, said_in, seeded_names

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
KEY = uuid.UUID(int=1)


def test_two_people_get_the_same_but_for_the_address_and_what_marks_the_message():
    one, other = (
        letter("Book <b@example.org>", who, "Words.\n", NOON, KEY) for who in ("a@example.org", "b@example.org")
    )
    assert said_in(one) == said_in(other)


def test_the_same_notice_gives_the_same_mark_and_another_gives_another():
    marks = [letter("b@example.org", "a@example.org", "W", NOON, key)["Message-ID"] for key in (KEY, KEY, uuid.uuid4())]
    assert marks[0] == marks[1] != marks[2]
    assert KEY.hex not in marks[0].replace("-", "")


@pytest.mark.parametrize("urgent", [True, False])
def test_a_message_is_one_sentence_and_the_front_door(app, urgent: bool):
    with app.app_context():
        words = render_template(mail.WORDS[urgent], address="https://book.example").split("\n")
    assert words == [f"Something in Incident Book needs you{' now' * urgent}.", "", "https://book.example"]


def test_a_name_in_a_message_is_noticed():
    names = seeded_names()
    assert {"Fenwick", "Wieczorek", "Thornmere"} <= names
    assert names_in("Something about Fenwick.", names) == {"Fenwick"}


def test_every_message_is_read_whichever_way_it_goes(cast):
    with cast.here(), every_message_read() as said:
        mail.send_invitation("new@penwick.example", "https://book.example/invitation/x", clock.now())
    assert len(said) == 1
