"""Writes the pages of docs/ that are drawn from the code: `make docs`. `tests/test_docs.py` compares them."""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from flask import Flask

from config import Config
from incidents import access_tables, create_app
from incidents.access_tables import Page
from incidents.casework import lifecycle
from incidents.demo import sheet
from incidents.keys import make_missing_keys
from tests.shape import TOP
from tests.triage import power_table


def pages(app: Flask) -> Iterator[Page]:
    """Every route and what it declared."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint != "static":
            declared = app.view_functions[rule.endpoint].access  # type: ignore[attr-defined]  # set on the view
            methods = ", ".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
            yield Page(rule.rule, methods, declared.permission, declared.rights)


def access() -> str:
    """The tables of `incidents.access`, and what each page of a fresh application declares."""
    with tempfile.TemporaryDirectory() as folder:
        make_missing_keys(Path(folder) / "keys")
        return access_tables.document(pages(create_app(Config(data=Path(folder), testing=True))))


DRAWN: Mapping[str, Callable[[], str]] = {
    "docs/access.md": access,
    "docs/lifecycles.md": lifecycle.document,
    "docs/demo.md": sheet.document,
    "docs/power.md": power_table.document,
}

if __name__ == "__main__":
    for path, draw in DRAWN.items():
        (TOP / path).write_text(draw(), encoding="utf-8")
