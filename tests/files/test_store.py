"""A blob is there whole and for good, or not there at all."""

import errno
import os
from pathlib import Path

import pytest

from incidents.files.store import BlobMissing, Store, StoreFull, StoreUnavailable


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "files")


def kept(store: Store, data: bytes = b"sealed") -> str:
    arrival = store.begin()
    arrival.write(data)
    arrival.commit()
    return arrival.blob


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def failing(error: int) -> object:
    def fail(*_: object, **__: object) -> None:
        raise OSError(error, os.strerror(error))

    return fail


def test_what_was_kept_can_be_read(store: Store) -> None:
    assert store.read(kept(store)).read() == b"sealed"


def test_a_blob_is_not_there_before_it_is_committed(store: Store) -> None:
    arrival = store.begin()
    arrival.write(b"half")
    assert not store.exists(arrival.blob)
    assert list(store.blobs()) == []


def test_a_blob_lies_two_folders_deep_and_only_its_owner_can_read_it(store: Store) -> None:
    blob = kept(store)
    path = store.root / blob[:2] / blob[2:4] / blob
    assert path.stat().st_mode & 0o777 == 0o600


def test_an_abandoned_blob_leaves_nothing(store: Store) -> None:
    arrival = store.begin()
    arrival.write(b"half")
    arrival.abandon()
    assert files_in(store.root) == []


def test_a_destroyed_blob_is_gone(store: Store) -> None:
    blob = kept(store)
    assert store.destroy(blob) is True
    assert not store.exists(blob)


def test_destroying_twice_is_no_fault(store: Store) -> None:
    assert store.destroy("0" * 32) is False


def test_a_missing_blob_says_that_it_is_missing(store: Store) -> None:
    with pytest.raises(BlobMissing):
        store.read("0" * 32)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "a" * 31, "A" * 32, "a" * 32 + "\n", "aa/../" + "b" * 26])
def test_nothing_but_a_blob_name_becomes_a_path(store: Store, name: str) -> None:
    with pytest.raises(ValueError, match="not the name of a blob"):
        store.read(name)


def test_the_list_names_every_blob_with_its_size(store: Store) -> None:
    blobs = {kept(store, b"x" * size): size for size in (1, 2, 3)}
    assert {stored.blob: stored.size for stored in store.blobs()} == blobs


def test_a_crashed_upload_is_swept_up_later_and_a_running_one_is_not(store: Store) -> None:
    old, young = store.begin(), store.begin()
    os.utime(store.root / "arriving" / f"{old.blob}.part", (1000, 1000))
    assert store.sweep(before=2000) == 1
    young.commit()
    assert [stored.blob for stored in store.blobs()] == [young.blob]


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_while_writing_is_named(store: Store, monkeypatch: pytest.MonkeyPatch, error: int) -> None:
    arrival = store.begin()
    monkeypatch.setattr(os, "write", failing(error))
    with pytest.raises(StoreFull):
        arrival.write(b"sealed")


@pytest.mark.parametrize("step", ["fsync", "rename"])
def test_trouble_while_committing_leaves_nothing_behind(
    store: Store, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    arrival = store.begin()
    arrival.write(b"sealed")
    with monkeypatch.context() as broken:
        broken.setattr(os, step, failing(errno.ENOSPC))
        with pytest.raises(StoreFull):
            arrival.commit()
    assert files_in(store.root) == []


def test_a_failing_sync_of_the_folder_takes_the_blob_back(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    arrival = store.begin()
    arrival.write(b"sealed")
    whole, calls = os.fsync, []

    def fail_last(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) > 3:  # the file, then its two new folders; the fourth is the entry of the blob itself
            raise OSError(errno.EIO, "broken")
        whole(descriptor)

    monkeypatch.setattr(os, "fsync", fail_last)
    with pytest.raises(StoreUnavailable):
        arrival.commit()
    assert files_in(store.root) == []


def test_a_folder_that_cannot_be_made_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "files").write_text("a file stands where the folder should be")
    with pytest.raises(StoreUnavailable):
        Store(tmp_path / "files").begin()


def test_it_recovers_by_itself(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", failing(errno.ENOSPC))
        with pytest.raises(StoreFull):
            kept(store)
    assert store.exists(kept(store))
