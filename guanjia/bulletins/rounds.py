"""What the house does for bulletins each turn: puts out what is due, ends what is over."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from guanjia.estates.models import Estate
from guanjia.tenancy.scope import ALL, estate_scope

from .models import Bulletin
from .models.bulletin import State

if TYPE_CHECKING:
    from datetime import datetime

logger = logging.getLogger("guanjia.bulletins")


def run_once(now: datetime, estate: Estate | None = None) -> int:
    """How many went out or ended; one estate's trouble is not the others'."""
    with estate_scope(ALL):
        due = Bulletin.objects.filter(state=State.APPROVED, starts_at__lte=now) | Bulletin.objects.filter(state=State.OUT, ends_at__lte=now)
        due = due.filter(estate=estate) if estate else due
        waiting = set(due.values_list("estate_id", flat=True).distinct())
    done = 0
    for each in Estate.objects.filter(pk__in=waiting).order_by("pk"):
        try:
            with estate_scope(each):
                done += _turn(each, now)
        except Exception:
            logger.exception("bulletins of estate %s", each.pk)
    return done


def _turn(estate: Estate, now: datetime) -> int:
    rows = Bulletin.objects.at_estate(estate).select_related("estate")
    going = list(rows.filter(state=State.APPROVED, starts_at__lte=now).order_by("starts_at", "pk"))
    for row in going:
        row.put_out(now)
    ending = list(rows.filter(state=State.OUT, ends_at__lte=now).order_by("ends_at", "pk"))
    for row in ending:
        row.run_out(now)
    return len(going) + len(ending)
