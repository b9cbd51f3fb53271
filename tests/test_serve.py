"""What `make run` and `make backup` promise before any page is shown."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from config import Config
from incidents import create_app, serve
from incidents.backup import back_up
from incidents.database import across_schools, writing
from incidents.demo.cast import PASSWORD, schools
from incidents.errors import SettingMissing
from incidents.schools.actions import create_school
from incidents.schools.jurisdiction import Nation, SchoolType
from tests.databases import new_app, new_postgresql_database
from tests.shape import TOP

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize("given", ["", "abc", "0", "-1", "65536", "80a"])
def test_a_port_that_is_none_is_refused_with_advice(given: str):
    with pytest.raises(SettingMissing, match="PORT="):
        serve.free_port(given)


def test_a_port_in_use_is_refused_with_advice():
    with socket.socket() as other:
        other.bind((serve.HOST, 0))
        other.listen()
        with pytest.raises(SettingMissing, match="Something else uses port"):
            serve.free_port(str(other.getsockname()[1]))


def test_a_data_folder_that_cannot_be_is_refused_with_advice(tmp_path: Path):
    (tmp_path / "file").touch()
    with pytest.raises(SettingMissing, match="DATA="), serve.only_one_at_a_time(tmp_path / "file" / "data"):
        pass


def test_a_first_start_makes_keys_and_an_empty_database(tmp_path: Path):
    app = serve.ready_to_use(Config(data=tmp_path, testing=True))
    assert serve.is_empty(app)
    assert sorted(path.name for path in (tmp_path / "keys").iterdir()) == ["audit.key", "cookies.key", "master.key"]


def test_a_key_that_was_lost_is_never_replaced_by_a_new_one(tmp_path: Path):
    serve.ready_to_use(Config(data=tmp_path, testing=True))
    (tmp_path / "keys" / "master.key").unlink()
    with pytest.raises(SettingMissing, match=r"master\.key is missing"):
        serve.ready_to_use(Config(data=tmp_path, testing=True))


def test_beside_a_postgresql_database_a_lost_key_is_not_replaced_either(tmp_path: Path, postgresql_server: str):
    settings = Config(data=tmp_path, database=new_postgresql_database(postgresql_server, "keys"), testing=True)
    serve.ready_to_use(settings)
    (tmp_path / "keys" / "master.key").unlink()
    with pytest.raises(SettingMissing, match=r"master\.key is missing"):
        serve.ready_to_use(settings)


def a_free_port() -> int:
    with socket.socket() as found:
        found.bind((serve.HOST, 0))
        return int(found.getsockname()[1])


@pytest.mark.process
def test_it_serves_what_is_there_and_one_ctrl_c_stops_all_of_it(tmp_path: Path):
    settings, port = Config(data=tmp_path / "a school", testing=True), a_free_port()
    settings.data.mkdir()
    serve.ready_to_use(settings)
    add_a_school(settings)
    home = tmp_path / "home"
    home.mkdir()
    environment = {"PATH": os.defpath, "HOME": str(home), "PORT": str(port), "INCIDENT_BOOK_DATA": str(settings.data)}
    command = [sys.executable, "-m", "incidents.serve"]
    with subprocess.Popen(command, cwd=TOP, env=environment, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        told = [server.stdout.readline() for _ in range(4)]
        assert f"http://127.0.0.1:{port}" in "".join(told)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=20) as answer:
            assert answer.status == 200
        server.send_signal(signal.SIGINT)
        assert server.wait(20) == 0
        server.stdout.read()  # ends when the last that could write there is gone: the timetable too
    with sqlite3.connect(settings.data / "incident-book.db") as database:
        assert database.execute("SELECT count(*) FROM job_slot WHERE job = 'messages'").fetchone() == (1,)
    assert serve.free_port(str(port)) == port
    assert list(home.iterdir()) == []


def pretend_demo(monkeypatch: pytest.MonkeyPatch, made: Callable[[Config], None]) -> None:
    monkeypatch.setattr(serve, "make_demo", made)


def add_a_school(settings: Config) -> None:
    app = create_app(settings)
    with app.app_context(), across_schools(), writing():
        create_school(name="A", short_name="A", nation=Nation.WALES, school_type=SchoolType.MAINTAINED, at=NOON)


def test_a_first_start_ends_with_a_whole_demo_and_a_second_leaves_it_alone(tmp_path: Path, monkeypatch):
    settings = Config(data=tmp_path / "my data", testing=True)
    settings.data.mkdir()
    pretend_demo(monkeypatch, add_a_school)
    serve.first_start(settings)
    serve.first_start(settings)
    assert not serve.is_empty(create_app(settings))
    assert serve.demo_mark(settings).exists()
    assert not list(settings.data.glob(".making*"))


def test_a_demo_cut_off_half_way_leaves_no_school_and_is_made_anew(tmp_path: Path, monkeypatch):
    settings = Config(data=tmp_path / "data", testing=True)
    settings.data.mkdir()

    def cut_off(making: Config) -> None:
        add_a_school(making)
        raise KeyboardInterrupt

    pretend_demo(monkeypatch, cut_off)
    with pytest.raises(KeyboardInterrupt):
        serve.first_start(settings)
    assert not list(settings.data.glob("*.db"))
    pretend_demo(monkeypatch, add_a_school)
    serve.first_start(settings)
    assert not serve.is_empty(create_app(settings))


def test_a_folder_that_waits_for_its_real_school_gets_no_demo(tmp_path: Path, monkeypatch):
    settings = Config(data=tmp_path, testing=True)
    serve.ready_to_use(settings)
    pretend_demo(monkeypatch, add_a_school)
    with pytest.raises(SettingMissing, match="make setup"):
        serve.first_start(settings)


def test_every_sign_in_of_the_demo_is_printed():
    printed = "\n".join(serve.sign_ins())
    everyone = [school.email(someone) for school in schools() for someone in school.people if someone.roles]
    assert PASSWORD in printed
    assert [email for email in everyone if email not in printed] == []


def test_a_backup_holds_the_database_the_files_and_the_keys(tmp_path: Path):
    data = tmp_path / "a school"
    new_app(data)
    (data / "files" / "ab" / "cd").mkdir(parents=True)
    (data / "files" / "ab" / "cd" / "blob").write_bytes(b"sealed")
    made = back_up(Config(data=data), tmp_path / "the disk", NOON)
    assert (made / "files/ab/cd/blob").read_bytes() == b"sealed"
    assert (made / "keys/master.key").read_bytes() == (data / "keys/master.key").read_bytes()
    with sqlite3.connect(made / "incident-book.db") as copy:
        assert copy.execute("SELECT count(*) FROM audit_head").fetchone() == (1,)


def test_what_is_copied_starts_as_it_was(tmp_path: Path):
    new_app(tmp_path / "data")
    made = back_up(Config(data=tmp_path / "data"), tmp_path, NOON)
    assert serve.is_empty(serve.ready_to_use(Config(data=made, testing=True)))


def test_a_backup_of_nothing_is_refused(tmp_path: Path):
    with pytest.raises(SettingMissing, match="nothing to copy"):
        back_up(Config(data=tmp_path), tmp_path / "to", NOON)
