"""How the production server runs: read by gunicorn from this folder, whoever starts it."""

import gc
import os
import sys
from pathlib import Path
from typing import Any

bind = f"127.0.0.1:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = 2
threads = 4
# The application is read once, before the workers are made: quicker, and they share its memory. It opens no database then.
preload_app = True
# A worker says every few seconds that it lives, in a file: in memory, so that a slow disk does not look like a dead worker.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - gunicorn makes a private file there
# Who stops the server waits so many seconds at most, also for a worker that was only just starting and did not hear it.
graceful_timeout = 10
loglevel = "warning"
control_socket_disable = True  # nobody steers a running server from beside, and nothing is left in anybody's home


def pre_fork(server: Any, worker: Any) -> None:  # noqa: ARG001 - gunicorn's form
    """Leave what is there out of every later collection, which would write to the shared memory and so copy it."""
    gc.freeze()


def when_ready(server: Any) -> None:  # noqa: ARG001 - gunicorn's form
    """Say where to go, once somebody answers there."""
    sys.stdout.write(os.environ.get("INCIDENT_BOOK_WELCOME", ""))
    sys.stdout.flush()
