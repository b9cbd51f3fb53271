"""Handing messages to the school's mail server, and what it may answer."""

import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import parseaddr
from enum import StrEnum

from config import Config
from incidents.errors import SettingMissing

WAIT = 10.0  # seconds for an answer; a request that tells of danger waits as long at most
PORTS = {"starttls": 587, "tls": 465, "none": 25}
_OWN_MACHINE = ("localhost", "127.0.0.1", "::1")


class Problem(StrEnum):
    """Why a message was not taken, as far as a person can do something about it."""

    AWAY = "away"
    SETTINGS = "settings"
    ADDRESS = "address"
    REFUSED = "refused"


class NotTaken(Exception):
    """A message was not handed over. It names nobody."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.value)


Send = Callable[[EmailMessage], None]


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed over, and as whom."""

    host: str
    port: int
    tls: str
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)


def server_of(settings: Config) -> MailServer | None:
    """The mail server that is set up; None: mail is kept in a folder. Raises `SettingMissing` with advice."""
    if not settings.smtp_host:
        given = (settings.smtp_port, settings.smtp_user, settings.smtp_password, settings.mail_sender)
        if any(given):
            raise SettingMissing(
                "There are settings for mail, and no mail server. Set INCIDENT_BOOK_SMTP_HOST to its name, such as "
                "mail.example.sch.uk, or leave all of them out: messages are then kept in the folder outbox."
            )
        return None
    if wrong := next((advice for is_wrong, advice in _ADVICE if is_wrong(settings)), None):
        raise SettingMissing(wrong)
    port = int(settings.smtp_port) if settings.smtp_port else PORTS[settings.smtp_tls]
    return MailServer(
        settings.smtp_host, port, settings.smtp_tls, settings.mail_sender, settings.smtp_user, settings.smtp_password
    )


_ADVICE: tuple[tuple[Callable[[Config], bool], str], ...] = (
    (
        lambda given: "@" not in parseaddr(given.mail_sender)[1],
        "Messages need a sender. Set INCIDENT_BOOK_MAIL_SENDER to an address that the mail server may send from, such as "
        "Incident Book <incident-book@example.sch.uk>.",
    ),
    (
        lambda given: given.smtp_tls not in PORTS,
        "INCIDENT_BOOK_SMTP_TLS must be starttls (usual, port 587), tls (port 465) or none (only on this very machine).",
    ),
    (
        lambda given: bool(given.smtp_port) and not (given.smtp_port.isdigit() and 0 < int(given.smtp_port) < 65536),
        "INCIDENT_BOOK_SMTP_PORT must be a number, such as 587. Leave it out for the usual one.",
    ),
    (
        lambda given: bool(given.smtp_user) != bool(given.smtp_password),
        "To sign in to the mail server set both INCIDENT_BOOK_SMTP_USER and INCIDENT_BOOK_SMTP_PASSWORD; if it asks for "
        "no sign-in, leave both out.",
    ),
    (
        lambda given: given.smtp_tls == "none" and given.smtp_host not in _OWN_MACHINE,
        "INCIDENT_BOOK_SMTP_TLS=none would send addresses and password readable over the network. Set it to starttls or "
        "tls; none is for a mail server on this very machine.",
    ),
)


@contextmanager
def connected(server: MailServer) -> Iterator[Send]:
    """Within this block messages can be handed over, on one connection that is made when the first one comes.

    What is given raises `NotTaken`. A server that is away or lets us in no longer is not asked again for the rest.
    """
    open_now: list[smtplib.SMTP] = []
    away: list[Problem] = []

    def send(message: EmailMessage) -> None:
        if away:
            raise NotTaken(away[0])
        try:
            if not open_now:
                open_now.append(_connect(server))
            open_now[0].send_message(message)
        except (
            OSError,
            ValueError,
        ) as error:  # smtplib's own errors are OSErrors; a ValueError is an address that is none
            problem = _problem(error, _WHEN_SENDING if open_now else _WHEN_CONNECTING)
            if problem in (Problem.AWAY, Problem.SETTINGS):
                away.append(problem)
            raise NotTaken(problem) from error

    try:
        yield send
    finally:
        for connection in open_now:
            with suppress(OSError):  # it has what it was given; whether it says goodbye is all one
                connection.quit()


def _connect(server: MailServer) -> smtplib.SMTP:
    proved = ssl.create_default_context()
    if server.tls == "tls":
        connection: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=WAIT, context=proved)
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=WAIT)
    try:
        if server.tls == "starttls":
            connection.starttls(context=proved)
        if server.user:
            connection.login(server.user, server.password)
    except BaseException:
        connection.close()
        raise
    return connection


Kinds = tuple[tuple[type[Exception], Problem], ...]

_WHEN_CONNECTING: Kinds = (
    (smtplib.SMTPAuthenticationError, Problem.SETTINGS),
    (smtplib.SMTPNotSupportedError, Problem.SETTINGS),
    (ssl.SSLError, Problem.SETTINGS),
)
_WHEN_SENDING: Kinds = (
    (smtplib.SMTPServerDisconnected, Problem.AWAY),
    (smtplib.SMTPRecipientsRefused, Problem.ADDRESS),
    (smtplib.SMTPNotSupportedError, Problem.ADDRESS),  # letters in the address that this server can't read
    (ValueError, Problem.ADDRESS),
    (smtplib.SMTPException, Problem.REFUSED),
)


def _problem(error: Exception, kinds: Kinds) -> Problem:
    """What went wrong, of those things that somebody can put right."""
    return next((problem for kind, problem in kinds if isinstance(error, kind)), Problem.AWAY)
