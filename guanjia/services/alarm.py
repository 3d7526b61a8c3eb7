"""Promised times that passed, told up the ladder of `rulebooks/services.yaml`; suppliers' contracts that end. Harmless when run again."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F, Q

from guanjia import clock
from guanjia.estates.models import Estate
from guanjia.events.actions import Action
from guanjia.rulebooks.parameters import parameter
from guanjia.tenancy.scope import estate_scope

from .book import services_book
from .house_alarm import checks_due
from .models import ServiceOrder, Supplier

if TYPE_CHECKING:
    from datetime import datetime

logger = logging.getLogger("guanjia.services")


def run_once(now: datetime, estate: Estate | None = None) -> int:
    """How many were told; one estate's trouble is not the others'."""
    told = 0
    for each in [estate] if estate else Estate.objects.order_by("pk"):
        try:
            with estate_scope(each):
                told += _late(each, now) + _ending(each, now) + checks_due(each, now)
        except Exception:
            logger.exception("services of estate %s", each.pk)
    return told


def _late(estate: Any, now: datetime) -> int:
    rungs, wanted, count = services_book().alarm, Q(), 0
    for number, rung in enumerate(rungs):
        wanted |= Q(told=number, due_at__lte=now - rung.late)
    with transaction.atomic():
        rows = ServiceOrder.objects.at_estate(estate).open().filter(wanted).select_for_update(skip_locked=True, of=("self",))
        for order in rows.select_related("unit").order_by("pk"):
            fell = order.due_at or now
            due = [rung for rung in rungs[order.told :] if fell + rung.late <= now]
            for rung in due:
                worker = order.worker_id if "worker" in rung.tell else None
                tell = [name for name in rung.tell if name != "worker"]
                order.tell(Action.SERVICE_LATE, by=None, at=fell + rung.late, tell=tell, worker_id=worker)
            ServiceOrder.objects.at_estate(estate).filter(pk=order.pk).update(told=order.told + len(due))
            count += len(due)
    return count


def _ending(estate: Any, now: datetime) -> int:
    """Once for each end of a contract, `suppliers.contract_days` before it."""
    today = clock.today(estate, now)
    until = today + timedelta(days=int(parameter(estate, "suppliers.contract_days", now)))
    count = 0
    with transaction.atomic():
        rows = Supplier.objects.at_estate(estate).filter(contract_ends__range=(today, until)).exclude(reminded_for=F("contract_ends"))
        for row in rows.select_for_update(skip_locked=True).order_by("pk"):
            row.tell(Action.SUPPLIER_ENDING, by=None, at=now, ends=str(row.contract_ends))
            row.reminded_for = row.contract_ends
            row.save(update_fields=["reminded_for"])
            count += 1
    return count
