"""What a message looks like as mail: the same sender and subject for everybody, and a few words that say nothing."""

import uuid
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr

SUBJECT = "Incident Book"
_LETTERS = uuid.UUID("6f1dbb2c-5f0e-4f0e-9b57-0d3b9c1f6f5a")


def letter(sender: str, to: str, words: str, at: datetime, key: uuid.UUID) -> EmailMessage:
    """One message. The same `key` gives the same Message-ID, so that what is sent again after a crash is seen to be the same."""
    message = EmailMessage()
    message["From"], message["To"], message["Date"] = sender, to, format_datetime(at)
    message["Subject"] = SUBJECT
    message["Message-ID"] = f"<{uuid.uuid5(_LETTERS, key.hex)}@{_domain(sender)}>"
    message["Auto-Submitted"] = "auto-generated"  # no answer of a machine is wanted
    message.set_content(words)
    return message


def _domain(sender: str) -> str:
    return parseaddr(sender)[1].partition("@")[2] or "localhost"
