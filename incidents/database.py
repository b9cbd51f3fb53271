"""How the database is spoken to: whose rows, which transaction, what must be true when it ends."""

import uuid
from collections.abc import Callable, Hashable, Iterable, Iterator, Set
from contextlib import contextmanager
from functools import lru_cache, wraps
from inspect import Parameter, signature
from typing import Any, Final, TypeVar, cast

from sqlalchemy import BindParameter, Engine, Result, Select, Table, Uuid, bindparam, event, text
from sqlalchemy.engine import Connection
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction, with_loader_criteria
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.sql import ClauseElement, visitors

from incidents.errors import NoSchool
from incidents.extensions import Model, db
from incidents.phrases import Outline, Phrase
from incidents.rows import Owned

EVERY_SCHOOL: Final = "*"
_SCHOOL, _WRITING, _BEFORE_COMMIT, _REMEMBERED, _UNTIL = "school", "writing", "before_commit", "remembered", "until"
_NARROWED: Final = "narrowed"
FORMS = 256  # statements of one question that are kept: who asks, and of what, makes a dozen of most
T = TypeVar("T")
R = TypeVar("R", bound=tuple[Any, ...])


def current_school() -> uuid.UUID:
    """The school whose rows this session may see. Raises `NoSchool` outside a scope or across schools."""
    school = db.session.info.get(_SCHOOL)
    if not isinstance(school, uuid.UUID):
        raise NoSchool("say whose rows: use `of_school(...)`")
    return school


@contextmanager
def of_school(school_id: uuid.UUID) -> Iterator[None]:
    """Within this block only rows of this school exist, for reading and for writing."""
    with _scope(school_id):
        yield


@contextmanager
def across_schools() -> Iterator[None]:
    """Sign-in, set-up and verification look across schools; nothing that answers a signed-in person's question may."""
    with _scope(EVERY_SCHOOL):
        yield


@contextmanager
def _scope(school: uuid.UUID | str) -> Iterator[None]:
    before = db.session.info.get(_SCHOOL)
    enter_scope(school)
    try:
        yield
    except BaseException:
        db.session.rollback()  # PostgreSQL takes no further statement in a transaction that failed
        raise
    finally:
        enter_scope(before)


def enter_scope(school: uuid.UUID | str | None) -> None:
    """From here on: the rows of `school`. A request enters once; blocks use `of_school`."""
    db.session.info[_SCHOOL] = school
    _forget(db.session())
    if db.session().in_transaction():
        _tell_database(db.session().connection(), school)


@contextmanager
def writing(*, audited: bool = True) -> Iterator[None]:
    """One write transaction: all of it is on disk when the block ends, or none of it.

    Opened late and kept short: SQLite has one writer (`BEGIN IMMEDIATE` waits its turn instead of failing half-way). What was
    read before is read again inside. The audit entries are appended last. A change that recorded nothing in the audit log is
    refused, unless `audited=False` says that the change is nobody's act (a session's last use, a draft's text).
    """
    session = db.session()
    if session.info.get(_WRITING):
        raise RuntimeError("a write transaction is open already: an action is one transaction")
    session.rollback()
    session.info[_WRITING] = True
    session.info[_BEFORE_COMMIT] = []
    session.info["changed"] = False
    try:
        session.connection(execution_options={"writing": True})
        session.expire_all()
        yield
        session.flush()
        last = session.info[_BEFORE_COMMIT]
        if audited and session.info["changed"] and not last:
            raise RuntimeError("a change without an audit entry: audit is never optional")
        for step in last:
            step()
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info[_WRITING] = False
        session.info[_BEFORE_COMMIT] = []


def before_commit() -> list[Any]:
    """What the open write transaction does last. Raises outside one: an act is recorded with its change or not at all."""
    if not db.session.info.get(_WRITING):
        raise RuntimeError("no write transaction is open")
    pending: list[Any] = db.session.info[_BEFORE_COMMIT]
    return pending


def lock(row: Model) -> None:
    """Read a row as it is at this moment, and hold it until the transaction ends: others wait for us, or we for them."""
    db.session.flush()
    db.session.refresh(row, with_for_update=True)


def remembered(key: Hashable, read: Callable[[], T], *, until_written: tuple[type, ...] = ()) -> T:
    """What `read` finds, read once a transaction: a page asks for the school's calendar, and for who it is that asks, often.

    Inside a change everything is read afresh, because it may just have been written; but for what comes from rows of
    `until_written` alone: that is read again once one of those is written, or anything is locked.
    """
    session = db.session()
    info = session.info
    if info.get(_WRITING) and (not until_written or _touches(session, until_written)):
        return read()
    if key not in info.setdefault(_REMEMBERED, {}):
        found = read()  # first: reading may begin the transaction, and that forgets
        info.setdefault(_REMEMBERED, {})[key] = found
        info[_UNTIL] = {*info.get(_UNTIL, ()), *until_written}
    known: T = info[_REMEMBERED][key]
    return known


def _touches(session: Session, kinds: Iterable[type]) -> bool:
    """Whether rows of these kinds are about to be written."""
    wanted = tuple(kinds)
    return any(isinstance(row, wanted) for row in (*session.new, *session.dirty, *session.deleted))


def _forget(session: Session) -> None:
    session.info.pop(_REMEMBERED, None)
    session.info.pop(_UNTIL, None)


def prepare(engine: Engine) -> None:
    """Make an engine's connections keep the promises above."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin)


def _set_up_sqlite(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:  # noqa: ARG001 - the interface
    connection.isolation_level = None  # we say BEGIN ourselves; sqlite3 would say it too late
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=20000", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        immediate = connection.get_execution_options().get("writing")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def _tell_database(connection: Connection, school: uuid.UUID | str | None) -> None:
    """PostgreSQL holds the rows of other schools back by itself (row-level security) once it knows whose we want."""
    if connection.dialect.name == "postgresql":
        connection.execute(
            text("SELECT set_config('incident_book.school', :school, true)"), {"school": str(school or "")}
        )


@event.listens_for(Session, "after_begin")
def _scope_the_transaction(session: Session, transaction: SessionTransaction, connection: Connection) -> None:  # noqa: ARG001
    _forget(session)
    _tell_database(connection, session.info.get(_SCHOOL))


@event.listens_for(Session, "after_transaction_end")
def _forget_the_transaction(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:  # a flush is a transaction within the transaction
        _forget(session)


@event.listens_for(Session, "do_orm_execute")
def _keep_to_the_school(state: ORMExecuteState) -> None:
    """Every statement on a school's rows is narrowed to the scope's school; without a scope it fails."""
    school = state.session.info.get(_SCHOOL)
    if not state.is_select or getattr(state.statement, "_for_update_arg", None) is not None:
        _forget(state.session)
    if state.execution_options.get(_NARROWED):
        current_school()
        return
    if school == EVERY_SCHOOL or state.is_column_load or state.is_relationship_load:
        return
    if school is not None:
        state.statement = state.statement.options(_THIS_SCHOOL_ONLY)
    elif any(_is_owned(part) for part in visitors.iterate(cast(ClauseElement, state.statement))):
        raise NoSchool("a statement about a school's rows, and no school was named")


def question(put_together: Callable[..., Select[R]]) -> Callable[..., Result[R]]:
    """A statement that is asked again and again: put together once a process, because that costs more than asking it.

    The function's parameters are the statement's: it is given bound parameters in place of values. Who calls it gives the
    values, and is given the answer. A phrase is given as it is: for each of its forms there is a statement of its own.
    It is narrowed to the school that is in scope when it is asked, like every other statement.
    """
    parameters = signature(put_together).parameters
    one_or_more = any(each.kind is Parameter.VAR_POSITIONAL for each in parameters.values())

    @lru_cache(maxsize=FORMS)
    def statement(across: bool, *given: str | Outline[Any]) -> Select[R]:
        asked = put_together(*(each.phrase() if isinstance(each, Outline) else bindparam(each) for each in given))
        return asked if across else asked.options(_THIS_SCHOOL_ONLY).execution_options(**{_NARROWED: True})

    @wraps(put_together)
    def ask(*values: Any) -> Result[R]:
        names = [f"given_{place}" for place in range(len(values))] if one_or_more else parameters
        given, said = _outlined(zip(names, values, strict=True))
        across = db.session.info.get(_SCHOOL) == EVERY_SCHOOL
        return db.session.execute(statement(across, *given), said)

    return ask


def _outlined(given: Iterable[tuple[str, Any]]) -> tuple[list[str | Outline[Any]], dict[str, Any]]:
    """What the statement is made of, and the values by their names. What several phrases share is said once."""
    parts: list[str | Outline[Any]] = []
    values: dict[str, Any] = {}
    shared: dict[int, str] = {}
    for name, each in given:
        if isinstance(each, Phrase):
            first = shared.setdefault(id(each.values), name)
            outline = each.outline(first)
            parts.append(outline)
            if first == name:
                values |= {place[0]: one.value for place, one in zip(outline.places, each.values, strict=True)}
        else:
            parts.append(name)
            values[name] = list(each) if isinstance(each, Set | dict) else each
    return parts, values


# Read when a statement is asked: so one form of it serves all schools.
SCHOOL_IN_SCOPE: Final[BindParameter[uuid.UUID]] = bindparam(
    "school_in_scope", callable_=current_school, unique=True, type_=Uuid()
)
_THIS_SCHOOL_ONLY = with_loader_criteria(Owned, lambda row: row.school_id == SCHOOL_IN_SCOPE, include_aliases=True)


def _is_owned(part: object) -> bool:
    """Whether a part of a statement is a table whose rows belong to schools: their key starts with it."""
    return isinstance(part, Table) and "school_id" in part.primary_key.columns


@event.listens_for(Session, "before_flush")
def _write_only_the_school(session: Session, context: Any, instances: Any) -> None:  # noqa: ARG001 - the interface
    session.info["changed"] = True
    if _touches(session, session.info.get(_UNTIL, ())):
        _forget(session)
    school = session.info.get(_SCHOOL)
    for row in (*session.new, *session.dirty, *session.deleted):
        if isinstance(row, Owned) and school != EVERY_SCHOOL and row.school_id != school:
            raise NoSchool(f"a {type(row).__name__} of another school was about to be written")
