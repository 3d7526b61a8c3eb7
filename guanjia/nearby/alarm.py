"""Entries that grow stale: each opens a task once (VAS-07). Harmless when run again."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from guanjia import clock
from guanjia.estates.models import Estate
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.tenancy.scope import estate_scope

from .models import Facility

if TYPE_CHECKING:
    from datetime import datetime

logger = logging.getLogger("guanjia.nearby")


def run_once(now: datetime, estate: Estate | None = None) -> int:
    """How many grew stale; one estate's trouble is not the others'."""
    told = 0
    for each in [estate] if estate else Estate.objects.order_by("pk"):
        try:
            with estate_scope(each):
                told += _stale(each, now)
        except Exception:
            logger.exception("places near estate %s", each.pk)
    return told


def _stale(estate: Estate, now: datetime) -> int:
    """Once for each verification: the event is what the duty `vas_info_refresh` waits for."""
    with transaction.atomic():
        rows = Facility.objects.stale(estate, clock.today(estate, now)).exclude(told_for=F("verified_on")).select_for_update(skip_locked=True)
        found = list(rows.order_by("pk"))
        for row in found:
            Event.objects.record(Action.FACILITY_STALE, row, at=now, told=False, name=row.name, last=str(row.verified_on))
            row.told_for = row.verified_on
            row.save(update_fields=["told_for"])
    return len(found)
