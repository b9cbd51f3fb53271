"""`make bench SIZES="1000 10000"`: grow a school to each size in turn, measure, print the report as markdown."""

import os
import platform
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import product

from flask import Flask

from incidents import clock
from tests import databases
from tests.bench import pages
from tests.bench.growing import grow, spread
from tests.bench.report import Part, drawn, growth
from tests.bench.school import Template, school_with_a_past
from tests.bench.served import load, served, stack

LIVE, PAST, SCHOOLS = 30, 100, 100
CONNECTIONS = (1, 8)
SECONDS = 2.0
SMALLEST = LIVE + PAST


def main(sizes: Sequence[int], database: str) -> None:
    """Measure at each of these sizes, and the largest spread over a hundred schools."""
    sys.stdout.write(_heading(database))
    parts = []
    with _site(database) as (app, address):
        pages.add_floor(app)
        at, grown = school_with_a_past(app, LIVE, PAST), 1
        for size in sizes:
            grown = _grow_to(app, at, grown, size)
            parts.append(_measured(app, address, at, f"{size:,} incidents in one school"))
    if max(sizes) >= SMALLEST * SCHOOLS:
        with _site(database) as (app, address):
            pages.add_floor(app)
            at = school_with_a_past(app, LIVE, PAST)
            _grow_to(app, at, 1, max(sizes) // SCHOOLS)
            _say(f"spread over {SCHOOLS} schools")
            with app.app_context():
                spread(at.cast.school_id, SCHOOLS)
            title = f"{max(sizes):,} incidents in {SCHOOLS} schools of {max(sizes) // SCHOOLS:,}"
            parts.append(_measured(app, address, at, title))
    if len(parts) > 1:
        sys.stdout.write(growth(parts))


def _grow_to(app: Flask, at: Template, grown: int, size: int) -> int:
    """So many past weeks that there are about `size` incidents; gives how many there are then."""
    weeks = max(grown, (size - LIVE) // PAST)
    _say(f"grow to {size:,}")
    with app.app_context():
        grow(at.past, range(grown, weeks))
    return weeks


def _measured(app: Flask, address: str, at: Template, title: str) -> Part:
    _say(f"measure {title}")
    part = Part(
        title, [*pages.pages(app, at), pages.sending(app, at), *pages.uploading(app, at), *pages.reporting(app, at)]
    )
    with served(app.config["SETTINGS"].data, address) as (port, _, _):
        for (page, where), connections in product(pages.loaded(at).items(), CONNECTIONS):
            clients = [at.cast.client("head") for _ in range(connections)]
            part.loads.append(load(port, clients, page, where, SECONDS))
    part.stack = stack(app.config["SETTINGS"].data, address)
    sys.stdout.write(drawn(part))
    sys.stdout.flush()
    return part


@contextmanager
def _site(kind: str) -> Iterator[tuple[Flask, str]]:
    """An empty site in a folder of its own on the disk that TMPDIR names: what waits for the disk must count."""
    databases.QUICK = None
    with databases.folder("bench") as data:
        if kind == "sqlite":
            yield databases.new_app(data), ""
        else:
            with databases.postgresql() as admin:
                address = databases.new_postgresql_database(admin, "bench")
                yield databases.new_app(data, address), address


def _heading(database: str) -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    load_now = os.getloadavg()[0]
    return (
        f"{clock.now():%-d %B %Y}, {os.cpu_count()} cores, {memory:.0f} GiB, {platform.platform(terse=True)}, "
        f"Python {platform.python_version()}, {database}, on {tempfile.gettempdir()}; load at the start {load_now:.1f}.\n\n"
    )


_BEGAN = time.perf_counter()


def _say(what: str) -> None:
    sys.stderr.write(f"{time.perf_counter() - _BEGAN:6.0f} s  {what}\n")


if __name__ == "__main__":
    main([int(each) for each in sys.argv[1:]] or [1_000, 10_000, 100_000], os.environ.get("DATABASE", "sqlite"))
