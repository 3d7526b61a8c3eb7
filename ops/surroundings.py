"""What the application is told through its environment: where its data is, its secret, its database."""

import os
import re
import secrets
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

from ops.cluster import Cluster
from ops.places import PYTHON, ROOT, make_home
from ops.postgres import ensure
from ops.trouble import Trouble

OLDEST = 15  # of PostgreSQL

PROBE = """
import os, psycopg
with psycopg.connect(os.environ["PROBE_URL"], connect_timeout=4, application_name="guanjia probe") as connection:
    print(connection.info.server_version // 10000)
"""


def surroundings() -> tuple[dict[str, str], Cluster | None]:
    """The environment for `guanjia` and the embedded server behind it; None when `DATABASE_URL` names another."""
    home = make_home()
    environment = {**common(home), "GUANJIA_SECRET_KEY": os.environ.get("GUANJIA_SECRET_KEY") or secret(home)}
    if os.environ.get("DATABASE_URL"):
        for name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
            if os.environ.get(name):
                probe(name)
        return environment, None
    cluster = ensure()
    return {**environment, "DATABASE_URL": cluster.app_url, "DATABASE_OWNER_URL": cluster.owner_url}, cluster


def common(home: Path) -> dict[str, str]:
    """Without the caller's `PG*`, which would speak into every connection."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return {**inherited, "GUANJIA_HOME": str(home), "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1",
            "DJANGO_SETTINGS_MODULE": "guanjia.settings"}  # fmt: skip


def secret(home: Path) -> str:
    """The key of this home, made once, whole or not at all, readable by its owner only."""
    place = home / "secret"
    if not place.exists():
        making = home / f"secret.{os.getpid()}"
        with open(os.open(making, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48) + "\n")
        try:
            os.link(making, place)
        except FileExistsError:
            pass  # another start was first
        finally:
            making.unlink()
    return place.read_text().strip()


def probe(name: str) -> None:
    """Raise Trouble unless the database of that URL answers within 5 s and is new enough. Never shows the password."""
    url = os.environ[name]
    scheme, where = shown(url)
    if scheme not in ("postgresql", "postgres"):
        raise Trouble(
            f"{name} 不是 PostgreSQL 地址（postgresql://用户@主机/库名）", f"{name} is not a postgresql:// URL", 2
        )
    try:
        asked = subprocess.run([PYTHON, "-c", PROBE], env={**os.environ, "PROBE_URL": url}, capture_output=True, text=True,
                               errors="replace", timeout=5, check=False)  # fmt: skip
    except subprocess.TimeoutExpired:
        raise Trouble(f"{name} 连不上：{where}（5 秒无应答）", f"no answer from {where} within 5 s") from None
    if asked.returncode:
        told = re.findall(r"^[\w.]+(?:Error|Timeout|Failed)\w*: (.+)", asked.stderr, re.MULTILINE)
        reason = told[-1].strip() if told else "?"
        raise Trouble(f"{name} 连不上：{where}（{reason}）", "the database cannot be reached")
    if int(asked.stdout) < OLDEST:
        raise Trouble(f"PostgreSQL 版本太旧：{asked.stdout.strip()}", f"PostgreSQL {OLDEST} or newer is needed")


def shown(url: str) -> tuple[str, str]:
    """The scheme, and the host and database without user and password."""
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
        return parts.scheme, f"{parts.hostname or 'localhost'}{port}{parts.path}"
    except ValueError:
        return "", url.rpartition("@")[2]


def enter(module: str, words: list[str]) -> None:
    """Become `python -m module words` in these surroundings. A server started for it is left running."""
    environment, _ = surroundings()
    sys.stdout.flush()
    os.execve(PYTHON, [str(PYTHON), "-m", module, *words], environment)
