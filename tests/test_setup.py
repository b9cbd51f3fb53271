"""Setting up a real school from the command line, on both databases."""

import re

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from incidents.access import Role
from incidents.accounts.models import Account
from incidents.accounts.queries import viewer_of
from incidents.audit.queries import verify_every_chain
from incidents.database import across_schools, of_school
from incidents.extensions import db
from incidents.notifications.models import Notice
from incidents.people.models import Person
from incidents.schools.models import School
from tests.cast import PASSWORD

SCHOOL = {"--name": "Alder Lane School", "--short-name": "Alder Lane", "--nation": "england", "--type": "maintained",
          "--administrator": "Nell Ashby", "--email": "nell@alder.example"}  # fmt: skip
HEAD = {"--second": "headteacher", "--second-name": "Jo Hale", "--second-email": "jo@alder.example"}
NOBODY = {"--second": "nobody"}


def run(app: Flask, command: str, options: dict[str, str], typed: str = "") -> Result:
    words = [word for pair in options.items() for word in pair]
    return app.test_cli_runner().invoke(args=[command, *words], input=typed)


def links(result: Result) -> list[str]:
    return re.findall(r"(/invitation/\S+)", result.output)


def roles(app: Flask, email: str) -> set[Role]:
    from incidents import clock

    with app.app_context():
        with across_schools():
            school_id = db.session.scalars(select(School.id)).first()
            account = db.session.scalars(select(Account).where(Account.email == email)).one()
        assert school_id
        with of_school(school_id):
            return set(viewer_of(account, clock.now()).roles)


def how_many_schools(app: Flask) -> int:
    with app.app_context(), across_schools():
        return db.session.scalar(select(func.count()).select_from(School)) or 0


def test_a_school_begins_with_two_people_whose_links_work(app: Flask):
    result = run(app, "setup", SCHOOL | HEAD)
    assert result.exit_code == 0, result.output
    assert roles(app, "nell@alder.example") == {Role.ADMINISTRATOR}
    assert roles(app, "jo@alder.example") == {Role.HEADTEACHER, Role.ADMINISTRATOR}
    client = app.test_client()
    for link in links(result):
        assert client.post(link, data={"password": PASSWORD}).location == "/sign-in"
    assert client.post("/sign-in", data={"email": "nell@alder.example", "password": PASSWORD}).status_code == 302
    assert client.get("/accounts").status_code == 200


def test_it_makes_no_demo_data_and_a_log_that_holds(app: Flask):
    run(app, "setup", SCHOOL | HEAD)
    with app.app_context(), across_schools():
        assert set(db.session.scalars(select(Person.family_name))) == {"Ashby", "Hale"}
        assert verify_every_chain()[1] == []


def test_what_is_not_given_is_asked_for_and_asked_again_when_it_can_not_be(app: Flask):
    answers = ("Alder Lane School", "", "England", "england", "Nell Ashby", "nell", "nell@alder.example", "castle", "pru",
               "headteacher", "Jo Hale", "jo@", "jo@alder.example")  # fmt: skip
    result = run(app, "setup", {}, "\n".join((*answers, "")))
    assert result.exit_code == 0, result.output
    assert "take two people" in result.output
    assert len(links(result)) == 2


def test_the_same_name_twice_is_refused_and_changes_nothing(app: Flask):
    run(app, "setup", SCHOOL | HEAD)
    again = run(app, "setup", SCHOOL | NOBODY | {"--name": "ALDER LANE school"})
    assert again.exit_code == 1
    assert "There is a school called ALDER LANE school already." in again.output
    assert how_many_schools(app) == 1


@pytest.mark.parametrize(("wrong", "says"), [
    ({"--nation": "jersey", "--type": "pru"}, "Jersey has no school of the type “pru”"),
    ({"--email": "nell"}, "is not an e-mail address in full"),
    (HEAD | {"--second-email": "jo"}, "is not an e-mail address in full"),
    (HEAD | {"--second-email": "NELL@alder.example"}, "account with this address"),
])  # fmt: skip
def test_what_can_not_be_is_refused_and_nothing_is_left_behind(app: Flask, wrong: dict[str, str], says: str):
    result = run(app, "setup", SCHOOL | NOBODY | wrong)
    assert result.exit_code != 0
    assert says in result.output
    assert how_many_schools(app) == 0


def test_one_administrator_alone_is_told_how_to_add_a_second(app: Flask):
    result = run(app, "setup", SCHOOL | NOBODY)
    assert "flask add-administrator" in result.output
    client = app.test_client()
    client.post(links(result)[0], data={"password": PASSWORD})
    client.post("/sign-in", data={"email": "nell@alder.example", "password": PASSWORD})
    assert "You are the only administrator" in client.get("/accounts").text
    more = {"--school": "alder lane school", "--administrator": "Cy Dew", "--email": "cy@alder.example"}
    added = run(app, "add-administrator", more)
    assert len(links(added)) == 1, added.output
    assert "You are the only administrator" not in client.get("/accounts").text
    with app.app_context(), across_schools():
        assert db.session.scalar(select(func.count()).select_from(Notice)) == 2


def test_an_administrator_is_not_added_to_a_school_that_is_not_there(app: Flask):
    more = {"--school": "Nowhere", "--administrator": "Cy Dew", "--email": "cy@alder.example"}
    assert "There is no school called Nowhere." in run(app, "add-administrator", more).output
