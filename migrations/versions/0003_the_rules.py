"""The rules: policies, declarations, registers, law; and a table of words to search."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


# Written out here and not imported: a landed migration must not change with the code.
WHOLE_ROWS = ("policy_version", "clause", "policy_document")
COLUMNS = {"policy": ("kind",)}
OWNED = ("clause", "found_by", "name_word", "policy", "policy_document", "policy_draft", "policy_version")
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


def upgrade() -> None:
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
        "clause",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("audiences", sa.JSON(), nullable=False),
        sa.Column("force", sa.Text(), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
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
    guard()


def downgrade() -> None:
    op.drop_table("clause")
    op.drop_table("policy_version")
    op.drop_table("policy_draft")
    with op.batch_alter_table("found_by", schema=None) as batch_op:
        batch_op.drop_index("ix_found_by_word")

    op.drop_table("found_by")
    op.drop_table("policy_document")
    with op.batch_alter_table("name_word", schema=None) as batch_op:
        batch_op.drop_index("ix_name_word")

    op.drop_table("name_word")
    op.drop_table("policy")
