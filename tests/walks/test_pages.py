"""Every page that a role may open or a link leads to, looked at with a phone, a desk and a magnifier, and read by axe.

Axe takes a second a page, so it reads a page when something stands on it that stood on none before, for whomever it is.
"""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Select, func, select

from incidents import clock
from incidents.access import PERMISSIONS, Permission, Right, Role
from incidents.accounts.models import Account
from incidents.accounts.queries import viewer_of
from incidents.casework.models import Case, CaseIncident, Step
from incidents.database import of_school
from incidents.extensions import db
from incidents.matters.models import Matter
from incidents.matters.visibility import seen_with
from incidents.recording.models import Incident, Pictures
from tests.browser import NARROW, Site, Visit, assert_page_is_good

pytestmark = pytest.mark.browser

# Answers that are no page, and so are not looked at here.
NOT_PAGES: dict[str, str] = {
    "static": "files",
    "accounts.healthz": "one word for a machine",
    "declarations.forms_pdf": "paper: tests/declarations reads it",
    "declarations.household_copy": "paper: tests/declarations reads it",
    "evidence.picture": "a picture; the page around it is looked at",
    "governors.preview_pdf": "paper: tests/governors reads it",
    "governors.read_pdf": "paper: tests/governors reads it",
    "people.sample": "a file: tests/people reads it",
    "policies.document": "a file: tests/policies reads it",
    "policies.draft_download": "a file: tests/policies reads it",
}
IN_THE_STORY = "read in tests/walks/test_story.py"
BY_DECLARATIONS = "read in tests/walks/test_declarations.py"
BY_POLICIES = "read in tests/walks/test_policies.py"
BY_RECORDING = "read in tests/walks/test_recording.py"
# Pages that these walks do not come to, each with where it is looked at instead.
NOT_COME_TO: dict[str, str] = {
    "accounts.take_up": IN_THE_STORY,
    "casework.again": IN_THE_STORY,
    "casework.reopen": IN_THE_STORY,
    "citations.withdraw": "comes after a citation; read in tests/walks/test_citations.py",
    **dict.fromkeys(
        (
            "declarations." + name
            for name in (
                "correct",
                "give_links",
                "household",
                "one",
                "print_forms",
                "round",
                "sheet",
                "stop",
            )
        ),
        BY_DECLARATIONS,
    ),
    "governors.annex": "comes after an answer; words alone, read in tests/governors/test_annex.py",
    "governors.preview": IN_THE_STORY,
    "governors.write": IN_THE_STORY,
    "people.preview": "comes after a file; its words are read in tests/people/test_lists.py",
    "people.take_apart": "comes after an answer; its words are read in tests/people/test_merging.py",
    **dict.fromkeys(
        (
            "policies." + name
            for name in (
                "about",
                "add_clause",
                "clause",
                "draft",
                "draft_document",
                "policy",
                "questions",
                "remove_clause",
                "throw_away",
                "version",
            )
        ),
        BY_POLICIES,
    ),
    "recording.check": IN_THE_STORY,
    "recording.evidence": IN_THE_STORY,
    "recording.file_origin": BY_RECORDING,
    "recording.paper": BY_RECORDING,
    "recording.put_search_right": BY_RECORDING,
    "recording.say_who": "only where a name was typed; its words are read in tests/recording/test_following.py",
    "recording.sent": IN_THE_STORY,
    "recording.somebody_else": "comes after an answer; its words are read in tests/recording/test_following.py",
    "recording.throw_away": IN_THE_STORY,
    "recording.told": IN_THE_STORY,
    "recording.what": IN_THE_STORY,
    "recording.who": IN_THE_STORY,
    "casework.no_pictures": "comes after an answer; read in tests/casework/test_step_files.py",
    "casework.hand_in": "comes after an answer; read in tests/casework/test_step_files.py",
    "registers.act": "only for whoever decides on an entry; read in tests/registers/test_pages.py",
    "evidence.stop": "comes after an answer; read in tests/evidence/test_adding.py",
    "schools.put_back_value": "comes after a change; read in tests/schools/test_law_pages.py",
    "schools.take_up_version": "comes with a newer pack; read in tests/schools/test_law_pages.py",
}
ENOUGH = 3  # roles for which a page about one thing is looked at; a page that stands by itself is looked at for all

_seen: dict[str, set[str]] = {}  # page's endpoint -> who came to it
_read: set[str] = set()  # what axe has read: each element as it stands in the one around it
PIECES = """() => {
  const tells = name => /^(role|aria|type|disabled|hidden|alt)/.test(name);
  const says = each => [each.tagName, ...each.classList, ...each.getAttributeNames().filter(tells)].join('.');
  return [...new Set([...document.body.querySelectorAll('*')].map(each => says(each.parentElement) + '>' + says(each)))];
}"""


def links(visit: Visit) -> list[str]:
    found: list[str] = visit.page.evaluate("() => [...document.querySelectorAll('a[href]')].map(a => a.href)")
    return [address.partition("#")[0] for address in found]


def doors(site: Site, permissions: frozenset[Permission]) -> list[str]:
    """The address of every page that stands by itself and that these permissions open."""
    views, found = site.app.view_functions, []
    for rule in site.app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and not rule.arguments and rule.endpoint not in NOT_PAGES:
            declared = views[rule.endpoint].access  # type: ignore[attr-defined]  # the declaration is set on the view
            if declared.permission is None or declared.permission in permissions:
                found.append(f"{site.address}{rule.rule}")
    return found


def walk(site: Site, visit: Visit, who: str, permissions: frozenset[Permission]) -> dict[str, str]:
    """Go through every door, and on by the links."""
    names, waiting = site.names(), doors(site, permissions)
    by_themselves = set(waiting)
    titles: dict[str, str] = {}
    while waiting:
        address = waiting.pop(0)
        endpoint = site.endpoint_of(address)
        known = _seen.get(endpoint or "", set())
        if endpoint is None or endpoint in NOT_PAGES or who in known:
            continue
        if len(known) >= ENOUGH and address not in by_themselves:
            continue
        arrived = look(site, visit, address, names)
        for page in (endpoint, arrived):
            _seen.setdefault(page, set()).add(who)
        assert titles.setdefault(visit.page.title(), arrived) == arrived, f"{arrived} has a title that another page has"
        waiting += links(visit)
    return titles


def look(site: Site, visit: Visit, address: str, names: set[str]) -> str:
    """Look at one page; gives the endpoint that answered, which a redirect may have made another one."""
    visit.complaints.clear()
    answer = visit.page.goto(address)
    assert answer, address
    assert answer.status == 200, f"a link or tab leads to {address}, which answers {answer.status}"
    arrived = site.endpoint_of(visit.page.url)
    assert arrived, visit.page.url
    pieces = set(visit.page.evaluate(PIECES))
    assert_page_is_good(visit, names, axe=not pieces <= _read)
    _read.update(pieces)
    return arrived


@pytest.mark.parametrize("role", Role)
def test_every_page_a_role_is_led_to_is_good(site: Site, role: Role):
    account = site.account_with(role)
    assert account, f"nobody is {role}"
    with site.visit(account, NARROW) as visit:
        assert walk(site, visit, role, PERMISSIONS[role])


def test_every_page_before_the_door_is_good(site: Site):
    with site.visit(None, NARROW) as visit:
        assert walk(site, visit, "signed out", frozenset())


# Pages that only some matters have, so that a walk by the links may miss them: for whom, which page, of which matter.
ODD: tuple[tuple[Role, str, type[Matter], Callable[[], Select[Any]]], ...] = (
    (
        Role.HEADTEACHER, "casework.unlink", Case,
        lambda: select(CaseIncident.case_id).where(CaseIncident.unlinked_at.is_(None))
        .group_by(CaseIncident.case_id).having(func.count() > 1),
    ),
    (
        Role.HEADTEACHER, "casework.skip", Case,
        lambda: select(Step.case_id, Step.id).where(Step.state == "todo", Step.key == "account_witnesses"),
    ),
    (
        Role.DSL, "recording.reopen_pictures", Incident,
        lambda: select(Incident.id).where(Incident.pictures == Pictures.CLOSED),
    ),
)  # fmt: skip


@pytest.mark.parametrize(("role", "endpoint", "kind", "which"), ODD, ids=[odd[1] for odd in ODD])
def test_a_page_that_only_some_matters_have_is_good(
    site: Site, role: Role, endpoint: str, kind: type[Matter], which: Callable[[], Select[Any]]
):
    account_id = site.account_with(role)
    with site.app.app_context(), of_school(site.school_id):
        viewer = viewer_of(db.session.get_one(Account, account_id), clock.now())
        seen = select(kind.id).where(seen_with(viewer, Right.DECIDE, Right.SAFEGUARD))
        found = which()
        chosen = db.session.execute(found.where(found.selected_columns[0].in_(seen)).limit(1)).one()
    address = site.app.url_map.bind("localhost").build(
        endpoint, dict(zip(("matter_id", "step_id"), chosen, strict=False))
    )
    with site.visit(account_id, NARROW) as visit:
        assert look(site, visit, f"{site.address}{address}", site.names()) == endpoint
    _seen.setdefault(endpoint, set()).add(role)


@pytest.mark.parametrize("address", ["/nothing-here", "/static/nothing-here"])
def test_a_page_that_is_not_there_says_so_well(site: Site, address: str):
    with site.visit(site.account_with(Role.STAFF), NARROW) as visit:
        answer = visit.page.goto(address)
        assert answer
        assert answer.status == 404
        assert_page_is_good(visit, site.names())


def test_no_page_was_left_out(site: Site):
    pages = {rule.endpoint for rule in site.app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    left_out = pages - _seen.keys() - NOT_PAGES.keys() - NOT_COME_TO.keys()
    assert not left_out, ", ".join(sorted(left_out))
