"""One turn of the house's loop (design §4): tiers of households and clocks first, then duties, the day's calls and what quality has overdue, then what is to be told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guanjia.activities import rounds as activities
from guanjia.bulletins import rounds as bulletins
from guanjia.care import rounds as care
from guanjia.clocks.scan import scan
from guanjia.collection import chasing
from guanjia.duties import rounds
from guanjia.emergencies import ladder as emergencies
from guanjia.gate import alarm as articles
from guanjia.keys import alarm
from guanjia.lettings import alarm as lettings
from guanjia.liaison import alarm as liaison
from guanjia.nearby import alarm as nearby
from guanjia.notices import loop
from guanjia.quality import rounds as quality
from guanjia.services import alarm as services
from guanjia.surveys import rounds as surveys
from guanjia.training import rounds as training

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from guanjia.estates.models import Estate

# What nouns do by themselves, and how often the worker lets them (seconds); a turn by hand does each once.
ROUNDS: dict[str, tuple[float, Callable[..., object]]] = {
    "calls": (300.0, chasing.run_once),
    "bulletins": (60.0, bulletins.run_once),
    "keys": (60.0, alarm.run_once),
    "lettings": (300.0, lettings.run_once),
    "liaison": (300.0, liaison.run_once),
    "nearby": (300.0, nearby.run_once),
    "services": (60.0, services.run_once),
    "articles": (300.0, articles.run_once),
    "emergencies": (30.0, emergencies.run_once),
    "quality": (300.0, quality.run_once),
    "surveys": (300.0, surveys.run_once),
    "training": (60.0, training.run_once),
    "activities": (300.0, activities.run_once),
}


def tick(now: datetime, estate: Estate | None = None) -> dict[str, int]:
    """Counts of what was done, in the shape of the command's contract."""
    counts = {"reminded": 0, "breached": 0, "escalated": 0, "tasks_created": 0, "tasks_missed": 0, "delivered": 0}
    care.run_once(now, estate)
    counts.update(scan(now, estate=estate))
    counts.update(rounds.run_once(now, estate))
    for _every, turn in ROUNDS.values():
        turn(now, estate)
    counts.update(loop.run_once(now))
    return counts
