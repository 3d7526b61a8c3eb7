"""`@verb`: the transaction around an act on a noun (design decision 3)."""

from __future__ import annotations

import contextlib
import functools
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from .errors import Refused
from .scope import current_scope, estate_scope

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CLASHES = ("23505", "23P01")  # unique and exclusion violations

Method = TypeVar("Method", bound="Callable[..., Any]")


@contextlib.contextmanager
def refusing_clashes() -> Iterator[None]:
    """Say a clash with a promise the database keeps as Refused; around a transaction, which it has undone."""
    try:
        yield
    except IntegrityError as clash:
        if clash.__cause__ is None or getattr(clash.__cause__, "sqlstate", "") not in CLASHES:
            raise
        raise Refused(_("刚刚有人做了同样的操作，请刷新后再看。"), code="clash") from clash


def verb(method: Method) -> Method:
    """Run a method of an estate-owned row in one transaction, within the scope of its estate.

    A promise the database keeps (one open order a worker, one verdict a complaint) that two people race for comes back
    as Refused: the second one is told, nothing is done twice.
    """

    @functools.wraps(method)
    def act(self: Any, *args: Any, **kwargs: Any) -> Any:
        scoped = current_scope() in (str(self.estate_id), "all")
        with refusing_clashes(), transaction.atomic() if scoped else estate_scope(self.estate_id):
            return method(self, *args, **kwargs)

    return act  # type: ignore[return-value]
