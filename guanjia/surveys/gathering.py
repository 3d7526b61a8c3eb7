"""Opinions come together: words of answers as they are given or opened, visits and suggestions once a day (COM-31)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.db import connection

from guanjia import clock

from .book import surveys_book

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from guanjia.estates.models import Estate

    from .models import Poll, Response

# Nobody's name comes with a suggestion made without one.
VISITS = """
INSERT INTO surveys_opinion (estate_id, source, origin, topic, words, household_id, giver, zone_id, taken_by_id, at, outcome, reply)
SELECT v.estate_id, 'visit', 'visit ' || v.id, 'other', v.opinion, v.household_id, v.met_whom, v.zone_id, v.made_by_id, v.made_at, '', ''
FROM care_visit v WHERE v.estate_id = %(estate)s AND v.outcome = 'met' AND v.opinion <> ''
  AND NOT EXISTS (SELECT 1 FROM surveys_opinion o WHERE o.estate_id = v.estate_id AND o.source = 'visit' AND o.origin = 'visit ' || v.id)
ON CONFLICT DO NOTHING
"""
# A suggestion is answered where it was made: its ticket.
TICKETS = """
INSERT INTO surveys_opinion (estate_id, source, origin, topic, words, household_id, giver, zone_id, at, outcome, reply, settled_at, ticket_id)
SELECT t.estate_id, 'ticket', 'ticket ' || t.id, coalesce(%(topics)s::jsonb ->> t.category, 'other'), left(t.words, 500), t.household_id, t.reporter_name, t.zone_id,
  t.reported_at, 'ticket', '', t.reported_at, t.id
FROM tickets_ticket t WHERE t.estate_id = %(estate)s AND t.kind = 'suggestion' AND t.stage NOT IN ('merged', 'cancelled') AND NOT t.anonymous
  AND NOT EXISTS (SELECT 1 FROM surveys_opinion o WHERE o.estate_id = t.estate_id AND (o.ticket_id = t.id OR o.source = 'ticket' AND o.origin = 'ticket ' || t.id))
ON CONFLICT DO NOTHING
"""


def gather(estate: Estate, at: datetime) -> int:
    """Everything that visits and suggestions said and the library has not; once a day. Returns how many are new."""
    from .models import Sweep

    day = clock.today(estate, at)
    row, new = Sweep.objects.get_or_create(estate=estate, day=day, defaults={"found": 0})
    if not new:
        return 0
    topics = json.dumps({category: key for key, topic in surveys_book().topics.items() for category in topic.categories})
    with connection.cursor() as cursor:
        for statement in (VISITS, TICKETS):
            cursor.execute(statement, {"estate": estate.pk, "topics": topics})
            row.found += cursor.rowcount
    row.save(update_fields=["found"])
    return row.found


def words_of(poll: Poll, responses: Iterable[Response], at: datetime) -> int:
    """What answers said in words, into the library: with their household when it was named."""
    from .models import Opinion

    asked = poll.asked
    collecting = [name for name, question in asked.items() if question.collects]
    about = next((name for name, question in asked.items() if question.topics), "")
    rows = [
        Opinion(
            estate_id=poll.estate_id, source=Opinion.Source.POLL, origin=f"response {row.pk} {name}"[:60], poll=poll, words=row.answers[name],
            topic=_topic(row.answers.get(about) or asked[name].topic), zone_id=row.zone_id, household_id=_home(row), at=row.at or at,
        )
        for row in responses
        for name in collecting
        if row.answers.get(name)
    ]
    Opinion.objects.bulk_create(rows, batch_size=2000)
    return len(rows)


def _topic(name: Any) -> str:
    return name if name in surveys_book().topics else "other"


def _home(row: Response) -> int | None:
    return row.invitation.household_id if row.invitation_id and row.invitation else None
