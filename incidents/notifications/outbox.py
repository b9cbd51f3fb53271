"""The outbox folder: each message as a file that a mail program opens; how `make run` keeps mail."""

import hashlib
import os
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

SENDER = "Incident Book <incident-book@localhost>"


def keep(folder: Path, message: EmailMessage) -> Path:
    """Keep one message, whole or not at all. Kept again after a crash, it takes its own place."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"{_whose(message['To'])}-{_short(message['Message-ID'])}.eml"
    started = path.with_suffix(".part")
    with open(os.open(started, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(bytes(message))
        file.flush()
        os.fsync(file.fileno())
    started.rename(path)
    return path


def kept_for(folder: Path, address: str) -> Iterator[EmailMessage]:
    """The messages to this address, the newest first."""
    found = [_read(path) for path in folder.glob(f"{_whose(address)}-*.eml")]
    own = [message for message in found if message["To"] == address]
    yield from sorted(own, key=lambda message: parsedate_to_datetime(message["Date"]), reverse=True)


def _read(path: Path) -> EmailMessage:
    return message_from_bytes(path.read_bytes(), policy=policy.default)


def _whose(address: str) -> str:
    return _short(address.casefold())


def _short(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()[:16]
