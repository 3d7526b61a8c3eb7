"""Estates of a company beside each other, from their closed figures: who stands where, and what is too little to say so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from django.db.models import Count

from guanjia.billing.months import month_after
from guanjia.estates.models import Estate
from guanjia.households.models import Occupancy
from guanjia.tenancy.scope import ALL, estate_scope

from .book import book
from .models import Figure
from .reading import Score, target_of

if TYPE_CHECKING:
    from datetime import date

NOTHING = Decimal(0)
Compared = list[tuple[Estate, dict[str, Score]]]


def compared(company_id: int, month: date, keys: list[str]) -> Compared:
    """Each estate with its scores of a month; two statements."""
    with estate_scope(ALL):
        estates = list(Estate.objects.filter(company=company_id).order_by("name"))
        rows = list(Figure.objects.filter(estate__in=estates, month=month, level="estate", indicator__in=keys).standing())
        by_pk = {estate.pk: estate for estate in estates}
        found: dict[int, dict[str, Score]] = {estate.pk: {} for estate in estates}
        for row in rows:
            found[row.estate_id][row.indicator] = Score(row.indicator, row.part, row.whole, target_of(by_pk[row.estate_id], row.indicator, month))
    return [(estate, found[estate.pk]) for estate in estates]


def whole(rows: Compared, keys: list[str]) -> dict[str, Score]:
    """The company: parts and wholes added up, against the strictest target in use."""
    found = {}
    for key in keys:
        scores = [row[key] for _estate, row in rows if key in row]
        if scores:
            strict = max if scores[0].indicator.better == "up" else min
            found[key] = Score(key, sum((one.part for one in scores), NOTHING), sum((one.whole for one in scores), NOTHING), strict(one.target for one in scores))
    return found


def homes(company_id: int, month: date) -> dict[int, int]:
    """Estate → households at the month's end: how large it is; one statement."""
    with estate_scope(ALL):
        rows = Occupancy.objects.filter(estate__company=company_id, during__contains=month_after(month) - timedelta(days=1)).values("estate_id")
        return dict(rows.annotate(n=Count("household_id", distinct=True)).order_by().values_list("estate_id", "n"))


def is_few(score: Score) -> bool:
    """Fewer cases than indicators.yaml asks for before anything is ranked (`least`). A mean of inspections or exams is no share of cases: one is enough."""
    return not score.indicator.is_mean and 0 < score.whole < book().least


@dataclass(frozen=True)
class Standing:
    """An estate's place by one indicator: 1 is best, equal values share it; none where there is nothing, or too little, to say."""

    estate: Estate
    scores: dict[str, Score]
    place: int | None


def ranked(rows: Compared, key: str) -> list[Standing]:
    """Best first; then those with few cases, then those without any, each by name."""
    sign = -1 if any(key in row and row[key].indicator.better == "up" for _estate, row in rows) else 1

    def rate(row: dict[str, Score]) -> Fraction | None:
        score = row.get(key)
        return sign * Fraction(score.part) / Fraction(score.whole) if score is not None and score.whole and not is_few(score) else None

    rates = [one for _estate, row in rows if (one := rate(row)) is not None]
    found = [Standing(estate, row, None if (mine := rate(row)) is None else 1 + sum(other < mine for other in rates)) for estate, row in rows]
    return sorted(found, key=lambda one: (one.place is None, one.place or 0, key not in one.scores or not one.scores[key].whole, one.estate.name))
