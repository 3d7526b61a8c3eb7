"""Which clocks a reclassified ticket keeps, gives up and gets (REQ-04 … REQ-07)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from guanjia.rulebooks.limits import limits

from .ladder import look, wind
from .models.clock import Clock, Outcome

if TYPE_CHECKING:
    from datetime import datetime

    from guanjia.rulebooks.limits import Limit


def refitted(ticket: Any, rows: list[Clock], at: datetime) -> tuple[list[Clock], list[Clock]]:
    """(clocks to supersede, clocks to begin) for a ticket as it is now classified; `rows` are all it ever had.

    Each clock is judged by the rules of its own start, and only a change of class changes its amount. A repeating
    limit has no interval before it applied.
    """
    gone, fresh = [], []
    for row in rows:
        limit = next((each for each in limits(ticket.estate_id, row.started_at) if each.key == row.kind), None)
        if row.stopped_at or limit is None:
            continue
        if not limit.applies_to(ticket):
            gone.append(row)
        elif limit.allows(ticket.klass) != limit.allows(row.klass):
            gone.append(row)
            fresh.append(_rewound(row, limit, ticket))
    had = {row.kind for row in rows if row.outcome != Outcome.SUPERSEDED and row not in gone} | {row.kind for row in fresh}
    return gone, fresh + [row for row in _newly(ticket, at) if row.kind not in had]


def _newly(ticket: Any, at: datetime) -> list[Clock]:
    """A clock for every limit that applies, whose starting moment has come and whose end has not."""
    moments = ticket.moments()
    found = []
    for moment, start in moments.items():
        for limit in limits(ticket.estate_id, start):
            over = any(moments[name] >= start for name in limit.stops_on if name in moments)
            if moment in limit.starts_on and limit.applies_to(ticket) and not over:
                found.append(wind(limit, ticket, moment, at if limit.entry.repeat else start))
    return found


def _rewound(row: Clock, limit: Limit, ticket: Any) -> Clock:
    """The same limit with another amount: started when the old clock was, and paused as long."""
    made = wind(limit, ticket, row.moment, row.started_at)
    hours = made.hours
    ahead = [hours.elapsed(row.started_at, step) + row.paused_total for step in made.steps]
    made.steps = [hours.add(row.started_at, after) for after in ahead]
    made.due_at = hours.add(row.started_at, made.allowed + row.paused_total)
    made.paused_total = row.paused_total
    made.acknowledged_at, made.acknowledged_by_id = row.acknowledged_at, row.acknowledged_by_id
    look(made)
    return made
