"""`bin/demo`: database, demo estate, web and worker, until Ctrl-C. `bin/dev` adds --reload."""

import contextlib
import fcntl
import json
import os
import secrets
import signal
import sys
import time
from pathlib import Path
from types import FrameType

from ops import address, pidfile
from ops.children import Child, end_all, spawn
from ops.cluster import Cluster
from ops.places import PYTHON, make_home
from ops.postgres import ensure
from ops.surroundings import surroundings
from ops.table import table
from ops.trouble import Trouble, guard, say
from ops.watch import Watch

PATIENCE = 90.0  # seconds until the first answer
TITLES = {"role": "角色", "name": "姓名", "login": "登录名", "password": "密码 / 验证码"}


class Demo:
    """One run of the demo. Signals only raise a flag, so whatever was started is known and can be stopped."""

    def __init__(self, reload: bool) -> None:
        self.host, self.port, self.token = address.host(), address.port(), secrets.token_hex(8)
        self.home = make_home()
        self.watch = Watch() if reload else None
        self.cluster: Cluster | None = None
        self.children: list[Child] = []
        self.is_stopping = self.is_ours = False

    def heed(self, number: int, frame: FrameType | None) -> None:
        self.is_stopping = True

    def run(self) -> int:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self.heed)
        with self.only_one():
            address.claim(self.host, self.port)
            try:
                self.bring_up()
                self.keep_up()
            finally:
                self.bring_down()
        return 0

    @contextlib.contextmanager
    def only_one(self):
        """One demo per home: two would pull the database from under each other."""
        with (self.home / "demo.lock").open("a+") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                file.seek(0)
                raise Trouble(
                    f"演示已在运行：{file.read().strip()}（要再开一个，请另设 GUANJIA_HOME 和 PORT）",
                    "the demo is already running; set GUANJIA_HOME and PORT for another",
                ) from None
            file.truncate(0)
            file.write(address.shown(self.host, self.port))
            file.flush()
            yield

    def bring_up(self) -> None:
        theirs = bool(os.environ.get("DATABASE_URL"))
        say("· 连接数据库 / reaching the database" if theirs else "· 启动数据库 / starting the database")
        environment, self.cluster = surroundings()
        self.adopt()
        environment |= {"GUANJIA_DEMO": "1", "GUANJIA_START_TOKEN": self.token}
        if self.is_stopping:
            return
        say("· 准备演示小区 / preparing the demo estate")
        prepared = self.prepare(environment)
        if self.is_stopping:
            return
        self.children = [
            Child("web", self.web(), environment, self.home / "log" / "web.log"),
            Child("worker", [str(PYTHON), "-m", "guanjia.manage", "work"], environment,
                  self.home / "log" / "worker.log"),
        ]  # fmt: skip
        self.wait_for_answer()
        if not self.is_stopping:
            self.greet(prepared.get("logins", []))

    def web(self) -> list[str]:
        return [str(PYTHON), "-m", "granian", "--interface", "wsgi", "--workers", "2", "--blocking-threads", "4",
                "--host", self.host, "--port", str(self.port), "--log-level", "warning", "--workers-kill-timeout", "5",
                "guanjia.wsgi:application"]  # fmt: skip

    def prepare(self, environment: dict[str, str]) -> dict:
        """Migrate and make the estate in one process; what it printed as JSON on its last line."""
        log = self.home / "log" / "prepare.log"
        log.unlink(missing_ok=True)
        answer = self.home / "log" / "prepare.json"
        with answer.open("wb") as out:
            process = spawn([str(PYTHON), "-m", "guanjia.manage", "demo_prepare"], environment, log, stdout=out)
            while process.poll() is None and not self.is_stopping:
                time.sleep(0.05)
        if self.is_stopping:
            process.terminate()
            process.wait()
            return {}
        if process.returncode:
            raise Trouble.told(f"准备演示小区，日志 {log}", last_line(log))
        try:
            return json.loads(last_line(answer))
        except ValueError:
            return {}

    def wait_for_answer(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while not self.is_stopping:
            self.tend()
            web = self.children[0]
            if address.is_ours(self.host, self.port, self.token):
                return
            if web.falls >= 3 or time.monotonic() > deadline:
                raise Trouble.told(f"网页服务没有起来，日志 {web.log}", last_line(web.log))
            time.sleep(0.1)

    def greet(self, logins: list[dict]) -> None:
        print(f"\n  管家已就绪 / Guanjia is up:  {address.shown(self.host, self.port)}\n")
        if logins:
            rows = [list(TITLES.values())]
            rows += [[*(str(one.get(key) or "") for key in ("role", "name", "login")),
                      str(one.get("password") or one.get("code") or "")] for one in logins]  # fmt: skip
            print("\n".join("  " + line for line in table(rows).splitlines()))
        print(f"\n  数据 / data: {self.home}    Ctrl-C 停止 / stops everything\n", flush=True)

    def keep_up(self) -> None:
        while not self.is_stopping:
            self.tend()
            time.sleep(0.3)

    def tend(self) -> None:
        """Start again whatever fell: the database first, for the others need it."""
        if self.cluster and not pidfile.server_of(self.cluster.data):
            say("· 数据库停了，重新启动 / the database ended, restarting")
            self.cluster = ensure()
            self.adopt()
        if self.watch and self.watch.has_changed():
            say("· 代码有变，重启 / code changed, restarting")
            end_all(self.children, patience=3.0)
        for child in self.children:
            child.look()

    def bring_down(self) -> None:
        if self.children or self.cluster:
            say("\n· 正在停止 / stopping")
        end_all(self.children)
        if self.cluster and self.is_ours:
            self.cluster.stop()
            (self.home / "demo.server").unlink(missing_ok=True)

    def adopt(self) -> None:
        """Whether to stop the database in the end: if this demo started it, or one before that was killed."""
        if self.cluster:
            note, pid = self.home / "demo.server", str(pidfile.server_of(self.cluster.data))
            self.is_ours = self.cluster.started or (note.exists() and note.read_text() == pid)
            if self.is_ours:
                note.write_text(pid)


def last_line(file: Path) -> str:
    with contextlib.suppress(OSError):
        lines = [line for line in file.read_text(errors="replace").splitlines() if line.strip()]
        return lines[-1] if lines else ""
    return ""


def main() -> int:
    words = sys.argv[1:]
    if words not in ([], ["--reload"]):
        raise Trouble(
            "bin/demo 不需要参数（PORT、GUANJIA_HOME、DATABASE_URL 由环境变量给出）", "bin/demo takes no arguments", 2
        )
    return Demo(reload=bool(words)).run()


if __name__ == "__main__":
    guard(main)
