"""The pages that cite: triage, the incident's rules, the record and the case."""

import re
from datetime import date

import pytest
from sqlalchemy import select

from incidents.casework.models import Case
from incidents.citations.models import Citation
from incidents.citations.queries import offer_for
from incidents.decisions.queries import current
from incidents.extensions import db
from incidents.recording.hours import Control
from incidents.recording.models import Incident
from incidents.recording.words import Part
from tests.citations.rules import adopt
from tests.citations.test_citing import WEEK
from tests.triage.recorded import LESSON, record
from tests.triage.test_pages import ANSWERS

PLAIN = {"direction": "pupil_to_pupil"}


def page(response):
    return re.sub(r"\s+", " ", response.get_data(as_text=True))


@pytest.fixture
def ruled(cast):
    """A plain incident in a lesson, in a school with two rules for it and one for parents: its address, and the rules."""
    with cast.here():
        _, clauses = adopt(
            cast,
            {"wording": "Be unkind in a group chat."},
            {"wording": "Ask before using sites.", "force": "advice", "methods": [], "directions": []},
            {"wording": "Be polite.", "audiences": ["parents"]},
        )
        return f"/incidents/{record(cast, happened=LESSON, control=Control.ON_SITE).id}", clauses


def test_triage_offers_the_rule_that_fits_with_its_reason_and_day(cast, ruled):
    where, (fits, other, for_parents) = ruled
    text = page(cast.client("head").get(f"{where}/triage"))
    assert "Which kind, which rule?" in text
    assert text.index("in force on 20 November 2026") < text.index(str(fits))
    assert "Because it speaks of group chats and is about pupils and other pupils." in text
    assert text.index(str(fits)) < text.index("One more rule in force then") < text.index(str(other))
    assert str(for_parents) not in text
    assert "checked" not in text[text.index(str(fits)) :]


def test_nothing_need_be_ticked(cast, ruled):
    assert cast.client("head").post(f"{ruled[0]}/triage", data=PLAIN).status_code == 303
    with cast.here():
        assert db.session.scalars(select(Citation)).all() == []


def test_what_is_ticked_is_cited_with_the_decision(cast, ruled):
    where, (fits, other, _) = ruled
    keys = [f"clause:{fits}", f"clause:{other}"]
    client = cast.client("head")
    assert client.post(f"{where}/triage", data={**PLAIN, "rules": keys}).status_code == 303
    with cast.here():
        incident = db.session.scalars(select(Incident)).one()
        rows = db.session.scalars(select(Citation).order_by(Citation.code)).all()
        assert [(row.code, row.meant_as) for row in rows] == [("4.1", "breached"), ("4.2", "context")]
        assert {row.decision_id for row in rows} == {current(incident, "disposition").id}
        case = db.session.scalars(select(Case)).one().id
    again = page(client.get(f"{where}/triage"))
    assert "<strong>Said to be broken:</strong> 4.1 Must not" in again
    assert 'name="rules"' not in again
    for address in (where, f"/cases/{case}"):
        text = page(client.get(address))
        assert "<strong>Said to be broken:</strong> 4.1 Must not, Social media policy, version 1" in text
        assert "In force on 20 November 2026. Cited by Joanna Pettifer" in text
    assert "Cited.</strong> Said to be broken: 4.1" in page(client.get(f"/cases/{case}/chronology"))


WRONG = [
    ("clause:x", "Choose rules and laws from the list."),
    ("clause:00000000-0000-4000-8000-000000000000", "Choose rules and laws from the list."),
    ("statute:none", "Choose rules and laws from the list."),
]


@pytest.mark.parametrize(("key", "message"), WRONG)
def test_what_was_not_offered_comes_back_beside_the_boxes_and_decides_nothing(cast, ruled, key, message):
    answer = cast.client("head").post(f"{ruled[0]}/triage", data={**PLAIN, "rules": [key]})
    assert answer.status_code == 422
    assert page(answer).count(message) == 2
    with cast.here():
        assert db.session.scalars(select(Case)).all() == []


def test_days_with_two_versions_show_both_and_ask_why(cast):
    with cast.here():
        policy, _ = adopt(cast, {})
        _, [new] = adopt(cast, {}, policy_id=policy, number=2, since=date(2026, 11, 18))
        where = f"/incidents/{record(cast, happened=WEEK).id}"
    client, data = cast.client("head"), {**ANSWERS, "rules": [f"clause:{new}"]}
    text = page(client.get(f"{where}/triage"))
    assert "in force only until 17 November 2026" in text
    assert "in force only from 18 November 2026" in text
    answer = client.post(f"{where}/triage", data=data)
    assert answer.status_code == 422
    assert f'value="clause:{new}" checked' in page(answer)
    assert client.post(f"{where}/triage", data={**data, "rules_why": "It is of Thursday."}).status_code == 303


def test_a_broken_rule_starts_the_steps_that_it_names(cast):
    with cast.here():
        _, [one] = adopt(cast, {"workflow": "staff_as_target"})
        where = f"/incidents/{record(cast, happened=LESSON, control=Control.ON_SITE).id}"
    client, data = cast.client("head"), {**PLAIN, "rules": [f"clause:{one}"]}
    shown = page(client.post(f"{where}/triage", data={**data, "show": "sentence"}))
    assert "As usual: Staff as target, " in shown
    client.post(f"{where}/triage", data=data)
    with cast.here():
        assert db.session.scalars(select(Case)).one().workflow == "staff_as_target"


def test_the_policy_of_the_day_words_the_tests_and_the_sentence_and_is_kept(cast):
    tests = {"orderly": "Makes lessons hard.", "threat": "Frightens someone.", "reputation": "Harms our name."}
    with cast.here():
        adopt(cast, {}, {"wording": "It may act outside school hours."}, kind="anti_bullying", tests=tests)
        where = f"/incidents/{record(cast).id}"
    client = cast.client("head")
    assert "The school’s policy says: “Makes lessons hard.”" in page(client.get(f"{where}/triage"))
    client.post(f"{where}/triage", data=ANSWERS)
    with cast.here():
        power = current(db.session.scalars(select(Incident)).one(), "power")
        assert "its anti-bullying policy, 4.2;" in power.sentence
        assert power.policy_version


def test_a_law_is_cited_on_the_page_and_withdrawn_with_a_reason(cast, ruled):
    where = f"{ruled[0]}/rules"
    with cast.here():
        law = offer_for(db.session.scalars(select(Incident)).one(), cast.viewer("head")).laws[0].statute
    client = cast.client("head")
    text = page(client.get(where))
    assert "Laws that can’t be cited here, and why" in text
    assert client.post(where, data={"meant_as": "as_it_fits"}).status_code == 422
    data = {"rules": [f"statute:{law.key}"], "meant_as": "as_it_fits"}
    assert client.post(where, data=data).status_code == 303
    text = page(client.get(where))
    assert "<strong>May be relevant:</strong>" in text
    withdraw = re.search(r'href="([^"]+/withdraw)"', text)[1]
    assert client.post(withdraw, data={}).status_code == 422
    assert client.post(withdraw, data={"reason": "Another law."}).status_code == 303
    assert "Withdrawn by Joanna Pettifer, Monday 23 November 2026, 08:10: Another law." in page(client.get(where))
    assert client.post(withdraw, data={"reason": "Another law."}).status_code == 409


def test_who_decides_not_reads_what_is_cited_and_cites_nothing(cast, ruled):
    assert cast.client("dsl").get(f"{ruled[0]}/rules").status_code == 403
    text = page(cast.client("dsl").get(ruled[0]))
    assert "No rule or law is cited yet." in text
    assert f"{ruled[0]}/rules" not in text


def test_of_a_hidden_incident_there_are_no_rules(cast):
    with cast.here():
        hidden = record(cast, [(Part.ALLEGED, "head")]).id
    assert cast.client("head").get(f"/incidents/{hidden}/rules").status_code == 404
