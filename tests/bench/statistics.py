"""`python -m tests.bench.statistics`: how rows are spread in a school with years behind it, for `incidents/statistics.csv`.

Counted where the bench's school has rows; laid down where it has few or none but a real school would have more.
"""

import csv
from collections.abc import Iterator

from sqlalchemy import Connection, text

from incidents.extensions import db
from incidents.statistics import FILE
from tests.bench.growing import grow
from tests.bench.school import school_with_a_past
from tests.databases import folder, new_app

WEEKS = 100  # of a hundred incidents each
COUNTED = 1_000  # rows from which on what was counted tells something
MANY, FEW, TO_ONE = 5_000, 100, 5  # rows of a school, of what a school has few of; rows to one value of a last column
# What a school has few of, however long it goes on.
SMALL = frozenset(
    {"account", "account_person", "asked", "brought_list", "clause", "closure", "invitation", "job_slot", "membership",
     "names_rule", "pack_change", "policy", "policy_document", "policy_draft", "policy_version", "published_cell",
     "report_annex", "report_edition", "safety_number", "school", "term", "trust", "audit_head", "lockout"}
)  # fmt: skip


def main() -> None:
    """Grow, count, write."""
    with folder("statistics") as data:
        app = new_app(data)
        at = school_with_a_past(app, 30, 100)
        with app.app_context():
            grow(at.past, range(1, WEEKS))
            with db.engine.connect() as connection:
                connection.execute(text("ANALYZE"))
                rows = sorted(_said(connection))
    with FILE.open("w", encoding="utf-8", newline="") as file:
        written = csv.writer(file, lineterminator="\n")
        written.writerows([("table", "index", "says"), *rows])


def _said(connection: Connection) -> Iterator[tuple[str, str, str]]:
    counted = {row.idx: row.stat for row in connection.execute(text("SELECT idx, stat FROM sqlite_stat1"))}
    kinds = {row.name: row.type for row in connection.execute(text("SELECT name, type FROM sqlite_schema"))}
    for table in sorted(name for name, kind in kinds.items() if kind == "table"):
        held = connection.execute(text(f'SELECT count(*) FROM "{table}"')).scalar_one()  # noqa: S608 - its own tables
        for index in connection.execute(text(f'PRAGMA index_list("{table}")')).all():
            columns = [row.name for row in connection.execute(text(f'PRAGMA index_info("{index.name}")'))]
            name = index.name if index.name in kinds else table  # the key that a table without rowids lies in
            if held >= COUNTED and name in counted:
                yield table, name, _with_some_of_each(counted[name], columns)
            else:
                rows = FEW if table in SMALL or index.partial else MANY
                yield table, name, _laid_down(rows, columns, unique=bool(index.unique))


def _with_some_of_each(says: str, columns: list[str]) -> str:
    """As counted, but where the bench's school left an id empty in all rows."""
    rows, *to_each = says.split()
    return " ".join([rows, *(str(TO_ONE) if name.endswith("_id") and place and each == rows else each
                             for place, (name, each) in enumerate(zip(columns, to_each, strict=True)))])  # fmt: skip


def _laid_down(rows: int, columns: list[str], *, unique: bool) -> str:
    """All rows are one school's, and to an id there are a few of them; but to the last column of what is unique, one."""
    to_each = [rows if name == "school_id" and not place else TO_ONE for place, name in enumerate(columns)]
    if unique:
        to_each[-1] = 1
    return " ".join(map(str, (rows, *to_each)))


if __name__ == "__main__":
    main()
