"""What calls for arrears, rounds and handovers have opened lives on like every other ticket."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from guanjia.people.roles import Role
from guanjia.tickets.kinds import Stage
from guanjia.tickets.models import Ticket

from .history import History
from .life import Life

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from guanjia.estates.models import Estate


def follow(estate: Estate, until: datetime) -> None:
    """Yesterday's and older ones that nobody has taken up: given to a steward, sorted, answered or mended. In the caller's transaction."""
    history = History(estate, until)
    life = Life(history)
    left = Ticket.objects.at_estate(estate).open().filter(reported_at__lt=until - timedelta(days=1), works__isnull=True)
    for ticket in left.filter(stage__in=(Stage.RECEIVED, Stage.CLASSIFIED)).order_by("pk"):
        if not ticket.steward_id:
            history.later(ticket.reported_at + life.soon(5), _adopting(life, ticket))
        at = ticket.reported_at + timedelta(minutes=10)
        if ticket.category:
            life.go_on(ticket, at)
        else:
            life.later(at, 4.5, life.classify, ticket, "lift" if "电梯" in ticket.words else "facility")
    history.live()


def _adopting(life: Life, ticket: Ticket) -> Callable[[datetime], None]:
    def adopt(at: datetime) -> None:
        dispatcher = life.history.reach(life.any_of(Role.DISPATCHER))
        ticket.hand_to(life.any_of(Role.STEWARD), "没有写明片区，由就近管家跟进", by=dispatcher)

    return adopt
