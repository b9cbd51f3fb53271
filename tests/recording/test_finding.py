"""The search box finds by reference, name and words, and only what may be seen in full."""

import pytest

from incidents.recording.finding import seen_in_full
from incidents.recording.words import Part
from tests.triage.recorded import record

ABOUT_THE_HEAD = ((Part.ALLEGED, "head"), (Part.TARGET, "mother"))


@pytest.mark.parametrize("typed", ["isla fenwick", "FENWICK", "fen isl", "screenshots of a", ""])
def test_it_is_found_by_a_name_or_by_words(cast, typed):
    with cast.here():
        incident = record(cast)
        assert [each.id for each in seen_in_full(cast.viewer("head"), typed)[0]] == [incident.id]


@pytest.mark.parametrize("typed", ["wick", "isla tully", "%", "_"])
def test_what_is_not_in_it_does_not_find_it(cast, typed):
    with cast.here():
        record(cast)
        assert seen_in_full(cast.viewer("head"), typed) == ([], False)


def test_a_reference_finds_one_and_a_hidden_one_nothing(cast):
    with cast.here():
        incident, hidden = record(cast), record(cast, ABOUT_THE_HEAD, by="dsl")
        head = cast.viewer("head")
        typed = f"{incident.reference[:2].lower()}-{incident.reference[2:]}"
        assert [each.id for each in seen_in_full(head, typed)[0]] == [incident.id]
        assert seen_in_full(head, hidden.reference) == ([], False)
