"""What the house does for households once a day: tiers, birthdays, what need not be kept longer, the day's figures."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from guanjia import clock
from guanjia.estates.models import Estate
from guanjia.tenancy.scope import estate_scope

from . import birthdays, coverage, privacy
from .models import CoverageFigure
from .retiering import retier

if TYPE_CHECKING:
    from datetime import datetime

logger = logging.getLogger("guanjia.care")


def run_once(now: datetime, estate: Estate | None = None) -> int:
    """The day's round of each estate that has not had it; how many had. One estate's trouble is not the others'."""
    done = 0
    for each in [estate] if estate else Estate.objects.order_by("pk"):
        try:
            with estate_scope(each):
                done += _day(each, now)
        except Exception:
            logger.exception("care of estate %s", each.pk)
    return done


def _day(estate: Estate, now: datetime) -> bool:
    """The kept figures say that the day was done: all of it is one transaction."""
    if CoverageFigure.objects.at_estate(estate).filter(day=clock.today(estate, now)).exists():
        return False
    retier(estate, now)
    birthdays.remind(estate, now)
    privacy.sweep(estate, now)
    return bool(coverage.keep(estate, now))
