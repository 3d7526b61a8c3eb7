"""Processes of the demo end with it, and come back when they fall (issue 2, point 1)."""

import os
import signal
import subprocess
import sys
import time

from ops.children import Child, end_all

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]
PARENT = [sys.executable, "-c", "import subprocess, sys, time; "
          "print(subprocess.Popen(['sleep', '60']).pid, flush=True); time.sleep(60)"]  # fmt: skip


def is_alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_for(what, seconds=5.0):
    deadline = time.monotonic() + seconds
    while not (result := what()):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)
    return result


def test_a_fallen_child_comes_back_after_a_pause(tmp_path, capsys):
    child = Child("web", [sys.executable, "-c", "raise SystemExit(3)"], dict(os.environ), tmp_path / "log")
    child.look()
    wait_for(lambda: child.look() or child.falls == 1)
    assert child.process is None and child.due > time.monotonic()
    child.due = 0.0
    wait_for(lambda: child.look() or child.falls == 2)
    assert child.due > time.monotonic() + 1.5  # twice the first pause
    assert capsys.readouterr().err.count("\n") == 2


def test_the_end_leaves_no_grandchildren(tmp_path):
    child = Child("web", PARENT, dict(os.environ), tmp_path / "log")
    child.look()
    grandchild = int(wait_for(lambda: (tmp_path / "log").read_text()))
    end_all([child], patience=2.0)
    wait_for(lambda: not is_alive(grandchild))


def test_children_end_when_the_supervisor_is_killed(tmp_path):
    code = ("import os, sys, time; from pathlib import Path; from ops.children import Child; "
            f"child = Child('x', {SLEEPER!r}, dict(os.environ), Path({str(tmp_path / 'log')!r})); child.look(); "
            "print(child.process.pid, flush=True); time.sleep(60)")  # fmt: skip
    supervisor = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True,
                                  env={**os.environ, "PYTHONPATH": os.getcwd()})  # fmt: skip
    pid = int(supervisor.stdout.readline())
    assert is_alive(pid)
    supervisor.send_signal(signal.SIGKILL)
    supervisor.wait()
    wait_for(lambda: not is_alive(pid))
