"""The gate: nobody is let in where the household is out; visitors and articles are on record (SEC-12, SEC-13)."""

from __future__ import annotations

from ..proofs import Source, proof

PASSAGES = Source(
    "guest",
    "FROM gate_passage p JOIN gate_guest g ON g.estate_id = p.estate_id AND g.id = p.guest_id JOIN estates_unit u ON u.estate_id = g.estate_id AND u.id = g.unit_id "
    "JOIN estates_estate e ON e.id = p.estate_id WHERE p.estate_id = %(estate)s",
    "g.id", "u.code || ' ' || g.visitor", at="p.at", zone="u.zone_id", who="p.by_id",
)  # fmt: skip
ARTICLES = Source(
    "article", "FROM gate_article a JOIN estates_unit u ON u.estate_id = a.estate_id AND u.id = a.unit_id WHERE a.estate_id = %(estate)s",
    "a.id", "u.code || ' ' || a.what", at="a.kept_at", zone="u.zone_id", who="a.kept_by_id",
)  # fmt: skip

OUT = (
    "EXISTS (SELECT 1 FROM gate_away w WHERE w.estate_id = p.estate_id AND w.household_id = g.household_id AND w.at <= p.at "
    "AND (w.ended_at IS NULL OR w.ended_at > p.at) AND (p.at AT TIME ZONE e.time_zone)::date BETWEEN w.first AND w.last)"
)
proof(
    "visitors_refused_when_out", PASSAGES, "业主外出谢绝访客", "Nobody is let in while a household is out",
    kept=f"NOT p.entered OR ((g.announced OR p.answered <> '') AND NOT {OUT})",
)  # fmt: skip
proof(
    "articles_given_out", ARTICLES, "寄存物品按时领走或催领", "Articles are fetched in time, or reminded of",
    due="a.out_at IS NOT NULL OR a.due_at < %(now)s::timestamptz - interval '1 day'", kept="a.out_at IS NOT NULL OR a.told_at IS NOT NULL",
)  # fmt: skip
