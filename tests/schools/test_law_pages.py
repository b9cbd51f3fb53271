"""The page “Law and words”: who reads it, what says that no lawyer confirmed it, and the school's own words."""

import pytest

from incidents import clock as time
from incidents.database import writing
from incidents.schools import jurisdiction
from incidents.schools.jurisdiction import Nation
from incidents.schools.law import values_of
from incidents.schools.law_changes import change_pack
from incidents.schools.queries import pack_of, statutes_of
from tests.cast import make_cast, this_school
from tests.databases import once_is_enough_on_postgresql
from tests.schools.test_law import GOVERNOR_GROUND, edit
from tests.schools.test_law import newer as newer
from tests.triage.recorded import record

TOKEN = {"csrf_token": "0" * 40}


@pytest.mark.parametrize("who", ["head", "dsl", "deputy_head", "case_manager", "administrator"])
def test_whoever_works_with_incidents_reads_it(cast, who):
    page = cast.client(who).get("/school/law")
    assert page.status_code == 200
    assert "A lawyer has not confirmed this" in page.text
    assert "Online Safety Act 2023 s.181" in page.text
    assert ("/school/law/change" in page.text) is (who == "administrator")


@pytest.mark.parametrize("who", ["teacher", "governor"])
def test_nobody_else_does(cast, who):
    assert cast.client(who).get("/school/law").status_code == 403


def test_the_administrator_changes_a_value_with_a_reason_and_puts_it_back(cast):
    client = cast.client("administrator")
    address = f"/school/law/change?what={GOVERNOR_GROUND}"
    assert "the governors’ code of conduct" in client.get(address).text
    assert client.post(address, data={"says": "our own code", "reason": ""}).status_code == 422
    assert client.post(address, data={"says": "our own code", "reason": "The solicitor."}).status_code == 303
    page = cast.client("head").get("/school/law").text
    assert "our own code" in page
    assert "Your school’s own words since Monday 23 November 2026: The solicitor." in page
    assert client.post(f"/school/law/put-back?what={GOVERNOR_GROUND}", data={"reason": "Not ours."}).status_code == 303
    assert "our own code" not in client.get("/school/law").text


OWN = "<b id=own>{0.__class__} {lado} %s {{ 7 * 191 }} may be relevant"
PAGES = ("/today", "/record", "/school/law", "/registers", "/accounts", "/school", "/incidents/{0}", "/incidents/{0}/triage",
         "/incidents/{0}/rules")  # fmt: skip


def test_a_schools_own_words_are_words_and_nothing_else(app, clock):
    """In Scotland nearly all of them are the school's to change: none is markup, a template or a pattern anywhere."""
    once_is_enough_on_postgresql(app, repeats=True)
    cast = make_cast(app, nation=Nation.SCOTLAND)
    with cast.here():
        office, school = cast.accounts["administrator"], this_school(cast)
        with writing():
            for value in values_of(pack_of(school), statutes_of(school)):
                if value.confirm and not (value.choices or value.is_date or value.is_number):
                    change_pack(value.path, OWN, "Ours.", by=office, at=time.now())
        incident_id = record(cast).id
    shown = [cast.client("head").get(page.format(incident_id), follow_redirects=True) for page in PAGES]
    shown.append(cast.client("administrator").get("/school/law"))
    assert {answer.status_code for answer in shown} <= {200, 403}
    assert sum("id=own" in answer.text for answer in shown) > 6
    assert not [
        answer.request.path for answer in shown for made in ("<b id=own", "1337", "&lt;class") if made in answer.text
    ]


def test_who_manages_a_case_about_the_head_is_chosen_from_the_list(cast):
    client, address = cast.client("administrator"), "/school/law/change?what=head_cases.manager.who"
    assert client.get(address).status_code == 200
    answer = client.post(address, data={"choice": "the headteacher", "reason": "x"})
    assert answer.status_code == 422


def test_an_unknown_value_is_not_found_and_a_settled_one_is_refused_in_words(cast):
    client = cast.client("administrator")
    assert client.get("/school/law/change?what=nothing").status_code == 404
    answer = client.post("/school/law/change?what=words.dsl.says", data={"says": "boss", "reason": "x"})
    assert (answer.status_code, "This is settled" in answer.text) == (422, True)


def test_a_newer_version_is_shown_on_the_school_s_page_with_what_it_changes(cast, newer):
    client = cast.client("administrator")
    assert "A newer version is here" in client.get("/school").text
    assert "the contract of employment and the new code" in client.get("/school/law/version").text
    assert client.post("/school/law/version", data={"version": "2026-11"}).status_code == 409
    assert client.post("/school/law/version", data={"version": "2027-03"}).status_code == 303
    assert "Version 2027-03" in cast.client("head").get("/school/law").text
    assert client.get("/school/law/version").location == "/school/law"


def test_without_a_newer_version_there_is_nothing_to_take_up(cast):
    assert jurisdiction.versions(jurisdiction.Nation.ENGLAND) == ("2026-11",)
    assert cast.client("administrator").get("/school/law/version").location == "/school/law"


def test_an_edit_stays_where_the_new_version_has_not_settled_it(cast, newer):
    edit(cast)
    cast.client("administrator").post("/school/law/version", data={"version": "2027-03"})
    page = cast.client("head").get("/school/law").text
    assert "the code that our governors signed" in page
    assert "Version 2027-03+1" in page
