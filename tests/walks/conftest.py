"""What the walks share: one site over one school, one browser, and a time that starts on a Monday morning in term."""

from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask
from playwright.sync_api import Browser

from tests.browser import Site, browser, running
from tests.conftest import MORNING
from tests.databases import new_app
from tests.people import Cast, make_cast


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
def penwick(monday: None, tmp_path_factory: pytest.TempPathFactory) -> Cast:
    """The tests' own school, beside those of the demo, in an application with its guards up: forged posts are refused."""
    app: Flask = new_app(tmp_path_factory.mktemp("walks"))
    app.config["WTF_CSRF_ENABLED"] = True
    return make_cast(app)


@pytest.fixture(scope="package")
def site(chrome: Browser, penwick: Cast) -> Iterator[Site]:
    with running(penwick.app) as address:
        yield Site(penwick.app, penwick.school_id, address, chrome)
