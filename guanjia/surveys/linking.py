"""What is asked of somebody now, and how it stands on the resident's first page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from guanjia import clock
from guanjia.tickets.front import Panel

from .models import Invitation, Officer
from .models.officer import quarter_of

if TYPE_CHECKING:
    from datetime import datetime


def waiting(reach: Any) -> Any:
    """Questionnaires that wait for a person, the soonest to end first."""
    today = clock.today(reach.estate)
    rows = Invitation.objects.at_estate(reach.estate).of(reach).filter(answered=False, poll__closed_at__isnull=True, poll__published_at__isnull=False)
    return rows.filter(poll__begins_on__lte=today, poll__ends_on__gte=today).select_related("poll").order_by("poll__ends_on", "pk")


class Asked:
    """The soonest questionnaire, or the invitation to be an experience officer."""

    def panel(self, reach: Any, now: datetime) -> Panel | None:
        if row := waiting(reach).first():
            return Panel("surveys/parts/asked.html", {"poll": row.poll}, order=20)
        quarter = quarter_of(clock.today(reach.estate, now))
        rows = Officer.objects.at_estate(reach.estate).filter(household_id__in=reach.households, quarter=quarter, accepted__isnull=True)
        return Panel("surveys/parts/asked.html", {"poll": None}, order=20) if rows.exists() else None
