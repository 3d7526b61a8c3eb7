"""Leases that end: the household and the desk hear of it `leases.remind_days` before. Harmless when run again."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from guanjia import clock
from guanjia.estates.models import Estate
from guanjia.events.actions import Action
from guanjia.rulebooks.parameters import parameter
from guanjia.tenancy.scope import estate_scope

from .models import Lease

if TYPE_CHECKING:
    from datetime import datetime

logger = logging.getLogger("guanjia.lettings")


def run_once(now: datetime, estate: Estate | None = None) -> int:
    """How many were told; one estate's trouble is not the others'."""
    told = 0
    for each in [estate] if estate else Estate.objects.order_by("pk"):
        try:
            with estate_scope(each):
                told += _ending(each, now)
        except Exception:
            logger.exception("leases of estate %s", each.pk)
    return told


def _ending(estate: Estate, now: datetime) -> int:
    """Once for each end of a term."""
    today, count = clock.today(estate, now), 0
    until = today + timedelta(days=int(parameter(estate, "leases.remind_days", now)))
    with transaction.atomic():
        rows = Lease.objects.at_estate(estate).filter(last__range=(today, until), ended_why="").exclude(reminded_for=F("last"))
        for row in rows.select_for_update(skip_locked=True, of=("self",)).select_related("space", "unit").order_by("pk"):
            row.tell(Action.LEASE_ENDING, by=None, at=now, last=str(row.last))
            row.reminded_for = row.last
            row.save(update_fields=["reminded_for"])
            count += 1
    return count
