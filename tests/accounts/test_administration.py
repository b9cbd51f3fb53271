"""Accounts and roles in the browser: two people, never for oneself, the holders told, links that work once."""

import email
import re
import uuid
from datetime import timedelta
from email import policy
from pathlib import Path

import pytest
from sqlalchemy import func, select

from incidents import clock as time
from incidents.access import Role
from incidents.accounts import membership
from incidents.accounts.models import Account, AccountPerson, Membership, SignIn
from incidents.audit.models import AuditEntry
from incidents.audit.queries import verify_every_chain
from incidents.database import across_schools, writing
from incidents.extensions import db
from incidents.matters.models import Capacity, Grant
from incidents.notifications.models import Notice, NoticeKind
from incidents.people import actions as people
from incidents.people.models import Employed, Person
from tests.cast import PASSWORD, SEPTEMBER, Cast, link_person, make_cast
from tests.matters.test_visibility import grant, make_matter

NEW = {"given_name": "Orla", "family_name": "Keeling", "kind": "employee", "job": "Year 2 teacher",
       "email": "orla@penwick.example", "alone": ["staff"]}  # fmt: skip


def links(data: Path) -> list[str]:
    """The invitation links in the outbox, in the order in which they were sent."""
    messages = sorted((data / "outbox").glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
    read = [email.message_from_bytes(path.read_bytes(), policy=policy.default).get_content() for path in messages]
    return [found for words in read for found in re.findall(r"/invitation/\S+", words)]


@pytest.fixture(autouse=True)
def _empty_outbox(data: Path):
    for path in (data / "outbox").glob("*.eml"):
        path.unlink()


def told(cast: Cast) -> set[str]:
    """Whom a message about roles waits for."""
    with cast.here():
        ids = db.session.scalars(select(Notice.account_id).where(Notice.kind == NoticeKind.ROLE_CHANGED)).all()
    return {key for key, account_id in cast.accounts.items() if account_id in ids}


def roles_of(cast: Cast, who: str) -> set[Role]:
    with cast.here():
        return set(cast.viewer(who).roles)


def propose(cast: Cast, who: str = "teacher", role: Role = Role.DEPUTY_DSL, by: str = "administrator") -> str:
    """Propose a role in the browser; the address of the proposal."""
    answer = cast.client(by).post(
        f"/accounts/{cast.accounts[who]}/role", data={"two_people": [role], "phone": "01632 960 199"}
    )
    assert answer.status_code == 302, answer.text
    with cast.here():
        row = db.session.scalars(
            select(Membership).where(Membership.account_id == cast.accounts[who], Membership.role == role)
            .order_by(Membership.proposed_at.desc(), Membership.refused_at.is_not(None))
        ).first()  # fmt: skip
        assert row
        return f"/accounts/{cast.accounts[who]}/roles/{row.id}"


def test_a_privileged_role_takes_a_second_person(cast: Cast):
    proposal = propose(cast)
    assert Role.DEPUTY_DSL not in roles_of(cast, "teacher")
    second = cast.client("second_administrator")
    assert "One role waits for you." in second.get("/accounts").text
    second.post(f"{proposal}/agree")
    assert Role.DEPUTY_DSL in roles_of(cast, "teacher")
    assert "Nothing waits for you." in second.get("/accounts").text


def test_whoever_proposed_reads_why_they_cannot_agree_and_cannot(cast: Cast):
    proposal, client = propose(cast), cast.client("administrator")
    page = client.get("/accounts").text
    assert "Waits for another administrator" in page
    assert "You proposed it, so another administrator decides it." in page
    assert f"{proposal}/agree" not in page
    assert client.post(f"{proposal}/agree").status_code == 409
    assert client.post(f"{proposal}/refuse").status_code == 409
    assert Role.DEPUTY_DSL not in roles_of(cast, "teacher")


def test_nobody_agrees_to_a_role_for_themselves(cast: Cast):
    proposal = propose(cast, "second_administrator", Role.DSL)
    client = cast.client("second_administrator")
    assert "It is for you, so another administrator decides it." in client.get("/accounts").text
    assert client.post(f"{proposal}/agree").status_code == 409
    assert Role.DSL not in roles_of(cast, "second_administrator")


def test_nor_with_an_account_of_their_own_beside_it(cast: Cast):
    proposal = propose(cast)
    link_person(cast, "second_administrator", "administrator")
    assert cast.client("second_administrator").post(f"{proposal}/agree").status_code == 409


def test_nobody_proposes_a_privileged_role_for_themselves(cast: Cast):
    answer = cast.client("administrator").post(
        f"/accounts/{cast.accounts['administrator']}/role", data={"two_people": ["dpo"]}
    )
    assert answer.status_code == 422
    assert "Nobody gives themselves this role" in answer.text


def test_a_refused_role_comes_to_nothing_and_can_be_proposed_again(cast: Cast, clock):
    proposal, second = propose(cast), cast.client("second_administrator")
    second.post(f"{proposal}/refuse")
    assert second.post(f"{proposal}/agree").status_code == 409
    assert "refused Monday 23 November 2026" in second.get(proposal.split("/roles")[0]).text
    clock.shift(timedelta(minutes=1))
    assert propose(cast) != proposal


def test_two_presses_of_agree_give_the_role_once(cast: Cast):
    proposal, second = propose(cast), cast.client("second_administrator")
    assert [second.post(f"{proposal}/agree").status_code for _ in range(2)] == [302, 409]
    with cast.here():
        agreed = select(func.count()).select_from(AuditEntry).where(AuditEntry.verb == "agreed role")
        assert db.session.scalar(agreed) == 1


CONCERNED = {"administrator", "second_administrator", "deputy_dsl", "teacher"}


def test_holders_administrators_and_the_one_it_is_for_are_told_at_each_turn(cast: Cast):
    proposal = propose(cast)
    assert told(cast) == CONCERNED
    for press, by in ((f"{proposal}/agree", "second_administrator"), (f"{proposal}/end", "administrator")):
        with cast.here(), writing(audited=False):
            db.session.query(Notice).delete()
        cast.client(by).post(press)
        assert told(cast) == CONCERNED, press


def test_those_told_read_what_changed_and_others_do_not(cast: Cast):
    propose(cast)
    several = ("deputy_dsl", "teacher", "other_teacher", "governor")
    knowing = {who for who in several if "for Priya Raman: proposed" in cast.client(who).get("/roles").text}
    assert knowing == {"deputy_dsl", "teacher"}


def test_a_role_without_privilege_is_given_at_once_and_tells_nobody(cast: Cast):
    client = cast.client("administrator")
    client.post(f"/accounts/{cast.accounts['governor']}/role", data={"alone": ["staff"]})
    assert Role.STAFF in roles_of(cast, "governor")
    assert told(cast) == set()


def test_a_role_that_ends_opens_nothing_from_the_next_page_on(cast: Cast):
    head, client = cast.client("head"), cast.client("administrator")
    assert head.get("/reports/new").status_code == 200
    with cast.here():
        held = next(row for row in membership.roles_of(cast.accounts["head"]) if row.role == Role.HEADTEACHER)
    address = f"/accounts/{cast.accounts['head']}/roles/{held.id}/end"
    assert "Nobody else holds this role" in client.get(address).text
    client.post(address)
    assert head.get("/reports/new").status_code == 403


def test_nobody_ends_their_own_administrators_role_or_shuts_their_own_account(cast: Cast):
    client, own = cast.client("administrator"), cast.accounts["administrator"]
    with cast.here():
        [held] = membership.roles_of(own)
    for address in (f"/accounts/{own}/roles/{held.id}/end", f"/accounts/{own}/disable"):
        assert "another administrator" in client.get(address).text
        assert client.post(address).status_code == 409
    assert client.get("/accounts").status_code == 200


def test_an_account_added_by_hand_gets_its_link_by_message_and_signs_in(cast: Cast, data: Path):
    client = cast.client("administrator")
    page = client.post("/accounts/new", data=NEW, follow_redirects=True).text
    [link] = links(data)
    assert "on its way to their address" in page
    assert link not in page
    visitor = cast.client(None)
    assert visitor.post(link, data={"password": PASSWORD}).location == "/sign-in"
    assert visitor.post("/sign-in", data={"email": NEW["email"], "password": PASSWORD}).status_code == 302
    assert visitor.get("/my-records").status_code == 200


def test_an_account_for_somebody_on_the_list_is_that_very_person(cast: Cast):
    with cast.here(), writing():
        person = people.add_person("Milo", "Tarn", by=None, at=time.now())
        people.employ(person, Employed.EMPLOYEE, "caretaker", SEPTEMBER, by=None, at=time.now())
        person_id = person.id
    sent = {"person": str(person_id), "email": "milo@penwick.example", "alone": ["staff"]}
    address = cast.client("administrator").post("/accounts/new", data=sent).location
    with cast.here():
        linked = select(AccountPerson.person_id).where(AccountPerson.account_id == uuid.UUID(address.rsplit("/", 1)[1]))
        assert db.session.scalars(linked).all() == [person_id]


def test_a_name_that_is_on_record_is_asked_about_so_that_a_parent_stays_one_person(cast: Cast):
    client, sent = cast.client("administrator"), NEW | {"given_name": "Carys", "family_name": "Fenwick"}
    answer = client.post("/accounts/new", data=sent)
    assert answer.status_code == 422
    assert "Mother of a pupil" in answer.text
    client.post("/accounts/new", data=sent | {"known": str(cast.persons["mother"])})
    with cast.here():
        assert db.session.scalar(select(func.count()).select_from(Person).where(Person.family_name == "Fenwick")) == 2


@pytest.mark.parametrize(("wrong", "says"), [
    ({"given_name": ""}, "Type the first name"),
    ({"kind": ""}, "Say what they are to the school."),
    ({"job": ""}, "Type their job."),
    ({"email": "orla"}, "Type an e-mail address in full"),
    ({"email": "Teacher@penwick.example"}, "There is an account with this address in the school already."),
    ({"alone": []}, "Tick at least one role."),
    ({"alone": ["headteacher"]}, "Tick at least one role."),
    ({"two_people": ["dsl"]}, "Type the number on which staff reach them."),
    ({"two_people": ["head_of_year"]}, "Type the year group of the head of year."),
    ({"two_people": ["head_of_year"], "year_group": "Year 9"}, "There are: Year 6."),
    ({"alone": ["external"]}, "Type the last day of the outside adviser."),
    ({"until": ["1", "9", "2026"]}, "That day has passed."),
    ({"until": ["40", "9", "2026"]}, "The day must be a number"),
])  # fmt: skip
def test_bad_input_comes_back_with_what_was_typed_and_nothing_is_made(cast: Cast, data: Path, wrong, says):
    answer = cast.client("administrator").post("/accounts/new", data=NEW | wrong)
    assert answer.status_code == 422
    assert says in answer.text
    assert 'value="Keeling"' in answer.text
    assert links(data) == []
    with cast.here():
        assert not db.session.scalar(select(Account.id).where(Account.name == "Orla Keeling"))


def test_the_year_group_is_kept_as_the_school_writes_it(cast: Cast):
    sent = {"two_people": ["head_of_year"], "year_group": " year 6"}
    cast.client("administrator").post(f"/accounts/{cast.accounts['teacher']}/role", data=sent)
    with cast.here():
        row = db.session.scalars(
            select(Membership).where(
                Membership.account_id == cast.accounts["teacher"], Membership.role == "head_of_year"
            )
        ).one()
        assert row.year_group == "Year 6"


def test_the_last_day_of_a_role_counts_and_the_next_does_not(cast: Cast, clock):
    sent = {"alone": ["governor"], "until": ["24", "11", "2026"]}
    cast.client("administrator").post(f"/accounts/{cast.accounts['teacher']}/role", data=sent)
    clock.shift(timedelta(hours=39))  # 24 November, 23:10
    assert Role.GOVERNOR in roles_of(cast, "teacher")
    clock.shift(timedelta(hours=1))
    assert Role.GOVERNOR not in roles_of(cast, "teacher")


@pytest.fixture
def link(cast: Cast, data: Path) -> str:
    cast.client("administrator").post(f"/accounts/{cast.accounts['teacher']}/link")
    return links(data)[-1]


def test_a_link_works_once(cast: Cast, link: str):
    visitor = cast.client(None)
    assert visitor.get(link).status_code == 200
    assert [visitor.post(link, data={"password": PASSWORD}).status_code for _ in range(2)] == [302, 410]
    assert "This link works no longer" in visitor.get(link).text


def test_a_link_ends_after_seven_days_and_when_a_newer_one_is_made(cast: Cast, data: Path, link: str, clock):
    cast.client("administrator").post(f"/accounts/{cast.accounts['teacher']}/link")
    visitor, newer = cast.client(None), links(data)[-1]
    assert [visitor.get(each).status_code for each in (link, newer)] == [410, 200]
    clock.shift(timedelta(days=7))
    assert visitor.get(newer).status_code == 410
    assert visitor.get(newer).data == visitor.get("/invitation/never-made").data


def test_a_poor_password_is_refused_and_the_link_still_works(cast: Cast, link: str):
    visitor = cast.client(None)
    answer = visitor.post(link, data={"password": "raman raman"})
    assert answer.status_code == 422
    assert "Use at least 12 characters" in answer.text
    assert visitor.get(link).status_code == 200


def test_a_new_password_ends_sessions_and_a_lockout_and_signs_out_who_sits_there(cast: Cast, link: str):
    teacher, other = cast.client("teacher"), cast.client("other_teacher")
    for _ in range(5):
        cast.client(None).post("/sign-in", data={"email": "teacher@penwick.example", "password": "wrong " * 3})
    assert other.post(link, data={"password": PASSWORD}).location == "/sign-in"
    assert teacher.get("/my-records").status_code == 302
    assert other.get("/my-records").status_code == 302
    entered = other.post("/sign-in", data={"email": "teacher@penwick.example", "password": PASSWORD})
    assert entered.location == "/"


def test_shutting_an_account_ends_sessions_roles_links_and_what_was_given(cast: Cast, link: str):
    matter = make_matter(cast)
    grant(cast, matter, "teacher", Capacity.OWNER)
    propose(cast)
    teacher, client = cast.client("teacher"), cast.client("administrator")
    address = f"/accounts/{cast.accounts['teacher']}/disable"
    assert "signed out of this school at once" in client.get(address).text
    client.post(address)
    assert teacher.get("/my-records").status_code == 302
    assert cast.client(None).get(link).status_code == 410
    assert roles_of(cast, "teacher") == set()
    with cast.here():
        assert db.session.scalar(select(Grant.ends).where(Grant.account_id == cast.accounts["teacher"])) == time.now()
        assert not membership.roles_of(cast.accounts["teacher"])


def test_a_shut_account_opens_again_only_with_a_new_password(cast: Cast, data: Path, link: str):
    cast.client(None).post(link, data={"password": PASSWORD})
    client, page = cast.client("administrator"), f"/accounts/{cast.accounts['teacher']}"
    client.post(f"{page}/disable")
    client.post(f"{page}/link")
    client.post(f"{page}/role", data={"alone": ["staff"]})
    visitor, old = cast.client(None), {"email": "teacher@penwick.example", "password": PASSWORD}
    assert visitor.post("/sign-in", data=old).status_code == 422
    visitor.post(links(data)[-1], data={"password": "seven slow green barges"})
    assert visitor.post("/sign-in", data=old | {"password": "seven slow green barges"}).status_code == 302


@pytest.fixture
def other(cast: Cast) -> Cast:
    return make_cast(cast.app, "Elmsworth Primary School", "elmsworth.example")


def test_an_account_of_another_school_is_not_there(cast: Cast, other: Cast):
    client, foreign = cast.client("administrator"), other.accounts["teacher"]
    with other.here():
        [held] = membership.roles_of(foreign)
    acts = [("post", f"/roles/{held.id}/{act}") for act in ("agree", "refuse", "end")]
    pages = [
        ("get", ""),
        ("get", "/role"),
        ("post", "/role"),
        ("post", "/link"),
        ("get", "/disable"),
        ("post", "/disable"),
    ]
    for method, end in pages + acts:
        asked = [getattr(client, method)(f"/accounts/{account}{end}") for account in (foreign, uuid.uuid4())]
        assert [answer.status_code for answer in asked] == [404, 404], end
        assert asked[0].data == asked[1].data
    assert client.get(f"/accounts?after={foreign}").status_code == 404
    assert "elmsworth.example" not in client.get("/accounts").text


def test_who_works_in_two_schools_is_put_out_of_one_only(cast: Cast, other: Cast):
    address = "teacher@elmsworth.example"
    page = cast.client("administrator").post("/accounts/new", data=NEW | {"email": address}, follow_redirects=True)
    assert "Orla Keeling" in page.text  # this school's own name for them, not the other's
    both = cast.accounts["both"] = other.accounts["teacher"]
    here, there = cast.client("both"), other.client("teacher")
    cast.client("administrator").post(f"/accounts/{both}/disable")
    assert here.get("/my-records").status_code == 302
    assert there.get("/my-records").status_code == 200
    with cast.here(), across_schools():
        assert db.session.get_one(Account, both).disabled_at is None
        assert db.session.scalar(select(func.count()).select_from(SignIn).where(SignIn.ended_at.is_not(None))) == 1


def test_a_long_list_goes_on_on_the_next_page(cast: Cast):
    with cast.here(), writing():
        for number in range(15):
            account = membership.add_account(
                f"more{number}@penwick.example", f"More {number}", None, by=None, at=time.now()
            )
            membership.propose_role(account, Role.STAFF, by=None, at=time.now())
    client = cast.client("administrator")
    first = client.get("/accounts").text
    older = re.search(r'href="(/accounts\?after=[^"]+)"', first)
    assert older
    shown = re.findall(r"[\w-]+@penwick\.example", first + client.get(older[1]).text)
    assert len(shown) == len(set(shown)) == 16 + 15


def test_each_act_is_in_the_log_and_the_log_holds(cast: Cast):
    proposal = propose(cast)
    cast.client("second_administrator").post(f"{proposal}/agree")
    cast.client("administrator").post(f"{proposal}/end")
    cast.client("administrator").post(f"/accounts/{cast.accounts['clerk']}/disable")
    with cast.here(), across_schools():
        verbs = db.session.scalars(select(AuditEntry.verb).where(AuditEntry.at == time.now())).all()
        assert {"proposed role", "agreed role", "ended role", "disabled account"} <= set(verbs)
        assert verify_every_chain()[1] == []


def test_whoever_is_signed_in_finds_who_holds_which_role_at_the_foot_of_each_page(cast: Cast):
    link = '<a class="govuk-link" href="/roles">Who holds which role</a>'
    assert all(link in cast.client(who).get("/what-the-school-keeps").text for who in ("teacher", "governor", "dpo"))
    assert link not in cast.client(None).get("/what-the-school-keeps").text
