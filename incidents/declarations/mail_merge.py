"""The list of links for the school’s own messaging system: a file that no spreadsheet takes for formulas."""

import csv
import io
from collections.abc import Iterable, Sequence

HEAD = ("Pupil code", "Pupil", "Class", "Contact code", "Contact", "Link", "Good until")
# What a spreadsheet would take for the beginning of a formula: in some languages the wide signs too.
_DANGEROUS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\t", "\r", "\n")


def plain(value: str) -> str:
    """A cell that is only ever words: an apostrophe stands before what could be reckoned."""
    return f"'{value}" if value.startswith(_DANGEROUS) else value


def as_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """The file, readable by every spreadsheet. All stands in quotes: some part cells by semicolons."""
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows([HEAD, *([plain(value) for value in row] for row in rows)])
    return text.getvalue().encode("utf-8-sig")
