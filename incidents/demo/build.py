"""Makes the demo in an empty database: two schools, and their stories told act by act in the order of time."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime, time, timedelta
from itertools import islice

from sqlalchemy import event, select
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from incidents.access import Role
from incidents.database import across_schools, of_school, writing
from incidents.demo.cast import Annex, Report, SchoolCast, schools
from incidents.demo.reading import stories_of
from incidents.demo.registering import register_acts
from incidents.demo.ruling import rule_acts
from incidents.demo.setting_up import MadeSchool, set_up
from incidents.demo.telling import Act, Told
from incidents.demo.working import acts_after
from incidents.errors import NotPossibleNow
from incidents.extensions import db
from incidents.governors import actions as governors
from incidents.notifications import actions as notifications
from incidents.schools.models import School, Term

# How many files are drawn and opened before their turn.
FILES_AHEAD = 6
PUBLISHED, ANNEX_WRITTEN, SEEN = time(17, 45), time(18, 20), time(17, 0)
WRITTEN = timedelta(minutes=50)
WRITTEN_AFTER = 6  # school days of the next term


def build(made_at: datetime) -> None:
    """Both schools of the demo, as they would stand at this moment. Raises `NotPossibleNow` where a school is already.

    Told in the order of time, by the actions that people use; so the log reads as the log of a real term. The same
    day gives the same stories; references and keys are drawn afresh, as they must be.
    """
    with across_schools():
        if db.session.scalar(select(School.id).limit(1)) is not None:
            raise NotPossibleNow("There is a school here already. The demo is only made in an empty data folder.")
    with _not_waiting_for_the_disk():
        for cast in schools():
            _tell(cast, made_at)


@contextmanager
def _not_waiting_for_the_disk() -> Iterator[None]:
    """SQLite waits for the disk once, at the end, and not after every act: a demo cut off half-way is thrown away anyway."""
    if db.engine.dialect.name != "sqlite":
        yield
        return
    db.session.remove()
    db.engine.dispose()
    event.listen(db.engine, "connect", _wait_for_nothing)
    try:
        yield
    finally:
        event.remove(db.engine, "connect", _wait_for_nothing)
        db.session.remove()
        db.engine.dispose()
    with db.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")  # a checkpoint stands outside every transaction
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")


def _wait_for_nothing(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:  # noqa: ARG001 - the interface
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous=OFF")
    cursor.close()


def _tell(cast: SchoolCast, made_at: datetime) -> None:
    made = set_up(cast, made_at)
    with of_school(made.school_id):
        acts = sorted(_acts(made), key=lambda act: act.at)
        files = iter([act.file for act in acts if act.file])
        for file in islice(files, FILES_AHEAD):
            file.begin()
        for act in acts:
            if act.at >= made_at:
                raise ValueError(f"an act of {cast.key} is planned for {act.at}, which is still to come")
            try:
                with nullcontext() if act.alone else writing():
                    act.do(act.at)
            except Exception as error:
                error.add_note(f"in the demo's story {act.of!r}, at {act.at}")
                raise
            if act.file and (later := next(files, None)):
                later.begin()


def _acts(made: MadeSchool) -> Iterator[Act]:
    everything: dict[str, Told] = {}
    for story in stories_of(made.cast):
        told = everything[story.key] = Told(made, story)
        yield from told.acts()
        yield from acts_after(told, everything)
    yield from register_acts(made)
    yield from rule_acts(made)
    yield Act("messages", made.days.at(1, SEEN), lambda at: _all_seen(made, at))
    for report in made.cast.reports:
        yield from _report(made, report)
    for annex in made.cast.annexes:
        yield from _annex(made, annex)


def _all_seen(made: MadeSchool, at: datetime) -> None:
    """Everybody has seen the messages that reached them until the day before the last."""
    for account_id in made.accounts.values():
        notifications.have_seen(account_id, at)


def _written_on(made: MadeSchool, term: int) -> int:
    """The school day on which something is written about a term: soon after its end, about the present one the last."""
    return max(0, made.days.last_of_term(term) - WRITTEN_AFTER) if term else 0


def _the_term(made: MadeSchool, back: int) -> Term:
    return db.session.scalars(select(Term).where(Term.starts == made.days.term(back).first)).one()


def _report(made: MadeSchool, report: Report) -> Iterator[Act]:
    """The head's words about a term; for the governors' next meeting, if it is published."""
    [head] = made.cast.with_role(Role.HEADTEACHER)
    when = made.days.at(_written_on(made, report.term), PUBLISHED)
    meeting = when.date() + timedelta(days=report.meeting_in)

    def write(at: datetime) -> None:
        by = made.viewer(head.key, at)
        edition = governors.start_edition(_the_term(made, report.term), by=by, at=at)
        governors.keep_words(edition, report.words, report.asks, meeting, by=by, at=at)

    def publish(at: datetime) -> None:
        by = made.viewer(head.key, at)
        governors.publish(governors.start_edition(_the_term(made, report.term), by=by, at=at), by=by, at=at)

    yield Act(f"report of term {report.term}", when - WRITTEN, write)
    if report.published:
        yield Act(f"report of term {report.term}", when, publish)


def _annex(made: MadeSchool, annex: Annex) -> Iterator[Act]:
    """What whoever manages cases about the head writes for the chair alone."""

    def write(at: datetime) -> None:
        by = made.viewer(annex.by, at)
        kept = governors.keep_annex(_the_term(made, annex.term), None, annex.words, by=by, at=at)
        if annex.published:
            governors.publish_annex(kept, by=by, at=at)

    yield Act(f"annex of term {annex.term}", made.days.at(_written_on(made, annex.term), ANNEX_WRITTEN), write)
