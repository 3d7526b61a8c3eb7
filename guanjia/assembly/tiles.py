"""Who is told, and what a resident's first page and 办事 say of the owners' assembly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.households.models import Member
from guanjia.keys.hub import Tile
from guanjia.tickets.front import Panel

from .models import Assembly, RollLine
from .models.assembly import State

if TYPE_CHECKING:
    from datetime import datetime

    from guanjia.events.models import Event
    from guanjia.people.reach import Reach


def owners(estate: Any, event: Event) -> set[int]:
    """Owners of the roll who sign in (guanjia/notices/crowd.py)."""
    homes = RollLine.objects.at_estate(estate).filter(assembly_id=event.subject_id, household__isnull=False).values("household_id")
    rows = Member.objects.at_estate(estate).filter(household_id__in=homes, kind=Member.Kind.OWNER, left_on__isnull=True, login__isnull=False)
    return set(rows.values_list("login_id", flat=True))


def waiting(reach: Any, now: datetime) -> Assembly | None:
    """The soonest to end in which a unit of theirs has not voted."""
    for row in Assembly.objects.visible_to(reach).filter(state=State.OPEN, begins_at__lte=now, ends_at__gt=now).order_by("ends_at")[:3]:
        if row.own_units(reach).exclude(unit_id__in=row.ballots.values("unit_id")).exists():
            return row
    return None


def tile(reach: Any) -> Tile | None:
    """Residents who are on a roll."""
    if reach.is_staff or not Assembly.objects.visible_to(reach).exists():
        return None
    row = waiting(reach, clock.now())
    return Tile("assembly", reverse("assembly:mine", args=[reach.estate.code]), "vote", _("业主大会"), _("等您投票") if row else _("议题、表决结果、纪要"), int(row is not None), "soon")


class Voting:
    def panel(self, reach: Reach, now: datetime) -> Panel | None:
        row = waiting(reach, now)
        return Panel("assembly/parts/panel.html", row, order=5) if row else None
