"""Guards: what the database refuses by itself, and the head of the sign-in chain."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# Written out here and not imported: a landed migration must not change with the code.
WHOLE_ROWS = (
    "audit_entry",
    "date_move",
    "statement",
    "decision",
    "identification",
    "same_person",
    "told",
    "note",
    "provenance",
    "search",
)
NEVER_REMOVED = ("audit_entry",)
COLUMNS = {
    "file": ("name", "media_type", "size", "sha256", "blob", "arrived_by", "arrived_at"),
    "particulars": ("danger", "day_from", "day_until", "control", "spoken_to", "intimate", "by", "at"),
    "need_to_know": ("matter_id", "account_id", "words", "by", "at"),
    "published_cell": ("edition_id", "key", "shown"),
}
OWNED = (
    "account_person", "brought_list", "case", "case_incident", "closure", "conflict", "date_move", "decision", "draft", "employment", "enrolment",
    "evidence", "file", "grant", "handle", "identification", "identifier", "incident", "invitation", "involvement", "job_slot", "kinship", "likeness",
    "matter", "matter_year", "membership", "need_to_know", "note", "notice", "particulars", "person", "provenance", "published_cell",
    "report_annex", "report_edition", "safety_number", "same_person", "search", "sight", "statement", "step", "term", "told",
)  # fmt: skip
SETTING = "current_setting('incident_book.school', true)"


def triggers():
    """(name, table, event, columns or none) of every trigger."""
    for table in WHOLE_ROWS:
        yield f"{table}_no_change", table, "UPDATE", ()
    for table, columns in COLUMNS.items():
        yield f"{table}_no_change", table, "UPDATE", columns
    for table in NEVER_REMOVED:
        yield f"{table}_no_removal", table, "DELETE", ()


def upgrade() -> None:
    op.execute(
        sa.text("INSERT INTO audit_head (chain, seq, mac) VALUES ('sign-in', 0, :zeros)").bindparams(zeros="0" * 64)
    )
    if op.get_bind().dialect.name == "sqlite":
        for name, table, event, columns in triggers():
            of = f" OF {', '.join(columns)}" if columns else ""
            op.execute(
                f'CREATE TRIGGER {name} BEFORE {event}{of} ON "{table}" '
                f"BEGIN SELECT RAISE(ABORT, '{table} is never altered'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION incident_book_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is never altered', TG_TABLE_NAME; END $$"
    )
    for name, table, event, columns in triggers():
        of = " OF " + ", ".join(f'"{column}"' for column in columns) if columns else ""
        op.execute(
            f'CREATE TRIGGER {name} BEFORE {event}{of} ON "{table}" FOR EACH ROW EXECUTE FUNCTION incident_book_refuse()'
        )
    for table in OWNED:
        same = f"{SETTING} = '*' OR school_id::text = {SETTING}"
        _secure(table, same)
    for table in ("audit_entry", "audit_head"):
        _secure(table, f"{SETTING} = '*' OR chain = {SETTING}")


def _secure(table: str, same: str) -> None:
    op.execute(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY')
    op.execute(f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY')
    op.execute(f'CREATE POLICY own_school ON "{table}" USING ({same}) WITH CHECK ({same})')


def downgrade() -> None:
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    for name, table, _, _ in triggers():
        op.execute(f"DROP TRIGGER {name}" if on_sqlite else f'DROP TRIGGER {name} ON "{table}"')
    if not on_sqlite:
        op.execute("DROP FUNCTION incident_book_refuse()")
        for table in (*OWNED, "audit_entry", "audit_head"):
            op.execute(f'DROP POLICY own_school ON "{table}"')
            op.execute(f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY')
            op.execute(f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY')
    op.execute("DELETE FROM audit_head WHERE chain = 'sign-in'")
