"""An upload is sealed as it comes, and is kept whole or not at all."""

import errno
import hashlib
import io
import os
from pathlib import Path

import pytest
from werkzeug.formparser import FormDataParser
from werkzeug.test import EnvironBuilder

from incidents.errors import Refused
from incidents.files.arriving import ArrivingFile, keep_bytes
from incidents.files.sealing import Opened, SealBroken, unwrap
from incidents.files.store import Store, StoreFull

SCHOOL = bytes(32)
PLAIN = b"the group chat of Friday " * 9000


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "files")


def arrived(store: Store, data: bytes = PLAIN, largest: int = 1_000_000) -> ArrivingFile:
    file = ArrivingFile(store, largest)
    for at in range(0, len(data), 10_007):
        file.write(data[at : at + 10_007])
    file.seek(0)
    return file


def on_disk(store: Store) -> list[Path]:
    return [path for path in store.root.rglob("*") if path.is_file()]


def test_it_reads_back_before_it_is_kept(store: Store) -> None:
    assert arrived(store).read() == PLAIN


def test_a_kept_file_opens_with_its_schools_key(store: Store) -> None:
    kept = arrived(store).keep(SCHOOL, "f1")
    with Opened(store.read(kept.blob), unwrap(kept.wrapped_key, SCHOOL, "f1"), kept.blob) as file:
        assert file.read() == PLAIN


def test_hash_and_size_are_those_of_what_was_sent(store: Store) -> None:
    kept = arrived(store).keep(SCHOOL, "f1")
    assert (kept.sha256, kept.size) == (hashlib.sha256(PLAIN).hexdigest(), len(PLAIN))


def test_no_plain_byte_touches_the_disk(store: Store) -> None:
    file = arrived(store)
    before = b"".join(path.read_bytes() for path in on_disk(store))
    file.keep(SCHOOL, "f1")
    after = b"".join(path.read_bytes() for path in on_disk(store))
    assert len(before) > len(PLAIN)
    assert b"group chat" not in before + after


def test_an_empty_file_can_be_read_and_kept(store: Store) -> None:
    file = arrived(store, b"")
    assert file.read() == b""
    assert file.keep(SCHOOL, "f1").size == 0


@pytest.mark.parametrize("ending", [ArrivingFile.discard, ArrivingFile.close])
def test_what_nobody_keeps_leaves_nothing(store: Store, ending: object) -> None:
    ending(arrived(store))  # type: ignore[operator]  # either method
    assert on_disk(store) == []


@pytest.mark.parametrize("ending", [ArrivingFile.discard, ArrivingFile.close])
def test_what_was_kept_stays(store: Store, ending: object) -> None:
    file = arrived(store)
    kept = file.keep(SCHOOL, "f1")
    ending(file)  # type: ignore[operator]
    assert store.exists(kept.blob)


def test_a_file_of_exactly_the_limit_is_taken(store: Store) -> None:
    arrived(store, b"x" * 5000, largest=5000).check()


def test_a_file_over_the_limit_is_refused_in_words_and_leaves_nothing(store: Store) -> None:
    file = arrived(store, b"x" * 3_000_001, largest=3_000_000)
    with pytest.raises(Refused, match="larger than 3 MB"):
        file.keep(SCHOOL, "f1")
    assert on_disk(store) == []


def test_bytes_over_the_limit_are_not_stored_while_they_come(store: Store) -> None:
    file = ArrivingFile(store, 100_000)
    for _ in range(50):
        file.write(b"x" * 100_000)
    assert on_disk(store) == []


def test_a_full_disk_does_not_break_the_form_but_the_file_is_not_kept(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(os, "write", full)
    file = arrived(store)
    with pytest.raises(StoreFull):
        file.keep(SCHOOL, "f1")
    assert on_disk(store) == []


def test_what_changes_on_disk_before_it_is_decoded_is_refused(store: Store) -> None:
    file = arrived(store)
    (path,) = on_disk(store)
    with path.open("r+b") as part:
        part.seek(100)
        part.write(b"X")
    with pytest.raises(SealBroken):
        file.read()


def test_nothing_more_is_taken_after_it_was_read(store: Store) -> None:
    with pytest.raises(io.UnsupportedOperation):
        arrived(store).write(b"more")


def test_it_is_a_stream_that_a_form_can_be_read_into(store: Store) -> None:
    parts = {"what": "a chat", "shots": [(io.BytesIO(PLAIN), "a.png"), (io.BytesIO(b"two"), "b.png")]}
    environ = EnvironBuilder(method="POST", data=parts).get_environ()
    parser = FormDataParser(stream_factory=lambda *_, **__: ArrivingFile(store, 1_000_000))  # type: ignore[arg-type]  # a stream of our own
    _, form, files = parser.parse_from_environ(environ)
    assert form["what"] == "a chat"
    assert [file.read() for file in files.getlist("shots")] == [PLAIN, b"two"]


def test_bytes_of_our_own_are_kept_the_same_way(store: Store) -> None:
    kept = keep_bytes(store, b"drawn", SCHOOL, "view-1")
    assert Opened(store.read(kept.blob), unwrap(kept.wrapped_key, SCHOOL, "view-1"), kept.blob).read() == b"drawn"
