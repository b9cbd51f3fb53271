"""What the database itself refuses, whoever asks: changing what must last, and, on PostgreSQL, another school's rows."""

from sqlalchemy import Connection, Table, inspect, text

from incidents.rows import Owned, Row

# Never changed and never removed, not even by the product.
APPEND_ONLY = ("audit_entry",)
# Never changed; disposal (a later, approved act) removes the row whole.
UNCHANGING = (
    "date_move",
    "statement",
    "decision",
    "identification",
    "same_person",
    "told",
    "note",
    "pack_change",
    "policy_version",
    "clause",
    "policy_document",
    "signature",
    "signature_child",
    "link_child",
    "register_event",
    "consent_answer",
    "contact_risk",
    "names_rule",
    "citation",
    "citation_withdrawn",
)
# These columns never change: what a file is, and what was said with particulars.
FIXED = {
    "policy": ("kind",),
    "file": ("name", "media_type", "size", "sha256", "blob", "arrived_by", "arrived_at"),
    "particulars": ("danger", "day_from", "day_until", "control", "spoken_to", "intimate", "by", "at"),
    "need_to_know": ("matter_id", "account_id", "words", "by", "at"),
    "published_cell": ("edition_id", "key", "shown"),
    "asked": ("policy_id", "audience", "starts", "begun_by", "begun_at"),
    "household_link": ("version_id", "household", "token_digest", "made_by", "made_at"),
    "lives_apart": ("person_id", "said_by", "said_at"),
    "register_entry": ("kind", "account_id", "facts", "asked_by", "asked_at"),
    "register_link": ("entry_id", "matter_id", "by", "at"),
}


def expected_triggers() -> dict[str, str]:
    """Trigger name → the table it stands on."""
    names = {f"{table}_no_change": table for table in (*APPEND_ONLY, *UNCHANGING, *FIXED)}
    return names | {f"{table}_no_removal": table for table in APPEND_ONLY}


def owned_tables() -> list[str]:
    """Every table whose rows belong to a school."""
    tables = (mapper.local_table for mapper in Row.registry.mappers if issubclass(mapper.class_, Owned))
    return sorted(table.name for table in tables if isinstance(table, Table))


def missing_guards(connection: Connection) -> list[str]:
    """The triggers and policies that should stand on the tables that are there, and don't. Empty means all stand."""
    present = set(inspect(connection).get_table_names())
    if connection.dialect.name == "sqlite":
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    else:
        query = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    triggers = set(connection.execute(text(query)).scalars())
    gone = [name for name, table in expected_triggers().items() if table in present and name not in triggers]
    if connection.dialect.name == "postgresql":
        forced = text(
            "SELECT c.relname FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid "
            "WHERE c.relrowsecurity AND c.relforcerowsecurity"
        )
        guarded = set(connection.execute(forced).scalars())
        gone += [f"policy on {table}" for table in owned_tables() if table in present and table not in guarded]
    return gone
