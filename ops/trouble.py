"""Trouble a person can act on is one line in Chinese and English, never a traceback."""

import errno
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

FULL = ("no space left on device", "os error 28", "enospc", "disk quota exceeded", "os error 122", "edquot")
NETWORK = (
    "could not resolve", "name resolution", "dns error", "connection refused", "connection reset", "timed out",
    "network is unreachable", "failed to fetch", "error sending request", "newconnectionerror", "enotfound", "eai_again",
    "econnrefused", "etimedout", "econnreset", "enotcached", "no matching distribution found", "max retries",
    "proxyerror", "certificate", "connecterror",
)  # fmt: skip


class Trouble(Exception):
    """Something is wrong outside the program. `code` becomes the exit code."""

    def __init__(self, chinese: str, english: str, code: int = 1) -> None:
        super().__init__(f"{chinese} / {english}")
        self.code = code

    @classmethod
    def of(cls, error: OSError, place: Path | str = "") -> "Trouble":
        """The one line for an operating-system error at `place`."""
        where = place or error.filename or "?"
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return (
                cls("磁盘已满", "the disk is full") if where == "?" else cls(f"磁盘已满：{where}", "the disk is full")
            )
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            return cls(f"没有写权限：{where}", f"no permission to write: {where}")
        return cls(f"出错：{where} {error.strerror}", f"failed: {where} {error.strerror}")

    @classmethod
    def told(cls, step: str, output: str) -> "Trouble":
        """The one line for a command that failed, judged by what it printed."""
        lower = output.lower()
        if any(word in lower for word in FULL):
            return cls(f"磁盘已满（{step}）", "the disk is full")
        if any(word in lower for word in NETWORK):
            return cls(
                f"下载失败（{step}）：请检查网络，或设置镜像（pip config set global.index-url …；npm config set registry …）",
                "download failed: check the network or set a mirror",
            )
        lines = [line.strip() for line in output.splitlines() if line.strip()]
        said = next((line for line in lines if "error" in line.lower()), lines[-1] if lines else "?")
        return cls(f"失败（{step}）：{said[:300]}", "failed")


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def guard(main: Callable[[], int | None]) -> NoReturn:
    """Run `main` and end the process with its exit code; Trouble and Ctrl-C end it with one line or none."""
    try:
        sys.exit(main() or 0)
    except Trouble as trouble:
        say(f"✗ {trouble}")
        sys.exit(trouble.code)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(141)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM):
            raise
        say(f"✗ {Trouble.of(error)}")
        sys.exit(1)
