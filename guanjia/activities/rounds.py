"""What the house does for activities by itself: who signed up is reminded once, by day."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from guanjia.estates.models import Estate
from guanjia.events.actions import Action
from guanjia.rulebooks.parameters import parameter
from guanjia.tenancy.scope import ALL, estate_scope

from .models import Activity
from .models.activity import State

if TYPE_CHECKING:
    from datetime import datetime

logger = logging.getLogger("guanjia.activities")
DAYTIME = (9, 21)  # hours of the estate's clock
FURTHEST = timedelta(days=31)


def run_once(now: datetime, estate: Estate | None = None) -> int:
    """How many activities their guests were reminded of; one estate's trouble is not the others'."""
    with estate_scope(ALL):
        rows = Activity.objects.filter(state=State.OPEN, reminded_at__isnull=True, begins_at__gt=now, begins_at__lte=now + FURTHEST)
        rows = rows.filter(estate=estate) if estate else rows
        waiting = set(rows.values_list("estate_id", flat=True).distinct())
    done = 0
    for each in Estate.objects.filter(pk__in=waiting).order_by("pk"):
        try:
            with estate_scope(each):
                done += _turn(each, now)
        except Exception:
            logger.exception("activities of estate %s", each.pk)
    return done


def _turn(estate: Estate, now: datetime) -> int:
    if not DAYTIME[0] <= now.astimezone(ZoneInfo(estate.time_zone)).hour < DAYTIME[1]:
        return 0
    ahead = timedelta(hours=int(parameter(estate, "activity.remind_hours", now)))
    rows = Activity.objects.at_estate(estate).filter(state=State.OPEN, reminded_at__isnull=True, begins_at__gt=now, begins_at__lte=now + ahead)
    done = 0
    for row in rows:
        if not Activity.objects.at_estate(estate).filter(pk=row.pk, reminded_at__isnull=True).update(reminded_at=now):
            continue
        at = row.begins_at.astimezone(ZoneInfo(estate.time_zone))
        row.tell(Action.ACTIVITY_REMINDED, by=None, at=now, when=f"{at:%m-%d %H:%M}", place=row.place, public=True)
        done += 1
    return done
