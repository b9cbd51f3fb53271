"""The settings for mail: what is missing or can't be is said with advice, and the password is never shown."""

import pytest

from config import Config
from incidents.errors import SettingMissing
from incidents.notifications.smtp import server_of

GOOD = {"smtp_host": "mail.example.sch.uk", "mail_sender": "Incident Book <book@example.sch.uk>"}


def test_without_a_server_mail_is_kept():
    assert server_of(Config()) is None


@pytest.mark.parametrize(("tls", "port"), [("starttls", 587), ("tls", 465)])
def test_the_usual_port_follows_from_how_it_is_secured(tls: str, port: int):
    server = server_of(Config(**GOOD, smtp_tls=tls))
    assert server
    assert (server.host, server.port) == ("mail.example.sch.uk", port)


@pytest.mark.parametrize(("wrong", "advice"), [
    ({"smtp_host": ""}, "INCIDENT_BOOK_SMTP_HOST"),
    ({"mail_sender": ""}, "INCIDENT_BOOK_MAIL_SENDER"),
    ({"mail_sender": "nobody"}, "INCIDENT_BOOK_MAIL_SENDER"),
    ({"smtp_tls": "yes"}, "INCIDENT_BOOK_SMTP_TLS"),
    ({"smtp_tls": "none"}, "INCIDENT_BOOK_SMTP_TLS"),
    ({"smtp_port": "mail"}, "INCIDENT_BOOK_SMTP_PORT"),
    ({"smtp_port": "0"}, "INCIDENT_BOOK_SMTP_PORT"),
    ({"smtp_user": "book"}, "INCIDENT_BOOK_SMTP_PASSWORD"),
    ({"smtp_password": "secret"}, "INCIDENT_BOOK_SMTP_USER"),
])  # fmt: skip
def test_what_cannot_be_used_is_refused_with_advice(wrong: dict[str, str], advice: str):
    with pytest.raises(SettingMissing, match=advice):
        server_of(Config(**{**GOOD, **wrong}))


def test_the_password_is_in_no_description_of_the_settings():
    settings = Config(**GOOD, smtp_user="book", smtp_password="three quiet herons")
    assert "herons" not in f"{settings!r} {server_of(settings)!r}"


def test_each_setting_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch):
    names = ("SMTP_HOST", "SMTP_PORT", "SMTP_TLS", "SMTP_USER", "SMTP_PASSWORD", "MAIL_SENDER")
    for name in names:
        monkeypatch.setenv(f"INCIDENT_BOOK_{name}", name)
    read = Config.from_environment()
    assert tuple(getattr(read, name.lower()) for name in names) == names
