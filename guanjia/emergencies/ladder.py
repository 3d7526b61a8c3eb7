"""Tasks, reports and hazards past their time: told rung by rung, once each (EMG-05, EMG-09, EMG-13). Harmless when run again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q

from guanjia.estates.models import Estate
from guanjia.events.actions import Action
from guanjia.tenancy.scope import estate_scope

from .book import emergency_book
from .models import Emergency, Hazard, Order

if TYPE_CHECKING:
    from datetime import datetime

DAY = timedelta(days=1)
LATER = [(timedelta(0), ["supervisor"]), (DAY, ["manager"]), (3 * DAY, ["company"])]  # of reports and hazards, once they are late


def run_once(now: datetime, estate: Estate | None = None) -> int:
    """Tell every rung that is due and untold; how many were told."""
    told = 0
    for each in [estate] if estate else Estate.objects.order_by("pk"):
        with estate_scope(each), transaction.atomic():
            told += _orders(each, now) + _reports(each, now) + _hazards(each, now)
    return told


def _late(rungs: list[tuple[timedelta, list[str]]], now: datetime, due: str) -> Q:
    found = Q(pk__in=[])
    for number, (after, _tell) in enumerate(rungs):
        found |= Q(told=number, **{f"{due}__lte": now - after})
    return found


def _climb(row: Any, rungs: list[tuple[timedelta, list[str]]], now: datetime, due: datetime) -> list[tuple[datetime, list[str]]]:
    """The rungs that are due: (when, whom); written down as told."""
    found = [(due + after, tell) for after, tell in rungs[row.told :] if due + after <= now]
    type(row).objects.at_estate(row.estate_id).filter(pk=row.pk).update(told=row.told + len(found))
    return found


def _orders(estate: Any, now: datetime) -> int:
    rungs: list[tuple[timedelta, list[str]]] = [(rung.late, [*rung.tell]) for rung in emergency_book().alarm]
    rows = Order.objects.at_estate(estate).open().filter(_late(rungs, now, "due_at"), emergency__stage="live")
    count = 0
    for order in rows.select_for_update(skip_locked=True, of=("self",)).select_related("emergency__building", "emergency__unit").order_by("pk"):
        for at, tell in _climb(order, rungs, now, order.due_at):
            people = order.people if "people" in tell else []
            order.emergency.tell(
                Action.EMERGENCY_ORDER_LATE, by=None, at=at, title=order.title, minutes=int((at - order.due_at).total_seconds() // 60), worker_ids=people,
                tell=[step for step in tell if step != "people"],
            )  # fmt: skip
            count += 1
    return count


def _reports(estate: Any, now: datetime) -> int:
    rows = Emergency.objects.at_estate(estate).filter(_late(LATER, now, "report_due_at"), stage="down")
    count = 0
    for row in rows.select_for_update(skip_locked=True, of=("self",)).select_related("building", "unit").order_by("pk"):
        assert row.report_due_at
        for at, tell in _climb(row, LATER, now, row.report_due_at):
            row.tell(Action.EMERGENCY_REPORT_LATE, by=None, at=at, tell=tell)
            count += 1
    return count


def _hazards(estate: Any, now: datetime) -> int:
    rows = Hazard.objects.at_estate(estate).open().filter(_late(LATER, now, "due_at"))
    count = 0
    for row in rows.select_for_update(skip_locked=True, of=("self",)).select_related("building").order_by("pk"):
        for at, tell in _climb(row, LATER, now, row.due_at):
            row.tell(Action.HAZARD_LATE, by=None, at=at, tell=tell, worker_id=row.responsible_id)
            count += 1
    return count
