"""Rows made from a statement written out by hand."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db import connection, models

Row = TypeVar("Row", bound=models.Model)


def partly(model: type[Row], **known: Any) -> Row:
    """A row of which these columns are known already; each of the others is read when it is asked for."""
    names = [field.attname for field in model._meta.concrete_fields if field.attname in known]
    return model.from_db(connection.alias, names, [known[name] for name in names])
