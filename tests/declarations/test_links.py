"""A household's link: good for one household, ended in many ways, and never a word of anybody else's."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from incidents import clock
from incidents.database import across_schools, writing
from incidents.declarations import actions, household_pages, links, queries, shares
from incidents.declarations.codes import WRONG_AN_HOUR, Knocks
from incidents.declarations.models import HouseholdLink, Signature
from incidents.extensions import db
from incidents.people import actions as people
from incidents.people.models import Enrolment, Kinship
from incidents.policies.kinds import Audience
from incidents.policies.models import Policy, PolicyVersion
from tests.cast import make_cast
from tests.declarations.asked import TODAY, add_child, add_parent, adopt
from tests.test_access import send
from tests.triage.recorded import record

ENDED = "This link works no longer"
BOTH = {"answer": "signed", "first_name": "Carys Fenwick", "second_name": "Dai Fenwick"}
ONE = {"answer": "signed", "first_name": "Carys Fenwick", "second_name": ""}


def make(cast, asked, days: int = 21) -> dict[str, str]:
    """Each household's code, by its parents."""
    with cast.here(), writing():
        version = db.session.get_one(PolicyVersion, (cast.school_id, asked.version))
        slips = links.make_links(
            version, queries.households_on(TODAY), days, by=cast.viewer("administrator"), at=clock.now()
        )
        return {" ".join(each.name.split()[0] for each in slip.household.parents): slip.code for slip in slips}


def post(client, code: str, data: dict[str, str]):
    return client.post(f"/declaration/{code}", data=data)


def signatures(cast) -> list[tuple[str, str, bool]]:
    with cast.here():
        rows = db.session.scalars(select(Signature).order_by(Signature.typed_name))
        return [(row.typed_name, row.answer, row.person_id is not None) for row in rows]


def test_both_parents_sign_on_one_visit_without_an_account(cast, asked):
    code, client = make(cast, asked)["Carys Dai"], cast.client(None)
    page = client.get(f"/declaration/{code.lower()}").text
    assert "Ben, Isla" in page
    assert "Fenwick" not in page
    assert "Words for parents" in page
    assert post(client, code, BOTH).status_code == 303
    assert signatures(cast) == [("Carys Fenwick", "signed", True), ("Dai Fenwick", "signed", True)]
    with cast.here():
        assert shares.share(asked.version, Audience.PARENTS, TODAY).signed == 2
    done = client.get(f"/declaration/{code}").text
    assert "That is all." in done
    assert "Give this answer" not in done
    copy = client.get(f"/declaration/{code}/copy")
    assert (copy.mimetype, copy.data[:5]) == ("application/pdf", b"%PDF-")


def test_one_now_and_the_other_later_each_with_an_answer_of_their_own(cast, asked):
    code, client = make(cast, asked)["Carys Dai"], cast.client(None)
    assert post(client, code, ONE).status_code == 303
    assert "The other parent can answer too" in client.get(f"/declaration/{code}").text
    assert post(client, code, ONE).status_code == 422  # the same name again changes nothing
    assert post(client, code, {**ONE, "answer": "declined", "first_name": "dai FENWICK"}).status_code == 303
    assert signatures(cast) == [("Carys Fenwick", "signed", True), ("dai FENWICK", "declined", True)]


def test_a_link_that_was_used_up_changes_nothing_and_says_so(cast, asked):
    code, client = make(cast, asked)["Carys Dai"], cast.client(None)
    post(client, code, BOTH)
    again = post(client, code, {**ONE, "first_name": "Eve Fenwick"})
    assert (again.status_code, "That is all." in again.text) == (409, True)
    assert len(signatures(cast)) == 2


@pytest.mark.parametrize(("data", "says"), [
    ({"answer": "", "first_name": "Carys Fenwick"}, "Choose one of the two answers."),
    ({"answer": "signed", "first_name": ""}, "Type your name"),
    ({"answer": "signed", "first_name": "Carys"}, "first name and the family name"),
    ({"answer": "signed", "first_name": "Di Low", "second_name": "di low"}, "answered already"),
])  # fmt: skip
def test_what_is_missing_is_said_and_nothing_is_kept(cast, asked, data, says):
    code, client = make(cast, asked)["Carys Dai"], cast.client(None)
    answer = post(client, code, data)
    assert (answer.status_code, says in answer.text, signatures(cast)) == (422, True, [])


def test_somebody_else_with_the_link_is_kept_by_name_and_taken_for_no_parent(cast, asked):
    code = make(cast, asked)["Carys Dai"]
    post(cast.client(None), code, {**ONE, "first_name": "Gwen Elsewhere"})
    assert signatures(cast) == [("Gwen Elsewhere", "signed", False)]


# --- how it ends


def told_no_more(cast, asked):
    kinship_ended(cast, asked)
    with cast.here():
        add_parent(cast, "father", "Dai", "Fenwick", "ben", "isla", do_not_tell=True, since=TODAY)


def lives_apart(cast, asked):
    with cast.here(), writing():
        actions.live_apart(cast.persons["father"], True, by=cast.viewer("head"), at=clock.now())


def kinship_ended(cast, asked):
    with cast.here(), writing():
        for held in db.session.scalars(select(Kinship).where(Kinship.person_id == cast.persons["father"])).all():
            people.end(held, TODAY - timedelta(days=1), by=None, at=clock.now())


def stopped(cast, asked):
    with cast.here(), writing():
        actions.stop_asking(
            queries.asked(asked.parents), TODAY - timedelta(days=1), by=cast.viewer("head"), at=clock.now()
        )


def newer(cast, asked):
    with cast.here():
        adopt(cast, db.session.get_one(Policy, (cast.school_id, asked.policy)), 2, TODAY)


def taken_back(cast, asked):
    with cast.here(), writing():
        key = next(each.key for each in queries.households_on(TODAY) if len(each.parents) == 2)
        assert links.end_links(asked.version, key, by=cast.viewer("head"), at=clock.now()) == 1


def left(cast, asked):
    with cast.here(), writing():
        held = db.session.scalars(select(Enrolment).where(Enrolment.person_id == cast.persons["ben"])).one()
        people.end(held, TODAY - timedelta(days=1), by=None, at=clock.now())


@pytest.mark.parametrize("ends", [told_no_more, lives_apart, kinship_ended, left, stopped, newer, taken_back])
def test_a_link_ends_for_both_at_once_and_says_nothing_of_why(cast, asked, ends):
    code, client = make(cast, asked)["Carys Dai"], cast.client(None)
    assert client.get(f"/declaration/{code}").status_code == 200
    ends(cast, asked)
    gone, never = client.get(f"/declaration/{code}"), client.get("/declaration/2222-3333-4444-5555")
    assert (gone.status_code, gone.data) == (never.status_code, never.data) == (410, never.data)
    assert ENDED in gone.text
    assert client.get(f"/declaration/{code}/copy").data == gone.data
    assert signatures(cast) == []


def test_a_link_ends_with_its_days(cast, asked, clock):
    code, client = make(cast, asked, days=7)["Carys Dai"], cast.client(None)
    clock.shift(timedelta(days=7))
    assert client.get(f"/declaration/{code}").status_code == 410


def test_parents_who_live_apart_have_a_link_each_and_see_nothing_of_the_other(cast, asked):
    lives_apart(cast, asked)
    codes, client = make(cast, asked), cast.client(None)
    assert set(codes) == {"Carys", "Dai"}
    post(client, codes["Carys"], {**ONE, "first_name": "Carys Fenwick"})
    page = cast.client(None).get(f"/declaration/{codes['Dai']}").text
    assert "Carys" not in page
    assert "What was answered" not in page


def test_a_name_that_is_nobodys_on_the_list_stays_with_the_household_that_typed_it(cast, asked):
    """A mother under a new name; then a child joins, and both households are other ones than they were."""
    lives_apart(cast, asked)
    post(cast.client(None), make(cast, asked)["Carys"], {**ONE, "first_name": "Rhian Elsewhere"})
    with cast.here():
        add_child(cast, "cerys", "Cerys", "Fenwick")
        add_parent(cast, "mother", "Carys", "Fenwick", "cerys")
        add_parent(cast, "father", "Dai", "Fenwick", "cerys")
    code, client = make(cast, asked)["Dai"], cast.client(None)
    page = client.get(f"/declaration/{code}").text
    assert "Elsewhere" not in page
    assert "What was answered" not in page
    assert client.get(f"/declaration/{code}/copy").status_code == 302
    assert post(client, code, {**ONE, "first_name": "Dai Fenwick"}).status_code == 303


def test_whoever_must_not_be_told_gets_no_link_and_is_named_on_no_form(cast, asked):
    with cast.here():
        add_parent(cast, "uncle", "Nye", "Tully", "mason", do_not_tell=True)
    assert all("Nye" not in parents for parents in make(cast, asked))
    office = cast.client("administrator")
    for page in (
        f"/declarations/{asked.parents}/print?year=Year 6&form=6R",
        f"/declarations/{asked.parents}/sheet?year=Year 6&form=6R",
    ):
        assert "Nye" not in office.get(page).text


# --- what it never tells


def test_the_page_is_the_same_to_the_byte_whatever_incident_there_is(cast, asked):
    code = make(cast, asked)["Carys Dai"]

    def seen() -> str:
        return re.sub(r'value="[^"]{40,}"', "", cast.client(None).get(f"/declaration/{code}").text)

    before = seen()
    with cast.here():
        record(cast)
    assert seen() == before


def test_only_the_digest_of_a_code_is_kept_and_no_log_entry_has_one(cast, asked):
    code = make(cast, asked)["Carys Dai"]
    with cast.app.app_context(), across_schools():
        for row in db.session.scalars(select(HouseholdLink)):
            assert code not in str(vars(row))
            assert code.replace("-", "") not in str(vars(row))


def test_guessing_is_turned_away_and_shuts_nobody_out(cast, asked):
    code, client = make(cast, asked)["Carys Dai"], cast.client(None)
    statuses = [send(client, "GET", f"/declaration/guess-{n}") for n in range(WRONG_AN_HOUR + 2)]
    assert statuses == [410] * WRONG_AN_HOUR + [429] * 2
    assert send(client, "GET", f"/declaration/{code}") == 200


def test_one_link_is_not_opened_for_ever(cast, asked, monkeypatch):
    code, client = make(cast, asked)["Carys Dai"], cast.client(None)
    monkeypatch.setattr(household_pages, "_uses", Knocks(3))
    statuses = [send(client, "GET", f"/declaration/{code}/copy") for _ in range(4)]
    assert statuses == [302, 302, 302, 429]


def test_somebody_signed_in_elsewhere_sees_their_own_cover_around_it(cast, asked, app):
    other = make_cast(app, "Elmsworth Primary School", "elmsworth.example")
    code = make(cast, asked)["Carys Dai"]
    page = other.client("teacher").get(f"/declaration/{code}")
    assert page.status_code == 200
    assert "Elmsworth" in page.text
