"""Emergencies: somebody came, acted and reported in time, homes were visited, reports signed, drills held, plans read, hazards cleared (EMG-01..27)."""

from __future__ import annotations

from guanjia.emergencies.book import emergency_book

from ..proofs import Source, proof

REAL = "e.estate_id = %(estate)s AND NOT e.drill AND NOT e.false_alarm"
ENDED = Source(
    "emergency", f"FROM emergencies_emergency e LEFT JOIN estates_building b ON b.estate_id = e.estate_id AND b.id = e.building_id WHERE {REAL} AND e.stage <> 'live'",
    "e.id", "e.kind || ' ' || e.place", at="e.started_at", zone="b.zone_id", who="e.started_by_id",
)  # fmt: skip
ORDERS = Source(
    "emergency",
    "FROM emergencies_order o JOIN emergencies_emergency e ON e.estate_id = o.estate_id AND e.id = o.emergency_id "
    f"LEFT JOIN estates_building b ON b.estate_id = e.estate_id AND b.id = e.building_id WHERE {REAL} AND (o.done_at IS NOT NULL OR o.dropped_at > o.due_at OR o.due_at < %(now)s::timestamptz AND o.dropped_at IS NULL)",
    "e.id", "e.kind || ' ' || o.title", at="o.due_at", zone="b.zone_id", who="(o.people)[1]",
)  # fmt: skip
HOMES = Source(
    "emergency",
    "FROM emergencies_affectedhome h JOIN emergencies_emergency e ON e.estate_id = h.estate_id AND e.id = h.emergency_id JOIN estates_unit u ON u.estate_id = h.estate_id AND u.id = h.unit_id WHERE h.estate_id = %(estate)s",
    "e.id", "u.code", at="h.at", zone="u.zone_id", who="h.by_id",
)  # fmt: skip
ESTATE = Source("estate", "FROM estates_estate t WHERE t.id = %(estate)s", "t.id", "t.name")
PLANS = Source(
    "emergency_plan",
    "FROM (SELECT DISTINCT ON (kind) * FROM emergencies_plan WHERE estate_id = %(estate)s ORDER BY kind, number DESC) p WHERE true",
    "p.id", "p.kind", who="p.issued_by_id",
)  # fmt: skip
DRILLS = Source(
    "emergency", "FROM emergencies_emergency e WHERE e.estate_id = %(estate)s AND e.drill AND NOT e.false_alarm", "e.id", "e.kind || ' ' || e.place", at="e.started_at", who="e.started_by_id",
)  # fmt: skip
DRILL_TASKS = Source(
    "task", "FROM duties_task t JOIN duties_duty d ON d.estate_id = t.estate_id AND d.id = t.duty_id WHERE t.estate_id = %(estate)s AND d.form = 'drill' AND t.waived_at IS NULL",
    "t.id", "t.key || ' ' || t.slot", at="t.due_at", who="t.person_id",
)  # fmt: skip
HAZARDS = Source(
    "hazard", "FROM emergencies_hazard z WHERE z.estate_id = %(estate)s", "z.id", "left(z.words, 40)", at="z.found_at", zone="z.zone_id", who="coalesce(z.responsible_id, z.found_by_id)",
)  # fmt: skip

FIRES = Source("fire", "FROM emergencies_fire f WHERE f.estate_id = %(estate)s AND f.struck_at IS NULL", "f.id", "left(f.words, 40)", at="f.happened_at", zone="f.zone_id", who="f.by_id")

IN_TIME = "o.done_at <= o.due_at"
proof("emergency_orders_in_time", ORDERS, "应急任务按时完成", "Tasks of emergencies are done in time", kept=IN_TIME)
proof("emergency_steward_came", ORDERS, "突发事件管家按时到场", "Stewards are at the scene in time", due="o.key = 'site'", kept=IN_TIME)
proof("emergency_guards_acted", ORDERS, "秩序岗快速处置", "Guards act in time", due="o.role IN ('order_keeper', 'order_leader')", kept=IN_TIME)
proof("emergency_repairs_acted", ORDERS, "工程立即抢修", "Engineering acts at once", due="o.key = 'repair'", kept=IN_TIME)
proof("emergency_dispatched", ORDERS, "调度先期指挥", "Dispatch acts first", due="o.key IN ('call', 'lead')", kept=IN_TIME)
proof("emergency_reported_up", ORDERS, "突发事件及时上报", "Emergencies are reported upwards in time", due="o.key = 'report'", kept=IN_TIME)
proof("emergency_people_brought", ENDED, "应急任务都有人", "Every task of an emergency had somebody", kept="NOT EXISTS (SELECT 1 FROM emergencies_order o WHERE o.estate_id = e.estate_id AND o.emergency_id = e.id AND cardinality(o.people) = 0)")
proof(
    "emergency_weather_met", ENDED, "特殊天气按预案处置", "Special weather is met by the plan",
    due="e.kind = 'weather'", kept="NOT EXISTS (SELECT 1 FROM emergencies_order o WHERE o.estate_id = e.estate_id AND o.emergency_id = e.id AND (o.done_at IS NULL OR o.done_at > o.due_at))",
)  # fmt: skip
proof(
    "emergency_report_signed", ENDED, "突发事件有分析结论报告", "Emergencies have a signed report",
    due="e.report_due_at < %(now)s::timestamptz OR e.stage = 'archived'",
    kept="EXISTS (SELECT 1 FROM emergencies_analysis a WHERE a.estate_id = e.estate_id AND a.emergency_id = e.id AND a.signed_at IS NOT NULL AND a.written_at <= e.report_due_at)",
)  # fmt: skip
proof("emergency_logged", ENDED, "突发事件有详细记录", "Emergencies have a log", kept="EXISTS (SELECT 1 FROM emergencies_logentry l WHERE l.estate_id = e.estate_id AND l.emergency_id = e.id AND l.kind IN ('note', 'task'))")
proof("emergency_declared", ENDED, "突发事件按时申报", "Emergencies are declared", due="e.report_due_at < %(now)s::timestamptz OR e.declared_at IS NOT NULL", kept="e.declared_at <= e.report_due_at")
proof(
    "emergency_homes_visited", HOMES, "受影响住户走访", "Affected homes are visited",
    due="h.visited_at IS NOT NULL OR e.visits_due_at < %(now)s::timestamptz", kept="h.visited_at <= e.visits_due_at OR e.visits_due_at IS NULL AND h.visited_at IS NOT NULL",
)  # fmt: skip
proof(
    "emergency_aftercare", ENDED, "水浸火警有善后", "Floods and fires have their aftermath",
    due="e.kind IN ('fire', 'flood') AND (e.report_due_at < %(now)s::timestamptz OR e.stage = 'archived')",
    kept="NOT EXISTS (SELECT 1 FROM emergencies_affectedhome h WHERE h.estate_id = e.estate_id AND h.emergency_id = e.id AND h.visited_at IS NULL) AND (EXISTS (SELECT 1 FROM emergencies_claim c WHERE c.estate_id = e.estate_id AND c.emergency_id = e.id) OR NOT EXISTS (SELECT 1 FROM emergencies_damage d WHERE d.estate_id = e.estate_id AND d.emergency_id = e.id))",
)  # fmt: skip
proof(
    "emergency_plans_complete", ESTATE, "火警、困梯、治安等预案齐全", "Plans for fire, lift and security are issued",
    kept="(SELECT count(DISTINCT p.kind) FROM emergencies_plan p WHERE p.estate_id = t.id AND p.kind IN ('fire', 'lift', 'security')) = 3",
)  # fmt: skip
proof(
    "emergency_plans_read", PLANS, "全员读过现行预案", "Everybody has read the plans in force",
    due="p.issued_at < %(now)s::timestamptz - interval '14 days'",
    kept="NOT EXISTS (SELECT 1 FROM people_post s WHERE s.estate_id = p.estate_id AND s.during @> %(day)s::date AND lower(s.during) < %(day)s::date - 14 AND NOT EXISTS (SELECT 1 FROM emergencies_planreading r WHERE r.estate_id = p.estate_id AND r.plan_id = p.id AND r.person_id = s.person_id))",
)  # fmt: skip
proof(
    "emergency_drill_held", ESTATE, "半年内有评估过的演练", "A drill was held and evaluated within half a year",
    kept="EXISTS (SELECT 1 FROM emergencies_evaluation v WHERE v.estate_id = t.id AND v.at > %(now)s::timestamptz - interval '183 days')",
)  # fmt: skip
proof(
    "drills_evaluated", DRILLS, "演练都有评估", "Drills are evaluated",
    due="e.stage = 'archived' OR e.report_due_at < %(now)s::timestamptz", kept="EXISTS (SELECT 1 FROM emergencies_evaluation v WHERE v.estate_id = e.estate_id AND v.drill_id = e.id AND v.at <= e.report_due_at)",
)  # fmt: skip
proof(
    "drill_tasks_drilled", DRILL_TASKS, "制度要求的演练真正演过", "What asks for a drill was drilled and evaluated",
    due="t.done_at IS NOT NULL OR t.due_at < %(now)s::timestamptz",
    kept="EXISTS (SELECT 1 FROM emergencies_emergency e JOIN emergencies_evaluation v ON v.estate_id = e.estate_id AND v.drill_id = e.id WHERE e.estate_id = t.estate_id AND e.task_id = t.id)",
)  # fmt: skip
proof("hazards_cleared_in_time", HAZARDS, "隐患按期消除", "Hazards are cleared in time", due="z.cleared_at IS NOT NULL OR z.due_at < %(now)s::timestamptz", kept="z.cleared_at <= z.due_at")
proof(
    "fires_registered", ENDED, "火警都进火情登记", "Fires stand in the register",
    due="e.kind = 'fire'", kept="EXISTS (SELECT 1 FROM emergencies_fire f WHERE f.estate_id = e.estate_id AND f.emergency_id = e.id)",
)  # fmt: skip
CAUSE_DAYS = emergency_book().fires.cause.days
proof(
    "fires_explained", FIRES, "火情按期查明原因和损失", "Cause and loss of fires are found out in time",
    due=f"f.settled_at IS NOT NULL OR f.at < %(now)s::timestamptz - interval '{CAUSE_DAYS} days'", kept=f"f.settled_at <= f.at + interval '{CAUSE_DAYS} days'",
)  # fmt: skip
