"""One noun from the stage into its table: an UPDATE of what differs and an INSERT of what is new."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db import connection


@dataclass
class Tally:
    """Rows of one noun. `unchanged` is what the file says and the estate already knew."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0


def run(sql: str, values: dict[str, Any]) -> int:
    """Execute; the number of rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.rowcount)


def one(sql: str, values: dict[str, Any]) -> int:
    """The single number a query answers."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.fetchone()[0])


@dataclass(frozen=True)
class Merge:
    """How a stage's rows `s` meet a table's rows `t`.

    `columns`: column → default when new; an empty cell (NULL) leaves what is there. `updates` overrides the expression
    of a column for rows that are there already; `keep` names columns written on creation only, `constants` those no file speaks of. `note_new` and
    `note_changed` are stage tables that collect `noted` (an expression over `t`).
    """

    table: str
    source: str
    keys: tuple[str, ...]
    columns: dict[str, str]
    updates: dict[str, str] | None = None
    keep: tuple[str, ...] = ()
    constants: dict[str, str] = field(default_factory=dict)
    noted: str = "id"
    note_new: str = ""
    note_changed: str = ""

    def __call__(self, values: dict[str, Any]) -> Tally:
        total = one(f"SELECT count(*) FROM ({self.source}) s", values)
        changed = run(self._update(), values) if self._changing() else 0
        created = run(self._insert(), values)
        return Tally(created, changed, total - created - changed)

    def _changing(self) -> dict[str, str]:
        own = self.updates or {}
        return {name: own.get(name, f"COALESCE(s.{name}, t.{name})") for name in self.columns if name not in self.keep}

    def _meet(self) -> str:
        return " AND ".join(["t.estate_id = %(estate)s", *(f"t.{key} = s.{key}" for key in self.keys)])

    def _update(self) -> str:
        new = self._changing()
        sets = ", ".join(f"{name} = {value}" for name, value in new.items())
        sql = (
            f"UPDATE {self.table} t SET {sets} FROM ({self.source}) s WHERE {self._meet()} "
            f"AND ({', '.join(f't.{name}' for name in new)}) IS DISTINCT FROM ({', '.join(new.values())})"
        )
        return self._noting(sql, self.note_changed)

    def _insert(self) -> str:
        names = [*self.keys, *self.columns, *self.constants]
        given = [f"s.{key}" for key in self.keys] + [
            f"COALESCE(s.{name}, {value})" if value else f"s.{name}" for name, value in self.columns.items()
        ]
        given += self.constants.values()
        sql = (
            f"INSERT INTO {self.table} AS t (estate_id, {', '.join(names)}) SELECT %(estate)s, {', '.join(given)} FROM ({self.source}) s "
            f"WHERE NOT EXISTS (SELECT FROM {self.table} t WHERE {self._meet()})"
        )
        return self._noting(sql, self.note_new)

    def _noting(self, sql: str, note: str) -> str:
        if not note:
            return sql
        return f"WITH done AS ({sql} RETURNING t.{self.noted} AS id) INSERT INTO i_{note} SELECT id FROM done"
