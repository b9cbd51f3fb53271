"""A name is kept to be recognised by."""

import pytest

from incidents.files.naming import LONGEST, kept_name


@pytest.mark.parametrize(("given", "kept"), [
    ("Screenshot 21-16-40.png", "Screenshot 21-16-40.png"),
    ("C:\\Users\\someone\\chat.png", "chat.png"),
    ("../../etc/passwd", "passwd"),
    ("llun sgrîn – tŷ.heic", "llun sgrîn – tŷ.heic"),
    ("innocent\u202egnp.exe", "innocentgnp.exe"),
    ("two\r\nlines\x00.png", "twolines.png"),
    ("  \u200b ", "File without a name"),
    ("", "File without a name"),
    (None, "File without a name"),
])  # fmt: skip
def test_a_name_is_cleaned(given: str | None, kept: str) -> None:
    assert kept_name(given) == kept


def test_a_long_name_is_cut_in_the_middle_and_keeps_its_ending() -> None:
    kept = kept_name("x" * 300 + ".jpeg")
    assert len(kept) == LONGEST
    assert kept.endswith("…\u200b.jpeg".replace("\u200b", ""))
