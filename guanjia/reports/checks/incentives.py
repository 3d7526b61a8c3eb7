"""Scores and incentives: worked out, judged, approved (INC-03, INC-04, INC-09, QLT-63)."""

from __future__ import annotations

from guanjia.incentives.book import book

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

# What is in the money and on what ground (INC-01, INC-02, INC-05..08, INC-10, INC-11).
proof(
    "ladder_capped", LINES, "薪酬阶梯按岗位最高档封顶", "The ladder ends at the post's top grade", due="l.kind = 'ladder'",
    kept="l.inputs ->> 'top' IS NOT NULL AND l.grades <= greatest((l.inputs ->> 'top')::int - coalesce((l.inputs ->> 'gained')::int, 0), 0)",
)  # fmt: skip
proof(
    "half_year_decided", LINES, "半年收费任务未达由经理半个月内书面处理", "A missed half-year is decided by the manager in writing within a fortnight",
    due="l.kind = 'half_year' AND l.by_id IS NULL AND l.inputs ? 'rate' AND l.at < %(now)s::timestamptz - interval '15 days'",
    kept="EXISTS (SELECT 1 FROM incentives_line d WHERE d.estate_id = l.estate_id AND d.kind = 'half_year' AND d.person_id = l.person_id AND d.words <> '' AND d.at >= l.at AND d.at <= l.at + interval '15 days')",
)  # fmt: skip
proof(
    "incentives_grounded", LINES, "每笔奖惩有规则和数字，或写明依据", "Every reward and penalty has its rule and numbers, or its ground in words",
    due="l.amount <> 0 OR l.grades <> 0", kept="l.inputs <> '{}'::jsonb AND i.terms <> '{}'::jsonb OR l.words <> ''",
)  # fmt: skip
MEETINGS = Source("zone_note", "FROM staffing_zonenote n WHERE n.estate_id = %(estate)s AND n.kind = 'meeting'", "n.id", "left(n.words, 40)", at="n.\"on\"::timestamptz", zone="n.zone_id", who="n.by_id")
proof(
    "meeting_praised", MEETINGS, "片区例会上有表扬", "Somebody was praised at the zone's meeting",
    kept="EXISTS (SELECT 1 FROM staffing_zonenote p WHERE p.estate_id = n.estate_id AND p.kind = 'praise' AND p.\"on\" = n.\"on\" AND (p.by_id = n.by_id OR p.zone_id = n.zone_id))",
)  # fmt: skip
GRANTED = Source("award", "FROM staffing_award w WHERE w.estate_id = %(estate)s AND w.granted", "w.id", "left(w.why, 40)", at="w.decided_at", who="w.asked_by_id")
MONTH_OF = "date_trunc('month', w.decided_at AT TIME ZONE %(time_zone)s)::date"
proof(
    "award_in_proposal", GRANTED, "及时奖惩计入当月奖惩", "Instant awards are in the month's money",
    due=f"EXISTS (SELECT 1 FROM incentives_proposal i WHERE i.estate_id = w.estate_id AND i.month = {MONTH_OF})",
    kept="EXISTS (SELECT 1 FROM incentives_line l WHERE l.estate_id = w.estate_id AND l.kind = 'award' AND (l.inputs ->> 'source')::bigint = w.id)",
)  # fmt: skip
DEPARTMENTS = ", ".join(f"('{key}', '{one.title}')" for key, one in book().departments.items())
YEAR = "extract(year FROM %(day)s::date)::int"
CONTRACTS = Source("estate", f"FROM (VALUES {DEPARTMENTS}) d (key, title) JOIN estates_estate e ON e.id = %(estate)s WHERE true", "e.id", "d.title")
proof(
    "contracts_signed", CONTRACTS, "各部门已签当年目标责任合同", "Every department has signed the year's target contract",
    due=f"%(day)s::date >= make_date({YEAR}, 4, 1)",
    kept=f"EXISTS (SELECT 1 FROM incentives_contract c WHERE c.estate_id = e.id AND c.department = d.key AND c.year = {YEAR} AND c.signed_at IS NOT NULL)",
)  # fmt: skip
# Standing figures of last month: of each the newest version.
FIGURES = (
    "FROM (SELECT DISTINCT ON (f.indicator, f.level, f.subject_id) f.* FROM incentives_figure f WHERE f.estate_id = %(estate)s AND f.month = %(last_month)s::date"
    " ORDER BY f.indicator, f.level, f.subject_id, f.version DESC) f LEFT JOIN people_person who ON f.level = 'person' AND who.id = f.subject_id WHERE f.whole > 0"
)
TASKS = Source("figure", FIGURES + " AND f.level = 'person' AND f.indicator = 'collection'", "f.id", "who.name", who="f.subject_id")
proof("collection_task_met", TASKS, "管家完成上月收费任务", "Stewards met their collection task of last month", kept="f.part * 100 >= %(collection.target)s::numeric * f.whole")
WHOLE = Source("figure", FIGURES + " AND f.level = 'estate'", "f.id", "f.indicator || ' ' || round(f.part * 100 / f.whole, 1)")
PROMISES = {"equipment": ("score.equipment", ">="), "cleaning": ("score.cleaning", ">="), "complaints": ("score.complaints", "<="), "fires": ("score.fires", "<="), "satisfaction": ("kpi.satisfaction_target", ">=")}
for key, (target, sign) in PROMISES.items():
    one = book().indicators[key]
    proof(f"commitment:{key}", WHOLE, f"上月{one.title}达到承诺", f"{one.title_en}: as promised last month", due=f"f.indicator = '{key}'", kept=f"f.part * 100 {sign} %({target})s::numeric * f.whole")
FIELD = "('repairer', 'plumber', 'electrician', 'cleaner', 'cleaning_leader', 'order_keeper', 'order_leader', 'greener')"
STAFF = Source(
    "post", f"FROM people_post p JOIN people_person who ON who.id = p.person_id WHERE p.estate_id = %(estate)s AND p.during @> %(day)s::date AND p.role IN {FIELD}",
    "p.id", "who.name || ' ' || p.role", zone="p.zone_id", who="p.person_id",
)  # fmt: skip
proof(
    "staff_appraised", STAFF, "一线人员最近一季度有考核评分", "Field staff were assessed within the quarter",
    kept="EXISTS (SELECT 1 FROM staffing_appraisal a WHERE a.estate_id = p.estate_id AND a.person_id = p.person_id AND a.month > %(day)s::date - interval '4 months')",
)  # fmt: skip
ROOMS = Source(
    "record", "FROM duties_record r JOIN duties_task k ON k.estate_id = r.estate_id AND k.id = r.task_id WHERE r.estate_id = %(estate)s AND r.form = 'equipment_check' AND NOT r.beside",
    "r.id", "k.key || ' ' || k.day", at="r.done_at", zone="k.zone_id", who="r.by_id",
)  # fmt: skip
proof("plant_rooms_clean", ROOMS, "设备检查时机房整洁上锁", "Plant rooms were clean and locked when looked at", due="r.answers -> 'room' ->> 'value' IN ('ok', 'bad')", kept="r.answers -> 'room' ->> 'value' = 'ok'")
