"""Rows written in one plain statement each: what the ORM needs to put an INSERT together costs more than running it.

Values pass through their fields, so they arrive as the ORM would send them. Every statement names one estate.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Sequence


def insert_new(rows: Sequence[Any]) -> list[int]:
    """Insert rows of one model and one estate but those that clash with a unique constraint; the ids of the new ones.

    A clash breaks no transaction, so no savepoint is needed. Ids are set on the rows when all of them went in.
    """
    model: Any = type(rows[0])
    head, one, fields = _insert(model)
    values = [field.get_db_prep_save(field.pre_save(row, True), connection) for row in rows for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(f"{head} VALUES {', '.join([one] * len(rows))} ON CONFLICT DO NOTHING RETURNING id", values)
        made = [key for (key,) in cursor.fetchall()]
    for row, key in zip(rows, made, strict=True) if len(made) == len(rows) else ():
        row.pk, row._state.adding, row._state.db = key, False, connection.alias
    return made


@cache
def _insert(model: Any) -> tuple[str, str, list[Any]]:
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    return f'INSERT INTO "{model._meta.db_table}" ({columns})', f"({', '.join(['%s'] * len(fields))})", fields


def update_each(rows: Sequence[Any], names: Sequence[str]) -> int:
    """Write the named columns of rows of one model and one estate, each its own values; how many there were."""
    model: Any = type(rows[0])
    statement, one, fields = _update(model, tuple(names))
    values = [field.get_db_prep_save(getattr(row, field.attname), connection) for row in rows for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(statement.format(rows=", ".join([one] * len(rows))), [*values, rows[0].estate_id])
        return int(cursor.rowcount)


@cache
def _update(model: Any, names: tuple[str, ...]) -> tuple[str, str, list[Any]]:
    fields = [model._meta.pk, *(model._meta.get_field(name) for name in names)]
    columns = [field.column for field in fields]
    told = ", ".join(f'"{name}" = new."{name}"' for name in columns[1:])
    listed = ", ".join(f'"{name}"' for name in columns)
    statement = (
        f'UPDATE "{model._meta.db_table}" AS old SET {told} FROM (VALUES {{rows}}) AS new ({listed}) '
        f'WHERE old.estate_id = %s AND old."{columns[0]}" = new."{columns[0]}"'
    )  # fmt: skip
    return statement, f"({', '.join(f'%s::{field.cast_db_type(connection)}' for field in fields)})", fields
