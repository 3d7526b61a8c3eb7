"""Bodies outside: a directory, their documents handled by their day, coordination that came to something (VAS-12, F-68)."""

from __future__ import annotations

from ..proofs import Source, proof

HOUSE = Source("estate", "FROM estates_estate e WHERE e.id = %(estate)s", "e.id", "e.name")
PAPERS = Source("incoming", "FROM liaison_incoming i WHERE i.estate_id = %(estate)s", "i.id", "i.title", at="i.at", who="i.handler_id")
MATTERS = Source("outside_matter", "FROM liaison_matter m WHERE m.estate_id = %(estate)s", "m.id", "left(m.words, 40)", at="m.at", who="m.by_id")
HANDLED_ON = "(i.handled_at AT TIME ZONE %(time_zone)s)::date"

proof("contacts_listed", HOUSE, "有外联单位名录", "There is a directory of outside bodies", kept="EXISTS (SELECT FROM liaison_contact c WHERE c.estate_id = e.id AND c.closed_at IS NULL)")
proof(
    "incoming_handled", PAPERS, "来文按期办结", "Documents from outside are handled by their day",
    due="i.due_on < %(day)s::date OR i.handled_at IS NOT NULL", kept=f"i.handled_at IS NOT NULL AND {HANDLED_ON} <= i.due_on",
)  # fmt: skip
proof(
    "matters_settled", MATTERS, "协调事项有落实", "What was coordinated came to something",
    due="m.done_at IS NOT NULL OR m.\"on\" < %(day)s::date - 30", kept="m.done_at IS NOT NULL",
)  # fmt: skip
