"""What the house does for trainings at every turn: papers whose time is over are ended, expiring certificates told of."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from guanjia import clock
from guanjia.estates.models import Estate
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.tenancy.scope import estate_scope

from .book import training_book
from .models import Attempt, Certificate

if TYPE_CHECKING:
    from datetime import date, datetime

logger = logging.getLogger("guanjia.training")
EXPIRED = -1
MOST = 500  # of an estate in a turn; the rest comes with the next


def run_once(now: datetime, estate: Estate | None = None) -> dict[str, int]:
    """Every estate; one's trouble is not the others'. Harmless when run again."""
    done = {"ended": 0, "warned": 0}
    for each in [estate] if estate else Estate.objects.order_by("pk"):
        try:
            with estate_scope(each):
                done["ended"] += end_overdue(each, now)
                done["warned"] += warn(each, now)
        except Exception:
            logger.exception("training of estate %s", each.pk)
    return done


def end_overdue(estate: Estate, now: datetime) -> int:
    """Papers nobody handed in: what was saved counts."""
    rows = Attempt.objects.at_estate(estate).filter(ended_at__isnull=True, due_at__lte=now).select_related("exam", "person", "estate")[:MOST]
    for row in rows:
        row.close(at=now)
    return len(rows)


def warn(estate: Estate, now: datetime) -> int:
    """Tell the holder at each step before the last day, and holder, supervisors and manager once it is over."""
    today, told = clock.today(estate, now), 0
    for step, rows in _steps(estate, today):
        for row in rows.select_related("person")[:MOST]:
            fresh = Certificate.objects.at_estate(estate).filter(pk=row.pk).filter(Q(warned__isnull=True) | Q(warned__gt=step))
            if fresh.update(warned=step):
                action = Action.CERTIFICATE_EXPIRED if step == EXPIRED else Action.CERTIFICATE_EXPIRING
                said: dict[str, Any] = {"person": row.person.name, "kind": training_book().certificates[row.kind].title, "day": f"{row.valid_until}"}
                Event.objects.record(action, row, at=now, worker_id=row.person_id, **said)
                told += 1
    return told


def _steps(estate: Estate, today: date) -> list[tuple[int, Any]]:
    """(step, certificates that reached it and were not told), nearest first: one that was away for long is told once."""
    live = Certificate.objects.at_estate(estate).filter(ended_at__isnull=True, valid_until__isnull=False, person__is_active=True)
    live = live.filter(kind__in=training_book().certificates)
    found = [(EXPIRED, live.filter(valid_until__lt=today).exclude(warned=EXPIRED))]
    for step in reversed(training_book().warn_days):
        within = live.filter(valid_until__gte=today, valid_until__lte=today + timedelta(days=step))
        found.append((step, within.filter(Q(warned__isnull=True) | Q(warned__gt=step))))
    return found
