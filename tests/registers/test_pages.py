"""The pages of the registers: the ways through them, what is typed wrong, and what is not for everybody."""

import re
import uuid

import pytest
from sqlalchemy import event, select

from incidents.audit.models import AuditEntry
from incidents.database import writing
from incidents.extensions import db
from incidents.people.models import Kinship
from incidents.registers import agreed
from incidents.registers.consent import Answer
from incidents.registers.kinds import RegisterKind
from incidents.registers.models import ConsentAnswer, RegisterEntry, RegisterLink
from tests.cast import Cast, link_person
from tests.registers.entered import TODAY, a_ban, an_account, answered, flagged, watched
from tests.triage.recorded import record

ACCOUNT = {"platform": "Facebook", "name": "@penwick", "channel": "social", "purpose": "News of the school."}
YEAR_ON = {"starts": ["23", "11", "2026"], "review_on": ["23", "11", "2027"], "ends": ["", "", ""]}


def entry_of(cast: Cast, kind: RegisterKind) -> RegisterEntry:
    return db.session.scalars(select(RegisterEntry).where(RegisterEntry.kind == kind)).one()


def test_an_account_is_asked_for_and_approved(cast):
    teacher, head = cast.client("teacher"), cast.client("head")
    typed = ACCOUNT | {"owner": cast.persons["teacher"], "second": cast.persons["other_teacher"]}
    asked = teacher.post("/registers/accounts/new", data=typed)
    assert asked.status_code == 303
    assert "@penwick" in head.get("/registers").text
    page = head.get(f"{asked.location}/approve")
    seen = re.search(r'name="seen"[^>]*value="(\d+)"', page.text)[1]
    approved = head.post(f"{asked.location}/approve", data=YEAR_ON | {"seen": seen})
    assert approved.status_code == 303
    assert "Approved." in teacher.get(asked.location).text
    again = head.post(f"{asked.location}/refuse", data={"seen": seen, "words": "No."})
    assert (again.status_code, "This was approved already." in again.text) == (409, True)


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_is_still_there(cast):
    typed = ACCOUNT | {"purpose": "", "owner": cast.persons["teacher"], "second": cast.persons["teacher"]}
    page = cast.client("teacher").post("/registers/accounts/new", data=typed)
    assert page.status_code == 422
    assert "Say what it is for." in page.text
    assert 'value="@penwick"' in page.text
    again = cast.client("teacher").post("/registers/accounts/new", data=typed | {"purpose": "News."})
    assert "The second person must be somebody else." in again.text


@pytest.mark.parametrize("kind", [each.value for each in RegisterKind])
def test_every_register_has_its_page_and_its_form(cast, kind):
    client = cast.client("head")
    assert client.get(f"/registers/{kind}").status_code == 200
    assert client.get(f"/registers/{kind}/new").status_code == 200
    assert client.post(f"/registers/{kind}/new", data={}).status_code == 422
    assert client.post(f"/registers/{kind}/new", data={"q": "fen", "then": "find"}).status_code == 200


def test_a_person_is_found_by_letters_and_chosen(cast):
    with cast.here():
        account = an_account(cast)
    client = cast.client("teacher")
    found = client.post("/registers/bans/new", data={"q": "fenw", "then": "find", "reason": "Rude."})
    assert str(cast.persons["mother"]) in found.text
    typed = {"q": "", "person": cast.persons["mother"], "reason": "Rude.", "account": account.id, "author": ""}
    assert client.post("/registers/bans/new", data=typed).status_code == 303
    nobody = client.post("/registers/bans/new", data=typed | {"person": ""})
    assert "Say who it is" in nobody.text


@pytest.mark.parametrize("who", ["teacher", "dsl", "deputy_head"])
def test_the_register_of_monitoring_is_like_one_that_there_is_not(cast, who):
    client = cast.client(who)
    client.get("/registers")
    for end in ("", "/new"):
        one, other = client.get(f"/registers/monitoring{end}"), client.get(f"/registers/nothing{end}")
        assert (one.status_code, one.data) == (other.status_code, other.data) == (404, other.data)
    assert "onitoring" not in client.get("/registers").text


def test_an_entry_that_is_not_for_somebody_is_like_one_that_there_is_not(cast):
    with cast.here():
        hidden = watched(cast, "teacher").id
    client = cast.client("teacher")
    client.get("/registers")
    for end in ("", "/tell", "/end", "/approve", "/nothing"):
        for method in ("GET", "POST"):
            one, other = (
                client.open(f"/registers/entries/{each}{end}", method=method) for each in (hidden, uuid.UUID(int=1))
            )
            assert (one.status_code, one.data, list(one.headers)) == (
                other.status_code,
                other.data,
                list(other.headers),
            )


def test_the_watched_person_finds_what_they_were_told_and_before_that_nothing(cast):
    with cast.here():
        entry_id = watched(cast, "teacher").id
    client, head = cast.client("teacher"), cast.client("head")
    before = client.get("/registers").text
    told = {"on": ["20", "11", "2026"], "words": "In person.", "seen": "2"}
    assert head.post(f"/registers/entries/{entry_id}/tell", data=told).status_code == 303
    assert "About you" not in before
    assert "You were told on 20 November 2026." in client.get("/registers").text


def test_an_entry_and_an_incident_show_each_other(cast):
    with cast.here():
        incident, ban = record(cast), a_ban(cast, an_account(cast))
        incident_id, ban_id, reference = incident.id, ban.id, incident.reference
    head = cast.client("head")
    linked = head.post(f"/matters/{incident_id}/registers", data={"entry": ban_id})
    assert linked.status_code == 303
    assert reference in head.get(f"/registers/entries/{ban_id}").text
    assert reference not in cast.client("teacher").get(f"/registers/entries/{ban_id}").text
    page = head.get(f"/matters/{incident_id}/registers").text
    end = re.search(r'action="(/matters/[^"]*/end)"', page)[1]
    assert head.post(end).status_code == 303
    assert reference not in head.get(f"/registers/entries/{ban_id}").text


def test_a_link_to_what_is_hidden_is_like_one_that_there_is_not(cast):
    with cast.here():
        incident = record(cast)
        watched(cast, "teacher", matter=incident)
        path, link = f"/matters/{incident.id}/registers", db.session.scalars(select(RegisterLink.id)).one()
    client = cast.client("dsl")
    assert "Nothing on the registers is linked with it." in client.get(path).text
    one, other = (client.post(f"{path}/{each}/end") for each in (link, uuid.UUID(int=1)))
    assert (one.status_code, one.data, list(one.headers)) == (404, other.data, list(other.headers))
    assert str(link) in cast.client("head").get(path).text


# --- photo consent


def test_a_class_is_entered_at_once_and_a_child_left_out_stays_as_it_was(cast):
    client, isla, mason = cast.client("administrator"), cast.persons["isla"], cast.persons["mason"]
    filled = client.post("/photo-consent/sheet", data={"class": "6R", "then": "all:picture", "channels": ["social"]})
    assert (filled.status_code, filled.text.count('value="picture" aria-label')) == (200, 4)
    typed = {
        "class": "6R", "channels": ["social", "website"], "how": "form", "starts": ["1", "9", "2026"],
        f"child-{isla}": "name_too", f"child-{mason}": "no",
    }  # fmt: skip
    kept = client.post("/photo-consent/sheet", data=typed)
    assert kept.status_code == 303
    with cast.here():
        assert len(db.session.scalars(select(ConsentAnswer)).all()) == 4
        held = agreed.effective_everywhere([isla, mason, cast.persons["zara"]], TODAY)
    assert [each["social"] for each in held.values()] == [Answer.NAME_TOO, Answer.NO, Answer.NO]
    assert held[isla]["press"] is Answer.NO


@pytest.mark.parametrize(("changed", "says"), [
    ({"channels": []}, "Tick at least one place."),
    ({"until": ["1", "8", "2026"]}, "The last day is before the first."),
    ({"starts": ["31", "2", "2026"]}, "There is no 31 February in 2026."),
])  # fmt: skip
def test_a_sheet_that_is_wrong_keeps_every_answer(cast, changed, says):
    isla = cast.persons["isla"]
    typed = {
        "class": "6R",
        "channels": ["social"],
        "how": "form",
        "starts": ["1", "9", "2026"],
        f"child-{isla}": "picture",
    }
    page = cast.client("administrator").post("/photo-consent/sheet", data=typed | changed)
    assert page.status_code == 422
    assert says in page.text
    assert re.search(rf'name="child-{isla}" value="picture"[^>]*checked', page.text)


def test_a_teacher_takes_a_consent_away_at_once_and_gives_none(cast):
    with cast.here():
        answered(cast, "isla", Answer.NAME_TOO)
    client, isla = cast.client("teacher"), cast.persons["isla"]
    typed = {
        "answer": "no",
        "channels": ["social"],
        "said_by": cast.persons["mother"],
        "how": "spoken",
        "starts": ["1", "1", "2027"],
    }
    assert client.post(f"/photo-consent/{isla}", data=typed).status_code == 303
    with cast.here():
        held = agreed.effective_everywhere([isla], TODAY)[isla]
    assert (held["social"], held["website"]) == (Answer.NO, Answer.NAME_TOO)
    assert client.post(f"/photo-consent/{isla}", data=typed | {"answer": "picture"}).status_code == 422
    assert client.get("/photo-consent/sheet").status_code == 403


def test_a_parent_who_no_longer_has_responsibility_agrees_to_nothing(cast):
    with cast.here():
        answered(cast, "isla", Answer.PICTURE, said_by="mother")
        isla = cast.persons["isla"]
        assert agreed.effective_everywhere([isla], TODAY)[isla]["social"] is Answer.PICTURE
        with writing(audited=False):
            db.session.scalars(select(Kinship).where(Kinship.other_id == isla)).one().parental_responsibility = False
        assert agreed.effective_everywhere([isla], TODAY)[isla]["social"] is Answer.NO


# --- may this go up?


def ask(client, account, *children, names: bool = False, **more):
    data = {
        "account": str(account),
        "child": [str(each) for each in children],
        "then": "with names" if names else "without names",
        "class": "6R",
        **more,
    }
    return client.post("/may-this-go-up", data=data)


def verdict(page) -> str:
    found = re.search(r'class="ib-verdict">.*?</svg>\s*(Yes|No)', page.text, flags=re.DOTALL)
    return found[1] if found else ""


def test_may_this_go_up_says_yes_or_no_and_why(cast):
    with cast.here():
        account = an_account(cast).id
        answered(cast, "isla", Answer.NAME_TOO)
        answered(cast, "mason", Answer.PICTURE)
    client, who = cast.client("teacher"), cast.persons
    assert "Isla Fenwick" in client.post("/may-this-go-up", data={"show": "6R"}).text
    assert verdict(ask(client, account, who["isla"], who["mason"])) == "Yes"
    assert verdict(ask(client, account, who["isla"], names=True)) == "Yes"
    no = ask(client, account, who["isla"], who["mason"], names=True)
    assert (verdict(no), "Mason Tully: a picture, but not with the name." in no.text) == ("No", True)
    other = ask(client, account, who["isla"], who["zara"])
    assert (verdict(other), "It could go up without this child." in other.text) == ("No", True)
    cast.client("head").post("/may-this-go-up/names", data={"never": "yes"})
    assert verdict(ask(client, account, who["isla"], names=True)) == "No"


def test_asking_whether_something_may_go_up_leaves_nothing_behind(cast):
    with cast.here():
        account = an_account(cast).id
    with cast.here():
        before = len(db.session.scalars(select(AuditEntry)).all())
    ask(cast.client("teacher"), account, cast.persons["isla"])
    with cast.here():
        assert len(db.session.scalars(select(AuditEntry)).all()) == before


def test_where_several_accounts_are_approved_one_must_be_chosen(cast):
    with cast.here():
        an_account(cast)
        an_account(cast)
    page = ask(cast.client("teacher"), "", cast.persons["isla"])
    assert (page.status_code, "Choose where it would go up." in page.text) == (422, True)
    assert "Isla Fenwick" in page.text


# --- contact risk


def test_only_a_safeguarding_lead_who_is_not_close_to_the_child_knows_of_the_flag(cast):
    with cast.here():
        flagged(cast, "isla")
    isla = cast.persons["isla"]
    assert "Zanzibar" in cast.client("deputy_dsl").get(f"/contact-risk/{isla}").text
    for who in ("head", "teacher", "administrator", "deputy_head", "governor"):
        assert cast.client(who).get(f"/contact-risk/{isla}").status_code == 403
    link_person(cast, "dsl", "mother")
    client = cast.client("dsl")
    client.get("/registers")
    one, other = client.get(f"/contact-risk/{isla}"), client.get(f"/contact-risk/{uuid.UUID(int=1)}")
    assert (one.status_code, one.data) == (404, other.data)
    assert "Isla" not in client.get("/contact-risk").text


def test_the_flag_is_raised_and_lifted_with_a_reason(cast):
    client, path = cast.client("dsl"), f"/contact-risk/{cast.persons['isla']}"
    assert client.post(path, data={"words": ""}).status_code == 422
    assert client.post(path, data={"words": "Somebody looks for her."}).status_code == 303
    assert "Isla" in client.get("/contact-risk").text
    assert client.post(path, data={"words": "Over."}).status_code == 303
    assert "No child has the flag." in client.get("/contact-risk").text


def test_a_flag_costs_no_statement(cast):
    """By the time that a page takes nobody learns of it: the database is asked the same, in the same words."""
    client, asked = cast.client("head"), []
    with cast.here():
        answered(cast, "isla", Answer.PICTURE)
        engine = db.engine

    def hear(connection, cursor, statement, *rest):
        asked.append(statement)

    found = []
    event.listen(engine, "before_cursor_execute", hear)
    try:
        for flag in (False, True):
            if flag:
                with cast.here():
                    flagged(cast, "isla")
            client.get("/photo-consent?class=6R")
            asked.clear()
            client.get("/photo-consent?class=6R")
            found.append(list(asked))
    finally:
        event.remove(engine, "before_cursor_execute", hear)
    assert found[0] == found[1]
