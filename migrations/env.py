"""How migrations run: in one transaction, and only finished when every guard stands."""

from alembic import context
from flask import current_app
from sqlalchemy import text

from incidents.guards import missing_guards
from incidents.rows import Moment, Row


def render_item(kind, item, autogen_context):  # noqa: ARG001 - the interface
    """Our column types stand in a migration as the plain ones they are kept as: a migration must not change with our code."""
    if kind == "type" and isinstance(item, Moment):
        return "sa.DateTime(timezone=True)"
    return False


def run() -> None:
    """Upgrade or downgrade, then look whether the triggers and policies survived: a table rebuilt loses them."""
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT set_config('incident_book.school', '*', false)"))
        context.configure(
            connection=connection,
            target_metadata=Row.metadata,
            render_item=render_item,
            compare_type=True,
            render_as_batch=engine.dialect.name == "sqlite",
        )
        with context.begin_transaction():
            context.run_migrations()
            gone = missing_guards(connection)
            if gone:
                raise RuntimeError(f"after the migration these guards are missing: {', '.join(gone)}")
        connection.commit()


run()
