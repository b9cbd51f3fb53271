"""The search box finds by reference, name and words, and only what may be seen in full."""

import re
from datetime import timedelta

import pytest

from incidents.recording import finding
from incidents.recording.finding import seen_in_full
from incidents.recording.hours import Control
from incidents.recording.words import Part
from tests.statements import statements
from tests.triage.recorded import LESSON, record
from tests.worlds import PLAIN, decide

ABOUT_THE_HEAD = ((Part.ALLEGED, "head"), (Part.TARGET, "mother"))


@pytest.mark.parametrize("typed", ["isla fenwick", "FENWICK", "fen isl", "screenshots of a", "isla screen", ""])
def test_it_is_found_by_a_name_or_by_words(cast, typed):
    with cast.here():
        incident = record(cast)
        assert [each.id for each in seen_in_full(cast.viewer("head"), typed)[0]] == [incident.id]


@pytest.mark.parametrize("typed", ["wick", "isla nobody", "isla the nowhere", "of the", "%", "_"])
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


def test_own_records_go_on_page_by_page_and_ask_no_more_for_more(cast, clock, monkeypatch):
    monkeypatch.setattr(finding, "PAGE", 2)
    with cast.here():
        known = []
        for _ in range(3):
            known.append(record(cast).reference)
            clock.shift(timedelta(minutes=1))
        decide(cast, record(cast, control=Control.ON_SITE, happened=LESSON), PLAIN, "head")
    client = cast.client("teacher")
    with statements(cast.app) as sent:
        first = client.get("/my-records").text
    older = client.get(re.search(r"/my-records\?before=[\w-]+", first)[0]).text
    assert sum(each in first for each in known) == 1
    assert sum(each in older for each in known) == 2
    assert "being looked at" in first
    monkeypatch.setattr(finding, "PAGE", 20)
    with statements(cast.app) as more:
        client.get("/my-records")
    assert len(more) == len(sent)


@pytest.mark.parametrize("few", [0, 1, 1_000])
def test_many_or_few_the_same_is_found(cast, monkeypatch, few):
    monkeypatch.setattr(finding, "FEW", few)
    with cast.here():
        both = record(cast)
        record(cast, ((Part.TARGET, "zara"),))
        head = cast.viewer("head")
        assert [each.id for each in seen_in_full(head, "isla screenshots")[0]] == [both.id]
        assert len(seen_in_full(head, "screenshots")[0]) == 2
        assert seen_in_full(head, "screenshots nobody") == ([], False)
