"""What kind of thing it was and what seems to be behind it: asked shortly, several at once, never overwritten."""

import pytest
from sqlalchemy import select

from incidents.decisions.queries import current, history
from incidents.errors import Refused
from incidents.extensions import db
from incidents.people.kinds import PersonKind
from incidents.recording.hours import Control
from incidents.recording.models import Incident
from incidents.recording.words import Direction, FourCs, Method, Part
from incidents.schools.jurisdiction import Nation, SchoolType, load
from incidents.triage.motives import answered, in_words, offered, suggested
from tests.cast import make_cast
from tests.triage.recorded import LESSON, record

ENGLAND = load(Nation.ENGLAND, SchoolType.MAINTAINED).motives


def keys(nation, targets=(), direction=Direction.PUPIL_TO_PUPIL):
    return [key for key, _ in offered(load(nation, SchoolType.MAINTAINED).motives, targets, direction)]


def test_northern_ireland_adds_its_own_and_jersey_s_law_has_no_religion():
    assert {"political_opinion", "dependants", "marital_status"} <= set(keys(Nation.NORTHERN_IRELAND))
    assert "political_opinion" not in keys(Nation.ENGLAND)
    assert "religion_or_belief" in keys(Nation.ENGLAND)
    assert "religion_or_belief" not in keys(Nation.JERSEY)


def test_age_and_marriage_are_asked_only_where_an_adult_was_the_target():
    assert "age" not in keys(Nation.ENGLAND)
    assert {"age", "marriage_or_civil_partnership"} <= set(keys(Nation.ENGLAND, [PersonKind.STAFF]))
    assert "age" in keys(Nation.ENGLAND, [], Direction.PARENT_TO_STAFF)


@pytest.mark.parametrize("nation", Nation)
def test_it_can_always_be_something_else_or_not_known(nation):
    assert keys(nation)[-2:] == ["other", "not_known"]


@pytest.mark.parametrize(("ticked", "answer"), [
    ((), None),
    (("not_known",), ("not_known", [])),
    (("sex", "race"), ("named", ["race", "sex"])),
    (("other",), ("named", ["other"])),
])  # fmt: skip
def test_several_can_be_ticked_and_stand_in_the_pack_s_order(ticked, answer):
    assert answered(ticked, ENGLAND) == answer


@pytest.mark.parametrize("ticked", [("race", "not_known"), ("shoe_size",), ("political_opinion",)])
def test_what_can_t_be_is_refused(ticked):
    with pytest.raises(Refused):
        answered(ticked, ENGLAND)


@pytest.mark.parametrize(("direction", "method", "kind"), [
    (Direction.PUPIL_TO_PUPIL, Method.GROUP_CHAT, FourCs.CONDUCT),
    (Direction.STRANGER_TO_PUPIL, Method.GROUP_CHAT, FourCs.CONTACT),
    (Direction.STAFF_CONTACT, Method.DIRECT_MESSAGE, FourCs.CONTACT),
    (Direction.PUPIL_TO_PUPIL, Method.AI_IMAGE, FourCs.CONTENT),
    (Direction.SCHOOL_ACCOUNT, Method.PHOTOS_OR_VIDEO, FourCs.CONTENT),
])  # fmt: skip
def test_the_kind_is_suggested_from_direction_and_means(direction, method, kind):
    assert suggested(direction, method) is kind


def test_the_words_are_the_pack_s():
    assert in_words("named", ["sex", "race", "other"], ENGLAND) == "Race, sex, something else"
    assert in_words("not_known", [], ENGLAND) == "Not known, or none of these"


# --- on the pages

PLAIN = {"direction": "pupil_to_pupil", "four_cs": "conduct"}


@pytest.fixture
def in_school(cast):
    """The plain case: in hours and on site."""
    with cast.here():
        return record(cast, happened=LESSON, control=Control.ON_SITE).id


def answers_of(cast, question):
    with cast.here():
        return current(db.session.scalars(select(Incident)).one(), question)


def test_a_plain_incident_is_decided_by_one_press_and_its_kind_is_kept(cast, in_school):
    page = cast.client("head").get(f"/incidents/{in_school}/triage").text
    assert '<option value="conduct" selected' in page
    assert cast.client("head").post(f"/incidents/{in_school}/triage", data=PLAIN).status_code == 303
    assert answers_of(cast, "four_cs").answer == "conduct"
    assert answers_of(cast, "motives") is None


def test_motives_are_kept_shown_and_replaced_beside_the_old_ones(cast, in_school):
    head, address = cast.client("head"), f"/incidents/{in_school}/triage"
    assert head.post(address, data=PLAIN | {"motives": ["race", "sex"]}).status_code == 303
    kept = answers_of(cast, "motives")
    assert (kept.answer, kept.reasons) == ("named", ["race", "sex"])
    assert "Race, sex" in head.get(f"/incidents/{in_school}").text
    with cast.here():
        seen = str(current(db.session.scalars(select(Incident)).one(), "disposition").id)
    again = PLAIN | {"motives": ["not_known"], "seen": seen, "why": "We asked."}
    assert head.post(address, data=again).status_code == 303
    with cast.here():
        rows = {row.answer: row for row in history([in_school]) if row.question == "motives"}
    assert rows["not_known"].supersedes_id == rows["named"].id
    assert "Not known, or none of these" in head.get(address).text


def test_what_can_t_be_comes_back_beside_its_question_and_nothing_is_kept(cast, in_school):
    data = PLAIN | {"motives": ["race", "not_known"]}
    answer = cast.client("head").post(f"/incidents/{in_school}/triage", data=data)
    assert (answer.status_code, "not both" in answer.text) == (422, True)
    assert answers_of(cast, "disposition") is None


def test_who_decides_about_the_head_reads_what_such_a_case_may_do(cast):
    with cast.here():
        incident = record(cast, ((Part.TARGET, "isla"), (Part.ALLEGED, "head"))).id
    page = cast.client("case_manager").get(f"/incidents/{incident}/triage").text
    assert "chair of governors manages it. They may ask the designated officer" in page


def test_a_teacher_who_recorded_it_reads_no_motive(cast, in_school):
    cast.client("head").post(f"/incidents/{in_school}/triage", data=PLAIN | {"motives": ["sexual_orientation"]})
    assert "exual orientation" not in cast.client("teacher").get(f"/incidents/{in_school}").text


@pytest.fixture
def irish(app, clock):
    return make_cast(app, nation=Nation.NORTHERN_IRELAND)


def test_in_northern_ireland_it_is_recorded_for_each_incident_even_one_that_comes_to_nothing(irish):
    with irish.here():
        incident = record(irish, control=Control.ON_SITE, happened=LESSON)
    page, client = f"/incidents/{incident.id}/no-further-action", irish.client("head")
    sent = {"direction": "pupil_to_pupil", "reasons": ["once_and_small"], "words": "A joke.", "seen": ""}
    refused = client.post(page, data=sent)
    assert (refused.status_code, "law here wants it on record" in refused.text) == (422, True)
    assert client.post(page, data=sent | {"motives": ["political_opinion"]}).status_code == 303
    with irish.here():
        held = current(db.session.scalars(select(Incident)).one(), "motives")
        assert held.reasons == ["political_opinion"]


def test_in_northern_ireland_triage_asks_it_openly_and_not_known_is_an_answer(irish):
    with irish.here():
        incident = record(irish, control=Control.ON_SITE, happened=LESSON)
    page, client = f"/incidents/{incident.id}/triage", irish.client("head")
    sent = {"direction": "pupil_to_pupil", "case": "", "title": "A chat", "workflow": "", "owner": "", "seen": ""}
    assert "law here wants it on record" in client.post(page, data=sent).text
    assert client.post(page, data=sent | {"motives": ["not_known"]}).status_code == 303


def test_elsewhere_no_further_action_asks_nothing_of_it(cast):
    with cast.here():
        incident = record(cast, control=Control.ON_SITE, happened=LESSON)
    assert "behind it" not in cast.client("head").get(f"/incidents/{incident.id}/no-further-action").text
