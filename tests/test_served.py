"""Through the production server, with its processes and threads: what is sent many times at once is there once."""

import http.client
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

import pytest
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import func, select

from incidents.audit.queries import verify_every_chain
from incidents.database import across_schools
from incidents.extensions import db
from incidents.recording.models import Incident, Statement
from tests.cast import Cast, make_cast
from tests.databases import folder, new_app
from tests.recording.typed import finished
from tests.shape import TOP
from tests.test_at_once import TWENTY, at_once
from tests.test_serve import a_free_port


@contextmanager
def served(cast: Cast) -> Iterator[int]:
    """The site of this cast, served as `make run` serves it; gives the port."""
    port = a_free_port()
    environment = {"PATH": os.defpath, "HOME": str(cast.app.config["SETTINGS"].data), "PORT": str(port),
                   "INCIDENT_BOOK_DATA": str(cast.app.config["SETTINGS"].data)}  # fmt: skip
    command = [sys.executable, "-m", "incidents.serve"]
    with subprocess.Popen(command, cwd=TOP, env=environment, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        while f":{port}" not in server.stdout.readline():
            assert server.poll() is None, "the server did not start"
        yield port
        server.send_signal(signal.SIGINT)
        assert server.wait(20) == 0


@pytest.mark.process
def test_twenty_equal_presses_at_once_record_one_incident():
    with folder("served") as data:
        cast = make_cast(new_app(data))
        client = cast.client("teacher")
        draft = finished(client, cast, ("isla", "target"), ("mason", "alleged"))
        cookie = client.get_cookie("incident-book")
        assert cookie
        token = URLSafeTimedSerializer(cast.app.secret_key, salt="wtf-csrf-token").dumps("0" * 40)

        def press(number: int) -> tuple[int, str | None]:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            headers = {"Cookie": f"incident-book={cookie.value}", "Content-Type": "application/x-www-form-urlencoded"}
            connection.request("POST", f"{draft}/check", urlencode({"csrf_token": token}), headers)
            answer = connection.getresponse()
            return answer.status, answer.getheader("Location")

        with served(cast) as port:
            given = at_once(TWENTY, press)
        assert given == Counter({str((302, f"{draft}/sent")): TWENTY})
        with cast.here():
            assert db.session.scalar(select(func.count()).select_from(Incident)) == 1
            assert db.session.scalar(select(func.count()).select_from(Statement)) == 1
            with across_schools():
                assert verify_every_chain()[1] == []
