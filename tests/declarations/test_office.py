"""The office's pages: asking, a class ticked off at once, one form, links as slips and as a list, forms to print."""

import csv
import io
import re

import pytest

from incidents.accounts.models import Account
from incidents.accounts.passwords import hash_password
from incidents.database import writing
from incidents.declarations import queries
from incidents.extensions import db
from incidents.policies.kinds import Audience
from tests.cast import PASSWORD
from tests.declarations.asked import TODAY

DATE = ["22", "11", "2026"]


@pytest.fixture
def office(cast):
    return cast.client("administrator")


def keys(cast, asked, audience=Audience.PARENTS) -> dict[str, str]:
    with cast.here():
        return {line.name: str(line.key) for line in queries.lines(asked.version, audience, TODAY)}


def states(cast, asked) -> dict[str, str]:
    with cast.here():
        return {line.name: line.state.value for line in queries.lines(asked.version, Audience.PARENTS, TODAY)}


def test_an_audience_is_asked_once(cast, asked, office):
    ask = {"policy": asked.policy, "audience": "volunteers", "starts": DATE}
    assert office.post("/declarations/new", data=ask).status_code == 302
    again = office.post("/declarations/new", data=ask)
    assert (again.status_code, "They are asked already." in again.text) == (422, True)
    assert "volunteers" in office.get("/declarations").text


@pytest.mark.parametrize(("which", "ticked", "signed"), [
    ("all_but", ["Jay Brook"], {"Isla Fenwick", "Mason Tully", "Zara Hussain"}),
    ("all_but", [], {"Isla Fenwick", "Mason Tully", "Zara Hussain", "Jay Brook"}),
    ("only", ["Jay Brook", "Zara Hussain"], {"Jay Brook", "Zara Hussain"}),
])  # fmt: skip
def test_a_class_is_ticked_off_at_once(cast, asked, office, which, ticked, signed):
    known = keys(cast, asked)
    data = {"signed_on": DATE, "answer": "signed", "which": which, "lines": [known[name] for name in ticked]}
    assert office.post(f"/declarations/{asked.parents}/sheet?year=Year 6&form=6R", data=data).status_code == 303
    with cast.here():
        lines = queries.lines(asked.version, Audience.PARENTS, TODAY, ("Year 6", "6R"))
        assert {line.name for line in lines if line.state == "signed"} == signed


def test_the_next_class_opens_with_the_same_date(cast, asked, office):
    data = {"signed_on": DATE, "answer": "declined", "which": "all_but"}
    went = office.post(f"/declarations/{asked.parents}/sheet?year=Year 3&form=3T", data=data)
    assert went.location.endswith("/sheet?on=2026-11-22&year=Year+6&form=6R")
    page = office.get(went.location).text
    assert 'value="22"' in page
    assert "1 kept for Year 3, 3T: declined 22 November 2026. Now Year 6, 6R." in page


@pytest.mark.parametrize(("data", "says"), [
    ({"signed_on": ["31", "2", "2026"], "which": "all_but"}, "There is no 31 February"),
    ({"signed_on": ["24", "11", "2026"], "which": "all_but"}, "still to come"),
    ({"signed_on": DATE, "which": ""}, "Say which came back."),
    ({"signed_on": DATE, "which": "only"}, "No form is chosen."),
])  # fmt: skip
def test_what_is_wrong_with_a_pile_is_said_and_nothing_is_kept(cast, asked, office, data, says):
    answer = office.post(f"/declarations/{asked.parents}/sheet?year=Year 6&form=6R", data={"answer": "signed", **data})
    assert (answer.status_code, says in answer.text) == (422, True)
    assert set(states(cast, asked).values()) == {"open"}


def test_one_form_takes_two_parents_and_is_put_right_with_a_reason(cast, asked, office):
    page = f"/declarations/{asked.parents}/forms/{keys(cast, asked)['Ben Fenwick and Isla Fenwick']}"
    data = {"person": cast.persons["mother"], "answer": "signed", "signed_on": DATE, "typed_name": "C Fenwick"}
    assert office.post(page, data=data).status_code == 303
    assert office.post(page, data=data).status_code == 422
    with cast.here():
        [held] = queries.given(asked.version, Audience.PARENTS)
    right = {"answer": "declined", "signed_on": DATE, "typed_name": "C Fenwick", "reason": ""}
    assert office.post(f"{page}/{held.id}", data=right).status_code == 422
    assert office.post(f"{page}/{held.id}", data={**right, "reason": "I misread it."}).status_code == 303
    assert office.post(f"{page}/{held.id}", data={**right, "reason": "Again."}).status_code == 404
    assert "Declined 22 November 2026" in office.get(page).text


def test_parents_who_live_apart_get_a_form_each(cast, asked, office):
    page = f"/declarations/{asked.parents}/forms/{keys(cast, asked)['Ben Fenwick and Isla Fenwick']}"
    assert office.post(f"{page}/apart", data={"person": cast.persons["father"], "then": "apart"}).status_code == 303
    assert office.get(page).status_code == 404
    with cast.here():
        several = queries.households_on(TODAY)
    assert sorted(each.parents[0].name for each in several if each.parents) == ["Carys Fenwick", "Dai Fenwick"]


def test_the_list_of_links_has_a_line_for_each_child_and_contact(cast, asked, office):
    sent = office.post(f"/declarations/{asked.parents}/links", data={"days": "21", "then": "list"})
    rows = list(csv.DictReader(io.StringIO(sent.data.decode("utf-8-sig"))))
    assert {(row["Pupil"], row["Contact"]) for row in rows} == {
        (child, parent) for child in ("Ben Fenwick", "Isla Fenwick") for parent in ("Carys Fenwick", "Dai Fenwick")
    }  # fmt: skip
    [link] = {row["Link"] for row in rows}
    assert cast.client(None).get(link[link.index("/declaration/") :]).status_code == 200


def test_slips_are_paper_and_only_for_those_who_have_not_answered(cast, asked, office):
    links = f"/declarations/{asked.parents}/links"
    assert office.post(links, data={"days": "21", "then": "slips"}).data[:5] == b"%PDF-"
    data = {"signed_on": DATE, "answer": "signed", "which": "all_but"}
    office.post(f"/declarations/{asked.parents}/sheet?year=Year 3&form=3T", data=data)
    none_left = office.post(links, data={"days": "21", "then": "slips"})
    assert (none_left.status_code, "Nobody here is left" in none_left.text) == (422, True)


def test_forms_are_printed_for_a_class_or_one_household_with_the_schools_two_names(cast, asked, office):
    by_class = office.get(f"/declarations/{asked.parents}/print?year=Year 6&form=6R").text
    for words in ("Joanna Pettifer", "Leonard Abara", "Isla Fenwick (6R)", "Jay Brook (6R)"):
        assert words in by_class
    key = keys(cast, asked)["Jay Brook"]
    more = "&page=x&_external=1&_scheme=javascript&asked_id=x"  # of an address nothing is taken over but what is meant
    alone = office.get(f"/declarations/{asked.parents}/print?key={key}{more}").text
    assert "Isla" not in alone
    assert f'href="/declarations/{asked.parents}/forms.pdf?key={key}"' in alone
    assert office.get(f"/declarations/{asked.parents}/forms.pdf?key={key}").mimetype == "application/pdf"


def test_chasing_is_off_until_it_is_turned_on(cast, asked, office):
    page = f"/declarations/{asked.staff}"
    assert "They are off." in office.get(page).text
    office.post(f"{page}/chasing", data={"then": "on"})
    assert "They are on." in office.get(page).text


# --- at sign-in


@pytest.fixture
def door(cast, asked):
    with cast.here(), writing(audited=False):
        for who in ("teacher", "clerk"):
            db.session.get_one(Account, cast.accounts[who]).password_hash = hash_password(PASSWORD)
    return cast


def sign_in(cast, who: str = "teacher", **query: str):
    client = cast.client(None)
    sent = client.post("/sign-in", data={"email": f"{who}@penwick.example", "password": PASSWORD}, query_string=query)
    return client, sent.location


def test_staff_are_asked_at_sign_in_and_go_on_to_what_they_wanted(door, asked):
    client, went = sign_in(door, next="/messages")
    assert went == "/to-sign?next=%2Fmessages"
    page = client.get(went).text
    assert 'href="/messages">Not now' in re.sub(r'<a class="[^"]*" ', "<a ", page).replace("<a ", "")
    assert "Words for staff" in page
    signed = client.post(went, data={"version": asked.version})
    assert signed.location == "/messages"
    assert sign_in(door)[1] == "/"


def test_nothing_stands_between_somebody_and_recording_an_incident(door):
    client, went = sign_in(door, next="/record")
    assert went == "/record"
    assert "/record" in client.get("/to-sign").text


def test_no_other_site_is_gone_on_to(door):
    client, _ = sign_in(door)
    for away in ("https://evil.example", "//evil.example", "/\t\\evil.example", "/\n/evil.example", "/\\evil.example"):
        assert "evil" not in client.get("/to-sign", query_string={"next": away}).text


def test_whoever_is_not_asked_is_led_on_at_once(door, asked):
    office = door.client("administrator")
    for row in (asked.staff, asked.governors):
        office.post(f"/declarations/{row}/stop", data={})
    assert sign_in(door)[1] == "/"


@pytest.mark.parametrize(("who", "opens"), [
    ("administrator", True), ("head", True), ("teacher", False), ("dsl", False), ("governor", False), ("dpo", False),
])  # fmt: skip
def test_the_lists_are_the_offices_and_the_heads(cast, asked, who, opens):
    client = cast.client(who)
    for page in ("/declarations", f"/declarations/{asked.parents}", f"/declarations/{asked.parents}/links"):
        assert client.get(page).status_code == (200 if opens else 403)
