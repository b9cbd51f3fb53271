"""The words of an incident: each has its label, in plain English."""

import pytest

from incidents.recording import words

TABLES = [
    (words.Direction, words.DIRECTION_LABELS),
    (words.Part, words.PART_LABELS),
    (words.Method, words.METHOD_LABELS),
    (words.FourCs, words.FOUR_CS_LABELS),
    (words.Danger, words.DANGER_LABELS),
    (words.Intimate, words.INTIMATE_LABELS),
    (words.PersonKind, words.PERSON_KIND_LABELS),
]


@pytest.mark.parametrize(("kind", "labels"), TABLES, ids=lambda each: getattr(each, "__name__", ""))
def test_every_value_has_a_label_of_its_own(kind, labels):
    assert set(labels) == set(kind)
    assert len(set(labels.values())) == len(labels)


@pytest.mark.parametrize(("kind", "labels"), TABLES, ids=lambda each: getattr(each, "__name__", ""))
def test_no_label_uses_a_word_the_product_does_not_say(kind, labels):
    said = " ".join(labels.values()).lower()
    assert not [word for word in ("victim", "perpetrator", "submit", "offender") if word in said]
