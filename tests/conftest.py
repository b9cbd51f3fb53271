"""What every test can ask for: an application on each database, as it was before the last test, and the named cast."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from incidents.database import across_schools
from tests.cast import Cast, make_cast
from tests.databases import (
    KINDS,
    Snapshot,
    folder,
    new_app,
    new_postgresql_database,
    postgresql,
    restore,
    take_snapshot,
)
from tests.letters import every_message_read, names_in, seeded_names

# A school morning in term: Monday 23 November 2026, 08:10.
MORNING = datetime(2026, 11, 23, 8, 10, tzinfo=UTC)


class Together(LoadScopeScheduling):
    """Which tests run in one worker, after each other: those that share what takes long to make.

    Each database is one worker's; the demo and the story go to whoever is free. Three workers keep two cores busy, because the
    one that asks PostgreSQL waits for it. (xdist's own groups are read off an attribute that pytest no longer has.)
    """

    def _split_scope(self, nodeid: str) -> str:
        """The group of one test, by its file and its database."""
        file = nodeid.partition("::")[0]
        return next((name for name, files in GROUPS.items() if file in files), "") or next(
            (kind for kind in KINDS if kind in nodeid), file
        )


GROUPS = {
    "demo": ("tests/demo/test_build.py", "tests/walks/test_pages.py"),
    "story": ("tests/walks/test_story.py",),
}


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    """How `pytest -n 2` deals the tests out."""
    return Together(config, log)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    with postgresql() as address:
        yield address


@pytest.fixture(scope="session", params=KINDS)
def application(request: pytest.FixtureRequest) -> Iterator[Flask]:
    """One migrated application a database; `app` and `cast` put its rows back."""
    with folder(request.param) as data:
        if request.param == "sqlite":
            yield new_app(data)
        else:
            yield new_app(data, new_postgresql_database(request.getfixturevalue("postgresql_server"), "suite"))


@pytest.fixture
def app(application: Flask, request: pytest.FixtureRequest) -> Flask:
    """The application; its database is empty unless the test asks for the cast too."""
    if "cast" in request.fixturenames:
        return application
    with application.app_context(), across_schools():
        restore({})
    return application


@pytest.fixture(scope="session")
def drawn_up(application: Flask) -> tuple[Cast, Snapshot]:
    """The cast, made once a database by the actions that people use, and the rows that it stands in."""
    with application.app_context(), across_schools():
        restore({})
    with time_machine.travel(MORNING, tick=False):
        cast = make_cast(application)
    with application.app_context(), across_schools():
        return cast, take_snapshot()


@pytest.fixture(scope="session")
def demo() -> Iterator[Flask]:
    """The demo as it stands on that Monday morning, made once for all who look at it, on SQLite."""
    from incidents.demo.build import build  # here: most tests need no demo

    with folder("demo") as data:
        app = new_app(data)
        with app.app_context():
            build(MORNING)
        yield app


@pytest.fixture(scope="session", autouse=True)
def _no_message_names_anybody() -> Iterator[None]:
    """Every message of the whole run is read: in none is the name of anybody that the tests or the demo know."""
    with every_message_read() as said:
        yield
    names = seeded_names()
    assert [words for words in said if names_in(words, names)] == []


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """The time stands still on a Monday morning in term, until the test moves it."""
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def cast(application: Flask, drawn_up: tuple[Cast, Snapshot], clock: time_machine.Traveller) -> Cast:
    """One school with everybody in it, on that Monday morning."""
    made, rows = drawn_up
    with application.app_context(), across_schools():
        restore(rows)
    return Cast(application, made.school_id, dict(made.accounts), dict(made.persons))


@pytest.fixture
def data(application: Flask) -> Path:
    where: Path = application.config["SETTINGS"].data
    return where
