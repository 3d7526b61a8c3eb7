"""Tickets: every step taken, stamped and told (REQ-01 … REQ-12, REQ-34 … REQ-48)."""

from __future__ import annotations

from ..proofs import Source, proof

TICKETS = Source(
    "ticket", "FROM tickets_ticket t WHERE t.estate_id = %(estate)s AND t.stage NOT IN ('merged', 'cancelled')", "t.id", "t.number",
    at="t.reported_at", zone="t.zone_id", who="t.steward_id",
)  # fmt: skip
MINE = "x.estate_id = %(estate)s AND x.ticket_id = t.id"
STARTED = "t.reported_at < %(now)s::timestamptz - interval '1 hour'"
DONE = "t.done_at IS NOT NULL"
ARCHIVED = "t.stage = 'archived'"
KNOWN = "NOT t.anonymous"


def has(table: str, more: str = "true") -> str:
    return f"EXISTS (SELECT 1 FROM tickets_{table} x WHERE {MINE} AND {more})"


def event(*actions: str, more: str = "true") -> str:
    among = ", ".join(f"'{action}'" for action in actions)
    return f"EXISTS (SELECT 1 FROM events_event e WHERE e.estate_id = %(estate)s AND e.subject_type = 'ticket' AND e.subject_id = t.id AND e.action IN ({among}) AND {more})"


proof("ticket_has_steward", TICKETS, "报事有责任管家", "Every report has its steward", due="t.zone_id IS NOT NULL", kept="t.steward_id IS NOT NULL")
proof("ticket_has_channel", TICKETS, "报事登记渠道", "Every report has its channel", kept="t.channel <> ''")
proof("ticket_classified", TICKETS, "报事都已分类", "Every report is classified", due=STARTED, kept="t.classified_at IS NOT NULL")
proof("ticket_has_category", TICKETS, "分类写明类别", "Every classified report has its category", due="t.classified_at IS NOT NULL", kept="t.category <> '' AND t.klass <> ''")
proof("ticket_dispatched", TICKETS, "报修都已派单", "Every repair was dispatched", due=f"t.kind = 'repair' AND {DONE}", kept=has("workorder"))
proof("ticket_photographed", TICKETS, "报修留有照片", "Every repair has a photo", due=f"t.kind = 'repair' AND {DONE}", kept=has("photo"))
proof("ticket_answered", TICKETS, "报事有人回应", "Every report was answered", due=STARTED, kept="coalesce(t.responded_at, t.arrived_at, t.done_at) IS NOT NULL")
proof("urgent_ticket_arrived", TICKETS, "紧急报事到过现场", "Somebody came to every urgent report", due=f"t.klass = 'urgent' AND {DONE}", kept="t.arrived_at IS NOT NULL")
proof("ticket_confirmed", TICKETS, "完工后电话确认", "Every finished report was confirmed by telephone", due=f"{DONE} AND {KNOWN}", kept=has("confirmation"))
proof("ticket_followed_up", TICKETS, "完工后线上回访", "Every finished report was followed up online", due=DONE, kept="t.followed_up_at IS NOT NULL")
proof("revisit_rate", TICKETS, "每单都回访", "Every order was revisited", due=f"{DONE} AND {KNOWN}", kept="coalesce(t.confirmed_at, t.followed_up_at) IS NOT NULL")
proof("revisited", TICKETS, "完工后回访", "Finished reports were revisited", due=f"{DONE} AND {KNOWN}", kept="coalesce(t.confirmed_at, t.followed_up_at) IS NOT NULL")
proof("ratings_three", TICKETS, "行为态度结果三项评价", "Speed, result and attitude were rated", due=f"{ARCHIVED} AND {KNOWN}", kept=has("rating"))
proof("ticket_archived", TICKETS, "完成一周内归档", "Finished reports are archived within a week", due="t.done_at < %(now)s::timestamptz - interval '7 days'", kept=ARCHIVED)
proof(
    "ticket_walks_six_steps", TICKETS, "六步都有时间", "All six steps have their time", due=ARCHIVED,
    kept="t.classified_at IS NOT NULL AND (t.dispatched_at IS NOT NULL OR t.kind <> 'repair') AND t.done_at IS NOT NULL AND coalesce(t.confirmed_at, t.followed_up_at) IS NOT NULL AND t.closed_at IS NOT NULL",
)  # fmt: skip
proof("first_taker", TICKETS, "首接责任人已登记", "Whoever took a report is on it", due="t.channel <> 'online'", kept="t.taken_by_id IS NOT NULL", who="t.taken_by_id")
proof("report_words", TICKETS, "听清问清写清", "Heard, asked and written clearly", due="t.channel = 'phone'", kept="t.words <> '' AND t.checklist @> '{\"heard\": true, \"asked\": true, \"written\": true}'::jsonb", who="t.taken_by_id")
proof("requests_complete", TICKETS, "诉求登记完整", "Every request is recorded completely", kept="t.words <> '' AND (t.anonymous OR t.reporter_id IS NOT NULL OR t.reporter_name <> '' OR t.taken_by_id IS NOT NULL) AND (t.unit_id IS NOT NULL OR t.place_id IS NOT NULL OR t.\"where\" <> '' OR t.household_id IS NOT NULL)")
proof("ticket_place_known", TICKETS, "报事写明位置", "Every report says where", kept="t.unit_id IS NOT NULL OR t.place_id IS NOT NULL OR t.\"where\" <> ''")
proof("ticket_progress_told", TICKETS, "处理中告知进度", "Progress was told while it lasted", due="t.klass IN ('routine', 'suggestion') AND t.done_at > t.dispatched_at + interval '2 hours'", kept=event("ticket.progressed", "ticket.responded", "group.fed_back", "ticket.plan_replied"))
proof("suggestion_plan_replied", TICKETS, "建议答复了方案", "Every suggestion was answered with a plan", due=f"t.klass = 'suggestion' AND {DONE}", kept=event("ticket.plan_replied"))
proof("group_ticket_answered", TICKETS, "业主群诉求已回应", "Every report of the owners' group was answered there", due=f"t.channel = 'group' AND {DONE}", kept=event("group.replied", "group.fed_back"))
proof("result_told_to_owner", TICKETS, "结果告诉了业主", "The owner was told the result", due=f"{DONE} AND {KNOWN}", kept="coalesce(t.confirmed_at, t.followed_up_at) IS NOT NULL OR " + event("ticket.done", "ticket.progressed", "ticket.responded", more="e.at >= t.done_at"))
proof("ticket_not_reopened", TICKETS, "一次办好没有返工", "Archived reports were not reopened", due=ARCHIVED, kept="t.reopened = 0")
proof("ticket_not_urged", TICKETS, "无需业主催办", "Nobody had to urge", due=DONE, kept="t.urged = 0")
proof("ticket_archived_by_responsible", TICKETS, "由负责的人归档", "Archived by who answers for it", due=ARCHIVED,
      kept=event("ticket.archived", more="(e.actor_id = t.steward_id OR e.actor_id = t.taken_by_id OR EXISTS (SELECT 1 FROM people_post p WHERE p.estate_id = %(estate)s AND p.person_id = e.actor_id AND p.role IN ('steward', 'assistant_steward', 'supervisor', 'manager')))"))  # fmt: skip
proof("round_the_clock", TICKETS, "夜间报事有人受理", "Night reports were taken up within the hour", due=f"extract(hour FROM t.reported_at AT TIME ZONE %(time_zone)s) NOT BETWEEN 6 AND 21 AND {STARTED}", kept="coalesce(t.classified_at, t.responded_at) <= t.reported_at + interval '1 hour'")

HOLDS = Source("ticket", "FROM tickets_hold x JOIN tickets_ticket t ON t.estate_id = x.estate_id AND t.id = x.ticket_id WHERE x.estate_id = %(estate)s", "t.id", "t.number", at="x.at", zone="t.zone_id", who="x.by_id")
proof("hold_has_reason", HOLDS, "暂停写明原因", "Every hold has its reason", kept="x.why <> ''")
proof("hold_ended", HOLDS, "暂停后恢复处理", "Every hold was taken up again", due="t.closed_at IS NOT NULL", kept="x.resumed_at IS NOT NULL")
CLASSIFICATIONS = Source("ticket", "FROM (SELECT c.*, row_number() OVER (PARTITION BY c.ticket_id ORDER BY c.at, c.id) AS n FROM tickets_classification c WHERE c.estate_id = %(estate)s) x JOIN tickets_ticket t ON t.estate_id = x.estate_id AND t.id = x.ticket_id WHERE true", "t.id", "t.number", at="x.at", zone="t.zone_id", who="x.by_id")
proof("reclassified_with_reason", CLASSIFICATIONS, "改分类写明原因", "Every reclassification has its reason", due="x.n > 1", kept="x.why <> ''")
CANCELLATIONS = Source("ticket", "FROM tickets_cancellation x JOIN tickets_ticket t ON t.estate_id = x.estate_id AND t.id = x.ticket_id WHERE x.estate_id = %(estate)s", "t.id", "t.number", at="x.at", zone="t.zone_id", who="x.by_id")
proof("cancellation_has_reason", CANCELLATIONS, "撤销写明原因", "Every cancellation has its reason", kept="x.why <> ''")
REOPENINGS = Source("ticket", "FROM tickets_reopening x JOIN tickets_ticket t ON t.estate_id = x.estate_id AND t.id = x.ticket_id WHERE x.estate_id = %(estate)s", "t.id", "t.number", at="x.at", zone="t.zone_id", who="t.steward_id")
proof("reopening_has_reason", REOPENINGS, "重新打开写明原因", "Every reopening has its reason", kept="x.why <> ''")
PASSINGS = Source("ticket", "FROM tickets_passing x JOIN tickets_ticket t ON t.estate_id = x.estate_id AND t.id = x.ticket_id WHERE x.estate_id = %(estate)s", "t.id", "t.number", at="x.at", zone="t.zone_id", who="x.by_id")
proof("passing_names_receiver", PASSINGS, "转交写明去向", "Every passing-on says to whom", kept="x.to <> ''")
INCIDENTS = Source("incident", "FROM tickets_incident i WHERE i.estate_id = %(estate)s", "i.id", "i.title", at="i.opened_at", who="i.opened_by_id")
proof("incident_noticed", INCIDENTS, "区域事件发过进展", "Every incident was told of", kept="i.noticed_at IS NOT NULL")
proof("incident_closed", INCIDENTS, "区域事件一天内有结果", "Every incident ended within a day", due="i.opened_at < %(now)s::timestamptz - interval '1 day'", kept="i.closed_at <= i.opened_at + interval '1 day'")
COMPENSATIONS = Source("ticket", "FROM tickets_compensation x JOIN tickets_ticket t ON t.estate_id = x.estate_id AND t.id = x.ticket_id WHERE x.estate_id = %(estate)s", "t.id", "t.number", at="x.at", zone="t.zone_id", who="x.by_id")
proof("compensation_limits", COMPENSATIONS, "补偿有金额有理由", "Every compensation has its amount and reason", kept="x.amount > 0 AND x.why <> ''")
