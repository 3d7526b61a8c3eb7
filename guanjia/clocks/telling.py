"""Writing down what fell due: events and their outbox rows, set-based, for a verb or for a whole scan."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.db import connection

from guanjia.events.actions import Action
from guanjia.rulebooks.words import TOLD

from .ladder import Telling, plain_title
from .models.clock import Clock

if TYPE_CHECKING:
    from datetime import datetime

ANNOUNCE = """
WITH told AS (
    SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::timestamptz[])
        WITH ORDINALITY AS t (estate_id, ticket_id, action, particulars, at, place)
), made AS (
    INSERT INTO events_event (estate_id, action, actor_id, actor_name, subject_type, subject_id, particulars, at)
    SELECT estate_id, action, NULL, '', 'ticket', ticket_id, particulars::jsonb, at FROM told ORDER BY place
    RETURNING id, estate_id, particulars
)
INSERT INTO events_outbox (estate_id, event_id, ready_at)
SELECT estate_id, id, %s FROM made WHERE particulars -> 'tell' <> '[]'::jsonb ORDER BY id
"""


def announce(tellings: list[Telling], now: datetime) -> dict[str, int]:
    """Record each telling as an event dated when it fell due. What nobody answers for is told first and highest."""
    counts = {"reminded": 0, "breached": 0, "escalated": 0}
    if not tellings:
        return counts
    alone = unassigned({(each.clock.estate_id, each.clock.ticket_id) for each in tellings})
    ordered = sorted(tellings, key=lambda each: (each.clock.estate_id, each.clock.ticket_id) not in alone)
    rows = []
    for each in ordered:
        counts[each.action.value.removeprefix("clock.")] += 1
        key = (each.clock.estate_id, each.clock.ticket_id)
        rows.append((*key, each.action.value, json.dumps(_particulars(each, key in alone), ensure_ascii=False), each.at))
    with connection.cursor() as cursor:
        cursor.execute(ANNOUNCE, [*map(list, zip(*rows, strict=True)), now])
    return counts


def unassigned(tickets: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """Those of the tickets, as (estate, id), that nobody answers for. What that means is the tickets' own rule."""
    rows = Clock.tickets().filter(
        estate_id__in={estate for estate, _ticket in tickets}, pk__in={ticket for _estate, ticket in tickets}
    )
    return set(rows.unassigned().values_list("estate_id", "pk")) & tickets


def _particulars(each: Telling, alone: bool) -> dict[str, Any]:
    tell = [each.tell] if each.tell else []
    if alone and tell:
        tell = ["dispatcher"] if each.action == Action.CLOCK_REMINDED else ["dispatcher", "manager"]
    said = {
        "limit": plain_title(each.clock.kind),
        "kind": each.clock.kind,
        "clock": each.clock.pk,
        "step": each.number,
        "tell": tell,
        "told": TOLD["+".join(tell)],
        "due_at": each.clock.due_at.isoformat(),
    }
    if alone:
        said["unassigned"] = True
    if each.times > 1:
        said["times"] = each.times
    return said
