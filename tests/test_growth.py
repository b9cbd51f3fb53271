"""What is asked again and again goes by an index: no statement of a page reads a whole table that only ever grows."""

import re

import pytest
from sqlalchemy import event, select

from incidents.extensions import db
from incidents.matters.models import Matter
from incidents.recording.models import Draft
from tests.triage.recorded import record

GROWS = {
    "matter",
    "incident",
    "case",
    "draft",
    "notice",
    "audit_entry",
    "involvement",
    "kinship",
    "particulars",
    "step",
    "decision",
    "grant",
    "citation",
    "signature",
    "signature_child",
    "household_link",
    "consent_answer",
    "register_event",
}
# From end to end, or all that one school has of it.
WHOLE = re.compile(r"(?:SCAN|SEARCH) (\w+)(?: USING .*\(school_id=\?\))?$")
PAGES = (
    "/today",
    "/incidents",
    "/incidents?q=7K4M",
    "/cases",
    "/cases?state=closed",
    "/my-records",
    "/about-you",
    "/messages",
    "/rules",
    "/policies",
    "/to-sign",
    "/registers",
    "/registers/bans",
    "/may-this-go-up?class=6R",
    "/photo-consent?class=6R",
    "/declarations",
)


@pytest.fixture
def scanned(cast):
    """Collects the tables that SQLite would read from end to end or all of a school's, with the statement that has it do so."""
    found: list[tuple[str, str]] = []
    with cast.app.app_context():
        engine = db.engine
    if engine.dialect.name != "sqlite":
        pytest.skip("SQLite says plainly what it would do; PostgreSQL decides by how many rows there are")

    def explain(connection, cursor, statement, parameters, *rest):
        if statement.startswith("SELECT"):
            plan = connection.connection.cursor().execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            tables = (WHOLE.match(line[3]) for line in plan)
            found.extend((table[1], statement) for table in tables if table and table[1] in GROWS)

    event.listen(engine, "before_cursor_execute", explain)
    yield found
    event.remove(engine, "before_cursor_execute", explain)


@pytest.mark.parametrize("who", ["head", "teacher", "dsl", "head_of_year"])
def test_no_page_reads_a_whole_table(cast, scanned, who):
    with cast.here():
        record(cast)
    client = cast.client(who)
    scanned.clear()
    for page in PAGES:
        client.get(page)
    assert not [table for table, _ in scanned], scanned[0][1]


def test_sending_reads_no_whole_table(cast, scanned):
    with cast.here():
        scanned.clear()
        record(cast)
    assert not [table for table, _ in scanned], scanned[0][1]


def test_reading_a_whole_table_is_noticed(cast, scanned):
    with cast.here():
        db.session.scalars(select(Matter)).all()
        db.session.scalars(select(Draft).where(Draft.sent_at.is_not(None))).all()
    assert [table for table, _ in scanned] == ["matter", "draft"]
