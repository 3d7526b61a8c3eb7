"""What a resident's first page and 办事 say of activities."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.keys.hub import Tile
from guanjia.tickets.front import Panel

from .book import activities_book
from .models import Activity, SignUp

if TYPE_CHECKING:
    from datetime import datetime

    from guanjia.people.reach import Reach


def tile(reach: Any) -> Tile | None:
    """For residents; staff have 社区活动 in their bar."""
    if reach.is_staff:
        return None
    coming = Activity.objects.visible_to(reach).coming(clock.now()).count()
    words = _("%(n)s 个活动可以参加") % {"n": coming} if coming else _("茶话会、主题活动、线上答疑")
    return Tile("activities", reverse("activities:mine", args=[reach.estate.code]), "party-popper", _("社区活动"), words, 0, "")


class Coming:
    """The next activity of theirs, or the newest that they can still join."""

    def panel(self, reach: Reach, now: datetime) -> Panel | None:
        mine = SignUp.objects.at_estate(reach.estate).filter(household_id__in=reach.households, left_at__isnull=True).values("activity_id")
        joined = [name for name, entry in activities_book().kinds.items() if entry.joins]
        rows = Activity.objects.visible_to(reach).coming(now).filter(Q(pk__in=mine) | Q(closes_at__gt=now, kind__in=joined))
        found = rows.order_by("begins_at").first()
        return Panel("activities/parts/panel.html", found, order=25) if found else None
