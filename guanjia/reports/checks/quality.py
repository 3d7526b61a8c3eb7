"""Quality: the campaign's steps, inspections item by item, bands, what had to be put right (QLT-02..54)."""

from __future__ import annotations

from guanjia.quality.campaign_book import campaign_book
from guanjia.quality.rubric_book import rubrics_book

from ..proofs import Source, proof

ONE = Source("estate", "FROM estates_estate e WHERE e.id = %(estate)s", "e.id", "e.name")
CAMPAIGNS = Source("campaign", "FROM quality_campaign c WHERE c.estate_id = %(estate)s", "c.id", "c.year::text", at="c.begun_at", who="c.begun_by_id")
STEPS = Source(
    "campaign_step", "FROM quality_step s JOIN quality_campaign c ON c.estate_id = s.estate_id AND c.id = s.campaign_id WHERE s.estate_id = %(estate)s",
    "s.id", "c.year || ' ' || s.key", at="s.due_on::timestamptz", who="s.responsible_id",
)  # fmt: skip
EVIDENCE = Source(
    "evidence", "FROM quality_evidence v JOIN quality_step s ON s.estate_id = v.estate_id AND s.id = v.step_id WHERE v.estate_id = %(estate)s",
    "v.id", "v.title", at="v.at", who="v.by_id",
)  # fmt: skip
ITEMS = Source(
    "item_score",
    "FROM quality_itemscore x JOIN quality_inspection i ON i.estate_id = x.estate_id AND i.id = x.inspection_id"
    " WHERE x.estate_id = %(estate)s AND x.superseded_at IS NULL AND i.finished_at IS NOT NULL AND (i.method <> 'covert' OR i.opened_at IS NOT NULL)",
    "x.inspection_id", "i.title || ' ' || x.item", at="i.finished_at", who="NULL::bigint",
)  # fmt: skip
INSPECTIONS = Source(
    "inspection", "FROM quality_inspection i WHERE i.estate_id = %(estate)s AND i.finished_at IS NOT NULL AND (i.method <> 'covert' OR i.opened_at IS NOT NULL)",
    "i.id", "i.title", at="i.finished_at", who="i.inspector_id",
)  # fmt: skip
ASSESSMENTS = Source("assessment", "FROM quality_assessment a WHERE a.estate_id = %(estate)s", "a.id", "a.title", at="a.made_at", who="a.made_by_id")
FIXES = Source("rectification", "FROM quality_rectification r WHERE r.estate_id = %(estate)s", "r.id", "left(r.words, 40)", at="r.asked_at", who="r.responsible_id")

DUE = "s.due_on < %(day)s::date"
DONE = "(s.done_at AT TIME ZONE %(time_zone)s)::date <= s.due_on"  # the estate's day
proof("campaign_of_the_year", CAMPAIGNS, "活动按计划结束", "The campaign ends as planned", due="make_date(c.year, 12, 31) < %(day)s::date", kept="c.ended_at IS NOT NULL")
proof("award_won", CAMPAIGNS, "评上了当年争创的优秀示范小区", "The title aimed at was won", due="c.aim <> '' AND (c.won_on IS NOT NULL OR make_date(c.year, 12, 31) < %(day)s::date)", kept="c.won_on IS NOT NULL")
for key, phase in campaign_book().phases.items():
    keys = ", ".join(f"'{name}'" for name, step in campaign_book().steps.items() if step.phase == key)
    proof(
        f"campaign_phase:{key}", STEPS, f"{phase.title}阶段的任务按时交", f"Tasks of “{phase.title_en}” in time",
        due=f"s.key IN ({keys}) AND ({DUE} OR s.done_at IS NOT NULL)", kept=DONE,
    )  # fmt: skip
for key, step in campaign_book().steps.items():
    proof(f"campaign_step:{key}", STEPS, f"{step.title}按时完成", f"{step.title_en} in time", due=f"s.key = '{key}' AND ({DUE} OR s.done_at IS NOT NULL)", kept=DONE)
WRITTEN = ", ".join(f"'{key}'" for key, step in campaign_book().steps.items() if step.shows == "minutes")  # minutes need no notes
proof(
    "campaign_written", EVIDENCE, "会议培训有书面记录和笔记", "Meetings and trainings are written down, with notes", due="v.attended IS NOT NULL OR v.session_id IS NOT NULL",
    kept=f"v.words <> '' AND (s.key IN ({WRITTEN}) OR CASE WHEN v.session_id IS NULL THEN v.notes >= v.attended ELSE NOT EXISTS ("
    "SELECT 1 FROM training_attendee a WHERE a.estate_id = v.estate_id AND a.session_id = v.session_id AND a.signed_at IS NOT NULL AND a.notes = '') END)",
)  # fmt: skip
# In time is by the day of its last round: handed in then, and closed by whoever looked at it since.
IN_TIME = (
    "EXISTS (SELECT 1 FROM quality_fixround n WHERE n.estate_id = r.estate_id AND n.rectification_id = r.id AND n.number = r.round"
    " AND (n.done_at AT TIME ZONE %(time_zone)s)::date <= n.due_on)"
)
proof("fixes_owned", FIXES, "每项整改有责任人并按时关闭", "Every issue has a person and is closed in time",
      due="r.closed_at IS NOT NULL OR r.due_on < %(day)s::date", kept=f"r.closed_at IS NOT NULL AND {IN_TIME}")  # fmt: skip
proof("assessed_by_all_ways", ASSESSMENTS, "考评综合了各种方式", "Assessments combine every way", kept="jsonb_array_length(a.parts) = 4")
proof("assessed_in_bands", ASSESSMENTS, "考评按档定级", "Assessments have a band", kept="a.band <> '' AND a.score BETWEEN 0 AND 100")
PAID = "EXISTS (SELECT 1 FROM quality_payout p WHERE p.estate_id = a.estate_id AND p.assessment_id = a.id AND {})"
proof("payouts_decided", ASSESSMENTS, "奖惩建议由另一人审批", "Proposals are decided by somebody else",
      due=f"{PAID.format('true')} AND a.made_at < %(now)s::timestamptz - interval '14 days'", kept="a.decided_at IS NOT NULL AND a.decided_by_id <> a.made_by_id")  # fmt: skip
proof("good_pays_nothing", ASSESSMENTS, "良好不奖不罚", "Good: neither reward nor fine", due="a.band = 'good'", kept=f"NOT {PAID.format('p.person_id IS NOT NULL')}")
proof("team_award_proposed", ASSESSMENTS, "够团队奖的列了团队奖", "The team's award is proposed when due", due="a.counted >= %(grade.team_bonus_at)s::numeric AND %(grade.team_bonus)s::numeric > 0", kept=PAID.format("p.kind = 'team'"))
proof("service_rubric_scored", INSPECTIONS, "客服细则全部打分", "The customer-service rubric is scored whole", due="i.rubrics @> '[{\"key\": \"customer_service\"}]'",
      kept="(SELECT count(*) FROM quality_itemscore x WHERE x.estate_id = i.estate_id AND x.inspection_id = i.id AND x.rubric = 'customer_service' AND x.superseded_at IS NULL)"
           " = (SELECT sum(jsonb_array_length(r -> 'items')) FROM jsonb_array_elements(i.rubrics) r WHERE r ->> 'key' = 'customer_service')")  # fmt: skip
proof("rubrics_weighted", INSPECTIONS, "检查用的细则权重合计 100%", "Weights of the rubrics used make 100 per cent", due="jsonb_array_length(i.rubrics) > 0",
      kept="(SELECT sum((r ->> 'share')::numeric) FROM jsonb_array_elements(i.rubrics) r) = 100")  # fmt: skip
for rubric in rubrics_book().rubrics.values():
    for key, item in rubric.items.items():
        if item.points:
            proof(f"item_scored:{key}", ITEMS, f"{item.title}检查合格", f"{item.title_en}: inspected, nothing missing", due=f"x.item = '{key}' AND NOT x.na", kept="x.deducted = 0")
