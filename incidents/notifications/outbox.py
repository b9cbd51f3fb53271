"""The outbox folder: each message as a file that a mail program opens; how `make run` keeps mail."""

import os
import uuid
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

SENDER = "Incident Book <incident-book@localhost>"


def write(folder: Path, to: str, words: str, at: datetime) -> Path:
    """Keep one message, whole or not at all. Its subject and text are the same for everybody."""
    message = EmailMessage()
    message["From"], message["To"], message["Date"] = SENDER, to, format_datetime(at)
    message["Subject"] = "Incident Book"
    message.set_content(words)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"{at:%Y%m%d-%H%M%S}-{uuid.uuid4().hex[:12]}.eml"
    started = path.with_suffix(".part")
    with open(os.open(started, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(bytes(message))
        file.flush()
        os.fsync(file.fileno())
    started.rename(path)
    return path
