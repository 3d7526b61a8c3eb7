"""Scores and incentives: worked out, judged, approved (INC-03, INC-04, INC-09, QLT-63)."""

from __future__ import annotations

from ..proofs import Source, proof

PROPOSALS = Source("incentive", "FROM incentives_proposal i WHERE i.estate_id = %(estate)s", "i.id", "to_char(i.month, 'YYYY-MM')", at="i.at")
LINES = Source(
    "incentive", "FROM incentives_line l JOIN incentives_proposal i ON i.estate_id = l.estate_id AND i.id = l.proposal_id WHERE l.estate_id = %(estate)s AND l.corrects_id IS NULL",
    "i.id", "to_char(i.month, 'YYYY-MM') || ' ' || l.kind", at="l.at", zone="l.zone_id", who="l.person_id",
)  # fmt: skip
MONTHS = Source("month", "FROM (SELECT %(last_month)s::date AS month) p JOIN estates_estate e ON e.id = %(estate)s WHERE true", "e.id", "to_char(p.month, 'YYYY-MM')")

for kind, title, title_en in (
    ("bonus", "片区奖励金额已定并计算", "Zone bonuses are worked out with an amount that is set"),
    ("penalty", "末位处罚金额已定并计算", "Penalties are worked out with an amount that is set"),
):
    proof(f"zone_{kind}_worked_out", LINES, title, title_en, due=f"l.kind = 'zone_{kind}'", kept="NOT (l.inputs ? 'missing')")
proof(
    "incentives_approved", PROPOSALS, "月度奖惩半个月内批准", "A month's incentives are approved within a fortnight",
    due="i.at < %(now)s::timestamptz - interval '15 days'", kept="i.approved_at <= i.at + interval '15 days'",
)  # fmt: skip
proof(
    "month_reckoned", MONTHS, "上月指标已计算", "Last month's indicators are worked out",
    kept="EXISTS (SELECT 1 FROM incentives_reckoning r WHERE r.estate_id = %(estate)s AND r.month = p.month)",
)  # fmt: skip
