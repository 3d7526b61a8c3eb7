"""What stands beside the demo's history: the year's money plan, scores, training, keys, decorations, emergencies, services, lettings, questionnaires; each harmless when run again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from guanjia.events.models import Outbox
from guanjia.tenancy.scope import estate_scope

from .activities import activities
from .assembly import assembly
from .decoration import decorations
from .drafts import drafts
from .emergencies import emergencies
from .keys import keys
from .lettings import lettings
from .liaison import liaison
from .moves import moves
from .nearby import nearby
from .planning import plan_money
from .quality import quality
from .services import services
from .sorting import sorting
from .staff import residents
from .surveys import surveys
from .training import training

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from guanjia.estates.models import Estate


TELLS: list[Callable[[Estate], object]] = [
    training, quality, keys, decorations, services, drafts, lettings, liaison, nearby, moves, emergencies,  # inspections take their written test from an exam
    lambda estate: surveys(estate, residents(estate)), lambda estate: activities(estate, residents(estate)), assembly, sorting,
]  # fmt: skip


def registers(estate: Estate, until: datetime) -> None:
    """Told by the demo's own people. Nobody wants weeks of messages this morning: the last day's are delivered."""
    plan_money(estate, until)
    for tell in TELLS:
        with estate_scope(estate):  # one transaction: no worker is faster than the line below
            tell(estate)
            Outbox.objects.at_estate(estate).filter(ready_at__lt=until - timedelta(days=1)).delete()
