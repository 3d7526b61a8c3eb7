"""Whether source files changed since last asked: enough for `bin/dev`, without a watcher to install."""

import subprocess
import time

from ops import build_assets
from ops.places import PYTHON, ROOT

PAUSE = 1.0  # seconds between looks
CODE = (".py", ".html", ".yaml", ".po")


class Watch:
    def __init__(self) -> None:
        self.looked = time.monotonic()
        self.seen = newest()

    def has_changed(self) -> bool:
        """True once per change of code; assets are rebuilt on the way."""
        if time.monotonic() - self.looked < PAUSE:
            return False
        self.looked = time.monotonic()
        if not build_assets.is_fresh():
            subprocess.run([PYTHON, "-m", "ops.build_assets"], cwd=ROOT, check=False)
        seen, self.seen = self.seen, newest()
        return seen != self.seen


def newest() -> tuple[int, int]:
    """How many source files there are, and the latest time one was written."""
    times = [path.stat().st_mtime_ns for folder in ("guanjia", "rulebooks") for path in (ROOT / folder).rglob("*")
             if path.suffix in CODE]  # fmt: skip
    return len(times), max(times, default=0)
