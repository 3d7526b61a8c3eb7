"""How bulk statements are planned."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def by_hash() -> Iterator[None]:
    """Join by hash: the tables grow while nobody has counted them yet, and a nested loop over a guess of one row is a hundred
    times slower than any other way."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = off")
        yield
        if not connection.needs_rollback:
            cursor.execute("SET LOCAL enable_nestloop = on")
