"""What is asked again and again goes by an index: no statement of a page reads a whole table that only ever grows."""

import re

import pytest
from sqlalchemy import event, select

from incidents.casework.queries import steps_of
from incidents.extensions import db
from incidents.matters.models import Matter
from incidents.policies.kinds import Audience
from incidents.recording.hours import Control
from incidents.recording.models import Draft
from tests.declarations.asked import add_child, add_parent, adopt, ask
from tests.triage.recorded import LESSON, record
from tests.worlds import PLAIN, decide

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
    "told",
    "note",
    "statement",
    "finding",
    "identification",
    "case_incident",
    "conflict",
    "file",
    "evidence",
    "search",
    "need_to_know",
}
# Everybody on the list: their number is what a school's is, and what is about all of them may read them once.
EVERYBODY = {"person", "name_word", "enrolment", "kinship", "employment"}
# From end to end, or all that one school has of it.
TABLE = re.compile(r"(\w+?)(?:_\d+)?$")  # also under another name
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
    found: list[tuple[list[str], str]] = []
    with cast.app.app_context():
        engine = db.engine
    if engine.dialect.name != "sqlite":
        pytest.skip("SQLite says plainly what it would do; PostgreSQL decides by how many rows there are")

    def explain(connection, cursor, statement, parameters, *rest):
        if statement.startswith("SELECT"):
            plan = connection.connection.cursor().execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            names = [TABLE.match(line[1])[1] for line in (WHOLE.match(line[3]) for line in plan) if line]
            tables = [name for name in names if name in GROWS | EVERYBODY]
            if tables:
                found.append((tables, statement))

    event.listen(engine, "before_cursor_execute", explain)
    yield found
    event.remove(engine, "before_cursor_execute", explain)


def whole(scanned):
    """What was read of what grows."""
    return [(table, statement) for tables, statement in scanned for table in tables if table in GROWS]


@pytest.mark.parametrize("who", ["head", "teacher", "dsl", "head_of_year"])
def test_no_page_reads_a_whole_table(cast, scanned, who):
    with cast.here():
        record(cast)
    client = cast.client(who)
    scanned.clear()
    for page in PAGES:
        client.get(page)
    assert not whole(scanned)


def test_no_page_about_one_incident_or_case_reads_a_whole_table(cast, scanned):
    with cast.here():
        new = record(cast).id
        case = decide(cast, record(cast, control=Control.ON_SITE, happened=LESSON), PLAIN, "head")
        here, there, step = f"/incidents/{new}", f"/cases/{case.id}", f"/cases/{case.id}/steps/{steps_of(case)[0].id}"
    client = cast.client("head")
    scanned.clear()
    for page in (here, f"{here}/triage", f"{here}/rules", f"/matters/{new}/evidence", there, step):
        assert client.get(page).status_code == 200, page
    assert not whole(scanned)


def test_no_page_about_signatures_and_consent_goes_through_everybody_for_each_of_them(cast, scanned):
    """SQLite is told by nobody how much a table holds: a join that it may begin anywhere it may begin with everybody."""
    with cast.here():
        version = adopt(cast)
        of_parents, of_staff = (ask(cast, version, each).id for each in (Audience.PARENTS, Audience.STAFF))
        add_child(cast, "ben", "Ben", "Fenwick", "3T")
        add_parent(cast, "father", "Dai", "Fenwick", "ben", "isla")
    client, under = cast.client("head"), "/declarations"
    scanned.clear()
    for page in (under, f"{under}/{of_parents}", f"{under}/{of_staff}", f"{under}/{of_parents}/sheet?year=Year+3&form=3T",
                 "/may-this-go-up?class=3T", "/photo-consent?class=3T"):  # fmt: skip
        assert client.get(page).status_code == 200
    assert scanned
    assert not [statement for tables, statement in scanned if len(tables) > 1]


def test_sending_reads_no_whole_table(cast, scanned):
    with cast.here():
        scanned.clear()
        record(cast)
    assert not whole(scanned)


def test_nothing_that_speaks_of_a_record_is_written_before_it(cast, written):
    """While a reference leads nowhere yet, SQLite looks through every table that could hold it when the row comes."""
    with cast.here():
        written.clear()
        incident = record(cast, control=Control.ON_SITE, happened=LESSON)
        sent = [table for table in written if table != "draft"]
        written.clear()
        decide(cast, incident, PLAIN, "head")
    assert "conflict" in sent
    assert sent[0] == "matter"
    assert "step" in written
    assert written[0] in ("matter", "decision")


@pytest.fixture
def written(cast):
    """Collects the tables that rows are put into."""
    found: list[str] = []

    def hear(connection, cursor, statement, *rest):
        if match := re.match(r'INSERT INTO "?(\w+)', statement):
            found.append(match[1])

    with cast.app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", hear)
    yield found
    event.remove(engine, "before_cursor_execute", hear)


def test_reading_a_whole_table_is_noticed(cast, scanned):
    with cast.here():
        db.session.scalars(select(Matter)).all()
        db.session.scalars(select(Draft).where(Draft.sent_at.is_not(None))).all()
    assert [table for table, _ in whole(scanned)] == ["matter", "draft"]
