"""What was done in a resident's own building this week: counts only, nobody's name (issue 3 §7)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.estates.models import Building, Unit
from guanjia.people.roles import working_as
from guanjia.rulebooks.form_book import covering
from guanjia.tickets.counting import REAL

from .counting import run
from .models.report import FORMS
from .reading import midnight

if TYPE_CHECKING:
    from datetime import datetime

    from guanjia.people.reach import Reach


@dataclass
class Done:
    label: str
    icon: str
    done: int
    of: int  # 0: nothing says how many were due
    note: str = ""


@dataclass
class Week:
    building: Building
    since: datetime
    done: list[Done]


# A task counts for a building when it is of the building, of something in it, or of the whole zone or estate.
TASKS = """
SELECT CASE WHEN k.role = ANY(%(cleaners)s) THEN 'clean' WHEN d.form = ANY(%(patrols)s) THEN 'patrol' WHEN k.role = ANY(%(guards)s) THEN 'guard' ELSE 'check' END,
  count(*) FILTER (WHERE k.done_at IS NOT NULL), count(*)
FROM duties_task k JOIN duties_duty d ON d.estate_id = k.estate_id AND d.id = k.duty_id
WHERE k.estate_id = %(estate)s AND k.due_at >= %(since)s AND k.due_at < %(now)s AND k.waived_at IS NULL
  AND k.subject_kind NOT IN ('household', 'person', 'event') AND d.form <> ALL(%(reports)s) AND (k.unit_id IS NULL)
  AND (k.building_id = %(building)s OR (k.building_id IS NULL AND k.place_id IS NULL AND (k.zone_id = %(zone)s OR k.zone_id IS NULL)))
GROUP BY 1
"""
TICKETS = f"""
SELECT count(*) FILTER (WHERE t.done_at IS NOT NULL AND t.kind = 'repair'), count(*) FILTER (WHERE t.done_at IS NOT NULL AND t.kind <> 'repair'),
  count(*) FILTER (WHERE t.done_at IS NULL)
FROM tickets_ticket t LEFT JOIN estates_unit u ON u.estate_id = t.estate_id AND u.id = t.unit_id LEFT JOIN estates_place p ON p.estate_id = t.estate_id AND p.id = t.place_id
WHERE t.estate_id = %(estate)s AND (t.done_at >= %(since)s OR t.done_at IS NULL AND t.closed_at IS NULL) AND {REAL} AND coalesce(u.building_id, p.building_id) = %(building)s
"""


def building_of(reach: Reach, wanted: str = "") -> tuple[Building | None, list[Building]]:
    """The building asked for among the reader's own, and all of those."""
    own = Unit.objects.at_estate(reach.estate).filter(pk__in=reach.units).values("building_id")
    rows = Building.objects.at_estate(reach.estate).select_related("zone").order_by("order", "number")
    known = list(rows if reach.is_staff else rows.filter(pk__in=own))
    return next((row for row in known if str(row.pk) == wanted), known[0] if known else None), known


def week(reach: Reach, building: Building, now: datetime) -> Week:
    """Monday to now. Two statements."""
    today = clock.today(reach.estate, now)
    since = midnight(reach.estate, now, today.weekday())
    named = {
        "estate": reach.estate.pk, "building": building.pk, "zone": building.zone_id, "since": since, "now": now, "reports": list(FORMS),
        "patrols": covering(), "cleaners": sorted(working_as("cleaner")), "guards": sorted(working_as("order_keeper", "order_leader")),
    }  # fmt: skip
    found = {sort: (done, due) for sort, done, due in run(TASKS, named)}
    repairs, others, waiting = run(TICKETS, named)[0]
    labels = {"patrol": (_("巡查"), "footprints"), "clean": (_("保洁"), "sparkles"), "check": (_("设施与其他检查"), "clipboard-check"), "guard": (_("秩序值守"), "shield-check")}
    done = [Done(label, icon, *found.get(sort, (0, 0))) for sort, (label, icon) in labels.items()]
    done += [Done(_("修好的报修"), "wrench", repairs, 0, _("还有 %(n)s 件在办") % {"n": waiting} if waiting else ""), Done(_("办结的其他诉求"), "message-square", others, 0)]
    return Week(building, since, [one for one in done if one.done or one.of])
