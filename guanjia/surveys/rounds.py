"""What the house does for polls by itself: closes what is over, reminds once by day, looks for opinions once a day."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from guanjia import clock
from guanjia.estates.models import Estate
from guanjia.rulebooks.parameters import parameter
from guanjia.tenancy.scope import estate_scope

from .gathering import gather
from .models import Poll

if TYPE_CHECKING:
    from datetime import datetime

logger = logging.getLogger("guanjia.surveys")
DAYTIME = (9, 20)  # hours of the estate's clock in which anybody is reminded


def run_once(now: datetime, estate: Estate | None = None) -> int:
    """Each estate by itself: one's trouble is not the others'. Returns how many polls were closed or reminded of."""
    done = 0
    for each in [estate] if estate else Estate.objects.order_by("pk"):
        try:
            with estate_scope(each):
                done += _turn(each, now)
        except Exception:
            logger.exception("surveys of estate %s", each.pk)
    return done


def _turn(estate: Estate, now: datetime) -> int:
    gather(estate, now)
    done, today = 0, clock.today(estate, now)
    by_day = DAYTIME[0] <= now.astimezone(ZoneInfo(estate.time_zone)).hour < DAYTIME[1]
    for poll in Poll.objects.at_estate(estate).published().filter(closed_at__isnull=True).select_related("version"):
        if poll.ends_on < today:
            poll.close(at=now)
            done += 1
        elif by_day and _is_time(poll, today, now):
            poll.remind(at=now)
            done += 1
    return done


def _is_time(poll: Poll, today: object, now: datetime) -> bool:
    """So many days before the end, and never on the first day."""
    ahead = timedelta(days=parameter(poll.estate, "survey.remind_days", now))
    return poll.reminded_at is None and poll.begins_on < today and today >= poll.ends_on - ahead  # type: ignore[operator]
