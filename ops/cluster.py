"""One cluster of PostgreSQL: its data folder, its private socket folder, its server."""

import contextlib
import fcntl
import os
import shutil
import stat
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ops import pidfile, servant
from ops.places import tag
from ops.trouble import Trouble

MAJOR = 18
APP, DATABASE = "guanjia_app", "guanjia"
REJECTING = 1  # pg_isready: there is a server, not yet ready

INITDB = (
    "--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
    "--lc-collate=C", "--lc-ctype=C.UTF-8", "--set", "timezone=Asia/Shanghai", "--no-sync", "--no-instructions",
)  # fmt: skip


@dataclass(frozen=True)
class Cluster:
    """One data folder and its server. `started`: whether this process started it."""

    data: Path
    sockets: Path
    started: bool = False

    @classmethod
    def named(cls, name: str = "main") -> "Cluster":
        data = servant.base() / (f"pg{MAJOR}" if name == "main" else f"pg{MAJOR}-{name}")
        return cls(data, Path("/tmp") / f"guanjia-{servant.uid()}-{tag(data)}")

    @property
    def owner_url(self) -> str:
        return self.url("postgres")

    @property
    def app_url(self) -> str:
        return self.url(APP)

    def url(self, role: str, database: str = DATABASE) -> str:
        return f"postgresql://{role}@/{database}?host={self.sockets}"

    def is_ready(self) -> bool:
        """Whether our server answers; one whose data folder was deleted does not count."""
        while (self.data / "postmaster.pid").exists():
            answer = self.tool("pg_isready", "-q", "-d", "postgres").returncode
            if answer != REJECTING or not pidfile.server_of(self.data):
                return answer == 0
            time.sleep(0.2)  # another is starting it, or it recovers from a crash
        return False

    def stop(self) -> None:
        with self.locked():
            if pidfile.server_of(self.data):
                self.must("pg_ctl", "-D", self.data, "-m", "fast", "-w", "-t", "60", "stop")
            with contextlib.suppress(OSError):
                self.sockets.rmdir()

    def tool(self, name: str, *words: str | Path, give: str = "") -> subprocess.CompletedProcess[str]:
        """Run a client tool against this server."""
        return servant.run([servant.binaries() / name, "-h", self.sockets, "-U", "postgres", *words], give)

    def must(self, name: str, *words: str | Path) -> None:
        ran = servant.run([servant.binaries() / name, *words])
        if ran.returncode:
            raise Trouble.told(
                f"PostgreSQL {name}，日志 {self.log}", f"{ran.stderr}\n{ran.stdout}\n{self.last_words()}"
            )

    @property
    def log(self) -> Path:
        return self.data.parent / "log" / f"{self.data.name}.log"

    def last_words(self) -> str:
        with contextlib.suppress(OSError):
            lines = self.log.read_text(errors="replace").splitlines()[-20:]
            return "\n".join(line for line in lines if "FATAL" in line or "PANIC" in line)
        return ""

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """One start or stop of this cluster at a time."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self.data.with_name(self.data.name + ".lock"), os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def make(self) -> None:
        """Create the data folder beside its place and move it there when whole; half-made ones are cleared."""
        if (self.data / "PG_VERSION").exists():
            return
        if self.data.exists() and any(self.data.iterdir()):
            raise Trouble(f"{self.data} 不是数据库目录，请移走", f"{self.data} is not a database folder: move it away")
        making = self.data.with_name(self.data.name + ".making")
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir()
        servant.own(making, 0o700)
        self.must("initdb", "-D", making, *INITDB)
        with contextlib.suppress(FileNotFoundError):
            self.data.rmdir()
        making.rename(self.data)

    def make_sockets(self) -> None:
        """The socket folder is ours alone, or we do not use it: /tmp is shared with strangers."""
        with contextlib.suppress(FileExistsError):
            self.sockets.mkdir(mode=0o700)
            servant.own(self.sockets, 0o700)
        found = self.sockets.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != servant.uid() or stat.S_IMODE(found.st_mode) != 0o700:
            raise Trouble(f"{self.sockets} 不属于本用户，请删除它", f"{self.sockets} is not ours alone: remove it")

    def start(self, settings: dict[str, str]) -> None:
        self.log.touch()
        servant.own(self.log, 0o600)
        if self.log.stat().st_size > 20_000_000:
            os.truncate(self.log, 0)
        options = " ".join(f"-c {key}='{value}'" for key, value in settings.items())
        deadline = time.monotonic() + 10
        while True:
            try:
                return self.must("pg_ctl", "-D", self.data, "-l", self.log, "-w", "-t", "120", "-o", options, "start")
            except Trouble:
                if time.monotonic() > deadline or not pidfile.is_held(self.last_words()):
                    raise
                time.sleep(0.3)  # backends of a killed server are still letting go of its memory
