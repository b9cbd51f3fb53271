"""The log finds each tampering, and two writers never fork it."""

import subprocess
import sys
import uuid
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError

from incidents.audit.actions import record, record_sign_in
from incidents.audit.chain import GENESIS, breaks, digest, seal
from incidents.audit.models import AuditEntry
from incidents.audit.queries import verify_every_chain
from incidents.database import across_schools, writing
from incidents.extensions import db
from incidents.schools.models import Term

KEY = b"k" * 32
START = datetime(2026, 9, 1, tzinfo=UTC)


def entry(seq: int, prev: str, **changed) -> SimpleNamespace:
    fields = dict(
        chain="school", seq=seq, at=START + timedelta(minutes=seq), actor_id=None, verb="did", kind="thing", object_id=None,
        matter_id=None, field="", before="", after="", detail={"number": seq}, prev=prev, mac="",
    )  # fmt: skip
    made = SimpleNamespace(**fields | changed)
    made.mac = seal(made, KEY)
    return made


def chain_of(length: int) -> list[SimpleNamespace]:
    rows: list[SimpleNamespace] = []
    for seq in range(1, length + 1):
        rows.append(entry(seq, rows[-1].mac if rows else GENESIS))
    return rows


def head_of(rows) -> tuple[int, str]:
    return (rows[-1].seq, rows[-1].mac) if rows else (0, GENESIS)


def holds(rows, head) -> bool:
    return breaks(rows, head, "school", KEY) == []


@given(st.integers(0, 12))
def test_an_untouched_chain_holds(length):
    rows = chain_of(length)
    assert holds(rows, head_of(rows))


@given(st.integers(1, 12), st.data())
def test_a_deletion_anywhere_is_found(length, data):
    rows = chain_of(length)
    head = head_of(rows)
    del rows[data.draw(st.integers(0, length - 1))]
    assert not holds(rows, head)


FIELDS = (
    "at",
    "actor_id",
    "verb",
    "kind",
    "object_id",
    "matter_id",
    "field",
    "before",
    "after",
    "detail",
    "prev",
    "mac",
    "seq",
)


@given(st.integers(1, 6), st.sampled_from(FIELDS), st.data())
def test_an_edit_of_any_field_is_found(length, field, data):
    rows = chain_of(length)
    head = head_of(rows)
    row = rows[data.draw(st.integers(0, length - 1))]
    other = {"at": START, "seq": 99, "detail": {"number": 99}}.get(field, str(uuid.UUID(int=7)))
    setattr(row, field, other)
    assert not holds(rows, head)


@given(st.integers(1, 6), st.data())
def test_an_insertion_is_found_even_if_it_is_numbered_and_linked_well(length, data):
    rows = chain_of(length)
    head = head_of(rows)
    place = data.draw(st.integers(0, length))
    forged = entry(place + 1, rows[place - 1].mac if place else GENESIS, verb="forged")
    rows.insert(place, forged)
    for later in rows[place + 1 :]:
        later.seq += 1
    assert not holds(rows, head)


def test_two_entries_that_changed_places_are_found():
    rows = chain_of(4)
    head = head_of(rows)
    rows[1], rows[2] = rows[2], rows[1]
    assert not holds(rows, head)


def test_a_seal_made_with_another_key_is_found():
    rows = chain_of(1)
    rows[0].mac = seal(rows[0], b"x" * 32)
    assert not holds(rows, head_of(rows))


def test_a_digest_without_its_salt_tells_nothing_and_with_it_is_always_the_same():
    assert digest("words", b"a") == digest("words", b"a") != digest("words", b"b")


# --- in the database


def add_a_term(cast) -> None:
    term = Term(school_id=cast.school_id, name="Term", starts=START.date(), ends=START.date())
    db.session.add(term)
    db.session.flush()
    record("added", term, by=None, at=START)


def test_a_change_that_records_nothing_is_refused(cast):
    with cast.here(), pytest.raises(RuntimeError, match="audit is never optional"), writing():
        db.session.add(Term(school_id=cast.school_id, name="Term", starts=START.date(), ends=START.date()))


def test_an_act_outside_a_transaction_cannot_be_recorded(cast):
    with cast.here(), pytest.raises(RuntimeError, match="no write transaction"):
        record_sign_in("signed in", account=None, at=START)


def test_the_log_takes_no_narrative(cast):
    with cast.here(), pytest.raises(ValueError, match="no narrative"), writing():
        term = Term(school_id=cast.school_id, id=uuid.uuid4(), name="Term", starts=START.date(), ends=START.date())
        record("added", term, by=None, at=START, why="She told me everything")


def test_what_was_rolled_back_left_no_entry(cast):
    with cast.here():
        before = db.session.scalar(select(func.count()).select_from(AuditEntry))
        with pytest.raises(ZeroDivisionError), writing():
            add_a_term(cast)
            raise ZeroDivisionError
        assert db.session.scalar(select(func.count()).select_from(AuditEntry)) == before


@pytest.mark.parametrize("act", ["UPDATE audit_entry SET verb = 'x'", "DELETE FROM audit_entry"])
def test_the_database_itself_refuses_to_change_or_remove_an_entry(cast, act):
    with cast.here(), across_schools():
        with pytest.raises(DatabaseError, match="never altered"):
            db.session.execute(text(act))
        db.session.rollback()


def test_the_command_says_where_a_chain_does_not_hold(cast, app):
    with cast.here(), across_schools():
        on = "" if db.engine.dialect.name == "sqlite" else " ON audit_entry"
        trigger = db.session.execute(text("SELECT sql FROM sqlite_master WHERE name = 'audit_entry_no_change'")).scalar() \
            if not on else None  # fmt: skip
        db.session.execute(text(f"DROP TRIGGER audit_entry_no_change{on}"))
        db.session.execute(text("UPDATE audit_entry SET verb = 'never happened' WHERE seq = 3"))
        db.session.commit()
        chains, found = verify_every_chain()
        again = trigger or (
            "CREATE TRIGGER audit_entry_no_change BEFORE UPDATE ON audit_entry FOR EACH ROW "
            "EXECUTE FUNCTION incident_book_refuse()"
        )
        db.session.execute(text(again))
        db.session.commit()
    assert chains == 2
    assert {(each.chain, each.seq) for each in found} == {(str(cast.school_id), 3)}
    result = app.test_cli_runner().invoke(args=["verify-audit"])
    assert result.exit_code == 1
    assert "entry 3" in result.output


APPENDER = """
import sys, uuid
from datetime import UTC, datetime
from pathlib import Path
from config import Config
from incidents import create_app
from incidents.audit.actions import record
from incidents.database import of_school, writing
from incidents.extensions import db
from incidents.schools.models import Term
data, database, school, count = Path(sys.argv[1]), sys.argv[2], uuid.UUID(sys.argv[3]), int(sys.argv[4])
app = create_app(Config(data=data, database=database))
at = datetime(2026, 9, 1, tzinfo=UTC)
with app.app_context(), of_school(school):
    for _ in range(count):
        with writing():
            term = Term(school_id=school, name="Term", starts=at.date(), ends=at.date())
            db.session.add(term)
            db.session.flush()
            record("added", term, by=None, at=at)
"""

PROCESSES, EACH = 8, 25


@pytest.mark.process
def test_eight_processes_append_to_one_chain_and_none_is_forked_or_lost(cast, data):
    settings = cast.app.config["SETTINGS"]
    with cast.here():
        before = db.session.scalar(select(func.max(AuditEntry.seq)).where(AuditEntry.chain == str(cast.school_id)))
    arguments = [str(data), settings.database, str(cast.school_id), str(EACH)]
    running = [subprocess.Popen([sys.executable, "-c", APPENDER, *arguments]) for _ in range(PROCESSES)]
    assert [process.wait(timeout=240) for process in running] == [0] * PROCESSES
    with cast.here(), across_schools():
        assert verify_every_chain()[1] == []
        last = db.session.scalar(select(func.max(AuditEntry.seq)).where(AuditEntry.chain == str(cast.school_id)))
        assert last - before == PROCESSES * EACH
