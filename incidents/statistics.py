"""What SQLite is told of how many rows answer to a value: it chooses by that which index a statement goes by.

Told nothing, it takes all rows of a school for about ten, whatever they are, and begins with the wrong table. The numbers
are fixed (https://www.sqlite.org/optoverview.html, "fixed results of ANALYZE"): those of a school with years behind it, in
`statistics.csv`. So a plan never turns about in the middle of a term, and the tests see the plans that schools get.
PostgreSQL counts for itself.
"""

import csv
from pathlib import Path

from sqlalchemy import Connection, text

from incidents.extensions import db

FILE = Path(__file__).with_name("statistics.csv")
Said = set[
    tuple[str, str | None, str]
]  # table, index, "rows, rows to one value of the first column, of the first two ..."


def tell_sqlite() -> None:
    """Write the numbers into the database, where others or none stand there. New connections go by them."""
    if db.engine.dialect.name != "sqlite":
        return
    with db.engine.connect() as connection:
        connection.execute(text("ANALYZE sqlite_schema"))  # makes the table that they stand in, and counts nothing
        known = set(connection.execute(text("SELECT name FROM sqlite_schema")).scalars())
        wanted = {row for row in fixed() if row[1] in known}
        if wanted != standing(connection):
            connection.execute(text("DELETE FROM sqlite_stat1"))
            rows = [{"table": table, "index": index, "says": says} for table, index, says in sorted(wanted)]
            connection.execute(text("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (:table, :index, :says)"), rows)
            connection.commit()
    db.engine.dispose()


def fixed() -> Said:
    """The numbers of this release."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return {(row["table"], row["index"], row["says"]) for row in csv.DictReader(file)}


def standing(connection: Connection) -> Said:
    """What the database goes by."""
    return set(connection.execute(text("SELECT tbl, idx, stat FROM sqlite_stat1")).tuples())
