"""Route × method × role, from the URL map: what is not declared is shut, and what is declared is open to just these."""

import uuid
from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.routing import Rule

from incidents import clock, web
from incidents.access import PERMISSIONS, Permission, Role
from incidents.accounts import membership
from incidents.accounts.models import Account
from incidents.database import writing
from incidents.extensions import db
from incidents.people import actions as people
from incidents.people.models import Employed
from tests.cast import SEPTEMBER, Cast, make_cast

NOBODY = uuid.UUID(int=0)
METHODS = ("GET", "POST")
# The few pages that need no sign-in. A new one is added here by hand, knowingly.
OPEN = {
    "static",
    *("accounts." + name for name in (
        "accessibility", "healthz", "hide", "home", "no_role", "privacy", "sign_in", "sign_out", "take_up",
    )),
    "declarations.household", "declarations.household_copy",  # a household's own link stands for a sign-in
}  # fmt: skip


def on_postgresql(app: Flask) -> bool:
    return "postgresql" in app.config["SQLALCHEMY_DATABASE_URI"]


def rules(app: Flask) -> Iterator[tuple[Rule, str]]:
    for rule in app.url_map.iter_rules():
        for method in METHODS:
            if method in (rule.methods or ()):
                yield rule, method


def address(app: Flask, rule: Rule) -> str:
    with app.test_request_context():
        values = {name: NOBODY if converter.__class__.__name__ == "UUIDConverter" else 1 if "Integer" in
                  converter.__class__.__name__ else "x" for name, converter in rule._converters.items()}  # fmt: skip
        built: str = app.url_map.bind("localhost").build(rule.endpoint, values)
        return built


def one_of_each_role(cast: Cast) -> dict[Role, str]:
    """An account for each role that holds it alone."""
    made = {}
    for role in Role:
        with cast.here(), writing():
            at = clock.now()
            person = people.add_person("Only", role.value, by=None, at=at)
            people.employ(person, Employed.EMPLOYEE, role.value, SEPTEMBER, by=None, at=at)
            account = membership.add_account(f"only-{role}@penwick.example", f"Only {role}", person.id, by=None, at=at)
            membership.propose_role(account, role, by=None, at=at, starts=at)
            cast.accounts[f"only_{role}"] = account.id
            cast.persons[f"only_{role}"] = person.id
        made[role] = f"only_{role}"
    return made


def send(client, method: str, path: str) -> int:
    status: int = client.open(path, method=method).status_code
    return status


def declared(app: Flask, rule: Rule):
    return getattr(app.view_functions[rule.endpoint], "access", None)


def test_every_route_declares_what_it_needs(application):
    endpoints = {rule.endpoint for rule, _ in rules(application) if declared(application, rule) is None}
    assert endpoints == {"static"}


def test_the_pages_open_to_all_are_these_and_no_others(application):
    access = {rule.endpoint: declared(application, rule) for rule, _ in rules(application)}
    assert {name for name, needs in access.items() if needs is None or needs.permission is None} == OPEN


def test_a_route_that_declares_nothing_answers_403(cast):
    app = cast.app
    app.view_functions["accounts.choose_school"], kept = (lambda: "open!"), app.view_functions["accounts.choose_school"]
    try:
        assert send(cast.client("head"), "GET", "/schools") == 403
        assert send(cast.client(None), "GET", "/schools") == 403
    finally:
        app.view_functions["accounts.choose_school"] = kept


def refused_or_broken(cast: Cast, role: Role, who: str) -> list[tuple[Role, str, str, int]]:
    """Where the gate let this role in and should not have, shut it out and should not have, or the page fell over."""
    client, wrong = cast.client(who), []
    for rule, method in rules(cast.app):
        if rule.endpoint in OPEN:
            continue
        status = send(client, method, address(cast.app, rule))
        shut = declared(cast.app, rule).permission not in PERMISSIONS[role]
        if shut != (status == 403) or status >= 500:
            wrong.append((role, rule.endpoint, method, status))
    return wrong


def empty_page(access: web.Declared):
    def page(**rest: object) -> str:
        return ""

    page.access = access  # type: ignore[attr-defined]  # the gate reads it off the view
    return page


@pytest.fixture
def empty_pages(application, monkeypatch):
    """Behind the gate each page is empty: who gets past it is asked fifteen times for each route."""
    for endpoint, view in application.view_functions.items():
        if endpoint not in OPEN:
            monkeypatch.setitem(application.view_functions, endpoint, empty_page(view.access))
    monkeypatch.setattr(web, "_page", lambda code: ("", code))


def test_each_role_passes_the_gate_where_its_permissions_say_and_nowhere_else(cast, empty_pages):
    made = one_of_each_role(cast)
    # The gate asks no database: one role shows that it stands on PostgreSQL too.
    roles = [Role.GOVERNOR] if on_postgresql(cast.app) else Role
    assert [each for role in roles for each in refused_or_broken(cast, role, made[role])] == []


@pytest.mark.parametrize("role", [Role.HEADTEACHER, Role.ADMINISTRATOR])
def test_no_page_falls_over_whatever_is_asked_for(cast, role):
    assert refused_or_broken(cast, role, one_of_each_role(cast)[role]) == []


def test_signed_out_disabled_and_roleless_people_reach_nothing(cast, app):
    one_of_each_role(cast)
    disabled, roleless = cast.client("teacher"), cast.client("other_teacher")
    with cast.here(), writing(audited=False):
        db.session.get_one(Account, cast.accounts["teacher"]).disabled_at = clock.now()
    with cast.here(), writing():
        for held in membership.roles_of(cast.accounts["other_teacher"]):
            membership.end_role(held, by=cast.viewer("administrator"), at=clock.now())
    wrong = []
    for rule, method in rules(app):
        if rule.endpoint in OPEN:
            continue
        path, needed = address(app, rule), app.view_functions[rule.endpoint].access.permission
        for name, client in (("signed out", cast.client(None)), ("disabled", disabled)):
            status = send(client, method, path)
            if status not in (302, 403):
                wrong.append((name, rule.endpoint, method, status))
        if needed is not Permission.SIGN_IN_PAGES and send(roleless, method, path) != 403:
            wrong.append(("roleless", rule.endpoint, method))
    assert wrong == []


@pytest.mark.parametrize("who", ["head", "dsl", "administrator"])
def test_a_session_of_one_school_opens_nothing_of_another(cast, app, who):
    """The same references and ids, asked for from the other school: 404, as if they had never been."""
    other = make_cast(app, "Elmsworth Primary School", "elmsworth.example")
    from tests.matters.test_visibility import make_matter

    matter = make_matter(other)
    client = cast.client(who)
    for rule, method in rules(app):
        if "matter_id" in rule.arguments and len(rule.arguments) == 1:
            path = address(app, rule)
            foreign, unknown = (
                client.open(path.replace(str(NOBODY), str(matter)), method=method),
                client.open(path, method=method),
            )
            assert (foreign.status_code, foreign.data) == (unknown.status_code, unknown.data), rule.endpoint
            assert foreign.status_code in (403, 404)
