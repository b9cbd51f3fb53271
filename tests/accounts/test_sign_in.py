"""The door: who gets in, for how long, and what a wrong try tells."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from incidents import clock as time
from incidents.accounts import actions
from incidents.accounts.models import Account, Lockout, SignIn
from incidents.accounts.passwords import hash_password, is_right, reasons_against
from incidents.audit.models import SIGN_IN_CHAIN, AuditEntry
from incidents.database import across_schools, writing
from incidents.extensions import db
from tests.cast import PASSWORD


@pytest.fixture
def door(cast):
    """The cast, with a password for the teacher."""
    with cast.here(), writing(audited=False):
        db.session.get_one(Account, cast.accounts["teacher"]).password_hash = hash_password(PASSWORD)
    return cast


@pytest.fixture
def head(door):
    """The head, with a password too."""
    with door.here(), writing(audited=False):
        db.session.get_one(Account, door.accounts["head"]).password_hash = hash_password(PASSWORD)


def knock(client, email="teacher@penwick.example", password=PASSWORD, **query):
    return client.post("/sign-in", data={"email": email, "password": password}, query_string=query)


def test_the_right_password_opens_and_lands_on_the_first_page(door):
    client = door.client(None)
    assert knock(client).location == "/"
    assert client.get("/").location == "/my-records"


def test_capitals_and_blanks_in_the_address_do_not_matter(door):
    assert knock(door.client(None), email=" Teacher@Penwick.example ").status_code == 302


WRONG = [
    ("teacher@penwick.example", "not the password"),
    ("nobody@penwick.example", PASSWORD),
    ("head@penwick.example", PASSWORD),
]


def test_an_unknown_address_a_wrong_password_and_one_never_set_answer_alike(door):
    answers = [knock(door.client(None), *pair) for pair in WRONG]
    assert {answer.status_code for answer in answers} == {422}
    said = [answer.text.replace(email, "X") for answer, (email, _) in zip(answers, WRONG, strict=True)]
    assert len(set(said)) == 1


def test_five_wrong_tries_lock_the_door_even_for_the_right_password(door, clock):
    for _ in range(actions.TRIES):
        knock(door.client(None), password="wrong " * 3)
    assert "Too many tries" in knock(door.client(None)).text
    clock.shift(timedelta(minutes=15, seconds=1))
    assert knock(door.client(None)).status_code == 302


def test_an_unknown_address_is_locked_in_the_same_words(door):
    for _ in range(actions.TRIES):
        knock(door.client(None), email="nobody@penwick.example")
    assert "Too many tries" in knock(door.client(None), email="nobody@penwick.example").text


def test_tries_long_apart_do_not_add_up(door, clock):
    for _ in range(actions.TRIES + 2):
        knock(door.client(None), password="wrong " * 3)
        clock.shift(timedelta(minutes=16))
    assert knock(door.client(None)).status_code == 302


def test_half_an_hour_of_rest_ends_the_session_and_use_keeps_it(door, clock):
    client = door.client(None)
    knock(client)
    for _ in range(3):
        clock.shift(timedelta(minutes=20))
        assert client.get("/schools").status_code == 200
    clock.shift(timedelta(minutes=31))
    assert client.get("/schools").status_code == 302


def test_signing_out_ends_the_session_on_the_server(door):
    client, thief = door.client(None), door.client(None)
    knock(client)
    with client.session_transaction() as mine, thief.session_transaction() as copied:
        copied.update(mine)
    assert thief.get("/schools").status_code == 200
    client.post("/sign-out")
    assert thief.get("/schools").status_code == 302


def test_the_database_holds_no_token_that_would_open_a_session(door):
    client = door.client(None)
    knock(client)
    with client.session_transaction() as session, door.here(), across_schools():
        kept = db.session.scalars(select(SignIn.token_digest)).all()
        assert session["_user_id"] not in kept
        assert actions.digest_of(session["_user_id"]) in kept


def test_a_disabled_account_is_out_at_its_next_request(door):
    client = door.client(None)
    knock(client)
    with door.here(), writing(audited=False):
        db.session.get_one(Account, door.accounts["teacher"]).disabled_at = time.now()
    assert client.get("/schools").status_code == 302


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "/\t\\evil.example",
        "/\t/evil.example",
    ],
)
def test_signing_in_never_leads_to_another_site(door, elsewhere):
    assert knock(door.client(None), next=elsewhere).location == "/"


def test_signing_in_goes_on_to_the_page_that_was_asked_for(door):
    client = door.client(None)
    asked = client.get("/my-records?after=x")
    assert client.post(asked.location, data={"email": "teacher@penwick.example", "password": PASSWORD}).location == \
        "/my-records?after=x"  # fmt: skip


def test_the_sign_in_chain_says_what_happened_at_the_door(door):
    client = door.client(None)
    knock(client, password="wrong " * 3)
    knock(client)
    client.post("/sign-out")
    with door.here(), across_schools():
        entries = db.session.scalars(
            select(AuditEntry).where(AuditEntry.chain == SIGN_IN_CHAIN).order_by(AuditEntry.seq)
        ).all()
    assert [entry.verb for entry in entries] == ["failed to sign in", "signed in", "signed out"]
    assert {entry.actor_id for entry in entries} == {door.accounts["teacher"]}


BAD_PASSWORDS = ["short", "aaaaaaaaaaaaaa", "raman raman raman", "password password", "x" * 201]


@pytest.mark.parametrize("password", BAD_PASSWORDS)
def test_a_password_that_is_easy_to_guess_is_refused_with_the_reason(password):
    assert reasons_against(password, "teacher@penwick.example", "Priya Raman")


def test_a_good_password_is_kept_as_argon2_and_found_right(door):
    kept = hash_password(PASSWORD)
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert reasons_against(PASSWORD, "teacher@penwick.example", "Priya Raman") == []
    assert is_right(kept, PASSWORD)
    assert not is_right(None, PASSWORD)


def test_a_form_without_its_token_is_refused(door):
    door.app.config["WTF_CSRF_ENABLED"] = True
    try:
        assert knock(door.client(None)).status_code == 400
    finally:
        door.app.config["WTF_CSRF_ENABLED"] = False


def test_lockouts_name_nobody(door):
    knock(door.client(None), email="nobody@penwick.example")
    with door.here(), across_schools():
        assert "nobody" not in str(db.session.execute(text("SELECT * FROM lockout")).all())
        assert db.session.scalar(select(Lockout.failures)) == 1


def test_a_hidden_page_opens_again_with_the_password_and_wrong_tries_count(door):
    client = door.client("teacher")
    assert client.post("/hidden/open", data={"password": PASSWORD}).status_code == 204
    for _ in range(actions.TRIES):
        assert client.post("/hidden/open", data={"password": "wrong " * 3}).status_code == 422
    assert client.post("/hidden/open", data={"password": PASSWORD}).status_code == 422


DRAFT = "/record/00000000-0000-4000-8000-000000000001/what"


def rested(door, clock, typed):
    """A form sent after the session had ended, as a browser without scripts sends it; the page that answers."""
    client = door.client("teacher")
    clock.shift(timedelta(minutes=31))
    return client, client.post(f"{DRAFT}?from=x", data=typed | {"csrf_token": "old"})


def sealed(page) -> str:
    return re.search(r'name="carried"[^>]*value="([^"]+)"', page.text)[1]


def again(client, carried: str, who: str = "teacher"):
    return client.post("/sign-in", data={"email": f"{who}@penwick.example", "password": PASSWORD, "carried": carried})


def test_what_was_typed_when_the_session_had_ended_comes_back_after_signing_in(door, clock):
    client, page = rested(door, clock, {"words": "A <poll> went round", "days": ["1", "2"]})
    assert page.status_code == 401
    assert "poll" not in page.text
    answer = again(client, sealed(page))
    assert f'action="{DRAFT}?from=x"' in answer.text
    assert 'name="words" value="A &lt;poll&gt; went round"' in answer.text
    assert answer.text.count('name="days"') == 2
    assert "old" not in re.findall(r'name="csrf_token"[^>]*value="([^"]*)"', answer.text)


def test_a_wrong_password_loses_nothing_and_somebody_else_gets_nothing(door, head, clock):
    client, page = rested(door, clock, {"words": "A poll went round"})
    carried = sealed(page)
    wrong = client.post("/sign-in", data={"email": "teacher@penwick.example", "password": "x", "carried": carried})
    assert carried in wrong.text
    assert again(client, sealed(wrong), "head").status_code == 302


@pytest.mark.parametrize(("hours", "change"), [(13, ""), (0, "A"), (0, "no seal of ours")])
def test_what_was_typed_is_given_back_for_a_working_day_and_only_as_it_was_sealed(door, clock, hours, change):
    client, page = rested(door, clock, {"words": "A poll went round"})
    clock.shift(timedelta(hours=hours))
    assert again(client, change + sealed(page)).status_code == 302


def test_nothing_typed_nothing_carried_and_a_script_is_only_sent_to_the_door(door, clock):
    client, page = rested(door, clock, {"words": "  "})
    assert page.status_code == 302
    client = door.client("teacher")
    clock.shift(timedelta(minutes=31))
    kept = client.post(DRAFT, data={"words": "x"}, headers={"Sec-Fetch-Mode": "cors"})
    assert kept.status_code == 302


def test_a_mere_press_is_never_carried_for_somebody_to_confirm(door, clock):
    client = door.client("second_administrator")
    clock.shift(timedelta(minutes=31))
    press = f"/accounts/{door.accounts['teacher']}/roles/{door.accounts['teacher']}/agree"
    page = client.post(press, data={"words": "What somebody else typed here meanwhile"})
    assert (page.status_code, page.location) == (302, "/sign-in")
