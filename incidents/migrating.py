"""The shape of the database: whether it is this release's, and how it comes to be."""

from pathlib import Path

from flask import Flask
from sqlalchemy import inspect, text

from incidents.extensions import db
from incidents.statistics import tell_sqlite

FOLDER = Path(__file__).parent.parent / "migrations"


def bring_up_to_date(app: Flask) -> None:
    """Run the migrations that are missing, and tell SQLite how to plan. Within the application's context."""
    if _stands_at() != newest():
        learn_to_migrate(app)
        from flask_migrate import upgrade  # here: it is large, and a server with nothing to migrate never reads it

        upgrade()
    tell_sqlite()


def learn_to_migrate(app: Flask) -> None:
    """Bind the tool to the application: for whoever migrates, a command or a test."""
    from flask_migrate import Migrate

    Migrate(app, db, directory=str(FOLDER))


def newest() -> str:
    """The last migration of this release: the number that its file's name begins with."""
    return max(path.name for path in (FOLDER / "versions").glob("*.py")).partition("_")[0]


def _stands_at() -> str | None:
    if not inspect(db.engine).has_table("alembic_version"):
        return None
    with db.engine.connect() as connection:
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
