"""`bin/test` and `bin/check`: a throw-away database server, then the tools, then pytest, whose summary comes last."""

import contextlib
import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator

from ops.places import PYTHON, ROOT, make_home
from ops.postgres import ensure
from ops.surroundings import common, probe
from ops.trouble import Trouble, guard, say

SLOTS = 8  # runs at one time
LINTS = {
    "ruff": ["ruff", "check", "--quiet", "."],
    "imports": ["importlinter.cli", "--no-cache"],
}
GATE = {
    "mypy": ["mypy"],
    "migrations": ["guanjia.manage", "makemigrations", "--check", "--dry-run"],
}


def main() -> int:
    words = sys.argv[1:]
    is_check = words[:1] == ["--gate"]
    words = words[1:] if is_check else words
    with database() as environment:
        lints = {} if words else {**LINTS, **(GATE if is_check else {})}
        failed = [name for name, command in lints.items() if not passes(name, command, environment)]
        code = pytest(words, environment)
    return code or bool(failed)


@contextlib.contextmanager
def database() -> Iterator[dict[str, str]]:
    """The environment of one test run: its own database name on the test server, or the caller's `DATABASE_URL`."""
    home = make_home()
    environment = {**common(home), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "DJANGO_ALLOW_ASYNC_UNSAFE": "1"}
    if os.environ.get("DATABASE_URL"):
        probe("DATABASE_URL")
        yield environment
        return
    with contextlib.ExitStack() as held:
        slot = take_slot(held)
        cluster = ensure(durable=False, name="test")
        environment["DATABASE_URL"] = cluster.url("postgres", "guanjia" if slot == 0 else f"guanjia{slot}")
        environment.pop("DATABASE_OWNER_URL", None)
        try:
            yield environment
        finally:
            with contextlib.suppress(BlockingIOError), contextlib.ExitStack() as rest:
                for other in set(range(SLOTS)) - {slot}:
                    hold(other, rest)
                cluster.stop()  # nobody else is testing


def take_slot(held: contextlib.ExitStack) -> int:
    """The first free number below SLOTS, kept until `held` closes: runs side by side never share a database."""
    for number in range(SLOTS):
        with contextlib.suppress(BlockingIOError):
            hold(number, held)
            return number
    raise Trouble(f"已有 {SLOTS} 个测试在运行", f"{SLOTS} test runs are going on already")


def hold(number: int, held: contextlib.ExitStack) -> None:
    file = held.enter_context(contextlib.closing(Slot(number)))
    file.lock()


class Slot:
    """A lock file in the home; freed when closed or when the process ends."""

    def __init__(self, number: int) -> None:
        self.handle = os.open(make_home() / f"test-{number}.lock", os.O_CREAT | os.O_RDWR, 0o600)

    def lock(self) -> None:
        fcntl.flock(self.handle, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def close(self) -> None:
        os.close(self.handle)


def passes(name: str, command: list[str], environment: dict[str, str]) -> bool:
    """Run one tool; silent when content."""
    module, *words = command
    start = [str(PYTHON), "-m", module]
    if module == "importlinter.cli":
        start = [str(PYTHON), "-c", "from importlinter.cli import lint_imports_command as go; go()"]
    ran = subprocess.run([*start, *words], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if ran.returncode:
        say(f"✗ {name}\n{ran.stdout}{ran.stderr}".rstrip())
    return ran.returncode == 0


def pytest(words: list[str], environment: dict[str, str]) -> int:
    """All tests on two processes, which take from each other what is left; or those the words choose on one."""
    command = [str(PYTHON), "-m", "pytest", "-q", "-p", "pytest_django.plugin", "-p", "xdist.plugin"]
    return subprocess.run([*command, *(words or ["-n", "2", "--dist", "worksteal"])], cwd=ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    guard(main)
