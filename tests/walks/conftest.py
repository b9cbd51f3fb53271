"""What the walks share: a site over the demo, one over a school of their own, a browser, and a Monday morning in term."""

from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask
from playwright.sync_api import Browser
from sqlalchemy import select

from incidents.database import across_schools
from incidents.demo.cast import schools
from incidents.extensions import db
from incidents.schools.models import School
from tests.browser import Site, browser, running
from tests.cast import Cast, make_cast
from tests.conftest import MORNING
from tests.databases import folder, new_app


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
def penwick(monday: None) -> Iterator[Cast]:
    """The tests' own school for a story to be told in, with its guards up: forged posts are refused."""
    with folder("walks") as data:
        app = new_app(data)
        app.config["WTF_CSRF_ENABLED"] = True
        yield make_cast(app)


@pytest.fixture(scope="package")
def story_site(chrome: Browser, penwick: Cast) -> Iterator[Site]:
    with running(penwick.app) as address:
        yield Site(penwick.app, penwick.school_id, address, chrome)


@pytest.fixture(scope="package")
def site(monday: None, chrome: Browser, demo: Flask) -> Iterator[Site]:
    """The first school of the demo: something of every kind, in every state."""
    with demo.app_context(), across_schools():
        name = schools()[0].name
        school_id = db.session.scalars(select(School.id).where(School.name == name)).one()
    with running(demo) as address:
        yield Site(demo, school_id, address, chrome)
