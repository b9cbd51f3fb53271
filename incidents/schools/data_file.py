"""Reading a data file strictly: every key is taken once, and whatever is wrong is named by file, key and line."""

import re
import tomllib
from collections.abc import Iterable
from datetime import date
from typing import Any, TypeVar

Table = dict[str, Any]
Value = TypeVar("Value")

_KIND_WORDS: dict[type, str] = {
    str: "text",
    bool: "true or false",
    int: "a whole number",
    dict: "a table",
    list: "a list",
    date: "a date, such as 2024-01-31",
}
_HEAD = re.compile(r"\s*(\[\[?)\s*([\w.-]+)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"\s*([\w-]+)\s*=")


class PackBroken(Exception):
    """A jurisdiction file can't be used as it is; the message names the file, the key and, where it is known, the line."""


def read_toml(file: str, text: str) -> Table:
    """The whole file as tables. A slip of the pen is named with its line."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        raise PackBroken(f"{file}: {wrong}.") from wrong


def lines_of(text: str) -> dict[str, int]:
    """The line on which each key stands, by the path that messages give it: "sanction_checks[2].who" is on line 81."""
    found: dict[str, int] = {}
    counts: dict[str, int] = {}
    at = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if head := _HEAD.match(line):
            at = head[2]
            if head[1] == "[[":
                counts[at] = counts.get(at, 0) + 1
                at = f"{at}[{counts[at]}]"
            found.setdefault(at, number)
        elif key := _KEY.match(line):
            found.setdefault(f"{at}.{key[1]}" if at else key[1], number)
    return found


class Reader:
    """Takes the keys of one table one by one, then complains of any left over. `path` is where the table stands."""

    def __init__(self, file: str, table: object, path: str = "", lines: dict[str, int] | None = None) -> None:
        self.file, self.path, self.lines = file, path, lines or {}
        if not isinstance(table, dict):
            raise self.wrong(path, "must be a table")
        self.left: Table = dict(table)

    def at(self, key: str) -> str:
        """Where a key of this table stands in the file."""
        return f"{self.path}.{key}" if self.path else key

    def wrong(self, path: str, what: str) -> PackBroken:
        """What is wrong at a path of the file, with its line. A type's own table is laid over the nation's: it comes
        second."""
        laid_over = (line for known, line in self.lines.items() if known.endswith(f".{path}"))
        line = self.lines.get(path) or next(laid_over, None)
        return PackBroken(f"{self.file}: {path} {what}{f' (line {line})' if line else ''}.")

    def take(self, key: str, kind: type[Value]) -> Value:
        """The value of a key that must be there and of this kind."""
        if key not in self.left:
            raise PackBroken(f"{self.file}: {self.at(key)} is missing.")
        value = self.left.pop(key)
        if type(value) is not kind:  # not isinstance: true is an int in Python, but not in a data file
            raise self.wrong(self.at(key), f"must be {_KIND_WORDS[kind]}")
        return value

    def text(self, key: str) -> str:
        """Words that must be there."""
        value = self.take(key, str)
        if not value.strip():
            raise self.wrong(self.at(key), "is empty")
        return value

    def flag(self, key: str) -> bool:
        """A yes or no that may be left out, which is no."""
        return self.take(key, bool) if key in self.left else False

    def table(self, key: str) -> "Reader":
        """A table in this one."""
        return Reader(self.file, self.take(key, dict), self.at(key), self.lines)

    def tables(self, key: str) -> list["Reader"]:
        """A list of tables in this one, counted from 1."""
        rows = self.take(key, list)
        return [Reader(self.file, row, self.at(f"{key}[{n}]"), self.lines) for n, row in enumerate(rows, start=1)]

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of words, with at least one in it."""
        rows = self.take(key, list)
        if not rows or not all(isinstance(row, str) and row.strip() for row in rows):
            raise self.wrong(self.at(key), "must be a list of words")
        return tuple(rows)

    def one_of(self, key: str, known: Iterable[str]) -> str:
        """One of these words."""
        value = self.text(key)
        if value not in set(known):
            raise self.wrong(self.at(key), f"must be one of {', '.join(sorted(known))}")
        return value

    def some_of(self, key: str, known: Iterable[str], *, optional: bool = False) -> tuple[str, ...]:
        """A list of these words; left out, where it may be, it is empty."""
        if optional and key not in self.left:
            return ()
        values = self.texts(key)
        for value in values:
            if value not in set(known):
                raise self.wrong(self.at(key), f"has “{value}” in it, which is none of {', '.join(sorted(known))}")
        return values

    def end(self) -> None:
        """Refuse whatever was not asked for."""
        for key in sorted(self.left):
            raise self.wrong(self.at(key), "is not a key that is known here")
