"""Install everything into the checkout, once: `.venv`, `node_modules`, the built assets.

Run by `bin/setup` with any Python ≥ 3.11. A second run finds the stamps and does nothing, also offline.
"""

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from ops.places import PYTHON, ROOT, VENV
from ops.trouble import Trouble, guard, say

KINDS = ("demo", "dev")  # each holds what stands before it
STAMP = VENV / ".stamp"
SYNCING = VENV / ".syncing"  # left behind only by a sync that was killed
STORES = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem")
NODE_STAMP = ROOT / "node_modules" / ".stamp"


def main() -> int:
    asked = sys.argv[1] if len(sys.argv) > 1 else "demo"
    if asked not in KINDS or len(sys.argv) > 2:
        raise Trouble("用法：bin/setup [demo|dev]", "usage: bin/setup [demo|dev]", 2)
    if not is_done(asked):
        with alone():
            if not is_done(asked):
                install(asked)
    build_assets()
    return 0


def is_done(asked: str) -> bool:
    return stamp() == wanted(asked) and read(NODE_STAMP) == node_digest()


def stamp() -> str:
    """What is installed; nothing unless we run in it, by the same minor version of Python it was made for."""
    packages = VENV / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}"
    return read(STAMP) if Path(sys.prefix) == VENV and packages.is_dir() else ""


def wanted(asked: str) -> str:
    """What the stamp must say: never less than what is installed, so `bin/demo` keeps the tools of `bin/test`."""
    kind = max(asked, stamp().partition(" ")[0] or "demo", key=KINDS.index)
    return f"{kind} {digest(ROOT / 'requirements' / 'uv.txt', ROOT / 'requirements' / f'{kind}.txt')}"


def node_digest() -> str:
    return digest(ROOT / "package-lock.json", ROOT / "package.json", ROOT / ".npmrc")


def digest(*files: Path) -> str:
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()


def read(file: Path) -> str:
    try:
        return file.read_text()
    except OSError:
        return ""


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Only one setup of this checkout at a time; the lock goes with the process."""
    check_writable()
    handle = os.open(ROOT, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("· 另一个安装正在进行，等待… / another setup is running, waiting…")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def check_writable() -> None:
    for place in (ROOT, VENV, ROOT / "node_modules"):
        if place.exists() and not os.access(place, os.W_OK | os.X_OK):
            raise Trouble(
                f"不可写：{place}（属主 uid {place.stat().st_uid}），请换成它的属主运行，或把代码克隆到自己的目录",
                f"{place} is not writable for you: run as its owner, or clone into a folder of your own",
            )


def install(asked: str) -> None:
    goal = wanted(asked)
    kind = goal.partition(" ")[0]
    if stamp() != goal:
        STAMP.unlink(missing_ok=True)
        if not is_sound():
            make_environment()
        step("安装工具 uv / installing uv", [PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check",
             "--no-deps", "--require-hashes", "-r", "requirements/uv.txt"])  # fmt: skip
        SYNCING.touch()
        try:
            step(f"安装 Python 依赖（{kind}）/ Python packages",
                 [PYTHON, "-m", "uv", "pip", "sync", "-q", "--python", PYTHON, "--require-hashes",
                  f"requirements/{kind}.txt"], for_uv())  # fmt: skip
        except Trouble:
            SYNCING.unlink()
            raise
        SYNCING.unlink()
        STAMP.write_text(goal)
    if read(NODE_STAMP) != node_digest():
        step(
            "安装前端依赖 / front-end packages", [PYTHON, "-m", "ops.node", "npm", "ci", "--loglevel=error"], for_npm()
        )
        NODE_STAMP.parent.mkdir(exist_ok=True)
        NODE_STAMP.write_text(node_digest())


def is_sound() -> bool:
    """Whether the environment can be built upon: its Python runs, has pip, and no sync was killed half-way."""
    if SYNCING.exists() or not PYTHON.exists():
        return False
    return subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True, check=False).returncode == 0


def make_environment() -> None:
    shutil.rmtree(VENV, ignore_errors=True)
    base = getattr(sys, "_base_executable", sys.executable)
    step("建立 Python 环境 / Python environment", [base, "-m", "venv", VENV])


def step(name: str, command: list[str | Path], extra: dict[str, str] | None = None) -> None:
    """Run one step quietly; what it printed is shown only as the reason of a failure."""
    begin = time.monotonic()
    print(f"· {name} …", end="", file=sys.stderr, flush=True)
    environment = {**os.environ, "PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0", **(extra or {})}
    ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, errors="replace",
                         stdin=subprocess.DEVNULL, check=False)  # fmt: skip
    print(f" {time.monotonic() - begin:.1f} s", file=sys.stderr, flush=True)
    if ran.returncode:
        output = ran.stdout + ran.stderr
        with contextlib.suppress(OSError):
            (VENV / "setup.log").write_text(output)
        raise Trouble.told(f"{name.partition('/')[0].strip()}，详见 .venv/setup.log", output)


def for_uv() -> dict[str, str]:
    """uv does not read pip's configuration: hand it the mirror and the certificates pip knows."""
    extra = {"UV_PYTHON_DOWNLOADS": "never", "UV_NO_PROGRESS": "1"}
    if not any(os.environ.get(name) for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL")) and (
        index := pip_knows("index-url")
    ):
        extra["UV_DEFAULT_INDEX"] = index
    if os.environ.get("SSL_CERT_FILE"):
        return extra
    if certificate := pip_knows("cert"):
        extra["SSL_CERT_FILE"] = certificate
    elif any(os.path.exists(store) for store in STORES) and not os.environ.get("UV_SYSTEM_CERTS"):
        extra["UV_SYSTEM_CERTS"] = "1"
    return extra


def for_npm() -> dict[str, str]:
    certificate = os.environ.get("NODE_EXTRA_CA_CERTS") or pip_knows("cert")
    return {"NODE_USE_SYSTEM_CA": "1", **({"NODE_EXTRA_CA_CERTS": certificate} if certificate else {})}


def pip_knows(key: str) -> str:
    """What pip was told by its environment or its files; its own `config get` overlooks some of them."""
    if named := os.environ.get("PIP_" + key.upper().replace("-", "_")):
        return named
    asked = subprocess.run([PYTHON, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False)
    lines = (line.partition("=") for line in asked.stdout.splitlines())
    told = {name: value.strip("'\"") for name, _, value in lines}
    return told.get(f"install.{key}") or told.get(f"global.{key}") or ""


def build_assets() -> None:
    """Bundle what changed. A missing builder or asset is no reason to stop."""
    from ops import build_assets as assets

    if not assets.is_fresh():
        with alone():
            step("打包页面资源 / building assets", [PYTHON, "-m", "ops.build_assets"])


if __name__ == "__main__":
    guard(main)
