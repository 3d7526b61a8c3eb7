"""What the worker and `guanjia tick` call, again and again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guanjia.people.codes import forget_old

from .deliver import fan_out
from .sending import send_due
from .texting import send_texts

if TYPE_CHECKING:
    from datetime import datetime

ROUNDS, BATCH = 20, 500  # at most so much in one go; the next call goes on


def run_once(now: datetime) -> dict[str, int]:
    """Fan out, send, text. `delivered` counts what reached somebody: inbox, e-mail, webhook."""
    delivered = send_texts(now)
    for _round in range(ROUNDS):
        laid = fan_out(now, BATCH)
        delivered += laid
        if not laid:
            break
    delivered += send_due(now)
    forget_old(now)
    return {"delivered": delivered}
