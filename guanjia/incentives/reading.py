"""Figures as people read them: value, target, how it moved, and the rows behind it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING, Any

from django.db import connection

from guanjia import clock
from guanjia.billing.months import month_after
from guanjia.billing.reckoning.plan import by_hash
from guanjia.rulebooks.parameters import parameter
from guanjia.surveys.measuring import wilson

from .book import Indicator, indicators
from .ends import close_of
from .models import Figure, Level
from .sources import rows_of, values

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

TENTH = Decimal("0.1")
ROWS = 200  # shown behind a figure
TREND = 12  # months


@dataclass(frozen=True)
class Score:
    """An indicator of one subject and month. Values never flatter: rounded down where more is better, else up."""

    key: str
    part: Decimal
    whole: Decimal
    target: Decimal
    before: Decimal | None = None  # the month before

    @property
    def indicator(self) -> Indicator:
        return indicators()[self.key]

    @property
    def value(self) -> Decimal | None:
        if not self.whole:
            return None
        way = ROUND_FLOOR if self.indicator.better == "up" else ROUND_CEILING
        return (self.part * 100 / self.whole).quantize(TENTH, way)

    @property
    def reached(self) -> bool | None:
        """Exactly at target is on target; no data is neither."""
        if not self.whole:
            return None
        difference = self.part * 100 - self.target * self.whole
        return difference >= 0 if self.indicator.better == "up" else difference <= 0

    @property
    def interval(self) -> tuple[Decimal, Decimal] | None:
        """What chance leaves open of a sample: 95 %, Wilson's, as if the population had no end."""
        if not self.whole or not self.indicator.interval:
            return None
        low, high = wilson(int(self.part), int(self.whole))
        return Decimal(low * 100).quantize(TENTH, ROUND_FLOOR), Decimal(high * 100).quantize(TENTH, ROUND_CEILING)

    @property
    def tone(self) -> str:
        return {True: "good", False: "soon", None: "mute"}[self.reached]

    @property
    def change(self) -> Decimal | None:
        return self.value - self.before if self.value is not None and self.before is not None else None

    @property
    def better(self) -> bool:
        return self.change is not None and (self.change > 0) == (self.indicator.better == "up")


Table = dict[int, dict[str, Score]]


def target_of(estate: Any, key: str, month: date) -> Decimal:
    """In force when the month ended, or now while it runs."""
    return Decimal(str(parameter(estate, indicators()[key].target, min(close_of(estate, month), clock.now()))))


def table(estate: Any, month: date, level: str, subjects: Iterable[int] | None = None) -> Table:
    """subject → indicator → score, with the month before beside it; one statement."""
    rows = Figure.objects.at_estate(estate).filter(month__in=(month, month_after(month, -1)), level=level)
    rows = rows.filter(subject_id__in=list(subjects)) if subjects is not None else rows
    targets = {key: target_of(estate, key, month) for key in indicators()}
    earlier: dict[tuple[int, str], Decimal | None] = {}
    now = []
    for row in rows.standing():
        if row.indicator in targets:
            if row.month == month:
                now.append(row)
            else:
                earlier[row.subject_id, row.indicator] = Score(row.indicator, row.part, row.whole, targets[row.indicator]).value
    found: Table = defaultdict(dict)
    for row in now:
        found[row.subject_id][row.indicator] = Score(row.indicator, row.part, row.whole, targets[row.indicator], earlier.get((row.subject_id, row.indicator)))
    return found


def ordered(scores: dict[str, Score], estate: Any, month: date) -> list[Score]:
    """Every indicator in the book's order, those without figures too."""
    nothing = Decimal(0)
    return [scores.get(key) or Score(key, nothing, nothing, target_of(estate, key, month)) for key in indicators()]


def trend(estate: Any, key: str, level: str, subject: int, month: date) -> list[tuple[date, Score]]:
    """The months up to one, oldest first; those without figures are left out."""
    rows = Figure.objects.at_estate(estate).filter(indicator=key, level=level, subject_id=subject, month__gt=month_after(month, -TREND), month__lte=month).standing()
    return sorted(((row.month, Score(key, row.part, row.whole, target_of(estate, key, row.month))) for row in rows), key=lambda pair: pair[0])


BEHIND = """
WITH {rows} SELECT noun, row_id, max(at) AS at, sum(part), sum(whole) FROM rows
WHERE noun <> '' {subject} {only} GROUP BY noun, row_id ORDER BY (sum(part) / nullif(sum(whole), 0)) {way} NULLS FIRST, max(at) DESC NULLS LAST, row_id LIMIT %(most)s
"""
SUBJECTS = {Level.ESTATE: "", Level.ZONE: "AND zone_id = %(subject)s", Level.PERSON: "AND person_id = %(subject)s"}


def behind(estate: Any, key: str, month: date, level: str, subject: int, at: datetime | None = None) -> list[dict[str, Any]]:
    """The rows of a figure as they stand now, those that spoil it first."""
    one = indicators()[key]
    statement = BEHIND.format(
        rows=rows_of(one.source), subject=SUBJECTS[Level(level)], only="AND part > 0" if key == "complaints" else "", way="ASC" if one.better == "up" else "DESC"
    )
    with by_hash(), connection.cursor() as cursor:
        cursor.execute(statement, values([estate], month, at or clock.now()) | {"subject": subject, "most": ROWS})
        return [dict(zip(("noun", "pk", "at", "part", "whole"), row, strict=True)) for row in cursor.fetchall()]
