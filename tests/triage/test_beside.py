"""Beside the list of the first page: what others did since, what waits for them, and nothing of what is hidden."""

from datetime import timedelta

from incidents import clock
from incidents.casework import actions as casework
from incidents.casework.queries import steps_of
from incidents.database import writing
from incidents.recording import actions as recording
from incidents.recording.hours import Control
from incidents.recording.models import StatementKind
from incidents.recording.words import Part
from incidents.triage.beside import changed_since, waiting_for_others
from incidents.triage.lately import Act, newest_of_each
from tests.triage.recorded import LESSON, record
from tests.worlds import PLAIN, decide


def says(changed):
    return [(each.reference, each.act.says, each.who) for each in changed]


def test_what_others_did_since_is_told_and_what_one_did_oneself_is_not(cast, clock):
    with cast.here():
        incident = record(cast)
        before = cast.viewer("head").at
        clock.shift(timedelta(minutes=5))
        with writing():
            by = cast.viewer("teacher")
            recording.add_words(incident, StatementKind.ADDITION, "More came.", by=by, at=by.at)
        told = says(changed_since(cast.viewer("head"), before))
        assert told == [(incident.reference, "something was added to what was said", cast.viewer("teacher").name)]
        assert changed_since(cast.viewer("teacher"), before) == []
        assert changed_since(cast.viewer("head"), cast.viewer("head").at) == []


def test_nothing_is_told_of_a_matter_that_is_hidden(cast, clock):
    with cast.here():
        incident = record(cast, [(Part.ALLEGED, "head"), (Part.TARGET, "mother")], by="dsl")
        before = cast.viewer("head").at
        clock.shift(timedelta(minutes=5))
        with writing():
            by = cast.viewer("dsl")
            recording.add_words(incident, StatementKind.ADDITION, "More came.", by=by, at=by.at)
        assert changed_since(cast.viewer("head"), before) == []
        assert len(changed_since(cast.viewer("case_manager"), before)) == 1


def test_the_steps_of_others_wait_beside_and_not_one_s_own(cast):
    with cast.here():
        case = decide(cast, record(cast, control=Control.ON_SITE, happened=LESSON), PLAIN, "head")
        with writing():
            for step in steps_of(case):
                casework.assign_step(step, cast.accounts["dsl"], by=cast.viewer("head"), at=clock.now())
        others = waiting_for_others(cast.viewer("head"))
        assert {each.who for each in others} == {cast.viewer("dsl").name}
        assert [each.due_at for each in others] == sorted(each.due_at for each in others)
        assert waiting_for_others(cast.viewer("dsl")) == []
        assert waiting_for_others(cast.viewer("other_teacher")) == []


def test_of_each_matter_the_last_act_is_told_and_no_more_than_fit():
    at = clock.now()
    acts = [
        Act(number, at + timedelta(minutes=minute), None, str(minute)) for minute in range(3) for number in range(4)
    ]
    assert [act.says for act in newest_of_each(acts, 3)] == ["2", "2", "2"]


def test_the_page_says_since_when(cast, clock):
    with cast.here():
        record(cast)
    cast.client("head").get("/today")
    clock.shift(timedelta(hours=2))
    with cast.here():
        incident = record(cast, by="other_teacher")
        with writing():
            by = cast.viewer("other_teacher")
            recording.add_words(incident, StatementKind.ADDITION, "More came.", by=by, at=by.at)
    page = cast.client("head").get("/today").text
    assert "Since you looked on Monday 23 November" in page
    assert "something was added to what was said" in page
