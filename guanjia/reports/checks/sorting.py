"""Sorting points: by the figures, within the day's cap, never below nothing; volunteers on the rota (CLN-09, CLN-10, CF-58)."""

from __future__ import annotations

from ..proofs import Source, proof

ENTRIES = Source(
    "purse",
    "FROM sorting_pointentry e JOIN sorting_purse p ON p.estate_id = e.estate_id AND p.id = e.purse_id JOIN households_household h ON h.estate_id = p.estate_id AND h.id = p.household_id WHERE e.estate_id = %(estate)s",
    "p.id", "h.name || ' ' || e.day", at="e.at", who="e.by_id",
)  # fmt: skip
ROTA = Source("zone", "FROM estates_zone z WHERE z.estate_id = %(estate)s AND EXISTS (SELECT 1 FROM sorting_turn t WHERE t.estate_id = z.estate_id)", "z.id", "z.name", zone="z.id")

proof(
    "points_by_rule", ENTRIES, "积分按规定记和换", "Points are given and redeemed as laid down", due="e.kind <> 'correction'",
    kept="CASE WHEN e.kind = 'redeem' THEN -e.points >= %(cln.points_redeem)s::int ELSE e.points = %(cln.points_per_sort)s::int AND (SELECT count(*) FROM sorting_pointentry o WHERE o.estate_id = e.estate_id AND o.purse_id = e.purse_id AND o.kind = 'sort' AND o.day = e.day) <= %(sorting.per_day)s::int END",
)  # fmt: skip
proof("volunteers_in_turn", ROTA, "片区每月有志愿督导", "Every zone has volunteers in the month", kept="EXISTS (SELECT 1 FROM sorting_turn t WHERE t.estate_id = z.estate_id AND t.zone_id = z.id AND t.day > %(day)s::date - 31)")
