"""The rules: policies, declarations, registers, law; and a table of words to search."""

import re
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


# Written out here and not imported: a landed migration must not change with the code.
WHOLE_ROWS = (
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
COLUMNS = {
    "policy": ("kind",),
    "asked": ("policy_id", "audience", "starts", "begun_by", "begun_at"),
    "household_link": ("version_id", "household", "token_digest", "made_by", "made_at"),
    "lives_apart": ("person_id", "said_by", "said_at"),
    "register_entry": ("kind", "account_id", "facts", "asked_by", "asked_at"),
    "register_link": ("entry_id", "matter_id", "by", "at"),
}
OWNED = (
    "asked",
    "citation",
    "citation_withdrawn",
    "clause",
    "consent_answer",
    "contact_risk",
    "found_by",
    "household_link",
    "link_child",
    "lives_apart",
    "name_word",
    "names_rule",
    "pack_change",
    "policy",
    "policy_document",
    "policy_draft",
    "policy_version",
    "register_entry",
    "register_event",
    "register_link",
    "signature",
    "signature_child",
)
SETTING = "current_setting('incident_book.school', true)"


def triggers():
    """(name, table, columns or none) of every trigger on a change."""
    yield from ((f"{table}_no_change", table, ()) for table in WHOLE_ROWS)
    yield from ((f"{table}_no_change", table, columns) for table, columns in COLUMNS.items())


def guard() -> None:
    """What stands on the new tables: no change to what was said, and one school's rows for one school."""
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    for name, table, columns in triggers():
        of = " OF " + ", ".join(f'"{column}"' for column in columns) if columns else ""
        does = (
            f"BEGIN SELECT RAISE(ABORT, '{table} is never altered'); END"
            if on_sqlite
            else "FOR EACH ROW EXECUTE FUNCTION incident_book_refuse()"
        )
        op.execute(f'CREATE TRIGGER {name} BEFORE UPDATE{of} ON "{table}" {does}')
    for table in () if on_sqlite else OWNED:
        same = f"{SETTING} = '*' OR school_id::text = {SETTING}"
        op.execute(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY')
        op.execute(f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY')
        op.execute(f'CREATE POLICY own_school ON "{table}" USING ({same}) WITH CHECK ({same})')


EVERYWHERE = frozenset(
    ["a", "about", "after", "all", "also", "am", "an", "and", "any", "are", "as", "at", "be", "because", "been",
     "before", "but", "by", "can", "could", "did", "do", "does", "for", "from", "get", "got", "had", "has", "have",
     "he", "her", "him", "his", "how", "i", "if", "in", "into", "is", "it", "its", "just", "me", "my", "no", "not",
     "of", "off", "on", "one", "or", "our", "out", "said", "saw", "she", "so", "some", "that", "the", "their", "them",
     "then", "there", "they", "this", "to", "too", "up", "us", "was", "we", "went", "were", "what", "when", "where",
     "which", "who", "why", "will", "with", "would", "you", "your"]
)  # fmt: skip
LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})


def fold(words):
    """As names and words were folded when this migration was written."""
    plain = unicodedata.normalize("NFKD", words.casefold()).translate(LETTERS)
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return re.findall(r"[^\W_]+", re.sub(r"['’‘`´]", "", plain))


TEXTS = """
SELECT school_id, incident_id, words FROM statement
UNION ALL SELECT school_id, incident_id, platform || ' ' || account_name || ' ' || url FROM particulars
UNION ALL SELECT involvement.school_id, incident_id, platform || ' ' || name FROM involvement
JOIN handle ON handle.school_id = involvement.school_id AND handle.id = involvement.handle_id
"""


def upgrade_words() -> None:
    """What was recorded until now is found by its words too."""
    connection = op.get_bind()
    found, named = set(), set()
    for school, incident, words in connection.execute(sa.text(TEXTS)):
        found.update((school, incident, word[:40]) for word in fold(words) if word[:40] not in EVERYWHERE)
    for school, person, folded in connection.execute(sa.text("SELECT school_id, id, folded FROM person")):
        named.update((school, person, word) for word in folded.split())
    for table, rows in (("found_by", found), ("name_word", named)):
        if rows:
            columns = [sa.column(name) for name in ("school_id", "id", "word")]
            connection.execute(
                sa.insert(sa.table(table, *columns)),
                [{"school_id": school, "id": each, "word": word} for school, each, word in sorted(rows, key=str)],
            )


def upgrade() -> None:
    op.create_table(
        "names_rule",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("never", sa.Boolean(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["account.id"], name=op.f("fk_names_rule_by")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_names_rule_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_names_rule")),
    )
    op.create_table(
        "pack_change",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("says", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_pack_change_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_pack_change")),
        sa.UniqueConstraint("school_id", "number", name=op.f("uq_pack_change_school_id_number")),
    )
    op.create_table(
        "policy",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('social_media', 'anti_bullying', 'code_of_conduct', 'acceptable_use', 'complaints', 'behaviour', 'disciplinary')",
            name=op.f("ck_policy_kind"),
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_policy_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_policy")),
    )
    op.create_table(
        "asked",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("policy_id", sa.Uuid(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column("chasing", sa.Boolean(), nullable=False),
        sa.Column("begun_by", sa.Uuid(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "audience IN ('staff', 'governors', 'volunteers', 'parents')", name=op.f("ck_asked_audience")
        ),
        sa.CheckConstraint("ends IS NULL OR starts <= ends", name=op.f("ck_asked_dates")),
        sa.ForeignKeyConstraint(["begun_by"], ["account.id"], name=op.f("fk_asked_begun_by")),
        sa.ForeignKeyConstraint(
            ["school_id", "policy_id"],
            ["policy.school_id", "policy.id"],
            name=op.f("fk_asked_school_id_policy_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_asked_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_asked")),
    )
    with op.batch_alter_table("asked", schema=None) as batch_op:
        batch_op.create_index(
            "uq_asked_lasting",
            ["school_id", "policy_id", "audience"],
            unique=True,
            sqlite_where=sa.text("ends IS NULL"),
            postgresql_where=sa.text("ends IS NULL"),
        )

    op.create_table(
        "consent_answer",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("said_by", sa.Uuid(), nullable=True),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("answer IN ('no', 'picture', 'name_too')", name=op.f("ck_consent_answer_answer")),
        sa.CheckConstraint(
            "channel IN ('website', 'social', 'app', 'print', 'press')", name=op.f("ck_consent_answer_channel")
        ),
        sa.CheckConstraint("how IN ('form', 'spoken', 'written', 'online')", name=op.f("ck_consent_answer_how")),
        sa.CheckConstraint("until IS NULL OR until >= starts", name=op.f("ck_consent_answer_days")),
        sa.ForeignKeyConstraint(["by"], ["account.id"], name=op.f("fk_consent_answer_by")),
        sa.ForeignKeyConstraint(
            ["school_id", "child_id"],
            ["person.school_id", "person.id"],
            name=op.f("fk_consent_answer_school_id_child_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "said_by"],
            ["person.school_id", "person.id"],
            name=op.f("fk_consent_answer_school_id_said_by"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_consent_answer_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_consent_answer")),
    )
    with op.batch_alter_table("consent_answer", schema=None) as batch_op:
        batch_op.create_index("ix_consent_answer_child", ["school_id", "child_id", "channel"], unique=False)

    op.create_table(
        "contact_risk",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("flagged", sa.Boolean(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["account.id"], name=op.f("fk_contact_risk_by")),
        sa.ForeignKeyConstraint(
            ["school_id", "child_id"],
            ["person.school_id", "person.id"],
            name=op.f("fk_contact_risk_school_id_child_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_contact_risk_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_contact_risk")),
        sa.UniqueConstraint("school_id", "child_id", "number", name=op.f("uq_contact_risk_school_id_child_id_number")),
    )
    op.create_table(
        "lives_apart",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("said_by", sa.Uuid(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["said_by"], ["account.id"], name=op.f("fk_lives_apart_said_by")),
        sa.ForeignKeyConstraint(
            ["school_id", "person_id"],
            ["person.school_id", "person.id"],
            name=op.f("fk_lives_apart_school_id_person_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_lives_apart_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_lives_apart")),
    )
    with op.batch_alter_table("lives_apart", schema=None) as batch_op:
        batch_op.create_index("ix_lives_apart_person", ["school_id", "person_id"], unique=False)

    op.create_table(
        "name_word",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("word", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id", "id"],
            ["person.school_id", "person.id"],
            name=op.f("fk_name_word_school_id_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_name_word_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", "word", name=op.f("pk_name_word")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("name_word", schema=None) as batch_op:
        batch_op.create_index("ix_name_word", ["school_id", "word", "id"], unique=False)

    op.create_table(
        "policy_document",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("policy_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("blob", sa.Text(), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.Column("added_by", sa.Uuid(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["added_by"], ["account.id"], name=op.f("fk_policy_document_added_by")),
        sa.ForeignKeyConstraint(
            ["school_id", "policy_id"],
            ["policy.school_id", "policy.id"],
            name=op.f("fk_policy_document_school_id_policy_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_policy_document_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_policy_document")),
        sa.UniqueConstraint("blob", name=op.f("uq_policy_document_blob")),
    )
    op.create_table(
        "register_entry",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("second_id", sa.Uuid(), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("starts", sa.Date(), nullable=True),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('accounts', 'name-and-logo', 'contact-details', 'bans', 'monitoring', 'moderation')",
            name=op.f("ck_register_entry_kind"),
        ),
        sa.CheckConstraint("state IN ('asked', 'approved', 'refused', 'ended')", name=op.f("ck_register_entry_state")),
        sa.CheckConstraint("ends IS NULL OR starts IS NULL OR ends >= starts", name=op.f("ck_register_entry_days")),
        sa.CheckConstraint("second_id IS NULL OR second_id <> person_id", name=op.f("ck_register_entry_two_people")),
        sa.ForeignKeyConstraint(["asked_by"], ["account.id"], name=op.f("fk_register_entry_asked_by")),
        sa.ForeignKeyConstraint(
            ["school_id", "account_id"],
            ["register_entry.school_id", "register_entry.id"],
            name=op.f("fk_register_entry_school_id_account_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "person_id"],
            ["person.school_id", "person.id"],
            name=op.f("fk_register_entry_school_id_person_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "second_id"],
            ["person.school_id", "person.id"],
            name=op.f("fk_register_entry_school_id_second_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_register_entry_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_register_entry")),
    )
    with op.batch_alter_table("register_entry", schema=None) as batch_op:
        batch_op.create_index(
            "ix_register_entry_asked",
            ["school_id", "state"],
            unique=False,
            sqlite_where=sa.text("state = 'asked'"),
            postgresql_where=sa.text("state = 'asked'"),
        )
        batch_op.create_index("ix_register_entry_kind", ["school_id", "kind", "state"], unique=False)
        batch_op.create_index("ix_register_entry_person", ["school_id", "person_id"], unique=False)

    op.create_table(
        "found_by",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("word", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id", "id"],
            ["incident.school_id", "incident.id"],
            name=op.f("fk_found_by_school_id_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_found_by_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", "word", name=op.f("pk_found_by")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("found_by", schema=None) as batch_op:
        batch_op.create_index("ix_found_by_word", ["school_id", "word", "id"], unique=False)

    op.create_table(
        "policy_draft",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("policy_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("edit", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_says", sa.Text(), nullable=False),
        sa.Column("head_by", sa.Uuid(), nullable=True),
        sa.Column("head_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("head_digest", sa.Text(), nullable=False),
        sa.Column("chair_by", sa.Uuid(), nullable=True),
        sa.Column("chair_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("chair_digest", sa.Text(), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("(chair_by IS NULL) = (chair_at IS NULL)", name=op.f("ck_policy_draft_chair")),
        sa.CheckConstraint("(head_by IS NULL) = (head_at IS NULL)", name=op.f("ck_policy_draft_head")),
        sa.ForeignKeyConstraint(["chair_by"], ["account.id"], name=op.f("fk_policy_draft_chair_by")),
        sa.ForeignKeyConstraint(["changed_by"], ["account.id"], name=op.f("fk_policy_draft_changed_by")),
        sa.ForeignKeyConstraint(["head_by"], ["account.id"], name=op.f("fk_policy_draft_head_by")),
        sa.ForeignKeyConstraint(
            ["school_id", "document_id"],
            ["policy_document.school_id", "policy_document.id"],
            name=op.f("fk_policy_draft_school_id_document_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "policy_id"],
            ["policy.school_id", "policy.id"],
            name=op.f("fk_policy_draft_school_id_policy_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_policy_draft_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_policy_draft")),
        sa.UniqueConstraint("school_id", "policy_id", name=op.f("uq_policy_draft_school_id_policy_id")),
    )
    op.create_table(
        "policy_version",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("policy_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("adopted_on", sa.Date(), nullable=False),
        sa.Column("in_force_from", sa.Date(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("head_by", sa.Uuid(), nullable=True),
        sa.Column("head_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("chair_by", sa.Uuid(), nullable=True),
        sa.Column("chair_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("adopted_before", sa.Text(), nullable=False),
        sa.Column("changed", sa.Text(), nullable=False),
        sa.Column("intro", sa.Text(), nullable=False),
        sa.Column("outro", sa.Text(), nullable=False),
        sa.Column("tests", sa.JSON(), nullable=False),
        sa.Column("before_posting", sa.JSON(), nullable=False),
        sa.Column("signatories", sa.JSON(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_says", sa.Text(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "adopted_before <> '' OR (head_by IS NOT NULL AND head_at IS NOT NULL AND chair_by IS NOT NULL AND chair_at IS NOT NULL AND head_by <> chair_by)",
            name=op.f("ck_policy_version_approved"),
        ),
        sa.CheckConstraint("adopted_on <= in_force_from", name=op.f("ck_policy_version_adopted_first")),
        sa.CheckConstraint("review_on IS NULL OR review_on > adopted_on", name=op.f("ck_policy_version_review_after")),
        sa.ForeignKeyConstraint(["chair_by"], ["account.id"], name=op.f("fk_policy_version_chair_by")),
        sa.ForeignKeyConstraint(["head_by"], ["account.id"], name=op.f("fk_policy_version_head_by")),
        sa.ForeignKeyConstraint(
            ["school_id", "document_id"],
            ["policy_document.school_id", "policy_document.id"],
            name=op.f("fk_policy_version_school_id_document_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "policy_id"],
            ["policy.school_id", "policy.id"],
            name=op.f("fk_policy_version_school_id_policy_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_policy_version_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_policy_version")),
        sa.UniqueConstraint(
            "school_id", "policy_id", "in_force_from", name=op.f("uq_policy_version_school_id_policy_id_in_force_from")
        ),
        sa.UniqueConstraint(
            "school_id", "policy_id", "number", name=op.f("uq_policy_version_school_id_policy_id_number")
        ),
    )
    op.create_table(
        "register_event",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.Column("starts", sa.Date(), nullable=True),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("second_id", sa.Uuid(), nullable=True),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("(verb = 'tell') = (told_on IS NOT NULL)", name=op.f("ck_register_event_told")),
        sa.CheckConstraint(
            "verb IN ('ask', 'enter', 'approve', 'refuse', 'withdraw', 'change', 'tell', 'not_tell', 'end')",
            name=op.f("ck_register_event_verb"),
        ),
        sa.ForeignKeyConstraint(["by"], ["account.id"], name=op.f("fk_register_event_by")),
        sa.ForeignKeyConstraint(
            ["school_id", "entry_id"],
            ["register_entry.school_id", "register_entry.id"],
            name=op.f("fk_register_event_school_id_entry_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "person_id"],
            ["person.school_id", "person.id"],
            name=op.f("fk_register_event_school_id_person_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "second_id"],
            ["person.school_id", "person.id"],
            name=op.f("fk_register_event_school_id_second_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_register_event_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_register_event")),
        sa.UniqueConstraint(
            "school_id", "entry_id", "number", name=op.f("uq_register_event_school_id_entry_id_number")
        ),
    )
    op.create_table(
        "register_link",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("matter_id", sa.Uuid(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by"], ["account.id"], name=op.f("fk_register_link_by")),
        sa.ForeignKeyConstraint(
            ["school_id", "entry_id"],
            ["register_entry.school_id", "register_entry.id"],
            name=op.f("fk_register_link_school_id_entry_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "matter_id"],
            ["matter.school_id", "matter.id"],
            name=op.f("fk_register_link_school_id_matter_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_register_link_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_register_link")),
    )
    with op.batch_alter_table("register_link", schema=None) as batch_op:
        batch_op.create_index("ix_register_link_entry", ["school_id", "entry_id"], unique=False)
        batch_op.create_index("ix_register_link_matter", ["school_id", "matter_id"], unique=False)

    op.create_table(
        "clause",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("audiences", sa.JSON(), nullable=False),
        sa.Column("force", sa.Text(), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("towards", sa.JSON(), nullable=False),
        sa.Column("exceptions", sa.JSON(), nullable=False),
        sa.Column("seriousness", sa.Text(), nullable=False),
        sa.Column("directions", sa.JSON(), nullable=False),
        sa.Column("methods", sa.JSON(), nullable=False),
        sa.Column("keywords", sa.JSON(), nullable=False),
        sa.Column("workflow", sa.Text(), nullable=False),
        sa.Column("permission", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "force IN ('must', 'must_not', 'permission_needed', 'advice', 'invitation', 'promise', 'endeavour', 'procedure')",
            name=op.f("ck_clause_force"),
        ),
        sa.CheckConstraint("seriousness IN ('usual', 'serious', 'very_serious')", name=op.f("ck_clause_seriousness")),
        sa.ForeignKeyConstraint(
            ["school_id", "version_id"],
            ["policy_version.school_id", "policy_version.id"],
            name=op.f("fk_clause_school_id_version_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_clause_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_clause")),
        sa.UniqueConstraint("school_id", "version_id", "code", name=op.f("uq_clause_school_id_version_id_code")),
        sa.UniqueConstraint("school_id", "version_id", "place", name=op.f("uq_clause_school_id_version_id_place")),
    )
    op.create_table(
        "household_link",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("household", sa.Uuid(), nullable=False),
        sa.Column("token_digest", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["account.id"], name=op.f("fk_household_link_made_by")),
        sa.ForeignKeyConstraint(
            ["school_id", "version_id"],
            ["policy_version.school_id", "policy_version.id"],
            name=op.f("fk_household_link_school_id_version_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_household_link_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_household_link")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_household_link_token_digest")),
    )
    with op.batch_alter_table("household_link", schema=None) as batch_op:
        batch_op.create_index("ix_household_link_version", ["school_id", "version_id", "household"], unique=False)

    op.create_table(
        "citation",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("matter_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("clause_id", sa.Uuid(), nullable=True),
        sa.Column("statute_key", sa.Text(), nullable=False),
        sa.Column("meant_as", sa.Text(), nullable=False),
        sa.Column("force", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("heading", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("in_force_on", sa.Date(), nullable=False),
        sa.Column("judged_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=True),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("(what = 'clause') = (clause_id IS NOT NULL)", name=op.f("ck_citation_which_clause")),
        sa.CheckConstraint(
            "(what = 'statute') = (meant_as = 'relevant')", name=op.f("ck_citation_a_law_is_never_broken")
        ),
        sa.CheckConstraint("(what = 'statute') = (statute_key <> '')", name=op.f("ck_citation_which_statute")),
        sa.CheckConstraint("judged_by <> 'part' OR reason <> ''", name=op.f("ck_citation_chosen_with_a_reason")),
        sa.CheckConstraint("judged_by IN ('day', 'part', 'recorded')", name=op.f("ck_citation_judged_by")),
        sa.CheckConstraint(
            "meant_as <> 'breached' OR force IN ('must', 'must_not', 'permission_needed')",
            name=op.f("ck_citation_advice_is_never_broken"),
        ),
        sa.CheckConstraint("meant_as IN ('breached', 'context', 'relevant')", name=op.f("ck_citation_meant_as")),
        sa.CheckConstraint("what IN ('clause', 'statute')", name=op.f("ck_citation_what")),
        sa.ForeignKeyConstraint(["by"], ["account.id"], name=op.f("fk_citation_by")),
        sa.ForeignKeyConstraint(
            ["school_id", "clause_id"],
            ["clause.school_id", "clause.id"],
            name=op.f("fk_citation_school_id_clause_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "decision_id"],
            ["decision.school_id", "decision.id"],
            name=op.f("fk_citation_school_id_decision_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "matter_id"],
            ["matter.school_id", "matter.id"],
            name=op.f("fk_citation_school_id_matter_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_citation_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_citation")),
    )
    with op.batch_alter_table("citation", schema=None) as batch_op:
        batch_op.create_index("ix_citation_matter", ["school_id", "matter_id"], unique=False)

    op.create_table(
        "link_child",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("link_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id", "child_id"],
            ["person.school_id", "person.id"],
            name=op.f("fk_link_child_school_id_child_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "link_id"],
            ["household_link.school_id", "household_link.id"],
            name=op.f("fk_link_child_school_id_link_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_link_child_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_link_child")),
        sa.UniqueConstraint("school_id", "link_id", "child_id", name=op.f("uq_link_child_school_id_link_id_child_id")),
    )
    op.create_table(
        "signature",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("typed_name", sa.Text(), nullable=False),
        sa.Column("household", sa.Uuid(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("link_id", sa.Uuid(), nullable=True),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("supersedes_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("(audience = 'parents') = (household IS NOT NULL)", name=op.f("ck_signature_household")),
        sa.CheckConstraint("(supersedes_id IS NULL) = (reason = '')", name=op.f("ck_signature_correction")),
        sa.CheckConstraint("answer IN ('signed', 'declined', 'taken_back')", name=op.f("ck_signature_answer")),
        sa.CheckConstraint("audience = 'parents' OR person_id IS NOT NULL", name=op.f("ck_signature_somebody")),
        sa.CheckConstraint(
            "audience IN ('staff', 'governors', 'volunteers', 'parents')", name=op.f("ck_signature_audience")
        ),
        sa.CheckConstraint("how IN ('paper', 'online', 'signed_in')", name=op.f("ck_signature_how")),
        sa.CheckConstraint("(link_id IS NULL) = (by IS NOT NULL)", name=op.f("ck_signature_by_whom")),
        sa.ForeignKeyConstraint(["by"], ["account.id"], name=op.f("fk_signature_by")),
        sa.ForeignKeyConstraint(
            ["school_id", "link_id"],
            ["household_link.school_id", "household_link.id"],
            name=op.f("fk_signature_school_id_link_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "person_id"],
            ["person.school_id", "person.id"],
            name=op.f("fk_signature_school_id_person_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "supersedes_id"],
            ["signature.school_id", "signature.id"],
            name=op.f("fk_signature_school_id_supersedes_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "version_id"],
            ["policy_version.school_id", "policy_version.id"],
            name=op.f("fk_signature_school_id_version_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_signature_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_signature")),
        sa.UniqueConstraint("school_id", "supersedes_id", name=op.f("uq_signature_school_id_supersedes_id")),
    )
    with op.batch_alter_table("signature", schema=None) as batch_op:
        batch_op.create_index("ix_signature_person", ["school_id", "person_id"], unique=False)
        batch_op.create_index("ix_signature_version", ["school_id", "version_id", "audience"], unique=False)

    op.create_table(
        "citation_withdrawn",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("citation_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_citation_withdrawn_with_a_reason")),
        sa.ForeignKeyConstraint(["by"], ["account.id"], name=op.f("fk_citation_withdrawn_by")),
        sa.ForeignKeyConstraint(
            ["school_id", "citation_id"],
            ["citation.school_id", "citation.id"],
            name=op.f("fk_citation_withdrawn_school_id_citation_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_citation_withdrawn_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_citation_withdrawn")),
        sa.UniqueConstraint("school_id", "citation_id", name=op.f("uq_citation_withdrawn_school_id_citation_id")),
    )
    op.create_table(
        "signature_child",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("signature_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id", "child_id"],
            ["person.school_id", "person.id"],
            name=op.f("fk_signature_child_school_id_child_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "signature_id"],
            ["signature.school_id", "signature.id"],
            name=op.f("fk_signature_child_school_id_signature_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_signature_child_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_signature_child")),
        sa.UniqueConstraint(
            "school_id", "signature_id", "child_id", name=op.f("uq_signature_child_school_id_signature_id_child_id")
        ),
    )
    with op.batch_alter_table("signature_child", schema=None) as batch_op:
        batch_op.create_index("ix_signature_child_child", ["school_id", "child_id"], unique=False)
    guard()
    upgrade_words()


def downgrade() -> None:
    with op.batch_alter_table("signature_child", schema=None) as batch_op:
        batch_op.drop_index("ix_signature_child_child")

    op.drop_table("signature_child")
    op.drop_table("citation_withdrawn")
    with op.batch_alter_table("signature", schema=None) as batch_op:
        batch_op.drop_index("ix_signature_version")
        batch_op.drop_index("ix_signature_person")

    op.drop_table("signature")
    op.drop_table("link_child")
    with op.batch_alter_table("citation", schema=None) as batch_op:
        batch_op.drop_index("ix_citation_matter")

    op.drop_table("citation")
    with op.batch_alter_table("household_link", schema=None) as batch_op:
        batch_op.drop_index("ix_household_link_version")

    op.drop_table("household_link")
    op.drop_table("clause")
    with op.batch_alter_table("register_link", schema=None) as batch_op:
        batch_op.drop_index("ix_register_link_matter")
        batch_op.drop_index("ix_register_link_entry")

    op.drop_table("register_link")
    op.drop_table("register_event")
    op.drop_table("policy_version")
    op.drop_table("policy_draft")
    with op.batch_alter_table("found_by", schema=None) as batch_op:
        batch_op.drop_index("ix_found_by_word")

    op.drop_table("found_by")
    with op.batch_alter_table("register_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_register_entry_person")
        batch_op.drop_index("ix_register_entry_kind")
        batch_op.drop_index(
            "ix_register_entry_asked",
            sqlite_where=sa.text("state = 'asked'"),
            postgresql_where=sa.text("state = 'asked'"),
        )

    op.drop_table("register_entry")
    op.drop_table("policy_document")
    with op.batch_alter_table("name_word", schema=None) as batch_op:
        batch_op.drop_index("ix_name_word")

    op.drop_table("name_word")
    with op.batch_alter_table("lives_apart", schema=None) as batch_op:
        batch_op.drop_index("ix_lives_apart_person")

    op.drop_table("lives_apart")
    op.drop_table("contact_risk")
    with op.batch_alter_table("consent_answer", schema=None) as batch_op:
        batch_op.drop_index("ix_consent_answer_child")

    op.drop_table("consent_answer")
    with op.batch_alter_table("asked", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_asked_lasting", sqlite_where=sa.text("ends IS NULL"), postgresql_where=sa.text("ends IS NULL")
        )

    op.drop_table("asked")
    op.drop_table("policy")
    op.drop_table("pack_change")
    op.drop_table("names_rule")
