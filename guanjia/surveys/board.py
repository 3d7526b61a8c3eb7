"""Satisfaction month by month: overall and the two core indicators, each a written formula over rows (QLT-57, CF-60)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.rulebooks.parameters import parameter

from .book import surveys_book

if TYPE_CHECKING:
    from guanjia.estates.models import Estate

YEAR = 12  # months from the baseline to the goal
# (month, indicator, source, part, whole). Answers count in the month their round closed: only then all of them are in.
SOURCES = {
    "answers": """
SELECT date_trunc('month', p.closed_at AT TIME ZONE %(zone)s)::date AS month, q ->> 'core' AS indicator, 'answers' AS source,
  count(*) FILTER (WHERE (r.answers ->> (q ->> 'name'))::int >= 4) AS part, count(*) AS whole
FROM surveys_poll p JOIN surveys_pollversion v ON v.estate_id = p.estate_id AND v.id = p.version_id
CROSS JOIN LATERAL jsonb_array_elements(v.questions) q JOIN surveys_response r ON r.estate_id = p.estate_id AND r.poll_id = p.id
WHERE p.estate_id = %(estate)s AND p.audience = 'household' AND p.closed_at >= %(since)s AND p.closed_at < %(until)s AND q ->> 'core' <> '' AND r.answers ? (q ->> 'name')
GROUP BY 1, 2
""",
    "ratings": """
SELECT date_trunc('month', x.at AT TIME ZONE %(zone)s)::date, m.indicator, m.source, count(*) FILTER (WHERE m.mark >= 4), count(*)
FROM tickets_rating x CROSS JOIN LATERAL (VALUES ('speed', 'ratings', x.speed), ('solved', 'ratings', x.result), ('overall', 'ratings_all', least(x.speed, x.result, x.attitude))) m (indicator, source, mark)
WHERE x.estate_id = %(estate)s AND x.at >= %(since)s AND x.at < %(until)s GROUP BY 1, 2, 3
""",
    "calls": """
SELECT date_trunc('month', c.at AT TIME ZONE %(zone)s)::date, m.indicator, 'calls', count(*) FILTER (WHERE c.outcome = 'satisfied'), count(*)
FROM tickets_confirmation c CROSS JOIN (VALUES ('overall'), ('solved')) m (indicator)
WHERE c.estate_id = %(estate)s AND c.at >= %(since)s AND c.at < %(until)s AND c.outcome <> 'not_reached' GROUP BY 1, 2
""",
}


def source_words(source: str) -> str:
    return {"answers": _("问卷"), "ratings": _("报事评价"), "ratings_all": _("报事评价（三项都 4 分以上）"), "calls": _("电话确认")}[source]


@dataclass
class Month:
    month: date
    part: int = 0
    whole: int = 0
    goal: float | None = None  # where the line to the target stands

    @property
    def value(self) -> float | None:
        return self.part * 100 / self.whole if self.whole else None


@dataclass
class Indication:
    """An indicator over months. `sources` are (source, part, whole) of the whole span."""

    key: str
    title: str
    formula: str
    target: int
    base: int | None
    months: list[Month]
    sources: list[tuple[str, int, int]] = field(default_factory=list)

    @property
    def part(self) -> int:
        return sum(part for _source, part, _whole in self.sources)

    @property
    def whole(self) -> int:
        return sum(whole for _source, _part, whole in self.sources)

    @property
    def value(self) -> float | None:
        return self.part * 100 / self.whole if self.whole else None

    @property
    def reached(self) -> bool:
        return bool(self.whole) and self.part * 100 >= self.target * self.whole

    @property
    def words(self) -> str:
        """The formula with its numbers."""
        if not self.whole or self.value is None:
            return ""
        parts, wholes = (" + ".join(str(row[n]) for row in self.sources) for n in (1, 2))
        return f"({parts}) ÷ ({wholes}) = {self.part} ÷ {self.whole} = {self.value:.1f}%"


def month_after(month: date, count: int) -> date:
    year, number = divmod(month.year * 12 + month.month - 1 + count, 12)
    return date(year, number + 1, 1)


def counted(estate: Estate, first: date, last: date) -> dict[tuple[str, str], dict[date, tuple[int, int]]]:
    """(indicator, source) → month → (part, whole), of the months from `first` to `last`."""
    tz = ZoneInfo(estate.time_zone)
    since, until = (datetime.combine(day, time(), tz) for day in (first, month_after(last, 1)))
    found: dict[tuple[str, str], dict[date, tuple[int, int]]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(SOURCES.values()), {"estate": estate.pk, "zone": estate.time_zone, "since": since, "until": until})
        for month, indicator, source, part, whole in cursor.fetchall():
            found[indicator, source][month] = (part, whole)
    return found


def board(estate: Estate, at: datetime | None = None, *, span: int = 3) -> list[Indication]:
    """The indicators; figures of the last `span` months, lines over twelve."""
    at = at or clock.now()
    last = clock.today(estate, at).replace(day=1)
    months = [month_after(last, n - YEAR + 1) for n in range(YEAR)]
    found = counted(estate, months[0], last)
    return [_indication(estate, key, found, months, span, at) for key in surveys_book().indicators]


def _indication(estate: Estate, key: Any, found: Any, months: list[date], span: int, at: datetime) -> Indication:
    entry = surveys_book().indicators[key]
    target = int(parameter(estate, entry.target, at))
    base = int(parameter(estate, entry.base, at)) if entry.base else None
    rows = []
    for month in months:
        some = [found.get((key, source), {}).get(month, (0, 0)) for source in entry.sources]
        rows.append(Month(month, sum(part for part, _whole in some), sum(whole for _part, whole in some)))
    _aim(estate, rows, base, target, at)
    shown = set(months[-span:])
    sources = [
        (source, *(sum(pair[n] for month, pair in found.get((key, source), {}).items() if month in shown) for n in (0, 1))) for source in entry.sources
    ]
    return Indication(key, _(entry.title), _(entry.words), target, base, rows, sources)


def _aim(estate: Estate, rows: list[Month], base: int | None, target: int, at: datetime) -> None:
    """The straight line from the baseline to the goal in twelve months; without a baseline the goal itself."""
    said = str(parameter(estate, "survey.goal_from", at))
    try:
        start = date.fromisoformat(said if len(said) > 7 else f"{said}-01").replace(day=1)
    except ValueError:
        start = next((row.month for row in rows if row.whole), rows[0].month)
    for row in rows:
        gone = min(max((row.month.year - start.year) * 12 + row.month.month - start.month, 0), YEAR)
        row.goal = float(target) if base is None else base + (target - base) * gone / YEAR
