"""What runs near a resident's home stands on top of their first page, until it is over and for some hours after."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Q

from guanjia.tickets.front import Panel

from .audience import is_for
from .models import AreaNotice

if TYPE_CHECKING:
    from datetime import datetime

    from guanjia.people.reach import Reach

AFTER = timedelta(hours=6)
SHOWN = 3


class Emergencies:
    def panel(self, reach: Reach, now: datetime) -> Panel | None:
        current = Q(emergency__stage="live") | Q(emergency__down_at__gt=now - AFTER)
        rows = AreaNotice.objects.at_estate(reach.estate).filter(current, is_for(reach)).select_related("emergency").order_by("emergency_id", "-at").distinct("emergency_id")
        found = list(rows[:SHOWN])
        return Panel("emergencies/parts/panel.html", found, order=1) if found else None
