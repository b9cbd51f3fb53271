"""A policy from the pack to its second version, by those who write, approve and read it; each page good on the way."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from incidents.access import Role
from tests.browser import NARROW, PHONE, Site, Visit, assert_page_is_good, running
from tests.cast import make_cast
from tests.databases import folder, new_app
from tests.files.file_samples import pdf

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def ruled(monday: None, chrome: Browser) -> Iterator[Site]:
    with folder("ruled") as data:
        app = new_app(data)
        app.config["WTF_CSRF_ENABLED"] = True
        cast = make_cast(app)
        with running(app) as address:
            yield Site(app, cast.school_id, address, chrome)


def good(site: Site, visit: Visit, path: str = "", *, axe: bool = True) -> None:
    if path:
        visit.page.goto(path)
    assert_page_is_good(visit, site.names(), axe=axe)


def press(visit: Visit, name: str) -> None:
    visit.page.get_by_role("button", name=name).click()
    visit.page.wait_for_load_state()


def approve(site: Site, *roles: Role) -> str:
    """Approve the draft that waits, as whoever holds this role; where that leads."""
    with site.visit(site.account_with(*roles), PHONE) as visit:
        visit.page.goto("/policies")
        visit.page.get_by_role("link", name="A draft is being written").click()
        visit.page.get_by_label("I have read it").check()
        good(site, visit, axe=False)
        press(visit, "Approve as")
        return visit.page.url


def test_a_policy_is_loaded_approved_read_and_changed(ruled: Site, tmp_path: Path):
    (tmp_path / "ours.pdf").write_bytes(pdf())
    with ruled.visit(ruled.account_with(Role.ADMINISTRATOR), NARROW) as office:
        for path in ("/policies", "/policies/packs", "/policies/new", "/policies/packs/rattlesden"):
            good(ruled, office, path, axe=path.endswith("rattlesden"))
        press(office, "Load it as a draft")
        draft = office.page.url
        good(ruled, office, axe=False)
        for page in ("/about", "/questions", "/document", "/clauses/K1", "/clauses/K1/remove", "/throw-away"):
            good(ruled, office, draft + page, axe=page == "/questions")
        office.page.goto(f"{draft}/document")
        office.page.get_by_label("Choose a document").set_input_files(tmp_path / "ours.pdf")
        press(office, "Keep this document")
        office.page.goto(f"{draft}/clauses/new")
        press(office, "Add this clause")
        office.complaints.clear()  # the browser's own word for a form that comes back
        good(ruled, office)
        assert approve(ruled, Role.HEADTEACHER) == draft
        assert approve(ruled, Role.CHAIR).endswith("/versions/1")
        office.page.goto(draft.removesuffix("/draft"))
        press(office, "Write the next version")
        office.page.get_by_role("link", name="Change clause S4").click()
        office.page.get_by_label("What the clause says").fill("Be very cautious with parents as friends.")
        press(office, "Keep this clause")
        expect(office.page.locator("#clause-S4 ins").first).to_contain_text("very")
        good(ruled, office)


def test_staff_read_it_and_check_before_they_post_without_script(ruled: Site):
    with ruled.visit(ruled.account_with(Role.STAFF), PHONE) as visit:
        visit.page.goto("/policies")
        visit.page.get_by_role("link", name="Social media policy for staff").click()
        good(ruled, visit)
        with visit.page.expect_download() as given:
            visit.page.get_by_role("link", name="Download ours.pdf").click()
        assert given.value.suggested_filename.startswith("policy-")
        visit.page.goto("/policies/before-you-post")
        visit.page.get_by_role("group", name="Does it tell something private").get_by_label("Yes").check()
        press(visit, "What is there to think about?")
        expect(visit.page.get_by_role("heading", name="Stop and think")).to_be_visible()
        good(ruled, visit)
