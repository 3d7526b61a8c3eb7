"""Estates of a company beside each other, from their closed figures; what the control room sees."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from guanjia.estates.models import Estate
from guanjia.tenancy.scope import ALL, estate_scope

from .models import Figure
from .reading import Score, target_of

if TYPE_CHECKING:
    from datetime import date

NOTHING = Decimal(0)


def compared(company_id: int, month: date, keys: list[str]) -> list[tuple[Estate, dict[str, Score]]]:
    """Each estate with its scores of a month; two statements."""
    with estate_scope(ALL):
        estates = list(Estate.objects.filter(company=company_id).order_by("name"))
        rows = list(Figure.objects.filter(estate__in=estates, month=month, level="estate", indicator__in=keys).standing())
        by_pk = {estate.pk: estate for estate in estates}
        found: dict[int, dict[str, Score]] = {estate.pk: {} for estate in estates}
        for row in rows:
            found[row.estate_id][row.indicator] = Score(row.indicator, row.part, row.whole, target_of(by_pk[row.estate_id], row.indicator, month))
    return [(estate, found[estate.pk]) for estate in estates]


def whole(rows: list[tuple[Estate, dict[str, Score]]], keys: list[str]) -> dict[str, Score]:
    """The company: parts and wholes added up, against the strictest target in use."""
    found = {}
    for key in keys:
        scores = [row[key] for _estate, row in rows if key in row]
        if scores:
            strict = max if scores[0].indicator.better == "up" else min
            found[key] = Score(key, sum((one.part for one in scores), NOTHING), sum((one.whole for one in scores), NOTHING), strict(one.target for one in scores))
    return found
