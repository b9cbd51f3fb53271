"""The pages of casework: who opens which, what they show, and what bad input gets back."""

import re
from datetime import timedelta

import pytest

from incidents.casework import actions, listing, queries, who
from incidents.casework.models import Case
from incidents.clock import now
from incidents.database import writing
from incidents.extensions import db
from incidents.matters.actions import put_in_conflict
from incidents.matters.models import Capacity, Why
from tests.casework.cases import TITLE, a_case, an_incident, finish_the_rest, reload, step

WHOLE = {"outcomes": "sanction", "words": "Two breaks.", "checks": ["decided_by", "place", "lawful", "reasonable",
                                                                   "proportionate", "the_pupil"]}  # fmt: skip


def said(response) -> str:
    """The page's words, as somebody reads them."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.text))


@pytest.fixture
def case(cast):
    with cast.here():
        return a_case(cast)


def found(cast, case):
    with cast.here(), writing():
        actions.find(reload(case), "confirmed_bullying", "The screenshots.", by=cast.viewer("head"), at=now())


def test_the_page_begins_with_the_state_and_what_is_next(cast, case):
    page = said(cast.client("head").get(f"/cases/{case.id}"))
    assert "Open: finding out. 0 of 11 steps done." in page
    assert "Isla Fenwick" in page
    assert "Carys Fenwick (Mother)" in page or "Carys Fenwick (mother)" in page


def test_the_title_of_the_page_carries_the_reference_and_no_name(cast, case):
    page = cast.client("head").get(f"/cases/{case.id}").text
    title = re.search(r"<title>(.*?)</title>", page)[1]
    assert title == f"Case {case.reference} – Incident Book"


def test_an_overdue_step_stands_first_and_says_by_how_much(cast, case, clock):
    clock.shift(timedelta(days=9))
    page = said(cast.client("head").get(f"/cases/{case.id}"))
    assert "Overdue by" in page
    assert "overdue. Next: keep the evidence" in page


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ("head", 200), ("dsl", 200), ("deputy_dsl", 200), ("head_of_year", 200), ("teacher", 403), ("other_teacher", 404),
        ("administrator", 404), ("dpo", 404), ("governor", 404), ("clerk", 404), ("case_manager", 404), ("trust_lead", 404),
        ("external", 404), ("deputy_head", 404),
    ],
)  # fmt: skip
def test_a_case_opens_for_those_whose_business_it_is(cast, case, who, code):
    assert cast.client(who).get(f"/cases/{case.id}").status_code == code


ACTS = (
    "note",
    "finding",
    "outcome",
    "close",
    "reopen",
    "owner",
    "sight",
    "tell",
    "incidents/add",
    "incidents/take-out",
)
DECIDING = {"finding", "outcome", "close", "reopen", "owner", "sight", "incidents/add", "incidents/take-out"}


@pytest.mark.parametrize("act", ACTS)
def test_each_act_has_its_page_for_the_head_and_only_those_of_work_for_the_dsl(cast, case, act):
    assert cast.client("head").get(f"/cases/{case.id}/{act}").status_code == 200
    assert cast.client("dsl").get(f"/cases/{case.id}/{act}").status_code == (403 if act in DECIDING else 200)
    assert cast.client("other_teacher").get(f"/cases/{case.id}/{act}").status_code == 404


@pytest.mark.parametrize("act", ["", "/not-needed", "/give", "/date", "/again"])
def test_each_act_on_a_step_has_its_page(cast, case, act):
    with cast.here():
        address = f"/cases/{case.id}/steps/{step(case, 'parents').id}{act}"
    assert cast.client("dsl").get(address).status_code == 200
    assert cast.client("other_teacher").get(address).status_code == 404


def test_a_step_of_another_case_is_not_there(cast, case):
    with cast.here():
        other = a_case(cast, incident=an_incident(cast, "jay"))
        address = f"/cases/{case.id}/steps/{step(other, 'parents').id}"
    assert cast.client("head").get(address).status_code == 404


def test_somebody_with_one_step_sees_that_step_and_nothing_else_of_the_case(cast, case):
    with cast.here():
        with writing():
            actions.assign_step(step(case, "account_witnesses"), cast.accounts["other_teacher"], by=cast.viewer("head"),
                                at=now(), words="Ask who saw the chat.")  # fmt: skip
        mine, other = step(case, "account_witnesses").id, step(case, "parents").id
    client = cast.client("other_teacher")
    page = said(client.get(f"/cases/{case.id}/steps/{mine}"))
    assert "Ask who saw the chat." in page
    assert not [
        word
        for word in (TITLE, case.reference, "Isla", "Mason", "Farida Qureshi, ")
        if word in page.split("On duty")[0]
    ]
    assert TITLE not in page
    assert case.reference not in page
    assert client.get(f"/cases/{case.id}/steps/{other}").status_code == 404
    assert client.get(f"/cases/{case.id}").status_code == 403
    assert TITLE not in client.get("/my-steps").text
    done = client.post(f"/cases/{case.id}/steps/{mine}", data={"version": "2", "words": "Three saw it."})
    assert (done.status_code, done.location) == (303, "/my-steps")


def test_a_step_done_in_the_browser_comes_back_to_the_case(cast, case):
    with cast.here():
        each = step(case, "parents")
    client = cast.client("dsl")
    done = client.post(f"/cases/{case.id}/steps/{each.id}", data={"version": "1", "words": "Both told."})
    assert done.status_code == 303
    assert "1 of 11 steps done" in said(client.get(done.location))


def test_of_two_browsers_on_one_step_the_second_is_told_and_keeps_what_was_typed(cast, case):
    with cast.here():
        each = step(case, "parents")
    address = f"/cases/{case.id}/steps/{each.id}"
    cast.client("dsl").post(address, data={"version": "1", "words": "Both told."})
    late = cast.client("head").post(address + "/not-needed", data={"version": "1", "words": "They know."})
    assert late.status_code == 409
    with cast.here():
        assert step(case, "parents").words == "Both told."


@pytest.mark.parametrize(
    ("act", "data", "words"),
    [
        ("note", {"words": " "}, "Write the note first."),
        ("finding", {"finding": "guilty", "words": "typed"}, "Choose what is established."),
        ("finding", {"finding": "conflict"}, "Say from which evidence"),
        ("owner", {"account": "nobody"}, "Choose the new owner."),
        ("sight", {"account": "x", "capacity": "panel", "day-day": "1"}, "Choose who may read it."),
        ("tell", {"person": "x", "words": "typed"}, "Choose whom you tell."),
        ("incidents/add", {"incident": "x"}, "Choose the incident."),
    ],
)
def test_a_malformed_form_comes_back_with_its_errors(cast, case, act, data, words):
    response = cast.client("head").post(f"/cases/{case.id}/{act}", data=data)
    assert response.status_code == 422
    assert words in said(response)
    assert "typed" not in data.values() or "typed" in response.text


def test_the_finding_and_the_outcome_are_recorded_in_turn(cast, case):
    client = cast.client("head")
    assert "There is no finding yet" in said(client.get(f"/cases/{case.id}/outcome"))
    client.post(f"/cases/{case.id}/finding", data={"finding": "confirmed_bullying", "words": "The screenshots."})
    done = client.post(f"/cases/{case.id}/outcome", data=WHOLE)
    assert done.status_code == 303
    page = said(client.get(f"/cases/{case.id}"))
    assert "Finding: It was bullying. Outcome: A sanction in school." in page


def test_a_sanction_without_the_check_list_comes_back_with_what_is_missing(cast, case):
    found(cast, case)
    response = cast.client("head").post(f"/cases/{case.id}/outcome", data={**WHOLE, "checks": ["place"]})
    assert response.status_code == 409
    assert said(response).count("Before a sanction, this must be so") == 5
    assert "Two breaks." in response.text


def test_a_suspension_needs_its_own_path(cast, case):
    found(cast, case)
    data = {"outcomes": "suspension", "words": "Two days.", "days": "2", "days_in_term": "2", "days_in_year": "2",
            "done": ["decided_by_head", "notice_in_writing", "parents_told", "local_authority_told"],
            "social_worker": "has_none", "virtual_head": "not_yet"}  # fmt: skip
    client = cast.client("head")
    refused = client.post(f"/cases/{case.id}/outcome", data=data)
    assert (refused.status_code, "virtual school head must be told" in said(refused)) == (409, True)
    assert client.post(f"/cases/{case.id}/outcome", data={**data, "virtual_head": "told"}).status_code == 303


@pytest.mark.parametrize("days", ["two", "-1", "1e9", "nan"])
def test_days_that_are_no_number_are_refused(cast, case, days):
    found(cast, case)
    data = {"outcomes": "suspension", "words": "Two days.", "days": days}
    response = cast.client("head").post(f"/cases/{case.id}/outcome", data=data)
    assert (response.status_code, "Give the days as a number" in said(response)) == (422, True)


def test_the_page_for_closing_says_what_stands_in_the_way_and_has_no_button(cast, case):
    page = cast.client("head").get(f"/cases/{case.id}/close")
    assert "There is no finding yet" in said(page)
    assert 'class="govuk-button"' not in page.text
    assert cast.client("head").post(f"/cases/{case.id}/close", data={}).status_code == 409


def test_what_a_parent_is_told_is_kept_and_who_must_not_be_told_is_not_offered(cast, case):
    client = cast.client("dsl")
    page = client.get(f"/cases/{case.id}/tell").text
    assert str(cast.persons["mother"]) in page
    done = client.post(f"/cases/{case.id}/tell", data={"person": str(cast.persons["mother"]), "words": "We met."})
    assert done.status_code == 303
    assert "Carys Fenwick was told. We met." in said(client.get(f"/cases/{case.id}"))


def test_sight_is_given_and_ended_in_the_browser(cast, case):
    client = cast.client("head")
    data = {"account": str(cast.accounts["external"]), "capacity": "adviser", "day": ["30", "11", "2026"]}
    assert client.post(f"/cases/{case.id}/sight", data=data).status_code == 303
    assert "until Monday 30 November" in said(client.get(f"/cases/{case.id}/sight"))
    assert cast.client("external").get(f"/cases/{case.id}").status_code == 200
    with cast.here():
        grant = next(each for each in who.sight_given(case, now()))
    assert client.post(f"/cases/{case.id}/sight/{grant.grant_id}/end").status_code == 303
    assert cast.client("external").get(f"/cases/{case.id}").status_code == 404


def test_the_lists_show_only_what_may_be_seen_in_full(cast, case):
    assert TITLE in cast.client("head").get("/cases").text
    assert TITLE in cast.client("dsl").get("/cases").text
    assert TITLE not in cast.client("case_manager").get("/cases").text
    assert "No case is closed yet" in said(cast.client("head").get("/cases?state=closed"))


def test_a_long_list_comes_in_pages_and_nothing_twice(cast):
    with cast.here():
        known = sorted([a_case(cast, incident=an_incident(cast)).reference for _ in range(listing.PAGE + 2)])
    client, references, address = cast.client("head"), [], "/cases"
    while address:
        page = client.get(address).text
        references += re.findall(r"Case ([A-Z0-9]{4,}) ·", page)
        older = re.search(r'href="([^"]+)" rel="next"', page)
        address = older[1].replace("&amp;", "&") if older else None
    assert sorted(references) == known


def test_whoever_proves_to_be_involved_finds_no_case_any_more(cast, case):
    client = cast.client("deputy_dsl")
    assert client.get(f"/cases/{case.id}").status_code == 200
    with cast.here(), writing():
        incident = queries.incidents_of(case)[0]
        put_in_conflict(incident, cast.persons["deputy_dsl"], Why.ALLEGED, "test", by=None, at=now())
    assert client.get(f"/cases/{case.id}").status_code == 404
    assert TITLE not in client.get("/cases").text


def test_a_closed_case_offers_to_be_opened_again_and_nothing_else(cast, case):
    client = cast.client("head")
    found(cast, case)
    with cast.here():
        with writing():
            actions.settle_outcome(reload(case), "support_target", "A plan.", by=cast.viewer("head"), at=now())
        finish_the_rest(cast, reload(case))
    assert client.post(f"/cases/{case.id}/close", data={}).status_code == 303
    page = said(client.get(f"/cases/{case.id}"))
    assert "Closed on Monday 23 November." in page
    assert "Open the case again" in page
    assert "Add a note" not in page
    assert client.post(f"/cases/{case.id}/note", data={"words": "Late."}).status_code == 409
    assert client.post(f"/cases/{case.id}/reopen", data={"words": "It began again."}).status_code == 303


def test_a_reader_by_permission_reads_and_changes_nothing(cast, case):
    with cast.here(), writing():
        actions.give_sight(reload(case), cast.accounts["governor"], Capacity.PANEL, now() + timedelta(days=5),
                           by=cast.viewer("head"), at=now())  # fmt: skip
    client = cast.client("governor")
    assert client.get(f"/cases/{case.id}").status_code == 200
    assert client.get(f"/cases/{case.id}/note").status_code == 403
    with cast.here():
        each = step(case, "parents").id
    assert client.get(f"/cases/{case.id}/steps/{each}").status_code == 403


def test_a_hidden_case_is_no_place_to_go_on_from(cast, clock):
    with cast.here():
        hidden = a_case(cast).id
        clock.shift(timedelta(minutes=5))
        seen = a_case(cast).id
        with writing():
            put_in_conflict(reload(db.session.get_one(Case, (cast.school_id, hidden))), cast.persons["head"], Why.DECLARED,
                            "declared", by=None, at=cast.viewer("head").at)  # fmt: skip
    head = cast.client("head")
    assert f"/cases/{seen}" in head.get(f"/cases?after={hidden}").text
    assert f"/cases/{seen}" not in head.get(f"/cases?after={seen}").text
