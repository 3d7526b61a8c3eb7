"""Rows made from a statement written out by hand, and rows named in an address."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db import connection, models

Row = TypeVar("Row", bound=models.Model)


def partly(model: type[Row], **known: Any) -> Row:
    """A row of which these columns are known already; each of the others is read when it is asked for."""
    names = [field.attname for field in model._meta.concrete_fields if field.attname in known]
    return model.from_db(connection.alias, names, [known[name] for name in names])


def row_id(text: str | None) -> int | None:
    """The row's id that an address or a form names; nonsense, or more digits than an id has, is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None
