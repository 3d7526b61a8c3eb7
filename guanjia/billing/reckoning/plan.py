"""How bulk statements are planned."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Iterator


_hashing: ContextVar[bool] = ContextVar("guanjia_hashing", default=False)


@contextmanager
def as_written() -> Iterator[None]:
    """Join in the order that is written: by the estate alone, which every pair of tables shares, ten thousand lines and five hundred
    fees would be five million rows."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL join_collapse_limit = 1")
        yield
        if not connection.needs_rollback:
            cursor.execute("SET LOCAL join_collapse_limit = DEFAULT")


@contextmanager
def by_hash() -> Iterator[None]:
    """Join by hash: the tables grow while nobody has counted them yet, and a nested loop over a guess of one row is a hundred
    times slower than any other way. Within another, nothing more is said."""
    if _hashing.get():
        yield
        return
    token = _hashing.set(True)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_nestloop = off")
            yield
            if not connection.needs_rollback:
                cursor.execute("SET LOCAL enable_nestloop = on")
    finally:
        _hashing.reset(token)


def silent(done: int, total: int, step: str) -> None:
    """The progress of a bulk verb that nobody watches."""
