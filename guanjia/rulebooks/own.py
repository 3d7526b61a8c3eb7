"""The books of a company: the house's, and those it wrote itself (OwnBook) in their place or beside them."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Any

from .books import Rulebook, books

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

LIFE = 5.0  # seconds, as for parameters: another process follows within it
_read: dict[str, Any] = {"at": -LIFE - 1, "rows": []}


def forget_own() -> None:
    _read["at"] = -LIFE - 1


def _own() -> list[tuple[int, datetime, Rulebook]]:
    """(company, in force from, book) of every version that companies wrote, oldest first."""
    if monotonic() - _read["at"] > LIFE:
        from .models import OwnBook

        rows = OwnBook.objects.order_by("valid_from", "pk").values_list("company_id", "valid_from", "content")
        _read["rows"] = [(company, since, Rulebook.model_validate(content)) for company, since, content in rows]
        _read["at"] = monotonic()
    found: list[tuple[int, datetime, Rulebook]] = _read["rows"]
    return found


def known_books(company_id: int | None = None) -> Iterable[Rulebook]:
    """Every book anybody knows, for the keys of parameters: the company's own first, newest first; then the house's."""
    yield from (book for company, _since, book in reversed(_own()) if company == company_id)
    yield from books().values()
    yield from (book for company, _since, book in reversed(_own()) if company != company_id)


def books_of(company_id: int, at: datetime) -> dict[str, Rulebook]:
    """The books a company may adopt at an instant; its own version of a code stands in the house's place."""
    return books() | {book.code: book for company, since, book in _own() if company == company_id and since <= at}
