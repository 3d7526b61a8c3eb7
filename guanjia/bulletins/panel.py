"""The newest bulletins on a resident's first page, until they are opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guanjia.tickets.front import Panel

from .models import Bulletin, Opening

if TYPE_CHECKING:
    from datetime import datetime

    from guanjia.people.reach import Reach

SHOWN = 2


class Bulletins:
    def panel(self, reach: Reach, now: datetime) -> Panel | None:
        opened = Opening.objects.at_estate(reach.estate).filter(person_id=reach.person_id).values("bulletin_id")
        rows = Bulletin.objects.visible_to(reach).exclude(pk__in=opened).filter(ends_at__gt=now).order_by("-out_at")[:SHOWN]
        found = list(rows)
        return Panel("bulletins/parts/panel.html", found, order=10) if found else None
