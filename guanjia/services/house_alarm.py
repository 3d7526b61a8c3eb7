"""Homes whose diagnosis is due: the event opens the task of the duty `vas_house_health` (VAS-14). Harmless when run again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.households.models import Occupancy

from .models import HouseFile

if TYPE_CHECKING:
    from datetime import datetime


def checks_due(estate: Any, now: datetime) -> int:
    """Once for each day on which one begins; how many. Files are few: a home orders this care."""
    today, count = clock.today(estate, now), 0
    with transaction.atomic():
        here = Exists(Occupancy.objects.at_estate(estate).filter(unit=OuterRef("unit"), household=OuterRef("household"), during__contains=today))
        rows = HouseFile.objects.at_estate(estate).live().select_for_update(skip_locked=True, of=("self",)).select_related("unit", "estate").order_by("pk")
        for row in rows.filter(~here):  # what is found in the home of others is not theirs to read
            row.close(by=None, at=now)
        for row in rows.filter(here):
            due = row.next_on()
            if due <= today and row.told_for != due:
                row.told_for = due
                row.save(update_fields=["told_for"])
                row.tell(Action.HOUSE_CHECK_DUE, by=None, at=now)
                count += 1
    return count
