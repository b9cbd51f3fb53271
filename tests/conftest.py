"""What every test can ask for: an application on each database, emptied before each test, and the named cast."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import text

from incidents.audit.chain import GENESIS
from incidents.audit.models import SIGN_IN_CHAIN, AuditHead
from incidents.database import across_schools
from incidents.extensions import db
from incidents.rows import Row
from tests.databases import KINDS, new_app, new_postgresql_database, postgresql
from tests.people import Cast, make_cast

# A school morning in term: Monday 23 November 2026, 08:10.
MORNING = datetime(2026, 11, 23, 8, 10, tzinfo=UTC)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    with postgresql() as address:
        yield address


@pytest.fixture(scope="session", params=KINDS)
def application(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """One migrated application a database; `app` empties it."""
    data = tmp_path_factory.mktemp(request.param)
    if request.param == "sqlite":
        return new_app(data)
    return new_app(data, new_postgresql_database(request.getfixturevalue("postgresql_server"), "suite"))


@pytest.fixture
def app(application: Flask) -> Flask:
    """The application with an empty database. Triggers stand aside only here, for the emptying."""
    with application.app_context(), across_schools():
        empty_every_table()
    return application


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """The time stands still on a Monday morning in term, until the test moves it."""
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def cast(app: Flask, clock: time_machine.Traveller) -> Cast:
    """One school with everybody in it, on that Monday morning."""
    return make_cast(app)


@pytest.fixture
def data(application: Flask) -> Path:
    folder: Path = application.config["SETTINGS"].data
    return folder


def empty_every_table() -> None:
    """Delete everything; quicker than a fresh database for each test."""
    tables = Row.metadata.sorted_tables
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("TRUNCATE " + ", ".join(f'"{table.name}"' for table in tables) + " CASCADE"))
    else:
        kept = db.session.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
        for name, _ in kept:
            db.session.execute(text(f"DROP TRIGGER {name}"))
        db.session.execute(text("PRAGMA defer_foreign_keys=ON"))
        for table in reversed(tables):
            db.session.execute(table.delete())
        for _, sql in kept:
            db.session.execute(text(sql))
    db.session.add(AuditHead(chain=SIGN_IN_CHAIN, seq=0, mac=GENESIS))
    db.session.commit()
