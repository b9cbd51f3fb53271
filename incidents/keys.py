"""The installation's own keys, each in a file of its own, and the wrapping of one key by another."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.keywrap import aes_key_unwrap, aes_key_wrap
from flask import current_app

from incidents.errors import SettingMissing

KEY_BYTES = 32
NAMES = ("master", "audit", "cookies")


@dataclass(frozen=True)
class Keyring:
    """`master` wraps the schools' keys, `audit` seals the log, `cookies` signs what a browser holds."""

    master: bytes
    audit: bytes
    cookies: bytes

    @classmethod
    def read(cls, folder: Path) -> "Keyring":
        """The keys in `folder`. A missing or short one stops the start: a new key would make old data unreadable."""
        return cls(**{name: _read(folder / f"{name}.key") for name in NAMES})

    def new_school_key(self) -> bytes:
        """A fresh key for a school, wrapped by the master key (RFC 3394), as it is stored."""
        return aes_key_wrap(self.master, secrets.token_bytes(KEY_BYTES))

    def school_key(self, wrapped: bytes) -> bytes:
        """A school's key from its stored form. Raises `InvalidUnwrap` if the master key is another one."""
        return aes_key_unwrap(self.master, wrapped)


def keyring() -> Keyring:
    """The running installation's keys."""
    keys: Keyring = current_app.extensions["keyring"]
    return keys


def make_missing_keys(folder: Path) -> None:
    """Make what is not there yet, readable by this user only. Never touches a key that exists."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name in NAMES:
        path = folder / f"{name}.key"
        if path.exists():
            continue
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())


def _read(path: Path) -> bytes:
    try:
        key = path.read_bytes()
    except FileNotFoundError as error:
        raise SettingMissing(
            f"The key {path} is missing. For a new school run `make setup` or `make run`, which make the keys. "
            "If this data folder was restored from a backup, restore its keys folder too: without it nothing can be read."
        ) from error
    if len(key) != KEY_BYTES:
        raise SettingMissing(
            f"The key {path} is damaged ({len(key)} bytes, not {KEY_BYTES}). Restore it from a backup."
        )
    return key
