"""Overdue keys: told at due, then further up, as `rulebooks/keys.yaml` says. One statement finds the estates; harmless when run again."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from guanjia.estates.models import Estate
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.tenancy.scope import ALL, estate_scope

from .book import keys_book
from .models import Loan

if TYPE_CHECKING:
    from datetime import datetime

    from .models.loan import LoanQuerySet

logger = logging.getLogger("guanjia.keys")


def run_once(now: datetime, estate: Estate | None = None) -> int:
    """Tell every rung that is due and untold; how many were told. One estate's trouble is not the others'."""
    with estate_scope(ALL):
        late = _late(now).filter(estate=estate) if estate else _late(now)
        waiting = set(late.values_list("estate_id", flat=True).distinct())
    told = 0
    for each in Estate.objects.filter(pk__in=waiting).order_by("pk"):
        try:
            with estate_scope(each):
                told += _tell(each, now)
        except Exception:
            logger.exception("keys of estate %s", each.pk)
    return told


def _late(now: datetime) -> LoanQuerySet:
    """Keys that are out, with a rung of the alarm that is due and untold."""
    wanted = Q()
    for number, rung in enumerate(keys_book().alarm):
        wanted |= Q(told=number, due_at__lte=now - rung.late)
    return Loan.objects.out().filter(wanted, excused_at__isnull=True)


def _tell(estate: Any, now: datetime) -> int:
    rungs, count = keys_book().alarm, 0
    rows = _late(now).at_estate(estate).select_for_update(skip_locked=True, of=("self",))
    for loan in rows.select_related("key").order_by("pk"):
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
