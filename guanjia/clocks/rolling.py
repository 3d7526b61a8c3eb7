"""Repeating limits (REQ-09): a missed interval is noted and the next one starts where it ended, by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection, models

from guanjia.rulebooks.limits import limits

from .ladder import Telling, look, telling, wind
from .models.clock import Clock, Outcome

if TYPE_CHECKING:
    from datetime import datetime

CATCH_UP = 12  # intervals noted one by one after a stop of the house; older ones are noted together

STOP = """
UPDATE clocks_clock AS c SET stopped_at = c.due_at, outcome = 'missed', next_at = NULL, step = cardinality(c.steps)
FROM unnest(%s::bigint[], %s::bigint[]) AS n (estate_id, id) WHERE c.estate_id = n.estate_id AND c.id = n.id
"""
# The ticket's own deadline is the nearest running one.
DUE = """
UPDATE {ticket} AS t SET due_at = (
    SELECT min(c.due_at) FROM clocks_clock AS c
    WHERE c.estate_id = t.estate_id AND c.ticket_id = t.id AND c.stopped_at IS NULL AND c.paused_at IS NULL)
FROM unnest(%s::bigint[], %s::bigint[]) AS n (estate_id, id) WHERE t.estate_id = n.estate_id AND t.id = n.id
"""


def roll(rows: list[Clock], now: datetime) -> tuple[set[int], list[Telling], set[int]]:
    """Stop missed intervals and start the next. Returns (stopped ids, what to tell besides, ids left for later).

    Tickets are locked without waiting: one that a verb holds is left for the next look, so nobody waits in a circle.
    """
    if not rows:
        return set(), [], set()
    tickets = _locked({row.ticket_id for row in rows}, {row.estate_id for row in rows})
    left = {row.pk for row in rows if (row.estate_id, row.ticket_id) not in tickets}
    mine = [row for row in rows if row.pk not in left]
    extra: list[Telling] = []
    fresh: list[Clock] = []
    for row in mine:
        made, told = _next(row, tickets[row.estate_id, row.ticket_id], now)
        fresh += made
        extra += told
    _write(mine, fresh)
    return {row.pk for row in mine}, extra, left


def _next(row: Clock, ticket: Any, now: datetime) -> tuple[list[Clock], list[Telling]]:
    """The clocks after a missed one: intervals missed as well, each with its telling, and the one that runs now."""
    passed = row.hours.elapsed(row.due_at, now) // row.allowed
    skipped = max(passed - CATCH_UP, 0)
    start = row.hours.add(row.due_at, row.allowed * skipped)
    made: list[Clock] = []
    told: list[Telling] = []
    while (limit := _limit(row, ticket, start)) is not None:
        fresh = wind(limit, ticket, "missed", start)
        made.append(fresh)
        if fresh.due_at >= now:
            look(fresh, now)
            break
        breach = fresh.breach_step
        fresh.stopped_at, fresh.outcome, fresh.next_at, fresh.step = fresh.due_at, Outcome.MISSED, None, len(fresh.steps)
        told.append(telling(fresh, breach)._replace(times=skipped + 1 if not told else 1))
        start = fresh.due_at
    return made, told


def _limit(row: Clock, ticket: Any, at: datetime) -> Any:
    """The rule of the next interval is the one in force when it starts."""
    return next((each for each in limits(row.estate_id, at) if each.key == row.kind and each.applies_to(ticket)), None)


def _locked(ids: set[int], estates: set[int]) -> dict[tuple[int, int], Any]:
    tickets = Clock.tickets().filter(estate_id__in=estates, pk__in=ids)
    return {(ticket.estate_id, ticket.pk): ticket for ticket in tickets.select_for_update(skip_locked=True, no_key=True)}


def _write(rows: list[Clock], fresh: list[Clock]) -> None:
    if not rows:
        return
    table = connection.ops.quote_name(Clock.tickets().model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(STOP, [[row.estate_id for row in rows], [row.pk for row in rows]])
        # Over several estates at once: nobody reads the ids that come back.
        models.QuerySet[Clock](Clock).bulk_create(fresh)
        cursor.execute(DUE.format(ticket=table), [[row.estate_id for row in rows], [row.ticket_id for row in rows]])
