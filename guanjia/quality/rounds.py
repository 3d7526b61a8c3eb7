"""What is overdue climbs the reporting line, a level a day: what was to be put right, what the campaign was to deliver."""

from __future__ import annotations

import logging
from datetime import date
from typing import TYPE_CHECKING, Any

from guanjia import clock
from guanjia.estates.models import Estate
from guanjia.events.actions import Action
from guanjia.events.sentences import kept
from guanjia.tenancy.scope import estate_scope

from .line import holders, ladder
from .models import Campaign, FixRound, Step

if TYPE_CHECKING:
    from datetime import datetime

logger = logging.getLogger("guanjia.quality")


def run_once(now: datetime, estate: Estate | None = None) -> int:
    """How many were told. Run again on a day it tells nobody twice; one estate's trouble is not the others'."""
    told = 0
    for each in [estate] if estate else Estate.objects.order_by("pk"):
        try:
            with estate_scope(each):
                told += _estate(each, now)
        except Exception:
            logger.exception("quality of estate %s", each.pk)
    return told


def _estate(estate: Estate, now: datetime) -> int:
    today = clock.today(estate, now)
    rounds = FixRound.objects.at_estate(estate).filter(done_at__isnull=True, due_on__lt=today, rectification__closed_at__isnull=True)
    steps = Step.objects.at_estate(estate).filter(done_at__isnull=True, due_on__lt=today, campaign__ended_at__isnull=True)
    late: list[Any] = [*rounds.select_related("rectification__estate"), *steps.select_related("campaign")]
    phases = _phases(estate, today, now)
    if not late:
        return phases
    held = holders(estate, today)
    return phases + sum(_climb(row, (today - row.due_on).days, held, now) for row in late)


def _climb(row: Any, days: int, held: dict[str, list[int]], now: datetime) -> int:
    """The responsible and the first above on the first day, then a level more each day until the line ends."""
    fix = row.rectification if isinstance(row, FixRound) else None
    person = fix.responsible_id if fix else row.responsible_id
    above = ladder(person, held)
    level = min(days, len(above) or 1)
    people = [one for step in above[row.told : level] for one in step[:3]]
    people = [person, *people] if row.told == 0 else people
    rows = type(row).objects.at_estate(row.estate_id).filter(pk=row.pk, told=row.told)
    if level <= row.told or not rows.update(told=level):
        return 0
    for one in people:
        if fix:
            fix.tell(Action.FIX_LATE, by=None, at=now, worker_id=one)
        else:
            row.tell(Action.STEP_LATE, by=None, at=now, worker_id=one)
    return len(people)


def _phases(estate: Estate, today: date, now: datetime) -> int:
    """A phase that is over with something left to deliver, once."""
    count = 0
    for campaign in Campaign.objects.at_estate(estate).filter(ended_at__isnull=True).select_for_update():
        left = list(campaign.steps.filter(done_at__isnull=True))
        for phase in campaign.phases:
            lacking = [step for step in left if step.entry.phase == phase["key"]]
            if lacking and date.fromisoformat(phase["until"]) < today and phase["key"] not in campaign.told:
                campaign.told.append(phase["key"])
                campaign.save(update_fields=["told"])
                campaign.tell(Action.CAMPAIGN_LATE, by=None, at=now, phase=kept(phase["title"]), day=phase["until"], count=len(lacking))
                count += 1
    return count
