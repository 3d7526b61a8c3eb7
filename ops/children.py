"""Processes that live and die with their supervisor, restarted with growing pauses when they fall."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from ops.places import ROOT
from ops.trouble import say

LONGEST_PAUSE = 30.0  # seconds
STEADY = 60.0  # seconds of life after which the pauses start small again
LARGEST_LOG = 20_000_000  # bytes
PR_SET_PDEATHSIG = 1


def die_with_parent() -> None:
    """In the child: have the kernel end us when the supervisor ends, even by kill -9 (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def spawn(command: list[str], environment: dict[str, str], log: Path, **more) -> subprocess.Popen:
    """Start in a session of its own, so Ctrl-C reaches only the supervisor; what it prints goes to `log`."""
    if log.exists() and log.stat().st_size > LARGEST_LOG:
        log.replace(log.with_suffix(".old.log"))
    with log.open("ab") as file:
        return subprocess.Popen(command, **{"env": environment, "cwd": ROOT, "stdin": subprocess.DEVNULL, "stdout": file,
                                "stderr": file, "start_new_session": True, "preexec_fn": die_with_parent, **more})  # fmt: skip


class Child:
    """One process kept alive. `look()` is called again and again; it starts what has fallen when its pause is over."""

    def __init__(self, name: str, command: list[str], environment: dict[str, str], log: Path) -> None:
        self.name, self.command, self.environment, self.log = name, command, environment, log
        self.process: subprocess.Popen | None = None
        self.falls = 0
        self.born = self.due = 0.0

    def start(self) -> None:
        self.process = spawn(self.command, self.environment, self.log)
        self.born = time.monotonic()

    def look(self) -> None:
        now = time.monotonic()
        if self.process is None:
            if now >= self.due:
                self.start()
            return
        code = self.process.poll()
        if code is None:
            return
        self.sweep(signal.SIGKILL)
        self.falls = 1 if now - self.born > STEADY else self.falls + 1
        pause = min(2.0 ** (self.falls - 1), LONGEST_PAUSE)
        self.process, self.due = None, now + pause
        say(f"· {self.name} 退出（{code}），{pause:.0f} 秒后重启，日志 {self.log} / ended, will restart")

    def sweep(self, number: signal.Signals) -> None:
        """Signal the whole session of the child: its own children may outlive it and keep the port."""
        if self.process:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, number)

    def ask_to_end(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()

    def end(self, deadline: float) -> None:
        """Wait until `deadline` (monotonic), then leave nothing."""
        if self.process:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(max(0.0, deadline - time.monotonic()))
            self.sweep(signal.SIGKILL)
            self.process.wait()
            self.process = None


def end_all(children: list[Child], patience: float = 8.0) -> None:
    for child in children:
        child.ask_to_end()
    deadline = time.monotonic() + patience
    for child in children:
        child.end(deadline)
