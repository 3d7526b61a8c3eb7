"""What the worker and `guanjia tick` call, again and again."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from guanjia.estates.models import Estate
from guanjia.tenancy.scope import estate_scope

from . import sampling
from .covering import begin_and_end
from .generation import Memory, generate, is_due
from .missing import miss, sum_up

if TYPE_CHECKING:
    from datetime import datetime

logger = logging.getLogger("guanjia.duties")


def run_once(now: datetime, estate: Estate | None = None) -> dict[str, int]:
    """Everything that is due by now: {tasks_created, tasks_missed}. Run again, nothing."""
    made, missed = 0, 0
    memory: Memory = {}
    for each in [estate] if estate else Estate.objects.order_by("pk"):
        with estate_scope(each):
            begin_and_end(each, now)
            made += generate(now, each, memory=memory) + sampling.draw(each, now)
            missed += miss(now, each)
            sum_up(now, each)
    return {"tasks_created": made, "tasks_missed": missed}


def minute(now: datetime) -> None:
    """The worker's turn: say what was missed; generate where an hour began, a rule changed or something happened."""
    memory: Memory = {}
    for each in Estate.objects.order_by("pk"):
        try:
            with estate_scope(each):
                if is_due(each, now):
                    begin_and_end(each, now)
                    generate(now, each, memory=memory)
                    sampling.draw(each, now)
                sum_up(now, each)
        except Exception:  # one estate's trouble is not the others'
            logger.exception("duties of estate %s", each.pk)
    miss(now)
