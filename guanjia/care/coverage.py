"""Familiarity, effective contact, questionnaire: counted by the formula in force, kept by the day (HSE-01, HSE-08, HSE-09, CF-06)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db import connection
from pydantic import model_validator

from guanjia import clock
from guanjia.rulebooks.book import Entry, read
from guanjia.rulebooks.parameters import parameter

from .facts import COUNTED, FACTS, FROM, given

if TYPE_CHECKING:
    from datetime import datetime

    from guanjia.estates.models import Estate


class Formula(Entry):
    words: str  # the formula, as people read it
    whole: list[str] = []
    part: list[str]

    @model_validator(mode="after")
    def _known(self) -> Formula:
        if strange := {*self.whole, *self.part} - set(FACTS):
            raise ValueError(f"no facts are called {sorted(strange)}")
        return self


class Metric(Entry):
    title: str
    target: str
    way: str
    rows: list[str]
    ways: dict[str, Formula]


class CoverageBook(Entry):
    metrics: dict[str, Metric]


@cache
def coverage_book() -> CoverageBook:
    return read("coverage.yaml", CoverageBook)


@dataclass(frozen=True)
class Coverage:
    """A metric of an estate or zone. `rate` is per cent, rounded down to one decimal as a tenth: it never flatters."""

    metric: str
    zone_id: int | None
    part: int
    whole: int
    target: int

    @property
    def tenths(self) -> int:
        return self.part * 1000 // self.whole if self.whole else 0

    @property
    def rate(self) -> str:
        return f"{self.tenths // 10}.{self.tenths % 10}" if self.whole else ""

    @property
    def is_reached(self) -> bool:
        return bool(self.whole) and self.part * 100 >= self.target * self.whole


def way_of(estate: Estate, metric: str, at: datetime) -> str:
    return str(parameter(estate, coverage_book().metrics[metric].way, at))


def formula_of(estate: Estate, metric: str, at: datetime) -> Formula:
    return coverage_book().metrics[metric].ways[way_of(estate, metric, at)]


def target_of(estate: Estate, metric: str, at: datetime) -> int:
    return int(parameter(estate, coverage_book().metrics[metric].target, at))


def counted(estate: Estate, at: datetime) -> dict[str, list[Coverage]]:
    """metric → its zones; one statement. Households of no zone stand under None."""
    names, columns = list(coverage_book().metrics), []
    for name in names:
        formula = formula_of(estate, name, at)
        whole = " AND ".join(f"({FACTS[fact]}) > 0" for fact in formula.whole) or "true"
        part = " AND ".join(f"({FACTS[fact]}) > 0" for fact in (*formula.whole, *formula.part))
        columns += [f"count(*) FILTER (WHERE {part})", f"count(*) FILTER (WHERE {whole})"]
    source = FROM.replace("WHERE", "JOIN estates_unit AS u ON u.estate_id = h.estate_id AND u.id = o.unit_id WHERE", 1)
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH {COUNTED} SELECT u.zone_id, {', '.join(columns)} {source} GROUP BY u.zone_id ORDER BY u.zone_id",
            given(estate, at),
        )
        rows = cursor.fetchall()
    targets = {name: target_of(estate, name, at) for name in names}
    return {
        name: [Coverage(name, row[0], row[1 + 2 * n], row[2 + 2 * n], targets[name]) for row in rows]
        for n, name in enumerate(names)
    }


def total(rows: list[Coverage]) -> Coverage | None:
    """The estate: the sum of its zones."""
    if not rows:
        return None
    return Coverage(rows[0].metric, None, sum(row.part for row in rows), sum(row.whole for row in rows), rows[0].target)


def keep(estate: Estate, at: datetime) -> int:
    """Write down today's figures; run again they are put right, not doubled."""
    from .models import CoverageFigure

    day = clock.today(estate, at)
    rows = [
        CoverageFigure(estate=estate, metric=row.metric, way=way_of(estate, row.metric, at), day=day, zone_id=row.zone_id, part=row.part, whole=row.whole)
        for zones in counted(estate, at).values() for row in zones
    ]  # fmt: skip
    CoverageFigure.objects.filter(estate=estate, day=day).delete()
    CoverageFigure.objects.bulk_create(rows)
    return len(rows)


def trend(estate: Estate, metric: str, since: Any, zone: int | None = None) -> list[tuple[Any, int, int]]:
    """(day, part, whole) of the kept days."""
    from django.db.models import Sum

    from .models import CoverageFigure

    rows = CoverageFigure.objects.filter(estate=estate, metric=metric, day__gte=since)
    rows = rows.filter(zone_id=zone) if zone else rows
    return list(
        rows.values("day")
        .annotate(parts=Sum("part"), wholes=Sum("whole"))
        .order_by("day")
        .values_list("day", "parts", "wholes")
    )
