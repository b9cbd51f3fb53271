"""One page of a draft, written on two devices: what stands and what is kept beside."""

import pytest

from incidents.recording.two_hands import laid_together

TEXTS = {"words", "how"}


@pytest.mark.parametrize(
    ("held", "typed", "elsewhere", "stands", "beside"),
    [
        ("", "A poll.", "words", "A poll.", None),
        ("A poll.", "A poll went round.", "", "A poll went round.", None),
        ("A poll.", "", "", "", None),  # taken out on the device that saw it last
        ("A poll.", "", "words", "A poll.", None),  # an empty page loses nothing of what was written elsewhere
        ("A poll went round.", "A poll", "words", "A poll went round.", None),
        ("A poll", "A  poll\nwent round.", "words", "A  poll\nwent round.", None),
        ("On the bus.", "In the park.", "words", "In the park.", "On the bus."),
        ("On the bus.", "On the bus.", "words", "On the bus.", None),
    ],
)
def test_no_text_is_lost(held: str, typed: str, elsewhere: str, stands: str, beside: str | None):
    found = laid_together({"words": [held]}, {"words": [typed]}, {elsewhere}, TEXTS)
    assert found.fields["words"] == [stands]
    assert found.beside == ({"words": [beside]} if beside else {})


def test_an_answer_holds_no_other_even_if_its_letters_do():
    found = laid_together({"danger": ["not_sure"]}, {"danger": ["no"]}, {"danger"}, TEXTS)
    assert (found.fields, found.beside) == ({"danger": ["no"]}, {"danger": ["not_sure"]})


def test_what_is_not_on_the_page_stays():
    found = laid_together({"words": ["A"], "how": ["B"]}, {"words": ["A"]}, set(), TEXTS)
    assert found.fields == {"words": ["A"], "how": ["B"]}
    assert not found.changed
