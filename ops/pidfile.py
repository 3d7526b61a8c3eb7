"""Whether the process named in `postmaster.pid` is really the server of that data folder."""

import os
import subprocess
from pathlib import Path


def server_of(data: Path) -> int | None:
    """The pid of the living server of `data`; None when it is gone, a zombie, or the number now is another's."""
    try:
        pid = int((data / "postmaster.pid").read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None
    return pid if pid > 0 and str(data) in command_line(pid) else None


def command_line(pid: int) -> str:
    """What a process was started with; empty for one that is gone or a zombie."""
    proc = Path("/proc") / str(pid)
    try:
        if proc.parent.joinpath("self").exists():
            return os.fsdecode((proc / "cmdline").read_bytes()).replace("\0", " ")
    except OSError:
        return ""
    asked = subprocess.run(["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return asked.stdout


def sweep(data: Path, sockets: Path) -> None:
    """Remove what a dead server left behind, or the next one believes it alive. Only call when it is dead."""
    if server_of(data) is None:
        for left in (data / "postmaster.pid", *sockets.glob(".s.PGSQL.*")):
            left.unlink(missing_ok=True)


def is_held(complaint: str) -> bool:
    """Whether the server refused only because backends of a killed one still hold its shared memory."""
    return "shared memory block" in complaint and "still in use" in complaint
