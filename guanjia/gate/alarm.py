"""Articles that lie too long: their household and the desk are reminded once. Harmless when run again."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from guanjia.estates.models import Estate
from guanjia.events.actions import Action
from guanjia.tenancy.scope import ALL, estate_scope

from .models import Article

if TYPE_CHECKING:
    from datetime import datetime

logger = logging.getLogger("guanjia.gate")


def run_once(now: datetime, estate: Estate | None = None) -> int:
    """How many were reminded of. One estate's trouble is not the others'."""
    with estate_scope(ALL):
        rows = Article.objects.late(now).filter(told_at__isnull=True)
        waiting = set((rows.filter(estate=estate) if estate else rows).values_list("estate_id", flat=True).distinct())
    told = 0
    for each in Estate.objects.filter(pk__in=waiting).order_by("pk"):
        try:
            with estate_scope(each):
                told += _tell(each, now)
        except Exception:
            logger.exception("articles of estate %s", each.pk)
    return told


def _tell(estate: Estate, now: datetime) -> int:
    rows = list(Article.objects.at_estate(estate).late(now).filter(told_at__isnull=True).select_for_update(skip_locked=True, of=("self",)).select_related("unit"))
    for row in rows:
        row.tell(Action.ARTICLE_OVERDUE, by=None, at=now, place=row.place)
    Article.objects.at_estate(estate).filter(pk__in=[row.pk for row in rows]).update(told_at=now)
    return len(rows)
