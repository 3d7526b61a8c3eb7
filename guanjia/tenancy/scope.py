"""Row security: which estate the present transaction may see (design §7, citus.md §2.3)."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

if TYPE_CHECKING:
    from collections.abc import Iterator

    from guanjia.estates.models import Estate

ALL = "all"
_scope: ContextVar[str] = ContextVar("guanjia_scope", default="")


def current_scope() -> str:
    """The estate id set for this transaction as text, `all`, or an empty string."""
    return _scope.get()


@contextmanager
def estate_scope(estate: Estate | int | str) -> Iterator[None]:
    """Open a transaction that sees the rows of one estate, or of `ALL` for the house's own loops.

    A literal `SET LOCAL` because a cluster hands only that on to its workers.
    """
    key: Any = getattr(estate, "pk", estate)
    wanted = key if key == ALL else str(int(key))
    before, within = _scope.get(), connection.in_atomic_block
    with transaction.atomic():
        _set_local(wanted)
        token = _scope.set(wanted)
        try:
            yield
        finally:
            _scope.reset(token)
            if within and not connection.needs_rollback and before != wanted:  # else it ends with its transaction
                _set_local(before)


def _set_local(value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL guanjia.estate = '{value}'")
