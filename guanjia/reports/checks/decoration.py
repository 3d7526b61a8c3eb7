"""Decoration: papers complete, decided in order by two, inspected daily, breaches stopped, accepted, archived (MOV-05..11, MOV-13)."""

from __future__ import annotations

from ..proofs import Source, proof

JOIN = "JOIN estates_unit u ON u.estate_id = d.estate_id AND u.id = d.unit_id WHERE d.estate_id = %(estate)s"
PERMITS = Source("decoration", f"FROM decoration_permit d {JOIN} AND d.approved_at IS NOT NULL", "d.id", "u.code", at="d.approved_at", zone="u.zone_id", who="d.taken_by_id")
SITES = Source("decoration", f"FROM decoration_permit d {JOIN} AND d.begun_at IS NOT NULL", "d.id", "u.code", at="d.begun_at", zone="u.zone_id", who="d.taken_by_id")
ENDED = Source("decoration", f"FROM decoration_permit d {JOIN} AND d.accepted_at IS NOT NULL", "d.id", "u.code", at="d.accepted_at", zone="u.zone_id", who="d.taken_by_id")
DECIDED = Source(
    "decoration",
    "FROM decoration_decision c JOIN decoration_permit d ON d.estate_id = c.estate_id AND d.id = c.permit_id JOIN estates_unit u ON u.estate_id = d.estate_id AND u.id = d.unit_id WHERE c.estate_id = %(estate)s",
    "d.id", "u.code || ' ' || c.title", at="c.at", zone="u.zone_id", who="c.by_id",
)  # fmt: skip
BREACHES = Source(
    "decoration",
    "FROM decoration_violation v JOIN decoration_permit d ON d.estate_id = v.estate_id AND d.id = v.permit_id JOIN estates_unit u ON u.estate_id = d.estate_id AND u.id = d.unit_id WHERE v.estate_id = %(estate)s",
    "d.id", "u.code || ' ' || left(v.words, 30)", at="v.at", zone="u.zone_id", who="v.by_id",
)  # fmt: skip

proof(
    "decoration_approved_in_chain", PERMITS, "装修逐级审批，申请人不审批", "Decorations are approved level by level, never by the applicant",
    kept="jsonb_array_length(d.chain) = (SELECT count(DISTINCT c.by_id) FROM decoration_decision c WHERE c.estate_id = d.estate_id AND c.permit_id = d.id AND c.round = d.round AND c.granted AND c.by_id IS DISTINCT FROM d.applicant_id AND c.by_id IS DISTINCT FROM d.taken_by_id)",
)  # fmt: skip
proof(
    "decoration_decided_in_time", DECIDED, "装修审批在时限内", "Decorations are decided in time",
    kept="c.at <= c.due_at",
)  # fmt: skip
proof(
    "decoration_breaches_dealt_with", BREACHES, "违规停工后整改或报送", "Breaches are mended or reported",
    due="v.mended_at IS NOT NULL OR v.letter_at IS NOT NULL OR v.at < %(now)s::timestamptz - interval '3 days'", kept="v.mended_at IS NOT NULL OR v.letter_at IS NOT NULL",
)  # fmt: skip
proof(
    "decoration_neighbours_told", SITES, "开工和进度告知邻居", "Neighbours are told of the works",
    kept="EXISTS (SELECT 1 FROM events_event e WHERE e.estate_id = d.estate_id AND e.subject_type = 'decoration' AND e.subject_id = d.id AND e.action IN ('decoration.neighbour_told', 'decoration.progressed')) AND (d.finished_at IS NOT NULL OR d.begun_at > %(now)s::timestamptz - interval '7 days' OR EXISTS (SELECT 1 FROM decoration_progress p WHERE p.estate_id = d.estate_id AND p.permit_id = d.id AND p.at > %(now)s::timestamptz - interval '7 days'))",
)  # fmt: skip
proof(
    "decoration_accepted", ENDED, "装修完工有验收", "Finished decorations are accepted on every point",
    kept="EXISTS (SELECT 1 FROM decoration_acceptance a WHERE a.estate_id = d.estate_id AND a.permit_id = d.id AND a.passed)",
)  # fmt: skip
proof(
    "decoration_archived", ENDED, "装修档案归档", "Decorations are archived",
    due="d.accepted_at < %(now)s::timestamptz - interval '30 days' OR d.archived_at IS NOT NULL", kept="d.archived_at IS NOT NULL",
)  # fmt: skip
proof(
    "decoration_charged", PERMITS, "装修按规定收押金和费用", "Decorations are charged as laid down before works begin",
    due="d.begun_at IS NOT NULL", kept="d.begun_at >= d.approved_at AND EXISTS (SELECT 1 FROM decoration_worker w WHERE w.estate_id = d.estate_id AND w.permit_id = d.id)",
)  # fmt: skip
