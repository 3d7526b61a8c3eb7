"""Documents from outside whose day nears or has passed: their handler hears of it, then who leads. Harmless when run again (VAS-12)."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Q

from guanjia import clock
from guanjia.estates.models import Estate
from guanjia.events.actions import Action
from guanjia.rulebooks.parameters import parameter
from guanjia.tenancy.scope import estate_scope

from .models import Incoming

if TYPE_CHECKING:
    from datetime import datetime

logger = logging.getLogger("guanjia.liaison")


def run_once(now: datetime, estate: Estate | None = None) -> int:
    """How many were told; one estate's trouble is not the others'."""
    told = 0
    for each in [estate] if estate else Estate.objects.order_by("pk"):
        try:
            with estate_scope(each):
                told += _near(each, now)
        except Exception:
            logger.exception("documents of estate %s", each.pk)
    return told


def _near(estate: Estate, now: datetime) -> int:
    """`liaison.remind_days` before the last day, once for each such day; once when it is over."""
    today, count = clock.today(estate, now), 0
    until = today + timedelta(days=int(parameter(estate, "liaison.remind_days", now)))
    fresh = Q(told_near__isnull=True) | ~Q(told_near=F("due_on"))
    with transaction.atomic():
        rows = Incoming.objects.at_estate(estate).open().filter(Q(due_on__range=(today, until)) & fresh | Q(due_on__lt=today, told_late=False))
        for row in rows.select_for_update(skip_locked=True, of=("self",)).select_related("contact").order_by("pk"):
            if row.due_on < today:
                row.told_late = True
                row.tell(Action.INCOMING_LATE, by=None, at=now)
            else:
                row.told_near = row.due_on
                row.tell(Action.INCOMING_NEAR, by=None, at=now)
            row.save(update_fields=["told_near", "told_late"])
            count += 1
    return count
