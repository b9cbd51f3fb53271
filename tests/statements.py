"""Counting what a page asks of the database."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import event

from incidents.extensions import db
from tests.cast import Cast


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """The statements that are sent while the block runs."""
    sent: list[str] = []

    def note(connection, cursor, statement, parameters, context, executemany) -> None:
        sent.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def asked(cast: Cast, who: str, path: str) -> list[str]:
    """What a second look at a page asks: the first one makes what lasts, like the session's cookie."""
    client = cast.client(who)
    client.get(path)
    with statements(cast.app) as sent:
        assert client.get(path).status_code == 200
    return sent
