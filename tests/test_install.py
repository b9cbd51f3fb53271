"""What a fresh machine is told when something is missing, before any of our Python runs."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.shape import TOP

PATH = os.defpath


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """The two scripts and the locks, in a folder with a space in its name and without a .venv."""
    folder = tmp_path / "a clone"
    shutil.copytree(TOP / "bin", folder / "bin")
    shutil.copytree(TOP / "requirements", folder / "requirements")
    return folder


def script(path: Path, text: str) -> Path:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def install(clone: Path, python: Path | str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": PATH, "PYTHON": str(python)}
    return subprocess.run([clone / "bin/install", "run"], env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(("python", "advice"), [
    ('case "$*" in *version_info*) exit 1;; -V) echo Python 3.9.2;; esac', "needs Python 3.11 or later"),
    ('case "$*" in *ensurepip*) exit 1;; esac', "sudo apt install python3-venv"),
    ('case "$*" in *"-m venv"*) exit 1;; esac', "could not make .venv"),
])  # fmt: skip
def test_a_python_that_will_not_do_is_named_with_what_to_install(clone: Path, python: str, advice: str):
    done = install(clone, script(clone / "python3", python))
    assert done.returncode == 1
    assert advice in done.stderr


def test_no_python_at_all_is_named_with_what_to_install(clone: Path):
    assert "sudo apt install python3" in install(clone, "no-such-python").stderr


def test_what_is_installed_already_is_left_alone(clone: Path):
    (clone / ".venv/bin").mkdir(parents=True)
    script(clone / ".venv/bin/python", 'case "$*" in *"pip install"*) echo installed >>installed;; esac')
    assert install(clone, "no-such-python").returncode == 0
    assert install(clone, "no-such-python").returncode == 0
    assert (clone / "installed").read_text() == "installed\n"
    (clone / "requirements/run.txt").write_text("another lock")
    install(clone, "no-such-python")
    assert (clone / "installed").read_text() == "installed\n" * 2


def test_an_installation_that_fails_is_not_taken_for_done(clone: Path):
    (clone / ".venv/bin").mkdir(parents=True)
    script(clone / ".venv/bin/python", 'case "$*" in *"pip install"*) exit 1;; esac')
    assert install(clone, "no-such-python").returncode == 1
    assert install(clone, "no-such-python").returncode == 1


def test_somebody_who_is_not_root_is_told_which_browser_to_install(clone: Path, tmp_path: Path):
    tools = tmp_path / "tools"
    tools.mkdir()
    script(tools / "id", "echo 1000")
    done = subprocess.run(
        ["/bin/sh", clone / "bin/browser"], env={"PATH": str(tools)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "sudo apt install chromium" in done.stderr


def test_make_alone_lists_every_command():
    environment = {"PATH": PATH}
    listed = subprocess.run(["make"], cwd=TOP, env=environment, capture_output=True, text=True, check=True).stdout
    assert [target for target in ("run", "setup", "test", "verify", "backup") if f"make {target} " not in listed] == []
