"""Counting what was due, kept and breached: one statement each for tasks, clocks, events and proofs."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import connection

from guanjia import clock

from .context import values
from .evidence import CLOCK, EVENT, PROOF, TASK, Part
from .proofs import counting, known_proof

if TYPE_CHECKING:
    from datetime import datetime

    from guanjia.estates.models import Estate
    from guanjia.rulebooks.adoption import Span

    from .keeping import Standing


@dataclass(frozen=True)
class Count:
    due: int = 0
    kept: int = 0

    @property
    def breached(self) -> int:
        return self.due - self.kept

    def __add__(self, other: Count) -> Count:
        return Count(self.due + other.due, self.kept + other.kept)

    def __bool__(self) -> bool:
        return self.due > 0


Counted = dict[tuple[Part, Any], dict[Any, Count]]  # (part, span) → person → count


@dataclass
class Wanted:
    """What has to be counted, each (part, span) once however many clauses ask for it."""

    estate: Estate
    since: datetime
    at: datetime
    zone: int | None = None
    askers: dict[tuple[Part, Any], list[Standing]] = field(default_factory=lambda: defaultdict(list))
    laid: set[str] = field(default_factory=set)  # duties in force
    any_task: bool = False

    def ask(self, row: Standing) -> None:
        for part in row.parts:
            for span in self._spans(part, row):
                self.askers[part, span].append(row)

    def _spans(self, part: Part, row: Standing) -> list[Any]:
        """A proof of how things stand has no period: it is asked while the clause holds."""
        one = known_proof(part.key) if part.kind == PROOF else None
        if part.kind == PROOF and (one is None or not one.dated):
            return [(self.since, self.at)] if one and row.adopted else []
        return row.spans

    def of(self, kind: str) -> list[tuple[str, Span]]:
        return [(part.key, span) for part, span in self.askers if part.kind == kind]

    def lives(self, key: str) -> bool:
        """Whether a duty is laid down here, by an engine that has made tasks."""
        return key in self.laid and self.any_task


def count(wanted: Wanted) -> Counted:
    found: Counted = defaultdict(dict)
    for kind, counter in ((TASK, _tasks), (CLOCK, _clocks), (EVENT, _events), (PROOF, _proofs)):
        if asked := wanted.of(kind):
            for key, since, until, who, due, kept in counter(wanted, asked):
                slot = found[Part(kind, key), (since, until)]
                slot[who] = slot.get(who, Count()) + Count(due, kept)
    return found


def run(statement: str, named: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, named)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _asked(wanted: Wanted, asked: list[tuple[str, Any]]) -> dict[str, Any]:
    return {
        "estate": wanted.estate.pk, "at": wanted.at, "zone": wanted.zone, "keys": [key for key, _span in asked],
        "froms": [span[0] for _key, span in asked], "untils": [span[1] for _key, span in asked],
    }  # fmt: skip


# Rows are grouped by the number of what is asked, which hashes faster than a key and two instants.
ASKED = "asked (key, since, until, n) AS (SELECT * FROM unnest(%(keys)s::text[], %(froms)s::timestamptz[], %(untils)s::timestamptz[]) WITH ORDINALITY)"
# A record that a reviewer found untrue does not count.
UNTRUE = (
    "SELECT r.task_id FROM duties_suspicion s JOIN duties_record r ON r.estate_id = s.estate_id AND r.id = s.record_id "
    "WHERE s.estate_id = %(estate)s AND s.stands"
)
TASKS = f"""
WITH {ASKED}, untrue AS MATERIALIZED ({UNTRUE}), counted AS (
  SELECT a.n, coalesce(k.done_by_id, k.person_id) AS who,
    count(*) FILTER (WHERE k.due_at < %(at)s OR k.done_at <= %(at)s) AS due,
    count(*) FILTER (WHERE k.done_at <= k.due_at AND k.done_at <= %(at)s AND k.id NOT IN (SELECT task_id FROM untrue)) AS kept
  FROM duties_task k JOIN asked a ON a.key = k.key AND k.due_at >= a.since AND (k.due_at < a.until OR a.until = %(at)s)
  WHERE k.estate_id = %(estate)s AND (k.waived_at IS NULL OR k.waived_at > %(at)s) AND k.made_at <= %(at)s {{zone}}
  GROUP BY 1, 2
)
SELECT a.key, a.since, a.until, c.who, c.due, c.kept FROM counted c JOIN asked a USING (n) WHERE c.due > 0
"""
LAID = """
SELECT DISTINCT d.key, EXISTS (SELECT 1 FROM duties_task k WHERE k.estate_id = %(estate)s)
FROM duties_duty d WHERE d.estate_id = %(estate)s AND d.key = ANY(%(keys)s) AND d.during @> %(day)s::date
"""


def _tasks(wanted: Wanted, asked: list[tuple[str, Any]]) -> list[tuple[Any, ...]]:
    named = _asked(wanted, asked)
    for key, any_task in run(LAID, named | {"day": clock.today(wanted.estate, wanted.at)}):
        wanted.laid.add(key)
        wanted.any_task = any_task
    return run(TASKS.format(zone="AND k.zone_id = %(zone)s" if wanted.zone else ""), named)


CLOCKS = f"""
WITH {ASKED}
SELECT c.kind, a.since, a.until, t.steward_id,
  count(*) AS due, count(*) FILTER (WHERE c.stopped_at <= c.due_at AND c.stopped_at <= %(at)s) AS kept
FROM clocks_clock c JOIN asked a ON a.key = c.kind AND c.due_at >= a.since AND (c.due_at < a.until OR a.until = %(at)s)
JOIN tickets_ticket t ON t.estate_id = c.estate_id AND t.id = c.ticket_id
WHERE c.estate_id = %(estate)s AND c.started_at <= %(at)s AND c.outcome <> 'superseded' {{zone}}
  AND NOT (c.outcome = 'cancelled' AND c.stopped_at <= c.due_at)
  AND (c.stopped_at <= %(at)s OR (c.due_at < %(at)s AND (c.paused_at IS NULL OR c.paused_at > c.due_at)))
GROUP BY 1, 2, 3, 4
"""


def _clocks(wanted: Wanted, asked: list[tuple[str, Any]]) -> list[tuple[Any, ...]]:
    return run(CLOCKS.format(zone="AND t.zone_id = %(zone)s" if wanted.zone else ""), _asked(wanted, asked))


EVENTS = f"""
WITH {ASKED}
SELECT e.action, a.since, a.until, e.actor_id, count(*), count(*)
FROM events_event e JOIN asked a ON a.key = e.action AND e.at >= a.since AND e.at <= a.until
WHERE e.estate_id = %(estate)s AND e.at <= %(at)s GROUP BY 1, 2, 3, 4
"""


def _events(wanted: Wanted, asked: list[tuple[str, Any]]) -> list[tuple[Any, ...]]:
    return [] if wanted.zone else run(EVENTS, _asked(wanted, asked))


def _proofs(wanted: Wanted, asked: list[tuple[str, Any]]) -> list[tuple[Any, ...]]:
    """The names asked for may be long forms of one proof; each gets its count."""
    known = {name: one for name, _span in asked if (one := known_proof(name))}
    statement, named = counting([(known[name], *span) for name, span in asked if name in known], zone=wanted.zone)
    if not statement:
        return []
    found: dict[tuple[str, Any, Any], list[tuple[Any, ...]]] = defaultdict(list)
    for name, since, until, who, due, kept in run(statement, values(wanted.estate, wanted.at, statement) | named):
        found[name, since, until].append((who, due, kept))
    return [(name, *span, *row) for name, span in asked if name in known for row in found[(known[name].name, *span)]]
