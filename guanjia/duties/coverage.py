"""Where patrols have been: buildings × days, from the records themselves (PAT-03: the whole zone in each cycle of five days).

A building was covered on a day when a record that counts and whose form `covers` was about it (or a unit or place of
it), ticked it, or scanned a label there. What must be seen in each cycle the company says (CF-57, patrol.coverage_unit): every
building as a check point, or the zone as a whole, which is covered as soon as somebody was at one of its buildings.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Q

from guanjia import clock
from guanjia.estates.models import Building
from guanjia.rulebooks.form_book import covering
from guanjia.rulebooks.parameters import parameter

if TYPE_CHECKING:
    from guanjia.people.reach import Reach

CYCLE = 5  # days; pages take patrol.ovs_cover_days

# (estate, building, day, records) of any number of estates, each by its own time zone.
WALKED = """
SELECT record.estate_id, seen.building_id, (record.done_at AT TIME ZONE home.time_zone)::date AS day, count(*) AS times
FROM estates_estate home JOIN duties_record record ON record.estate_id = home.id
JOIN duties_task task ON task.estate_id = record.estate_id AND task.id = record.task_id
LEFT JOIN estates_unit unit ON unit.estate_id = task.estate_id AND unit.id = task.unit_id
LEFT JOIN estates_place place ON place.estate_id = task.estate_id AND place.id = task.place_id
LEFT JOIN estates_place scanned ON scanned.estate_id = record.estate_id AND record.mark_kind = 'p' AND scanned.id = record.mark_id
LEFT JOIN estates_entrance entered ON entered.estate_id = record.estate_id AND record.mark_kind = 'e' AND entered.id = record.mark_id
CROSS JOIN LATERAL (
    SELECT task.building_id UNION SELECT unit.building_id UNION SELECT place.building_id
    UNION SELECT scanned.building_id UNION SELECT entered.building_id
    UNION SELECT ticked::bigint FROM jsonb_array_elements_text(
        CASE WHEN jsonb_typeof(record.answers #> '{covered,value}') = 'array' THEN record.answers #> '{covered,value}' ELSE '[]' END) ticked
) seen(building_id)
WHERE home.id = ANY(%(estates)s) AND record.form = ANY(%(forms)s) AND NOT record.beside AND seen.building_id IS NOT NULL
  AND record.done_at >= %(since)s::date::timestamp AT TIME ZONE home.time_zone AND record.done_at < (%(until)s::date + 1)::timestamp AT TIME ZONE home.time_zone
  AND NOT EXISTS (SELECT FROM duties_suspicion doubt WHERE doubt.estate_id = record.estate_id AND doubt.record_id = record.id AND doubt.stands)
GROUP BY 1, 2, 3
"""


def walked(estate: Any, since: date, until: date) -> dict[int, dict[date, int]]:
    """building → day → how many records. One statement."""
    found: dict[int, dict[date, int]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(WALKED, {"estates": [estate.pk], "forms": covering(), "since": since, "until": until})
        for _estate, building_id, day, count in cursor.fetchall():
            found[building_id][day] = count
    return found


@dataclass
class Row:
    """A building's days: heat 0 nobody, 1 once, 2 twice, 3 more often."""

    building: Building
    days: list[tuple[date, int]]
    last: date | None = None
    covered: bool = False  # within the present cycle
    x: float = 0
    y: float = 0

    @property
    def heats(self) -> list[tuple[date, int, int]]:
        return [(day, count, min(count, 3)) for day, count in self.days]

    @property
    def heat(self) -> int:
        """For the map, and the more the longer ago: 0 within the cycle, 3 when nobody was there in all the days shown."""
        return 0 if self.covered else 2 if self.last else 3


@dataclass
class Coverage:
    days: list[date]
    cycle: int
    unit: str = "points"  # what is counted: points (buildings) or zone
    zones: list[tuple[str, list[Row]]] = field(default_factory=list)

    @property
    def rows(self) -> list[Row]:
        return [row for _name, rows in self.zones for row in rows]

    @property
    def covered(self) -> int:
        return sum(row.covered for row in self.rows)

    @property
    def counted(self) -> list[bool]:
        """For each check point, or each zone, whether it was seen in this cycle; buildings of no zone count for themselves."""
        if self.unit == "points":
            return [row.covered for row in self.rows]
        zones = [rows for name, rows in self.zones if name]
        return [all(row.covered for row in rows) for rows in zones] + [
            row.covered for name, rows in self.zones if not name for row in rows
        ]

    @property
    def seen(self) -> int:
        return self.counted.count(True)

    @property
    def lacking(self) -> int:
        return self.counted.count(False)

    @property
    def left(self) -> list[Row]:
        """Buildings still to be seen in this cycle."""
        return [row for row in self.rows if not row.covered]

    @property
    def frame(self) -> str:
        """The part of the plan that the buildings shown take up, as an SVG view box."""
        xs = [row.building.plan_x or 0 for row in self.rows]
        ys = [row.building.plan_y or 0 for row in self.rows]
        wide, high = max(max(xs) - min(xs) + 17, 40), max(max(ys) - min(ys) + 15, 20)
        return f"{min(xs) - 4:.0f} {min(ys) - 4:.0f} {wide:.0f} {high:.0f}"

    @property
    def drawn(self) -> bool:
        """Whether the plan says where the buildings stand; else they are laid out zone by zone."""
        return bool(self.rows) and all(
            row.building.plan_x is not None and row.building.plan_y is not None for row in self.rows
        )


def coverage(reach: Reach, days: int, until: date | None = None, cycle: int = CYCLE) -> Coverage:
    """Within the reader's zones, or all of the estate."""
    until = until or clock.today(reach.estate)
    since = until - timedelta(days=days - 1)
    shown = [since + timedelta(days=n) for n in range(days)]
    count = walked(reach.estate, min(since, until - timedelta(days=cycle - 1)), until)
    found = Coverage(shown, cycle, str(parameter(reach.estate, "patrol.coverage_unit", clock.now())))
    zones: dict[str, list[Row]] = {}
    for building in _buildings(reach):
        seen = count.get(building.pk, {})
        row = Row(building, [(day, seen.get(day, 0)) for day in shown], max(seen, default=None))
        row.covered = bool(row.last and row.last > until - timedelta(days=cycle))
        zones.setdefault(str(building.zone or ""), []).append(row)
    if found.unit == "zone":
        for rows in (rows for name, rows in zones.items() if name and any(row.covered for row in rows)):
            for row in rows:
                row.covered = True
    found.zones = list(zones.items())
    return found


def _buildings(reach: Reach) -> list[Building]:
    rows = Building.objects.at_estate(reach.estate).select_related("zone").order_by("zone__code", "order", "number")
    return list(rows.filter(Q(zone_id__in=reach.zones)) if reach.sees == "zone" else rows)
