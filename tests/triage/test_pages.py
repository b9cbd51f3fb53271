"""The pages of triage: what they show, what comes back, what is refused."""

import re

import pytest
from sqlalchemy import select

from incidents.decisions.queries import current, history
from incidents.extensions import db
from incidents.recording.hours import Control
from incidents.recording.lifecycle import IncidentState
from incidents.recording.models import Incident
from incidents.recording.words import Danger, Part
from tests.triage.recorded import LESSON, record

ANSWERS = {
    "direction": "pupil_to_pupil",
    "running": "met",
    "running_reasons": ["many_joined_in", "unwilling_to_come_in"],
    "threat": "not_met",
    "threat_reasons": ["nothing_points_to_it"],
    "reputation": "unclear",
    "reputation_words": "A closed group so far.",
    "reasonable": "yes",
    "considered": ["reaches_into_school"],
}


@pytest.fixture
def reported(cast):
    """An incident at home on a Friday evening; its address."""
    with cast.here():
        return address(record(cast))


def address(incident):
    return f"/incidents/{incident.id}"


def page(response):
    return re.sub(r"\s+", " ", response.get_data(as_text=True))


def decided(cast, question):
    with cast.here():
        incident = db.session.scalars(select(Incident)).one()
        found = current(incident, question)
        return found.answer if found else None


def test_today_lists_what_waits_with_one_main_button(cast, reported):
    text = page(cast.client("head").get("/today"))
    assert "Nobody is recorded as in danger." in text
    assert "One incident waits for a decision." in text
    assert f'href="{reported}/triage"' in text
    assert text.count('class="govuk-button"') == 1


def test_today_says_when_nothing_waits(cast):
    assert "Nothing needs you now." in page(cast.client("head").get("/today"))


def test_today_puts_danger_first(cast, reported):
    with cast.here():
        urgent = address(record(cast, danger=Danger.YES))
    text = page(cast.client("head").get("/today"))
    assert "Somebody is in danger in one incident. Ring first." in text
    assert text.index(f"{urgent}/triage") < text.index(f"{reported}/triage")


def test_the_safeguarding_lead_reads_what_the_head_decides(cast, reported):
    text = page(cast.client("dsl").get("/today"))
    assert f'href="{reported}"' in text
    assert f"{reported}/triage" not in text


def test_the_page_explains_time_and_place_and_asks_the_tests(cast, reported):
    text = page(cast.client("head").get(f"{reported}/triage"))
    for words in (
        "Outside school hours.",
        "school ended at 15:20",
        "It happened at 21:14.",
        "Off-site.",
        "Could it have repercussions for the orderly running of the school?",
        "Is acting reasonable?",
        "have not all been answered",
        "Screenshots of a group chat came in tonight.",
        "Isla Fenwick",
    ):
        assert words in text, words
    assert not re.findall(r'type="radio"[^>]* checked', text)


def test_no_name_of_a_person_is_in_the_title_or_the_heading(cast, reported):
    for path in ("triage", "no-further-action", "step-aside"):
        text = page(cast.client("head").get(f"{reported}/{path}"))
        for part in re.findall(r"<(?:title|h1)[^>]*>(.*?)</", text):
            assert not [name for name in ("Isla", "Mason", "Fenwick", "Tully") if name in part]


def test_in_school_the_tests_are_absent_and_one_press_decides(cast):
    with cast.here():
        where = address(record(cast, happened=LESSON, control=Control.ON_SITE))
    client = cast.client("head")
    text = page(client.get(f"{where}/triage"))
    assert 'type="radio"' not in text
    assert "so the three tests are not asked" in text
    answer = client.post(f"{where}/triage", data={"direction": "pupil_to_pupil"})
    assert answer.status_code == 303
    assert decided(cast, "power") == "may_act"


def test_deciding_opens_a_case_and_leads_to_it(cast, reported):
    answer = cast.client("head").post(f"{reported}/triage", data=ANSWERS)
    assert answer.status_code == 303
    assert "/cases/" in answer.location
    assert decided(cast, "disposition") == "new_case"


def test_a_press_too_many_decides_once(cast, reported):
    client = cast.client("head")
    assert client.post(f"{reported}/triage", data=ANSWERS).status_code == 303
    assert client.post(f"{reported}/triage", data=ANSWERS).status_code == 409
    with cast.here():
        rows = history([db.session.scalars(select(Incident)).one().id])
        assert [row.question for row in rows].count("disposition") == 1


BAD = [
    ("nothing answered", {"direction": "pupil_to_pupil"}, "Running of the school: choose met, not met or unclear."),
    ("a test without a reason", {**ANSWERS, "threat_reasons": []}, "Threat: say why it is not met."),
    ("an answer that was not offered", {**ANSWERS, "threat": "perhaps"}, "Choose one of the answers."),
    ("a direction that there is none of", {**ANSWERS, "direction": "sideways"}, "Choose who did it to whom."),
    ("a case that is not offered", {**ANSWERS, "case": "no-such-case"}, "Choose one of the answers."),
    ("words too long", {**ANSWERS, "running_words": "x" * 2001}, "This is too long by 1."),
    ("a name in the title", {**ANSWERS, "title": "What Mason did"}, "Leave names out of the title"),
]


@pytest.mark.parametrize(("name", "data", "message"), BAD, ids=[row[0] for row in BAD])
def test_what_can_t_be_taken_comes_back_with_what_was_typed(cast, reported, name, data, message):
    answer = cast.client("head").post(f"{reported}/triage", data=data)
    text = page(answer)
    assert answer.status_code == 422
    assert message in text
    assert "What you typed is still here." in text
    if "reputation_words" in data:
        assert "A closed group so far." in text
    assert decided(cast, "disposition") is None


def test_the_preview_says_the_sentence_and_keeps_nothing(cast, reported):
    text = page(cast.client("head").post(f"{reported}/triage/sentence", data=ANSWERS))
    assert "<strong>The school may act</strong> on what one of its pupils is said to have done off-site" in text
    assert "<html" not in text
    assert decided(cast, "power") is None


def test_garbage_in_the_preview_is_no_answer(cast, reported):
    garbage = {"running": "☃", "direction": "x", "seen": "y", "case": "z", "considered": ["a"]}
    answer = cast.client("head").post(f"{reported}/triage/sentence", data=garbage)
    assert answer.status_code == 200
    assert "have not all been answered" in page(answer)


def test_without_a_script_a_button_shows_the_sentence_on_the_same_page(cast, reported):
    text = page(cast.client("head").post(f"{reported}/triage", data={**ANSWERS, "show": "sentence"}))
    assert "<strong>The school may act</strong>" in text
    assert "to put right" not in text
    assert decided(cast, "power") is None


def test_another_direction_brings_its_own_questions(cast, reported):
    chosen = {"direction": "staff_conduct", "show": "direction"}
    text = page(cast.client("head").post(f"{reported}/triage", data=chosen))
    assert "Could a child be harmed?" in text
    assert text.index("Could a child be harmed?") < text.index("When, where and who")


def test_a_parent_s_post_is_not_put_to_the_tests(cast):
    with cast.here():
        where = address(record(cast, [(Part.ALLEGED, "mother"), (Part.TARGET, "teacher")]))
    text = page(cast.client("head").get(f"{where}/triage"))
    assert "The school has no power to punish a parent." in text
    assert "Could it identify an accused teacher?" in text
    assert "Could it have repercussions" not in text
    assert "The three tests give power over pupils only" in text


def test_triage_again_shows_the_earlier_decision_and_asks_why(cast, reported):
    client = cast.client("head")
    client.post(f"{reported}/triage", data=ANSWERS)
    text = page(client.get(f"{reported}/triage"))
    assert "Decided before" in text
    assert "Joanna Pettifer" in text
    assert "Why does this take the place of the earlier decision?" in text
    assert 'value="met" checked' in text
    seen = re.search(r'name="seen"[^>]*value="([^"]+)"', text)[1]
    answer = client.post(f"{reported}/triage", data={**ANSWERS, "seen": seen})
    assert answer.status_code == 422
    assert "Say why this takes the place of the earlier decision." in page(answer)
    answer = client.post(f"{reported}/triage", data={**ANSWERS, "seen": seen, "why": "It was shown to a class."})
    assert answer.status_code == 303


def test_no_further_action_asks_for_a_reason_and_leaves_the_queue(cast, reported):
    client = cast.client("head")
    answer = client.post(f"{reported}/no-further-action", data={"direction": "pupil_to_pupil"})
    assert answer.status_code == 422
    assert "Say why nothing more is to be done." in page(answer)
    data = {"direction": "pupil_to_pupil", "reasons": ["put_right"]}
    assert client.post(f"{reported}/no-further-action", data=data).status_code == 303
    with cast.here():
        assert db.session.scalars(select(Incident)).one().state == IncidentState.NO_FURTHER_ACTION
    assert "Nothing needs you now." in page(client.get("/today"))


def test_what_is_alleged_of_staff_does_not_end_unasked(cast):
    with cast.here():
        where = address(record(cast, [(Part.ALLEGED, "other_teacher")]))
    client = cast.client("head")
    assert "Could a child be harmed?" in page(client.get(f"{where}/no-further-action"))
    data = {"direction": "staff_conduct", "reasons": ["put_right"], "harm_threshold": "not_sure"}
    answer = client.post(f"{where}/no-further-action", data=data)
    assert answer.status_code == 422
    assert "ring for advice first" in page(answer)


def test_stepping_aside_hands_it_on_at_once(cast, reported):
    client = cast.client("head")
    assert client.post(f"{reported}/step-aside").status_code == 303
    assert client.get(f"{reported}/triage").status_code == 404
    assert cast.client("dsl").get(f"{reported}/triage").status_code == 200


PATHS = ["triage", "no-further-action", "step-aside"]


@pytest.mark.parametrize("path", PATHS)
def test_a_record_about_the_head_is_not_there_for_the_head(cast, path):
    with cast.here():
        where = address(record(cast, [(Part.ALLEGED, "head")]))
    nowhere = "/incidents/00000000-0000-4000-8000-000000000000"
    hidden, none = (cast.client("head").get(f"{each}/{path}") for each in (where, nowhere))
    assert hidden.status_code == none.status_code == 404
    assert hidden.data == none.data


@pytest.mark.parametrize("who", ["teacher", "dsl", "head_of_year"])
def test_who_knows_of_it_but_does_not_decide_is_told_no(cast, reported, who):
    assert cast.client(who).get(f"{reported}/triage").status_code == 403
    assert cast.client(who).post(f"{reported}/triage", data=ANSWERS).status_code == 403
