"""The process that keeps the timetable: beside the server, or wherever somebody starts it."""

import logging
import os
import select
import signal
import sys
from collections.abc import Callable
from datetime import UTC
from functools import partial
from types import FrameType

from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask

from config import Config
from incidents import clock, create_app, jobs, mail
from incidents.errors import SettingMissing
from incidents.extensions import db

BESIDE = "beside"  # the server's other process: it ends when the server does
POLITE = 5  # pages come first
EVERY = 20  # seconds between two looks at the clock

log = logging.getLogger("incident-book.timekeeper")


def look(app: Flask, told_to_stop: Callable[[], bool] = lambda: False) -> None:
    """One look at the clock: do what is due, then send what may go. What fails now is tried at the next look."""
    with app.app_context():
        for act in (partial(jobs.run_due, told_to_stop=told_to_stop), mail.send):
            try:
                act(clock.now())
            except Exception as error:  # a database that is away comes back; the process must be there then
                log.error("Messages could not go round: %s", type(error).__name__)
                db.session.rollback()


def main(how: str) -> None:
    """Keep the timetable until told to stop. `beside`: until the process that started this one is gone."""
    os.nice(POLITE)
    app = create_app(Config.from_environment())
    signal.signal(signal.SIGTERM, _stop)
    scheduler = BackgroundScheduler(timezone=UTC)
    told_to_stop = _server_is_gone if how == BESIDE else lambda: False
    scheduler.add_job(
        look,
        "interval",
        seconds=EVERY,
        args=[app, told_to_stop],
        max_instances=1,
        coalesce=True,
        misfire_grace_time=None,
    )
    try:
        look(app, told_to_stop)
        scheduler.start()
        if how == BESIDE:
            sys.stdin.buffer.read()  # the other end is the server's: it closes when the last of the server is gone
        else:
            signal.pause()
    except (KeyboardInterrupt, SystemExit):
        log.info("Told to stop.")  # the terminal's Ctrl-C reaches server and timetable alike
    finally:
        if scheduler.running:
            scheduler.shutdown()


def _server_is_gone() -> bool:
    """Nothing is ever written to what it holds the other end of: if there is something to read, it is the end."""
    return bool(select.select([sys.stdin], [], [], 0)[0])


def _stop(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the interface
    raise SystemExit


if __name__ == "__main__":
    try:
        main(sys.argv[1] if len(sys.argv) > 1 else "")
    except SettingMissing as advice:
        raise SystemExit(f"\n{advice}\n") from None
