"""Rows and stored files are held against each other both ways, and every seal is checked."""

import os
import shutil
from collections.abc import Iterator

import pytest
from flask import current_app

from incidents import clock
from incidents.database import across_schools, writing
from incidents.extensions import db
from incidents.files import intake, reconciling
from incidents.files.models import File, FileState
from incidents.files.queries import likenesses, store
from tests.cast import Cast
from tests.evidence.exhibits import add_file, decoded_at_once
from tests.triage.recorded import record


@pytest.fixture
def file(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Iterator[File]:
    """A sealed file in a store that holds nothing else."""
    monkeypatch.setattr(intake, "decode", decoded_at_once)
    with cast.here():
        shutil.rmtree(store().root, ignore_errors=True)
        evidence = add_file(cast, record(cast))
        yield db.session.get_one(File, (cast.school_id, evidence.file_id))
        shutil.rmtree(store().root, ignore_errors=True)


def check() -> reconciling.Findings:
    with across_schools():
        return reconciling.check(clock.now())


def stray(age: float) -> str:
    """A blob that no row owns, so many seconds old."""
    arrival = store().begin()
    arrival.write(b"sealed once")
    arrival.commit()
    then = clock.now().timestamp() - age
    os.utime(store().path(arrival.blob), (then, then))
    return arrival.blob


def test_a_whole_store_has_nothing_wrong(file: File) -> None:
    found = check()
    assert (found.checked, found.broken, found.nobodys) == (2, [], [])


def test_a_missing_file_is_found(file: File) -> None:
    store().destroy(file.blob)
    assert check().broken == [f"file {file.id}: BlobMissing"]


def test_a_changed_file_is_found(file: File) -> None:
    path = store().path(file.blob)
    kept = path.read_bytes()
    path.write_bytes(kept[:-1] + bytes([kept[-1] ^ 1]))  # another byte, whatever it was
    [broken] = check().broken
    assert broken.startswith(f"file {file.id}: chunk 1 of 1 is not as it was sealed")
    assert not reconciling.seal_is_whole(file)


def test_a_changed_viewing_copy_is_found(file: File) -> None:
    [likeness] = likenesses(file.id)
    path = store().path(likeness.blob)
    kept = path.read_bytes()
    path.write_bytes(kept[:-1] + bytes([kept[-1] ^ 1]))  # another byte, whatever it was
    assert len(check().broken) == 1


def test_two_files_that_changed_places_are_found(file: File) -> None:
    [likeness] = likenesses(file.id)
    one, other = store().path(file.blob), store().path(likeness.blob)
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)
    assert len(check().broken) == 2


def test_a_blob_that_is_nobodys_is_found_and_taken_away(file: File) -> None:
    old, new = stray(2 * 86_400), stray(60)
    found = check()
    assert found.nobodys == [old]
    assert reconciling.tidy(found, clock.now()) == 1
    assert store().exists(new)
    assert store().exists(file.blob)


def test_what_lies_there_of_a_destroyed_file_is_nobodys(file: File) -> None:
    with writing(audited=False):
        held = db.session.get_one(File, (file.school_id, file.id))
        held.state, held.wrapped_key = FileState.DESTROYED, None
    then = clock.now().timestamp() - 2 * 86_400
    os.utime(store().path(file.blob), (then, then))
    assert check().nobodys == [file.blob]


def test_the_command_says_what_it_found_and_fails_if_a_file_is_not_whole(file: File) -> None:
    runner = current_app.test_cli_runner()
    assert runner.invoke(args=["check-files"]).output == "2 files checked, 0 not whole, 0 that no row owns.\n"
    store().destroy(file.blob)
    result = runner.invoke(args=["check-files", "--tidy"])
    assert (result.exit_code, "1 not whole" in result.output, "0 taken away" in result.output) == (1, True, True)
