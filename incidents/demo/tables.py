"""Strict reading of the demo's data files: what is unknown, missing or of the wrong kind is refused, with its place."""

import tomllib
from pathlib import Path
from typing import Any, TypeVar

FOLDER = Path(__file__).parent
Value = TypeVar("Value")


class DataWrong(ValueError):
    """A demo data file can't be used; the message names the place and the key."""


def read_file(name: str) -> dict[str, Any]:
    """A whole data file of this folder."""
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))


class Table:
    """One table of a data file, whose every key has to be asked for: `done` refuses what nobody asked for."""

    def __init__(self, raw: object, where: str) -> None:
        if not isinstance(raw, dict):
            raise DataWrong(f"{where}: a table is wanted.")
        self._raw: dict[str, Any] = raw
        self._asked: set[str] = set()
        self.where = str(raw.get("key", where)) if where == "" else f"{where} {raw.get('key', '')}".strip()

    def __contains__(self, key: str) -> bool:
        self._asked.add(key)
        return key in self._raw

    def take(self, key: str, kind: type[Value], otherwise: Value | None = None) -> Value:
        """The value of a key; without `otherwise` the key must be there."""
        self._asked.add(key)
        if key not in self._raw:
            if otherwise is None:
                raise DataWrong(f"{self.where}: {key} is missing.")
            return otherwise
        value = self._raw[key]
        if not isinstance(value, kind):
            raise DataWrong(f"{self.where}: {key} must be of the kind {kind.__name__}, not {value!r}.")
        return value

    def text(self, key: str, otherwise: str | None = None) -> str:
        return self.take(key, str, otherwise)

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; none where the key is absent."""
        found = self.take(key, list, [])
        if not all(isinstance(each, str) for each in found):
            raise DataWrong(f"{self.where}: {key} must hold texts only.")
        return tuple(found)

    def notes(self, key: str) -> dict[str, str]:
        """A table of texts by key; empty where it is absent."""
        found = self.take(key, dict, {})
        if not all(isinstance(each, str) for each in found.values()):
            raise DataWrong(f"{self.where}: {key} must hold texts only.")
        return dict(found)

    def tables(self, key: str) -> list["Table"]:
        return [Table(raw, f"{self.where}, {key}") for raw in self.take(key, list, [])]

    def table(self, key: str) -> "Table | None":
        return Table(self.take(key, dict), f"{self.where}, {key}") if key in self else None

    def done(self) -> None:
        """Refuses keys that nothing reads: a slip of the pen would otherwise vanish without a word."""
        unknown = sorted(set(self._raw) - self._asked)
        if unknown:
            raise DataWrong(f"{self.where}: nothing reads {', '.join(unknown)}.")
