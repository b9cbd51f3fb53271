"""Every setting, with its meaning; each can be given in the environment under the name in brackets."""

import os
from dataclasses import dataclass, field
from pathlib import Path

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Config:
    """The settings of one installation. The one secret is the mail server's password; all others lie in `keys/`."""

    # The one folder that holds everything: database, files, keys, outbox. [INCIDENT_BOOK_DATA]
    data: Path = field(default_factory=lambda: Path("data"))
    # Where the database is; empty means SQLite in the data folder. [INCIDENT_BOOK_DATABASE]
    # For PostgreSQL: postgresql+psycopg://user:password@host/name, with a user who is not a superuser.
    database: str = ""
    # The address people type, for links in messages. [INCIDENT_BOOK_ADDRESS]
    address: str = "http://127.0.0.1:8000"
    # Whether that address is reached over TLS: cookies are then sent over TLS only. [INCIDENT_BOOK_TLS, "yes" or "no"]
    tls: bool = False
    # The demo's sign-ins are shown on the sign-in page. Never set by hand: `make run` sets it. [INCIDENT_BOOK_DEMO]
    demo: bool = False
    # The school's mail server; empty: messages are kept as files in the data folder. [INCIDENT_BOOK_SMTP_HOST]
    smtp_host: str = ""
    # Its port; empty: the usual one, 587 or 465. [INCIDENT_BOOK_SMTP_PORT]
    smtp_port: str = ""
    # "starttls", "tls" from the first byte, or "none" on this very machine. [INCIDENT_BOOK_SMTP_TLS]
    smtp_tls: str = "starttls"
    # How to sign in there; both empty: it asks for no sign-in. [INCIDENT_BOOK_SMTP_USER, INCIDENT_BOOK_SMTP_PASSWORD]
    smtp_user: str = ""
    smtp_password: str = field(default="", repr=False)
    # Whom messages come from, such as "Incident Book <incident-book@example.sch.uk>". [INCIDENT_BOOK_MAIL_SENDER]
    mail_sender: str = ""
    # One uploaded file, in bytes, and all files of one request.
    largest_file: int = 25 * MEGABYTE
    largest_request: int = 110 * MEGABYTE
    # A person who does nothing for this long is signed out.
    idle_minutes: int = 30
    # For tests only.
    testing: bool = False

    @classmethod
    def from_environment(cls) -> "Config":
        """The settings as the environment gives them."""
        env = os.environ
        return cls(
            data=Path(env.get("INCIDENT_BOOK_DATA", "data")).absolute(),
            database=env.get("INCIDENT_BOOK_DATABASE", ""),
            address=env.get("INCIDENT_BOOK_ADDRESS", "http://127.0.0.1:8000").rstrip("/"),
            tls=env.get("INCIDENT_BOOK_TLS", "no") == "yes",
            demo=env.get("INCIDENT_BOOK_DEMO", "no") == "yes",
            smtp_host=env.get("INCIDENT_BOOK_SMTP_HOST", ""),
            smtp_port=env.get("INCIDENT_BOOK_SMTP_PORT", ""),
            smtp_tls=env.get("INCIDENT_BOOK_SMTP_TLS", "starttls"),
            smtp_user=env.get("INCIDENT_BOOK_SMTP_USER", ""),
            smtp_password=env.get("INCIDENT_BOOK_SMTP_PASSWORD", ""),
            mail_sender=env.get("INCIDENT_BOOK_MAIL_SENDER", ""),
        )

    @property
    def database_address(self) -> str:
        """What SQLAlchemy connects to."""
        return self.database or f"sqlite:///{self.data / 'incident-book.db'}"
