"""A copy of everything while the product runs: the database in one consistent state, the files it names, and the keys."""

import os
import shutil
import sqlite3
import sys
from contextlib import closing
from datetime import datetime
from pathlib import Path

from config import Config
from incidents import clock
from incidents.errors import SettingMissing

DATABASE = "incident-book.db"


def back_up(settings: Config, to: Path, at: datetime) -> Path:
    """Copy the data folder into a new folder below `to`; it takes its name only once it is whole.

    The database first: a file is stored before the row that names it, so every row in the copy finds its file.
    """
    if settings.database:
        raise SettingMissing(
            "The database is not in the data folder: use pg_dump for it, and copy the folder beside it."
        )
    if not (settings.data / DATABASE).exists():
        raise SettingMissing(f"There is nothing to copy in {settings.data}. Say where the data lies with DATA=")
    whole = to / f"incident-book-{at:%Y-%m-%d-%H%M%S}"
    unfinished = whole.with_suffix(".unfinished")
    unfinished.mkdir(parents=True, mode=0o700)
    _copy_database(settings.data / DATABASE, unfinished / DATABASE)
    for part in sorted(settings.data.iterdir()):
        if part.name.startswith((DATABASE, ".")):
            continue
        if part.is_dir():
            shutil.copytree(part, unfinished / part.name, ignore=shutil.ignore_patterns("arriving"))
        else:
            shutil.copy2(part, unfinished / part.name)
    os.sync()
    return unfinished.rename(whole)


def _copy_database(from_path: Path, to_path: Path) -> None:
    with closing(sqlite3.connect(from_path)) as source, closing(sqlite3.connect(to_path)) as copy:
        source.backup(copy)
        found = copy.execute("PRAGMA integrity_check").fetchone()[0]
    if found != "ok":
        raise SettingMissing(f"The copy of the database is damaged: {found}. Keep your last good backup.")


if __name__ == "__main__":
    try:
        if not os.environ.get("BACKUP_TO"):
            raise SettingMissing("Say where the copy goes: make backup TO=/media/somewhere")
        made = back_up(Config.from_environment(), Path(os.environ["BACKUP_TO"]).absolute(), clock.now())
    except (SettingMissing, OSError) as advice:
        raise SystemExit(f"\n{advice}\n") from None
    sys.stdout.write(f"Copied to {made}. Keep it as safe as the data: the keys are in it.\n")
