"""SQLite plans by fixed numbers: every index has one, every start puts them back, and they are what is gone by."""

import pytest
from sqlalchemy import text

from incidents.extensions import db
from incidents.statistics import fixed, standing, tell_sqlite


@pytest.fixture
def sqlite(application):
    with application.app_context():
        if db.engine.dialect.name != "sqlite":
            pytest.skip("PostgreSQL counts for itself")
        yield


def test_every_index_has_its_number(sqlite):
    """A new index without one: `python -m tests.bench.statistics` writes the file anew."""
    with db.engine.connect() as connection:
        kinds = connection.execute(text("SELECT name, type FROM sqlite_schema")).tuples().all()
        names = {kind: {name for name, each in kinds if each == kind} for kind in ("index", "table")}
    told = {index for _, index, _ in fixed()}
    assert names["index"] - told == set()
    assert told - names["index"] == {"found_by", "name_word"}  # tables that lie in their key
    assert told <= names["index"] | names["table"]


PLAN = "EXPLAIN QUERY PLAN SELECT 1 FROM involvement WHERE school_id = 'a' AND person_id = 'b' AND incident_id = 'c'"
WRONG = "UPDATE sqlite_stat1 SET stat = '20000 20000 20000' WHERE idx = 'ix_involvement_incident'"


def test_a_start_puts_the_numbers_back_and_statements_go_by_them(sqlite):
    def plan() -> str:
        with db.engine.connect() as connection:
            return str(connection.execute(text(PLAN)).all())

    with db.engine.connect() as connection:
        connection.execute(text(WRONG))
        connection.commit()
    db.engine.dispose()
    assert "ix_involvement_person" in plan()
    tell_sqlite()
    assert "ix_involvement_incident" in plan()
    with db.engine.connect() as connection:
        assert standing(connection) <= fixed()
