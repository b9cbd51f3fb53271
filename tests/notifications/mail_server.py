"""A real mail server for the tests: it listens on this machine, and says no when it is told to."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

USER, PASSWORD = "book", "three quiet herons wade"


class Received:
    """What came in, and how the server is to answer."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.refuse: set[str] = set()
        self.answer = "250 taken"

    async def handle_RCPT(self, *given: Any) -> str:
        _, _, envelope, address, _ = given
        if address in self.refuse:
            return "550 nobody here"
        envelope.rcpt_tos.append(address)
        return "250 go on"

    async def handle_DATA(self, *given: Any) -> str:
        _, _, envelope = given
        if self.answer.startswith("250"):
            self.messages.append(message_from_bytes(envelope.content, policy=policy.default))
        return self.answer

    @property
    def addresses(self) -> list[str]:
        return sorted(str(message["To"]) for message in self.messages)


def _sign_in(*given: Any) -> AuthResult:
    who = given[-1].login.decode(), given[-1].password.decode()
    return AuthResult(success=who == (USER, PASSWORD), handled=False)


class OnAnyPort(Controller):
    """Says which port it was given, before it is asked whether it listens."""

    def _trigger_server(self) -> None:
        assert self.server
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def listening(certificate: tuple[Path, Path] | None = None) -> Iterator[tuple[Received, int]]:
    """A server on a free port; with a certificate it wants STARTTLS and a sign-in first."""
    received = Received()
    secured: dict[str, Any] = {}
    if certificate:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(*certificate)
        secured = {"tls_context": context, "require_starttls": True, "auth_required": True, "authenticator": _sign_in}
    controller = OnAnyPort(received, hostname="127.0.0.1", port=0, **secured)
    controller.start()
    try:
        yield received, controller.port
    finally:
        controller.stop()


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for this machine that nobody but the test trusts, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "a mail server")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "server.pem", folder / "server.key"
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return paths
