"""Messages are handed to a real mail server; what it answers is understood, and no password goes to one that is not proved."""

import socket
import uuid
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from incidents.notifications.letter import letter
from incidents.notifications.smtp import MailServer, NotTaken, Problem, connected
from tests.notifications.mail_server import PASSWORD, USER, listening, make_certificate

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SENDER = "Incident Book <book@example.sch.uk>"
PLAIN = MailServer("127.0.0.1", 0, "none", SENDER)
SIGNED_IN = MailServer("127.0.0.1", 0, "starttls", SENDER, USER, PASSWORD)


def to(address: str):
    return letter(SENDER, address, "Something in Incident Book needs you.\n", NOON, uuid.uuid4())


def refused(server: MailServer, address: str = "head@penwick.example") -> Problem:
    with connected(server) as send, pytest.raises(NotTaken) as not_taken:
        send(to(address))
    return not_taken.value.problem


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return make_certificate(tmp_path_factory.mktemp("server"))


def test_several_messages_go_over_one_connection_as_they_were_written():
    with listening() as (received, port), connected(replace(PLAIN, port=port)) as send:
        for who in ("head", "dsl"):
            send(to(f"{who}@penwick.example"))
        assert received.addresses == ["dsl@penwick.example", "head@penwick.example"]
        assert {message["Subject"] for message in received.messages} == {"Incident Book"}


def test_an_address_that_is_refused_does_not_stop_the_others():
    with listening() as (received, port), connected(replace(PLAIN, port=port)) as send:
        received.refuse.add("gone@penwick.example")
        with pytest.raises(NotTaken) as not_taken:
            send(to("gone@penwick.example"))
        send(to("head@penwick.example"))
    assert not_taken.value.problem is Problem.ADDRESS
    assert received.addresses == ["head@penwick.example"]


def test_a_message_that_the_server_does_not_want_is_refused():
    with listening() as (received, port):
        received.answer = "554 not this"
        assert refused(replace(PLAIN, port=port)) is Problem.REFUSED


def test_a_server_that_is_away_is_asked_once_for_all_messages():
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        with connected(replace(PLAIN, port=nobody.getsockname()[1])) as send:
            for _ in range(2):
                with pytest.raises(NotTaken) as not_taken:
                    send(to("head@penwick.example"))
    assert not_taken.value.problem is Problem.AWAY


def test_over_tls_and_signed_in_it_goes(certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    with listening(certificate) as (received, port), connected(replace(SIGNED_IN, port=port)) as send:
        send(to("head@penwick.example"))
    assert received.addresses == ["head@penwick.example"]


def test_a_server_that_cannot_prove_who_it_is_gets_no_password(certificate):
    with listening(certificate) as (_, port):
        assert refused(replace(SIGNED_IN, port=port)) is Problem.SETTINGS


def test_a_wrong_password_and_a_server_without_tls_are_matters_of_the_settings(certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    with listening(certificate) as (_, port):
        assert refused(replace(SIGNED_IN, port=port, password="wrong")) is Problem.SETTINGS
    with listening() as (_, port):
        assert refused(replace(SIGNED_IN, port=port)) is Problem.SETTINGS
