"""What proofs may name besides their rows: the estate, its day, and figures in force."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from guanjia import clock
from guanjia.rulebooks.books import books
from guanjia.rulebooks.parameters import house, parameter

from .proofs import PARAMETER

if TYPE_CHECKING:
    from datetime import datetime

    from guanjia.estates.models import Estate


def values(estate: Estate, at: datetime, statement: str) -> dict[str, Any]:
    """Everything a statement of proofs names; a figure that no book has any more is NULL and proves nothing."""
    day = clock.today(estate, at)
    found: dict[str, Any] = {
        "estate": estate.pk, "company": house(estate).company_id, "day": day, "now": at, "time_zone": estate.time_zone,
        "site_type": estate.site_type, "forms": _forms(), "last_month": (day.replace(day=1) - timedelta(days=1)).replace(day=1),
    }  # fmt: skip
    for key in set(PARAMETER.findall(statement)):
        if "." in key:
            found[key] = _figure(estate, key, at)
    return found


def _figure(estate: Estate, key: str, at: datetime) -> Any:
    try:
        return parameter(estate, key, at)
    except KeyError:
        known = next((book.figures[key] for book in books().values() if key in book.figures), None)
        return known.default if known else None


@cache
def _forms() -> list[str]:
    from guanjia.rulebooks.form_book import forms_book

    return sorted(forms_book().forms)
