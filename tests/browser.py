"""A real browser against a running site, and what must be true of every page it is shown."""

import shutil
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright
from sqlalchemy import select
from werkzeug.exceptions import HTTPException
from werkzeug.serving import make_server

from incidents import clock
from incidents.access import Role
from incidents.accounts.actions import digest_of
from incidents.accounts.models import Account, Membership, SignIn
from incidents.accounts.queries import in_force
from incidents.database import across_schools, of_school, writing
from incidents.extensions import db
from incidents.people.models import Person

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
AXE = Axe()
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
NARROW = {"width": 320, "height": 640}  # also what 400 % zoom leaves of 1280
SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)


def chromium() -> str:
    """The browser of this machine."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    assert found, "no Chromium: `make test` says what to install"
    return found


@contextmanager
def browser() -> Iterator[Browser]:
    """One browser for all walks."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium(), args=list(SWITCHES))
        try:
            yield opened
        finally:
            opened.close()


@dataclass
class Visit:
    """One person in a browser of their own, and what went wrong behind the pages they saw."""

    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)

    def hear(self, message: ConsoleMessage) -> None:
        """Errors on the console: broken scripts, missing files, whatever the security policy stopped."""
        if message.type == "error" and "status of 404" not in message.text:
            self.complaints.append(message.text)


@dataclass
class Site:
    """A running application, one school of it, and the browser that looks at it."""

    app: Flask
    school_id: uuid.UUID
    address: str
    browser: Browser

    def endpoint_of(self, address: str) -> str | None:
        """Which page of ours an address leads to."""
        parts = urlsplit(address)
        if parts.netloc and f"{parts.scheme}://{parts.netloc}" != self.address:
            return None
        try:
            endpoint, _ = self.app.url_map.bind("localhost").match(parts.path or "/", "GET")
        except HTTPException:
            return None
        return str(endpoint)

    def account_with(self, *roles: Role) -> uuid.UUID | None:
        """Somebody of the school who holds just these roles, or else all of these and more."""
        with self.app.app_context(), of_school(self.school_id):
            held: dict[uuid.UUID, set[str]] = {}
            for account_id, role in db.session.execute(
                select(Membership.account_id, Membership.role)
                .join(Account, Account.id == Membership.account_id)
                .where(in_force(clock.now()), Account.disabled_at.is_(None))
                .order_by(Account.email)
            ):
                held.setdefault(account_id, set()).add(role)
        fitting = [account_id for account_id, several in held.items() if several >= set(roles)]
        return min(fitting, key=lambda account_id: len(held[account_id]), default=None)

    def names(self) -> set[str]:
        """Every family name and full name on record: none of them belongs in a title or a headline."""
        with self.app.app_context(), of_school(self.school_id):
            people = db.session.execute(select(Person.given_name, Person.family_name)).all()
        return {f"{given} {family}" for given, family in people if given and family}

    @contextmanager
    def visit(
        self, account_id: uuid.UUID | None, viewport: dict[str, int] = DESK, **settings: object
    ) -> Iterator[Visit]:
        """A browser of one's own, signed in by a session row; nobody: signed out."""
        context = self.browser.new_context(base_url=self.address, viewport=viewport, locale="en-GB", **settings)
        context.set_default_timeout(15_000)
        if account_id:
            context.add_cookies([{"name": "incident-book", "value": self._session(account_id), "url": self.address}])
        page = context.new_page()
        visit = Visit(context, page)
        page.on("console", visit.hear)
        page.on("pageerror", lambda error: visit.complaints.append(str(error)))
        try:
            yield visit
        finally:
            context.close()

    def _session(self, account_id: uuid.UUID) -> str:
        token, at = uuid.uuid4().hex, clock.now()
        with self.app.app_context(), across_schools(), writing(audited=False):
            db.session.add(
                SignIn(
                    token_digest=digest_of(token),
                    account_id=account_id,
                    school_id=self.school_id,
                    started_at=at,
                    last_seen_at=at,
                )
            )
        signer = self.app.session_interface.get_signing_serializer(self.app)
        return signer.dumps({"_user_id": token, "_fresh": True})


@contextmanager
def running(app: Flask) -> Iterator[str]:
    """Serve the application from a thread, on a port of the system's choice; gives its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()


def assert_page_is_good(visit: Visit, names: set[str], *, axe: bool = True) -> None:
    """No fault for somebody with a screen reader, a phone or a magnifier; a title that says where, and no name in it.

    Nothing scrolls sideways at the width of the visit. With `axe` the page is read at the width of a phone and of a desk.
    """
    page, before = visit.page, visit.page.viewport_size
    page.wait_for_load_state()  # a press goes on as soon as the next page begins
    title = page.title()
    headline = " ".join(page.locator("h1").all_text_contents())
    assert title.strip(" –"), f"{page.url} has no title"
    assert len(page.locator("h1").all()) == 1, f"{page.url} has not just one headline: {headline}"
    assert not [name for name in names if name in title or name in headline], (
        f"{page.url} names somebody: {title}; {headline}"
    )
    assert not visit.complaints, f"{page.url}: {visit.complaints}"
    assert not (wide := too_wide(page)), f"{page.url} scrolls sideways at {page.viewport_size}: {wide}"
    for size in (PHONE, DESK) if axe else ():
        page.set_viewport_size(size)
        found = AXE.run(page, options={"runOnly": WCAG, "resultTypes": ["violations"]})
        assert not found.violations_count, f"{page.url} at {size['width']}: {found.generate_report()}"
    if axe and before:
        page.set_viewport_size(before)


def too_wide(page: Page) -> list[str]:
    """What sticks out to the right, if the page scrolls sideways."""
    found: list[str] = page.evaluate(
        """() => document.documentElement.scrollWidth <= document.documentElement.clientWidth ? [] :
        [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)
        .slice(0, 5).map(e => e.tagName + '.' + e.className)"""
    )
    return found
