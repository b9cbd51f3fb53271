"""Growing a school: the rows of its past week once more as another week's, or a whole school once more as another school."""

import random
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from functools import cache, partial
from typing import Any

from sqlalchemy import Connection, Table, insert, select, text, update

from incidents.database import EVERY_SCHOOL
from incidents.extensions import db
from incidents.matters.reference import ALPHABET, LENGTH
from incidents.people.matching import fold
from incidents.people.scraps import kept_words
from incidents.rows import Row
from tests.bench.school import family_name, narrative
from tests.databases import Snapshot

A_WEEK = timedelta(days=7)
AT_ONCE = 200  # so many copies are held in memory, of a few hundred rows each
NOT_COPIED = ("sign_in", "lockout")
FOLLOW = ("found_by", "name_word")  # from other words, other names

Values = dict[str, Any]
Change = Callable[[str, Values, int, int], Values]


def grow(past: Snapshot, numbers: range) -> None:
    """The past week once more for each of these numbers, each another week earlier, with other people and other words.

    The log's entries follow its end. They are not sealed anew: nothing that is measured reads a seal.
    """
    with _writing() as connection:
        ends = dict(connection.execute(text("SELECT chain, seq FROM audit_head")).tuples().all())
        copied = {name: rows for name, rows in past.items() if name not in FOLLOW}
        _copy(connection, copied, numbers, A_WEEK, partial(_another_week, ends))
        _find_anew(connection)
        heads = Row.metadata.tables["audit_head"]
        for chain, seq in ends.items():
            connection.execute(update(heads).where(heads.c.chain == chain).values(seq=seq))


def _find_anew(connection: Connection) -> None:
    """The words that incidents and people are found by, from what was said and what they are called."""
    said = text("SELECT school_id, incident_id, words FROM statement")
    called = text("SELECT school_id, id, folded FROM person")
    for table, query, words_of in (("found_by", said, kept_words), ("name_word", called, lambda name: {*name.split()})):
        connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608 - one of two names
        found: dict[tuple[Any, Any], set[str]] = {}
        for school, each, words in connection.execute(query):
            found.setdefault((school, each), set()).update(words_of(words))
        rows = [(school, each, word) for (school, each), words in found.items() for word in words]
        mark = "?" if connection.dialect.name == "sqlite" else "%s"
        into = f"INSERT INTO {table} (school_id, id, word) VALUES ({mark}, {mark}, {mark})"  # noqa: S608 - the same
        for start in range(0, len(rows), 100_000):
            connection.exec_driver_sql(into, rows[start : start + 100_000])


def spread(school_id: uuid.UUID, schools: int) -> None:
    """The whole school once more, until there are so many of it."""
    with _writing() as connection:
        rows = {table.name: _of_school(connection, table, school_id) for table in Row.metadata.sorted_tables}
        _copy(connection, rows, range(1, schools), timedelta(), _another_school, at_once=1)


def _copy(
    connection: Connection,
    rows: Snapshot,
    numbers: Iterable[int],
    back: timedelta,
    change: Change,
    at_once: int = AT_ONCE,
) -> None:
    """Write `rows` once for each number: with other ids, so much earlier each, and as `change` would have them."""
    own = {row["id"] for several in rows.values() for row in several if isinstance(row.get("id"), uuid.UUID)}
    moulds = [Mould(connection, table, rows.get(table.name, ()), own) for table in Row.metadata.sorted_tables]
    for numbers_now in _batches(list(numbers), at_once):
        for mould in moulds:
            fresh = [
                mould.cast(place, number, back * number, change)
                for number in numbers_now
                for place in range(len(mould.rows))
            ]
            if fresh:
                connection.exec_driver_sql(mould.sql, fresh)


class Mould:
    """The rows of one table in the driver's own form, with what changes from copy to copy: quicker than by the ORM."""

    def __init__(
        self, connection: Connection, table: Table, rows: Iterable[Mapping[str, Any]], own: set[uuid.UUID]
    ) -> None:
        compiled = insert(table).compile(dialect=connection.dialect)
        self.sql, self._names = str(compiled), [column.name for column in table.columns]
        self._by_place = bool(compiled.positional)
        self._forms = {name: compiled._bind_processors.get(name, _as_it_is) for name in self._names}
        self.rows = [{name: self._forms[name](row[name]) for name in self._names} for row in rows]
        self._kept = [dict(row) for row in rows]
        self._ids = [{name: value.int for name, value in row.items() if isinstance(value, uuid.UUID) and value in own}
                     for row in self._kept]  # fmt: skip
        self._times = [{name: value for name, value in row.items() if isinstance(value, date)} for row in self._kept]
        self._table = table.name

    def cast(self, place: int, number: int, back: timedelta, change: Change) -> Any:
        """One row once more."""
        row, turn = self.rows[place].copy(), _turn(number)
        for name, value in self._ids[place].items():
            row[name] = self._forms[name](uuid.UUID(int=value ^ turn))
        moved = {name: value - back for name, value in self._times[place].items()} if back else {}
        for name, value in (moved | change(self._table, self._kept[place], number, place)).items():
            row[name] = self._forms[name](value)
        return tuple(row[name] for name in self._names) if self._by_place else row


def _as_it_is(value: Any) -> Any:
    return value


@cache
def _turn(number: int) -> int:
    return random.Random(number).getrandbits(128)


def _another_week(ends: dict[str, int], table: str, row: Values, number: int, place: int) -> Values:
    """What must differ, and what else would be too much alike to be looked for."""
    once = number * 1000 + place
    if table == "matter":
        return {"reference": _reference(once), "reference_year": (row["recorded_at"] - A_WEEK * number).year}
    if table == "person":
        name = family_name(once)
        return {"family_name": name, "folded": fold(f"{row['given_name']} {name}")}
    if table == "statement":
        return {"words": narrative(random.Random(once))}
    if table == "audit_entry":
        ends[row["chain"]] += 1
        return {"seq": ends[row["chain"]]}
    return {}


def _another_school(table: str, row: Values, number: int, place: int) -> Values:
    if table in ("audit_entry", "audit_head"):
        return {"chain": str(uuid.UUID(int=uuid.UUID(row["chain"]).int ^ _turn(number)))}
    return {"email": f"school-{number}-{row['email']}"} if table == "account" else {}


def _of_school(connection: Connection, table: Table, school_id: uuid.UUID) -> list[Mapping[str, Any]]:
    query = select(table)
    if table.name in NOT_COPIED:
        return []
    if "school_id" in table.c:
        query = query.where(table.c.school_id == school_id)
    elif "chain" in table.c:
        query = query.where(table.c.chain == str(school_id))
    return list(connection.execute(query).mappings())


def _batches(numbers: list[int], size: int) -> Iterator[list[int]]:
    return (numbers[start : start + size] for start in range(0, len(numbers), size))


def _reference(number: int) -> str:
    """Another for each number, and longer than those the product draws, so that it is none of theirs."""
    said = ""
    for _ in range(LENGTH + 1):
        number, place = divmod(number, len(ALPHABET))
        said += ALPHABET[place]
    return said


@contextmanager
def _writing() -> Iterator[Connection]:
    """One transaction for rows of every school; afterwards PostgreSQL counts what its indexes hold."""
    with db.engine.connect().execution_options(writing=True) as connection:
        if connection.dialect.name == "sqlite":
            connection.connection.cursor().executescript("PRAGMA cache_size=-200000; PRAGMA foreign_keys=OFF")
        with connection.begin():
            if connection.dialect.name == "postgresql":
                every = {"every": EVERY_SCHOOL}
                connection.execute(text("SELECT set_config('incident_book.school', :every, true)"), every)
            yield connection
        if (
            connection.dialect.name == "postgresql"
        ):  # which would do it by itself a minute later; SQLite goes by fixed numbers
            with connection.begin():
                connection.execute(text("ANALYZE"))
    db.engine.dispose()
