"""The launcher of the embedded PostgreSQL (issue 2, point 1): starts whatever happened before, and hurts nobody."""

import os
import signal
import subprocess
import sys
import time

import psycopg
import pytest

from ops import pidfile, servant
from ops.cluster import Cluster
from ops.postgres import ensure
from ops.trouble import Trouble


def ask(url, question):
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(question)
        return cursor.fetchone()[0] if cursor.description else None


def test_starts_once_and_keeps_its_roles_apart(home):
    first, second = ensure(), ensure()
    assert (first.started, second.started) == (True, False)
    assert first.owner_url == second.owner_url
    assert ask(first.owner_url, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is True
    assert (
        ask(first.app_url, "SELECT rolsuper OR rolcreatedb OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        is False
    )
    assert ask(first.owner_url, "SHOW fsync") == "on"


def test_finds_chinese_by_trigrams(home):
    """With the wrong character type pg_trgm sees nothing in Chinese (stack.md, section 6)."""
    url = ensure(durable=False).owner_url
    assert ask(url, "SHOW fsync") == "off"
    ask(url, "CREATE EXTENSION pg_trgm")
    assert ask(url, "SELECT similarity('花园77号楼', '花园78号楼') > 0") is True


def test_starts_again_after_kill_9_and_keeps_the_data(home):
    cluster = ensure()
    ask(cluster.owner_url, "CREATE TABLE kept AS SELECT 7 AS number")
    with psycopg.connect(cluster.owner_url):  # a backend that outlives the postmaster for a moment
        os.kill(pidfile.server_of(cluster.data), signal.SIGKILL)
        time.sleep(0.1)
        assert ensure().started
    assert ask(cluster.owner_url, "SELECT number FROM kept") == 7


def test_is_not_fooled_by_a_pid_that_now_is_anothers(home):
    cluster = ensure()
    cluster.stop()
    (cluster.data / "postmaster.pid").write_text(f"{os.getpid()}\n{cluster.data}\n")
    cluster.make_sockets()
    (cluster.sockets / ".s.PGSQL.5432.lock").write_text(f"{os.getpid()}\n")
    assert pidfile.server_of(cluster.data) is None
    assert ensure().started
    assert ask(cluster.owner_url, "SELECT 1") == 1


def test_comes_back_when_its_socket_was_swept_away(home):
    cluster = ensure()
    (cluster.sockets / ".s.PGSQL.5432").unlink()
    assert ensure().started
    assert ask(cluster.owner_url, "SELECT 1") == 1


def test_several_starts_at_once_make_one_server(home):
    starts = [subprocess.Popen([sys.executable, "-m", "ops.postgres", "start"], stdout=subprocess.PIPE, text=True,
                               env={**os.environ, "PYTHONPATH": os.getcwd()}) for _ in range(3)]  # fmt: skip
    said = {start.communicate(timeout=30)[0] for start in starts}
    assert [start.returncode for start in starts] == [0, 0, 0]
    assert said == {Cluster.named().owner_url + "\n"}


def test_clears_a_half_made_folder(home):
    making = Cluster.named().data.with_name("pg18.making")
    making.mkdir()
    (making / "PG_VERSION").write_text("18\n")
    assert ensure().started
    assert not making.exists()


def test_leaves_a_strangers_folder_alone(home):
    data = Cluster.named().data
    data.mkdir()
    (data / "thesis.txt").write_text("mine")
    with pytest.raises(Trouble, match="not a database folder"):
        ensure()
    assert (data / "thesis.txt").read_text() == "mine"
    (data / "thesis.txt").unlink()


def test_refuses_a_socket_folder_that_is_a_link_or_open_to_others(home):
    sockets = Cluster.named().sockets
    sockets.symlink_to(home)
    with pytest.raises(Trouble, match="not ours alone"):
        ensure()
    sockets.unlink()
    sockets.mkdir()
    servant.own(sockets, 0o755)
    with pytest.raises(Trouble, match="not ours alone"):
        ensure()
