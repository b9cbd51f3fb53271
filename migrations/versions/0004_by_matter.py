"""What was said to somebody, and files, are found by what they are about: the pages of a case and an incident ask for them."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BY_MATTER = ("told", "file")


def upgrade() -> None:
    for table in BY_MATTER:
        op.create_index(f"ix_{table}_matter", table, ["school_id", "matter_id"])


def downgrade() -> None:
    for table in BY_MATTER:
        op.drop_index(f"ix_{table}_matter", table_name=table)
