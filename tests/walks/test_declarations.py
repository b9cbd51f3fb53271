"""A box of forms ticked off by keyboard alone, and a household that answers on a phone; each page good on the way."""

import re
from collections.abc import Iterator
from uuid import UUID

import pytest
from playwright.sync_api import Browser, expect

from incidents import clock
from incidents.database import writing
from incidents.declarations import links, queries
from incidents.extensions import db
from incidents.policies.kinds import Audience
from incidents.policies.models import PolicyVersion
from tests.browser import DESK, NARROW, PHONE, Site, Visit, assert_page_is_good, running
from tests.cast import Cast, make_cast
from tests.databases import folder, new_app
from tests.declarations.asked import TODAY, add_child, add_parent, adopt, ask
from tests.walks.test_keyboard import Keyboard

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def school(monday: None) -> Iterator[Cast]:
    with folder("declared") as data:
        app = new_app(data)
        app.config["WTF_CSRF_ENABLED"] = True
        yield make_cast(app)


@pytest.fixture(scope="module")
def asked(school: Cast) -> dict[str, UUID]:
    with school.here():
        add_child(school, "ben", "Ben", "Fenwick")
        add_parent(school, "mother", "Carys", "Fenwick", "ben")
        add_parent(school, "father", "Dai", "Fenwick", "ben", "isla")
        version = adopt(school)
        audiences = (Audience.PARENTS, Audience.STAFF)
        return {"version": version.id, **{each.value: ask(school, version, each).id for each in audiences}}


@pytest.fixture(scope="module")
def declared(chrome: Browser, school: Cast, asked: dict[str, UUID]) -> Iterator[Site]:
    with running(school.app) as address:
        yield Site(school.app, school.school_id, address, chrome)


def good(site: Site, visit: Visit, path: str = "", *, axe: bool = True) -> None:
    if path:
        visit.page.goto(path)
    assert_page_is_good(visit, site.names(), axe=axe)


def code_of(school: Cast, asked: dict[str, UUID]) -> str:
    """The link of the household with two parents."""
    with school.here(), writing():
        version = db.session.get_one(PolicyVersion, (school.school_id, asked["version"]))
        both = [each for each in queries.households_on(TODAY) if each.parents]
        [slip] = links.make_links(version, both, 7, by=school.viewer("administrator"), at=clock.now())
        return slip.code


def test_both_parents_answer_on_a_phone(declared: Site, school: Cast, asked: dict[str, UUID]):
    code = code_of(school, asked)
    with declared.visit(None, PHONE) as visit:
        good(declared, visit, f"/declaration/{code}")
        page = visit.page
        page.get_by_label("I have read this policy and take up").check()
        page.get_by_label("Your name in full").fill("Carys Fenwick")
        page.get_by_role("button", name="Give this answer").click()
        expect(page.locator("h2", has_text="What was answered")).to_be_visible()
        good(declared, visit, axe=False)
        page.get_by_label("I have read this policy and do not").check()
        page.get_by_label("Your name in full").fill("Dai Fenwick")
        page.get_by_role("button", name="Give this answer").click()
        expect(page.get_by_text("That is all.")).to_be_visible()
        good(declared, visit)
        with page.expect_download() as copy:
            page.get_by_role("link", name="Download a copy").click()
        assert copy.value.suggested_filename == "declaration.pdf"
    with declared.visit(None, NARROW) as visit:
        visit.page.goto("/declaration/nothing")
        visit.complaints.clear()  # the browser notes the 410
        good(declared, visit, axe=False)


def test_a_box_of_forms_is_ticked_off_without_a_mouse(declared: Site, school: Cast, asked: dict[str, UUID]):
    with declared.visit(school.accounts["administrator"], DESK) as visit:
        keys = Keyboard(visit.page)
        visit.page.goto("/declarations")
        keys.skip()
        keys.press("Social media and us: parents")
        keys.skip()
        keys.press("Year 6, 6R")
        keys.skip()
        for part, typed in (("Day", "22"), ("Month", "11"), ("Year", "2026")):
            keys.type(part, typed)
        keys.choose("Which came back?", "All but those I tick")
        keys.tick("Jay Brook")
        keys.press("Keep all of these")
        expect(visit.page.get_by_role("alert")).to_contain_text("kept for Year 6, 6R: signed 22 November 2026")
        assert not visit.complaints


# Axe takes a second a page: it reads those with something on them that stands on no page of the demo.
READ = ("/sheet?year=Year 6&form=6R", "/forms/{key}", "/print?year=Year 6&form=6R")
LOOKED_AT = ("", "/forms/{key}/{signature}", "/links", "/stop")


def test_every_page_of_the_office_is_good(declared: Site, school: Cast, asked: dict[str, UUID]):
    with school.here():
        line = next(each for each in queries.lines(asked["version"], Audience.PARENTS, TODAY) if each.own)
        found = {"key": str(line.key), "signature": str(line.own[0].id)}
    with declared.visit(school.accounts["administrator"], NARROW) as visit:
        good(declared, visit, "/declarations", axe=False)
        for page in READ + LOOKED_AT:
            good(declared, visit, f"/declarations/{asked['parents']}{page.format(**found)}", axe=page in READ)
        good(declared, visit, f"/declarations/{asked['staff']}")
    with declared.visit(school.accounts["teacher"], NARROW) as visit:
        good(declared, visit, "/to-sign")
        assert re.search("Not now", visit.page.content())
