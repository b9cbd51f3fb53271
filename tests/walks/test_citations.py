"""A rule cited in triage and withdrawn again, in a browser; each page good on the way."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from incidents.policies.kinds import Force
from incidents.recording.hours import Control
from tests.browser import DESK, PHONE, Site, assert_page_is_good, running
from tests.cast import Cast, make_cast
from tests.citations.rules import adopt
from tests.databases import folder, new_app
from tests.triage.recorded import LESSON, record

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def cited(chrome: Browser, monday: None) -> Iterator[tuple[Site, Cast, str]]:
    with folder("cited") as data:
        app = new_app(data)
        app.config["WTF_CSRF_ENABLED"] = True
        school = make_cast(app)
        with school.here():
            adopt(
                school,
                {"wording": "Be unkind in a group chat."},
                {"force": Force.ADVICE, "wording": "Think twice.", "methods": [], "directions": []},
            )
            where = f"/incidents/{record(school, happened=LESSON, control=Control.ON_SITE).id}"
        with running(app) as address:
            yield Site(app, school.school_id, address, chrome), school, where


def test_a_rule_is_ticked_in_triage_cited_and_withdrawn(cited: tuple[Site, Cast, str]) -> None:
    site, school, where = cited
    with site.visit(school.accounts["head"], DESK) as visit:
        page = visit.page
        page.goto(f"{where}/triage")
        page.get_by_label("Be unkind in a group chat.").check()
        page.get_by_text("One more rule in force then").click()
        page.get_by_text("The law that may be relevant").click()
        page.evaluate("scrollTo(0, 0)")  # what the header covers half is too small to press
        assert_page_is_good(visit, site.names())
        page.get_by_role("button", name="Decide and open the case").click()
        expect(page.get_by_text("Said to be broken:").first).to_be_visible()
        assert_page_is_good(visit, site.names(), axe=False)
        page.get_by_role("link", name="Cite a rule or a law").click()
        page.get_by_text("Laws that can’t be cited here").click()
        page.evaluate("scrollTo(0, 0)")
        assert_page_is_good(visit, site.names())
        page.set_viewport_size(PHONE)
        page.get_by_role("link", name="Withdraw it").click()
        assert_page_is_good(visit, site.names())
        page.get_by_label("Why is it withdrawn?").fill("Another chat.")
        page.get_by_role("button", name="Withdraw it").click()
        expect(page.get_by_text("It is withdrawn.")).to_be_visible()
        assert_page_is_good(visit, site.names(), axe=False)
