"""Overdue keys: told at due, then further up, as `rulebooks/keys.yaml` says. One statement finds them; harmless when run again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q

from guanjia.estates.models import Estate
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.tenancy.scope import estate_scope

from .book import keys_book
from .models import Loan

if TYPE_CHECKING:
    from datetime import datetime


def run_once(now: datetime, estate: Estate | None = None) -> int:
    """Tell every rung that is due and untold; how many were told."""
    told = 0
    for each in [estate] if estate else Estate.objects.order_by("pk"):
        with estate_scope(each):
            told += _tell(each, now)
    return told


def _tell(estate: Any, now: datetime) -> int:
    rungs, wanted = keys_book().alarm, Q()
    for number, rung in enumerate(rungs):
        wanted |= Q(told=number, due_at__lte=now - rung.late)
    count = 0
    with transaction.atomic():
        rows = Loan.objects.at_estate(estate).open().filter(wanted, excused_at__isnull=True).select_for_update(skip_locked=True, of=("self",))
        for loan in rows.select_related("key").order_by("pk"):
            if loan.waits:
                continue
            due = [rung for rung in rungs[loan.told :] if loan.due_at + rung.late <= now]
            for rung in due:
                _say(loan, rung)
            Loan.objects.at_estate(estate).filter(pk=loan.pk).update(told=loan.told + len(due))
            count += len(due)
    return count


def _say(loan: Loan, rung: Any) -> None:
    """Dated when it fell due, whenever the house came to look."""
    at = loan.due_at + rung.late
    said: dict[str, Any] = {"code": loan.key.code, "name": loan.name, "minutes": int(rung.late.total_seconds() // 60)}
    if "borrower" in rung.tell:
        said["worker_id"] = loan.person_id
    tell = [name for name in rung.tell if name != "borrower"]
    Event.objects.record(Action.KEY_OVERDUE, loan.key, at=at, tell=tell, giver_id=loan.given_by_id, **said)
