"""What the walks share: one site over one school, one browser, and a time that starts on a Monday morning in term."""

from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask
from playwright.sync_api import Browser

from tests.browser import Site, browser, running
from tests.conftest import MORNING
from tests.databases import new_app
from tests.people import make_cast


@pytest.fixture(scope="package", autouse=True)
def monday() -> Iterator[None]:
    """The time runs on from that morning, for the site and for the browser's server alike."""
    with time_machine.travel(MORNING, tick=True):
        yield


@pytest.fixture(scope="package")
def chrome() -> Iterator[Browser]:
    with browser() as opened:
        yield opened


@pytest.fixture(scope="package")
def site(monday: None, chrome: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site on SQLite with its guards up: forged posts are refused here as they are in a school."""
    app: Flask = new_app(tmp_path_factory.mktemp("walks"))
    app.config["WTF_CSRF_ENABLED"] = True
    cast = make_cast(app)
    with running(app) as address:
        yield Site(app, cast.school_id, address, chrome)
