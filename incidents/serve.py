"""What `make run` and `make setup` do: keys, migrations, a demo in an empty database, then the production server."""

import fcntl
import gc
import os
import runpy
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

from flask import Flask
from sqlalchemy import create_engine, inspect, select

from config import Config
from incidents import create_app, timekeeper
from incidents.access import ROLE_LABELS
from incidents.backup import DATABASE
from incidents.database import across_schools
from incidents.demo.cast import PASSWORD, schools
from incidents.errors import SettingMissing
from incidents.extensions import db
from incidents.guards import missing_guards
from incidents.keys import make_missing_keys
from incidents.migrating import bring_up_to_date
from incidents.schools.models import School

HOST = "127.0.0.1"
FLASK = (sys.executable, "-m", "flask", "--app", "wsgi")


def main(command: str) -> None:
    """Do `run` or `setup` with the settings of the environment. Raises `SettingMissing` with advice."""
    settings = Config.from_environment()
    os.environ["INCIDENT_BOOK_DATA"] = str(settings.data)
    if command == "setup":
        with only_one_at_a_time(settings.data):
            ready_to_use(settings)
        os.execv(sys.executable, [*FLASK, "setup"])  # noqa: S606 - our own Python and our own command
    port = free_port(os.environ.get("PORT", "8000"))
    with only_one_at_a_time(settings.data):
        first_start(settings)
    demo = demo_mark(settings).exists()
    os.environ["INCIDENT_BOOK_DEMO"] = "yes" if demo else "no"
    os.environ["INCIDENT_BOOK_ADDRESS"] = os.environ.get("INCIDENT_BOOK_ADDRESS", f"http://{HOST}:{port}")
    os.environ["INCIDENT_BOOK_WELCOME"] = "\n".join(
        ["", *welcome(settings, port), *(sign_ins() if demo else ()), "", ""]
    )
    start_timetable()
    sys.argv = ["gunicorn", "wsgi:app"]
    runpy.run_module("gunicorn", run_name="__main__", alter_sys=True)  # here: all that it needs was read already


def start_timetable() -> None:
    """Make the process that makes reminders and sends messages. It ends with the server that this process becomes.

    It is a copy of this one, so that it shares the memory of all that was read. It reads from a pipe whose other end the
    server keeps: however that ends, the pipe closes then.
    """
    from_server, kept_open = os.pipe()
    gc.freeze()  # what is there is not looked through again: that would write to the shared memory and so copy it
    if os.fork():
        os.close(from_server)
        return
    os.close(kept_open)
    os.dup2(from_server, 0)  # its standard input
    try:
        timekeeper.main(timekeeper.BESIDE)
    finally:
        os._exit(0)


def free_port(given: str) -> int:
    """The port as a number, if nobody listens there. Found out first: making the demo takes a while."""
    if not given.isdigit() or not 0 < int(given) < 65536:
        raise SettingMissing(
            f"PORT={given} is not a port. Give a number from 1024 to 65535, such as: make run PORT=8123"
        )
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((HOST, int(given)))
        except PermissionError as error:
            raise SettingMissing(f"Port {given} is for the system only. Give another: make run PORT=8123") from error
        except OSError as error:
            raise SettingMissing(
                f"Something else uses port {given}: perhaps Incident Book runs already. Give another: make run PORT=8123"
            ) from error
    return int(given)


@contextmanager
def only_one_at_a_time(data: Path) -> Iterator[None]:
    """Two starts in one data folder wait for each other, so that neither migrates or makes a demo under the other."""
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = (data / ".starting").open("w")
    except OSError as error:
        raise SettingMissing(
            f"Nothing can be kept in {data}: {error.strerror}. Give another folder with DATA="
        ) from error
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def first_start(settings: Config) -> None:
    """Bring what is there up to date; where nothing is there yet, make the demo."""
    if settings.database:
        if is_empty(ready_to_use(settings)):
            demo_mark(settings).touch()
            make_demo(settings)
    elif not (settings.data / DATABASE).exists():
        make_demo_aside(settings)
    elif is_empty(ready_to_use(settings)):
        raise SettingMissing(
            f"No school is set up yet in {settings.data}. For a real school: make setup. For the demo: an empty folder with DATA="
        )


def make_demo_aside(settings: Config) -> None:
    """Make the demo in a folder of its own and move it in when it is whole: cut off half-way, it leaves no school behind.

    The database moves last, because it is what says that something is there.
    """
    aside = settings.data / ".making"
    shutil.rmtree(aside, ignore_errors=True)
    making = replace(settings, data=aside)
    ready_to_use(making)
    make_demo(making)
    with closing(sqlite3.connect(aside / DATABASE)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    demo_mark(making).touch()
    for part in sorted(aside.iterdir(), key=lambda path: path.name == DATABASE):
        if not part.name.startswith(f"{DATABASE}-"):
            shutil.rmtree(settings.data / part.name, ignore_errors=True)
            part.rename(settings.data / part.name)
    shutil.rmtree(aside)


def ready_to_use(settings: Config) -> Flask:
    """The application with its keys made, its database migrated and every guard standing.

    Keys are made only before there is anything to read: beside an existing database a missing key is an error, not a new key.
    """
    if is_new(settings):
        make_missing_keys(settings.data / "keys")
    app = create_app(settings)
    with app.app_context():
        bring_up_to_date(app)
        with db.engine.connect() as connection:
            missing = missing_guards(connection)
        db.engine.dispose()
    if missing:
        raise SettingMissing(f"The database lost guards that keep the record as it was written: {', '.join(missing)}.")
    return app


def is_new(settings: Config) -> bool:
    """Whether nothing was ever kept in the database: the first migration leaves a table there."""
    if not settings.database:
        return not (settings.data / DATABASE).exists()
    engine = create_engine(settings.database)
    try:
        return not inspect(engine).has_table("alembic_version")
    finally:
        engine.dispose()


def is_empty(app: Flask) -> bool:
    """Whether no school is there yet."""
    with app.app_context(), across_schools():
        return db.session.scalar(select(School.id).limit(1)) is None


def demo_mark(settings: Config) -> Path:
    """The file that says: the schools in this folder are invented."""
    return settings.data / "demo"


def make_demo(settings: Config) -> None:
    """Make the demo's schools, by the command that anybody can give."""
    sys.stdout.write(
        "Making the demo: two invented schools and what happened there. This takes about a minute, once ...\n"
    )
    sys.stdout.flush()
    here = os.environ | {"INCIDENT_BOOK_DATA": str(settings.data)}
    if subprocess.run([*FLASK, "demo"], env=here, check=False).returncode:  # noqa: S603 - our own command
        raise SettingMissing("The demo could not be made: the lines above say why. Run the same command again.")


def welcome(settings: Config, port: int) -> list[str]:
    """What is printed once the server answers."""
    return [
        f"Incident Book is ready: http://{HOST}:{port}",
        f"Everything it keeps lies in {settings.data}",
        "Ctrl-C stops it.",
    ]


def sign_ins() -> list[str]:
    """Who can sign in to the demo, and as what."""
    lines = [f"Everybody in it is invented. All sign in with the password: {PASSWORD}"]
    for school in schools():
        lines += ["", school.name]
        for someone in school.people:
            roles = ", ".join(ROLE_LABELS[role] for role in someone.roles)
            lines += [f"  {school.email(someone):44} {roles}"] if roles else []
    return lines


if __name__ == "__main__":
    try:
        main(sys.argv[1] if len(sys.argv) > 1 else "run")
    except SettingMissing as advice:
        raise SystemExit(f"\n{advice}\n") from None
