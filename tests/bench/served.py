"""The real server under requests: how long until it answers, how much memory it holds, how many pages a second."""

import http.client
import os
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask.testing import FlaskClient

from tests.shape import TOP
from tests.test_serve import a_free_port

PATIENCE = 120  # seconds
SERVER = ("-m", "gunicorn", "wsgi:app")
WHOLE = ("-m", "incidents.serve")  # the server and, beside it, the timetable


@dataclass(frozen=True)
class Load:
    """One page, asked for over and over on so many connections: milliseconds at the middle and at the slow end."""

    page: str
    connections: int
    p50: float
    p95: float
    per_second: float


@dataclass(frozen=True)
class Stack:
    """From the start to the first page, in seconds; and in MB what all processes hold, shared pages counted once."""

    first_answer: float
    memory: float
    processes: int


@contextmanager
def served(data: Path, database: str, command: Sequence[str] = SERVER) -> Iterator[tuple[int, int, float]]:
    """The site on a free port of this machine until the block ends: port, process, seconds to the first 200."""
    port = a_free_port()
    settings = {"PATH": os.defpath, "HOME": str(data), "PORT": str(port), "INCIDENT_BOOK_DATA": str(data),
                "INCIDENT_BOOK_DATABASE": database}  # fmt: skip
    began = time.perf_counter()
    with subprocess.Popen([sys.executable, *command], cwd=TOP, env=settings, stdout=subprocess.DEVNULL) as server:
        try:
            while not _answers(port):
                assert server.poll() is None, "the server did not start"
                assert time.perf_counter() - began < PATIENCE, "the server does not answer"
                time.sleep(0.01)
            yield port, server.pid, time.perf_counter() - began
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(20)


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", "/sign-in")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def stack(data: Path, database: str) -> Stack:
    """Everything that `make run` starts, after each worker has drawn some pages."""
    with served(data, database, WHOLE) as (port, pid, first):
        for _ in range(40):
            assert _answers(port)
        family = _descendants(pid)
        found = Stack(first, sum(map(_memory, family)) / 1024, len(family))
    patience = time.perf_counter() + 12 * PATIENCE  # a hundred schools' round of the timetable takes its time
    while any(Path(f"/proc/{each}").exists() for each in family):  # the timetable finishes what it has begun
        assert time.perf_counter() < patience, "something that was started does not end"
        time.sleep(0.05)
    return found


def _descendants(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(each for child in children for each in _descendants(int(child)))]


def _memory(pid: int) -> int:
    """In kB, each shared page as the part of it that falls to this process."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def load(port: int, clients: Sequence[FlaskClient], page: str, address: str, seconds: float) -> Load:
    """Each client, on a connection of its own, asks again as soon as it was answered."""
    taken: list[float] = []
    failed: list[BaseException] = []
    start, end = threading.Barrier(len(clients)), time.perf_counter() + seconds + 0.5

    def ask(client: FlaskClient) -> None:
        try:
            _ask_until(port, client, address, start, end, taken)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=ask, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE + seconds)
    if failed:
        raise failed[0]
    cuts = statistics.quantiles(taken, n=20)
    return Load(page, len(clients), cuts[9] * 1000, cuts[18] * 1000, len(taken) / seconds)


def _ask_until(
    port: int, client: FlaskClient, address: str, start: threading.Barrier, end: float, taken: list[float]
) -> None:
    cookie = client.get_cookie("incident-book")
    assert cookie
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    start.wait(PATIENCE)
    while (began := time.perf_counter()) < end:
        connection.request("GET", address, headers={"Cookie": f"incident-book={cookie.value}"})
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200, answer.status
        taken.append(time.perf_counter() - began)
    connection.close()
