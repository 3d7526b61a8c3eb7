"""What stands beside the demo's history: the year's money plan, scores, training, keys, decorations, emergencies, services, lettings, questionnaires; each harmless when run again."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    from datetime import datetime

    from guanjia.estates.models import Estate


def registers(estate: Estate, until: datetime) -> None:
    """Told by the demo's own people."""
    plan_money(estate, until)
    for tell in (training, quality, keys, decorations, services, drafts, lettings, liaison, nearby, moves, emergencies):  # inspections take their written test from an exam
        tell(estate)
    surveys(estate, residents(estate))
    activities(estate, residents(estate))
    assembly(estate)
    sorting(estate)
