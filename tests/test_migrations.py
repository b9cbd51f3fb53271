"""Migrations go up, down and up, end equal to the models, and leave every guard standing."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from incidents import clock, migrating
from incidents.database import writing
from incidents.extensions import db
from incidents.guards import missing_guards
from incidents.recording import actions as recording
from incidents.recording.answers import Named
from incidents.recording.models import StatementKind
from incidents.recording.words import Part
from incidents.rows import Row
from tests.databases import KINDS, new_app, new_postgresql_database
from tests.triage.recorded import record


@pytest.fixture(params=KINDS)
def fresh(request, tmp_path: Path):
    if request.param == "sqlite":
        return new_app(tmp_path)
    return new_app(tmp_path, new_postgresql_database(request.getfixturevalue("postgresql_server"), "migrating"))


def test_the_migrations_end_where_the_models_are(fresh):
    with fresh.app_context(), db.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), Row.metadata) == []


def test_where_nothing_is_missing_the_tool_is_not_even_read(fresh, monkeypatch):
    folder = ScriptDirectory(str(migrating.FOLDER))
    assert folder.get_heads() == [migrating.newest()]
    with fresh.app_context():
        monkeypatch.setattr(migrating, "learn_to_migrate", lambda _: pytest.fail("it was read"))
        migrating.bring_up_to_date(fresh)
        monkeypatch.undo()
        downgrade(revision="0002")
        migrating.bring_up_to_date(fresh)
        with db.engine.connect() as connection:
            assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == migrating.newest()


def test_every_guard_stands_after_up_down_and_up(fresh):
    with fresh.app_context():
        downgrade(revision="base")
        upgrade()
        with db.engine.connect() as connection:
            assert missing_guards(connection) == []


def test_what_was_recorded_before_is_found_by_its_words_after(cast):
    found = text("SELECT id, word FROM found_by UNION ALL SELECT id, word FROM name_word")
    with cast.here():
        _said_in_every_way(record(cast, handles=[(Part.WITNESS, "first_account")]), cast.viewer("dsl"))
    with cast.app.app_context():
        with db.engine.connect() as connection:
            _see_all(connection)
            before = set(connection.execute(found))
        downgrade(revision="0002")
        upgrade()
        with db.engine.connect() as connection:
            _see_all(connection)
            assert set(connection.execute(found)) == before
    assert len(before) > 40


def _said_in_every_way(incident, by):
    """Whatever is said of an incident later, it is found by."""
    at = clock.now()
    account = Named(Part.AUTHOR, handle_platform="Instagram", handle_name="second_account")
    with writing():
        recording.add_words(incident, StatementKind.ADDITION, "An afterthought.", by=by, at=at)
        recording.correct_particulars(incident, {"account_name": "third_account"}, "Misread.", by=by, at=at)
        involved = recording.involve(incident, account, by=by, at=at)
        recording.put_right(incident, involved, Part.WITNESS, "Watched only.", by=by, at=at)


def _see_all(connection):
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT set_config('incident_book.school', '*', false)"))


def test_a_missing_trigger_is_noticed(fresh):
    with fresh.app_context(), db.engine.begin() as connection:
        on = "" if connection.dialect.name == "sqlite" else " ON statement"
        connection.execute(text(f"DROP TRIGGER statement_no_change{on}"))
        assert missing_guards(connection) == ["statement_no_change"]
