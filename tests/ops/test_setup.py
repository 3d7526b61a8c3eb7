"""Installing (issue 2, point 1): the same everywhere, from anybody's mirror, and one clear line when it cannot be."""

import itertools
import os
import re
import shutil
import subprocess

import pytest

from ops import build_assets, setup, surroundings
from ops.places import ROOT
from ops.trouble import Trouble


def test_locks_name_no_host():
    for lock in [*(ROOT / "requirements").glob("*.txt"), ROOT / "package-lock.json"]:
        assert not re.search(r"https?://|file:", lock.read_text()), lock


def test_locks_agree():
    """Tests run on the versions that users run."""
    pins = [dict(re.findall(r"^([a-z0-9-]+)==(\S+)", (ROOT / "requirements" / f"{kind}.txt").read_text(), re.MULTILINE))
            for kind in ("runtime", "demo", "dev")]  # fmt: skip
    for smaller, larger in itertools.pairwise(pins):
        assert smaller.items() <= larger.items()


def test_the_demo_keeps_the_tools_of_developers(monkeypatch):
    monkeypatch.setattr(setup, "stamp", lambda: "dev 0123")
    assert setup.wanted("demo").startswith("dev ")
    monkeypatch.setattr(setup, "stamp", lambda: "")
    assert setup.wanted("demo").startswith("demo ")


@pytest.fixture
def checkout(tmp_path):
    """A checkout with nothing installed, in a folder with a space."""
    place = tmp_path / "a house"
    shutil.copytree(ROOT / "bin", place / "bin")
    shutil.copytree(ROOT / "ops", place / "ops")
    return place


def run_setup(checkout, python):
    """`bin/setup` where `python3` is the given script and no other Python is found."""
    path = checkout / "path"
    path.mkdir()
    for tool in ("bash", "readlink", "dirname"):
        (path / tool).symlink_to(shutil.which(tool))
    (path / "python3").write_text(f"#!/bin/sh\n{python}\n")
    (path / "python3").chmod(0o755)
    return subprocess.run(
        [checkout / "bin" / "setup"], env={"PATH": str(path)}, capture_output=True, text=True, check=False
    )


def test_an_old_python_is_one_line(checkout):
    ran = run_setup(checkout, 'case "$1" in -V) echo Python 3.9.2;; *) exit 1;; esac')
    assert (ran.returncode, ran.stderr.count("\n")) == (1, 1)
    assert "3.11" in ran.stderr and "Python 3.9.2" in ran.stderr


def test_a_missing_venv_module_is_one_line(checkout):
    ran = run_setup(checkout, 'case "$2" in *ensurepip*) exit 1;; *print*) echo python3.11-venv;; esac')
    assert (ran.returncode, ran.stderr.count("\n")) == (1, 1)
    assert "apt install python3.11-venv" in ran.stderr


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ("error: failed to write: No space left on device (os error 28)", "磁盘已满"),
        ("error: Request failed\n  Caused by: dns error: failed to lookup", "下载失败"),
        ("npm error code ENOTFOUND", "下载失败"),
        ("something\nerror: this cannot be\nbye", "error: this cannot be"),
    ],
)
def test_a_failed_step_is_said_in_one_line(output, said):
    line = str(Trouble.told("步骤", output))
    assert said in line and "\n" not in line


def test_the_secret_is_made_once_and_is_private(tmp_path):
    first = surroundings.secret(tmp_path)
    assert len(first) >= 50 and surroundings.secret(tmp_path) == first
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600
    assert os.listdir(tmp_path) == ["secret"]


def test_an_unreachable_database_is_one_line_without_its_password(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://steward:opensesame@127.0.0.1:9/estate")
    with pytest.raises(Trouble) as refused:
        surroundings.probe("DATABASE_URL")
    assert "127.0.0.1:9/estate" in str(refused.value)
    assert "opensesame" not in str(refused.value) and "\n" not in str(refused.value)


def test_icons_are_those_asked_for():
    names = build_assets.icon_names("phone\n\nhouse # the resident's\nphone\n")
    assert names == ["house", "phone"]
    drawn = build_assets.sprite(names)
    assert drawn.count("<symbol") == 2 and 'id="phone"' in drawn
    with pytest.raises(Trouble, match="no-such-icon"):
        build_assets.sprite(["no-such-icon"])
