"""Activities: read by another, complete with photos and follow-up, the tea party's size, all themes (COM-08, COM-32 … COM-34)."""

from __future__ import annotations

from ..proofs import Source, proof

HELD = Source("activity", "FROM activities_activity a WHERE a.estate_id = %(estate)s AND a.held_at IS NOT NULL", "a.id", "a.title", at="a.held_at", zone="a.zone_id", who="a.held_by_id")
CAME = "(SELECT count(*) FROM activities_signup s WHERE s.estate_id = a.estate_id AND s.activity_id = a.id AND s.came_at IS NOT NULL AND s.left_at IS NULL)"
THEMES = Source(
    "estate",
    "FROM (SELECT min(a.begins_at) AS since, count(DISTINCT a.theme) FILTER (WHERE a.begins_at > %(now)s::timestamptz - interval '1 year') AS shown FROM activities_activity a"
    " WHERE a.estate_id = %(estate)s AND a.held_at IS NOT NULL AND a.theme <> '') t WHERE t.since IS NOT NULL",
    "0", "t.shown::text",
)  # fmt: skip

proof(
    "activity_planned_by_two", HELD, "活动方案由别人审批", "Plans of activities are judged by somebody else", due="a.kind IN ('culture', 'tea', 'meeting') OR a.budget > 0",
    kept="a.judge_id IS NOT NULL AND a.judge_id <> a.writer_id AND a.judged_at <= a.begins_at",
)  # fmt: skip
proof(
    "activity_complete", HELD, "活动有通知、照片、总结和回访", "Activities have notice, photos, summary and follow-up within two weeks",
    due="a.kind IN ('culture', 'tea', 'meeting') AND (a.archived_at IS NOT NULL OR a.held_at < %(now)s::timestamptz - interval '14 days')",
    kept="a.opened_at IS NOT NULL AND a.summary <> '' AND a.archived_at <= a.held_at + interval '14 days' AND EXISTS (SELECT 1 FROM activities_activityphoto p WHERE p.estate_id = a.estate_id AND p.activity_id = a.id)",
)  # fmt: skip
proof("tea_party_size", HELD, "茶话会到场户数合规", "As many households come to a tea party as laid down", due="a.kind = 'tea'", kept=f"{CAME} BETWEEN %(comm.tea_min_households)s::int AND %(comm.tea_max_households)s::int")
proof("activity_themes", THEMES, "一年办齐各主题", "Every theme has its activity within a year", due="t.since < %(now)s::timestamptz - interval '1 year' OR t.shown >= %(culture.themes)s::int", kept="t.shown >= %(culture.themes)s::int")
