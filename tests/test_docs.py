"""What is written is true: whatever a document names exists, and what is drawn from the code equals the code."""

import re
from collections.abc import Iterator

import pytest

from incidents import SLICES
from tests import shape
from tests.write_docs import DRAWN

DOCUMENTS = [path for path in shape.our_files() if path.endswith(".md") and not path.startswith("static/vendor/")]
CODE = "\n".join(
    (shape.TOP / path).read_text(encoding="utf-8")
    for path in shape.our_files()
    if path.endswith((".py", ".toml", ".html", "Makefile")) and path != "tests/test_docs.py"
)
WORDS = set(re.findall(r"\w+", CODE))
GUIDES = [path for path in DOCUMENTS if path.startswith("docs/using/")]
PICTURES = shape.TOP / "docs" / "using" / "pictures"
# What the product says: its pages without their tags, and the words that its code gives to them.
SAID = " ".join(
    re.sub(r"<[^>]*>|\s+", " ", (shape.TOP / path).read_text(encoding="utf-8"))
    for path in shape.our_files()
    if path.startswith(("templates/", "incidents/")) and path.endswith((".html", ".py", ".toml"))
)
LARGEST_PICTURE = 80 * 1024
TARGETS = set(re.findall(r"^([a-z]+):", (shape.TOP / "Makefile").read_text(), flags=re.MULTILINE))
COMMANDS = set(re.findall(r'@click\.command\("([a-z-]+)"\)', CODE))
# Made when the product runs, so in no repository.
MADE = ("incident-book.db", "files/", "keys/", "outbox/", "data/", "-wal", "-shm")
# Settings and commands of others that documents speak of.
OF_OTHERS = (
    "python3-venv",
    "pg_dump",
    "git log -1",
    "https://",
    "postgresql+psycopg://",
    "FOR UPDATE",
    "relationship()",
    "yes",
    "/etc/",
    "ExecStartPre",
    "SameSite=Strict",
    "Secure",
    "chown",
    "createdb",
    "crit",
    "journalctl",
    "pg_restore",
    "proxy_request_buffering",
    "systemd-analyze",
)


def text_of(path: str) -> str:
    return (shape.TOP / path).read_text(encoding="utf-8")


def named_in(text: str) -> Iterator[str]:
    """What stands in backticks, and the commands in indented blocks."""
    plain = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    yield from re.findall(r"`([^`\n]+)`", plain)
    yield from re.findall(r"^    (make [a-z]+)", plain, flags=re.MULTILINE)


def is_there(name: str) -> bool:
    """Whether a file, command, target or name in the code is what the document says it is."""
    first, _, rest = name.partition(" ")
    if name.startswith(MADE) or name.startswith(OF_OTHERS):
        return True
    if first == "make":
        return not rest or rest.split()[0] in TARGETS
    if first == "flask":
        return rest in COMMANDS
    if first == "python" and rest.startswith("-m "):
        return (shape.TOP / f"{rest[3:].replace('.', '/')}.py").is_file()
    if re.fullmatch(r"[\w./-]+\.(py|md|toml|html|txt|in|css|js)|[\w./-]+/", name):
        return (shape.TOP / name).exists() or any(path.endswith(f"/{name}") for path in shape.our_files())
    return set(re.findall(r"\w+", name)) <= WORDS


def missing(text: str) -> list[str]:
    return [name for name in named_in(text) if not is_there(name)]


def broken_links(path: str, text: str) -> list[str]:
    folder = (shape.TOP / path).parent
    linked = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text)
    return [link for link in linked if not (folder / link).exists()]


@pytest.mark.parametrize("path", DOCUMENTS)
def test_whatever_a_document_names_exists(path: str):
    assert missing(text_of(path)) == []


@pytest.mark.parametrize("path", DOCUMENTS)
def test_every_link_between_documents_leads_somewhere(path: str):
    assert broken_links(path, text_of(path)) == []


@pytest.mark.parametrize("path", DRAWN)
def test_what_is_drawn_from_the_code_equals_the_code(path: str):
    assert DRAWN[path]() == text_of(path), "run: make docs"


def test_the_slices_are_described_in_their_order():
    listed = re.search(r"<!-- slices -->(.*)<!-- end -->", text_of("docs/architecture.md"), flags=re.DOTALL)
    assert listed
    assert tuple(re.findall(r"^\d+\. `(\w+)`", listed[1], flags=re.MULTILINE)) == SLICES


def test_every_target_is_named_where_people_look():
    pages = text_of("README.md") + text_of("CONTRIBUTING.md")
    assert [target for target in TARGETS - {"help"} if f"make {target}" not in pages] == []


def test_every_setting_is_in_the_readme():
    settings = set(re.findall(r'env\.get\("(\w+)"', text_of("config.py"))) - {"INCIDENT_BOOK_DEMO"}
    assert [setting for setting in settings if setting not in text_of("README.md")] == []


def unsaid(text: str) -> list[str]:
    """What a guide shows in bold, as words on a page or a button, and no page says."""
    quoted = [re.sub(r"\s+", " ", bold) for bold in re.findall(r"\*\*(.+?)\*\*", text, flags=re.DOTALL)]
    return [bold for bold in quoted if not re.search(rf"(?<!\w){re.escape(bold)}(?!\w)", SAID)]


def pictures_in(text: str) -> list[str]:
    return re.findall(r"!\[[^\]]+\]\(pictures/([\w-]+\.png)\)", text)


@pytest.mark.parametrize("path", GUIDES)
def test_every_label_in_a_guide_stands_on_a_page(path: str):
    assert unsaid(text_of(path)) == []


def test_each_picture_of_the_guides_is_shown_once_and_small():
    shown = sorted(name for path in GUIDES for name in pictures_in(text_of(path)))
    there = {picture.name: picture.stat().st_size for picture in PICTURES.iterdir()}
    assert shown == sorted(there)
    assert len(there) <= 16
    assert max(there.values()) <= LARGEST_PICTURE


def test_each_role_has_its_guide_of_a_page():
    listed = re.findall(r"\]\(([\w-]+\.md)\)", text_of("docs/using/README.md"))
    assert sorted(f"docs/using/{name}" for name in listed) == sorted(set(GUIDES) - {"docs/using/README.md"})
    assert [path for path in GUIDES if len(text_of(path).split()) > 400] == []


@pytest.mark.parametrize("said", ["**Press nothing**", "**Recor**", "**Record\nnothing**"])
def test_a_label_that_no_page_has_is_found(said: str):
    assert unsaid(said)


@pytest.mark.parametrize("name", [
    "`incidents/no_such_file.py`", "`make nothing`", "`flask nothing`", "`no_such_name_anywhere`",
    "`python -m incidents.nothing`", "    make nothing",
])  # fmt: skip
def test_a_name_of_nothing_is_found(name: str):
    assert missing(f"See\n\n{name}\n")


def test_a_link_to_nothing_is_found():
    assert broken_links("docs/x.md", "[here](nowhere.md)") == ["nowhere.md"]
