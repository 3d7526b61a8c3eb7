"""The house itself: forms, reasons, reports (OTH-01, HSE-14, RPT-08)."""

from __future__ import annotations

from ..proofs import Source, proof

FORMS = Source("duty", "FROM duties_duty d WHERE d.estate_id = %(estate)s AND d.during @> %(day)s::date", "d.id", "d.key")
READS = Source("event", "FROM events_event e WHERE e.estate_id = %(estate)s AND e.action = 'personal.read'", "e.id", "e.actor_name", at="e.at", who="e.actor_id")
EXPORTS = Source("event", "FROM events_event e WHERE e.estate_id = %(estate)s AND e.action = 'personal.exported'", "e.id", "e.actor_name", at="e.at", who="e.actor_id")
CHANGES = Source("parameter", "FROM rulebooks_parameter c WHERE c.company_id = %(company)s AND (c.estate_id IS NULL OR c.estate_id = %(estate)s)", "c.id", "c.key", at="c.valid_from", who="c.author_id")
DELIVERIES = Source("delivery", "FROM notices_delivery d WHERE d.estate_id = %(estate)s", "d.id", "d.title", at="d.made_at", who="d.person_id")
WEEKS = Source("report", "FROM duties_task k WHERE k.estate_id = %(estate)s AND k.key = 'rpt_week_stats'", "k.id", "k.slot", at="k.due_at", who="k.person_id")

proof("every_form_resolves", FORMS, "记录皆有表格", "Every duty has its form", kept="d.form = ANY(%(forms)s::text[])")
proof("personal_reads_have_reason", READS, "查看个人信息有理由", "Personal data was read for a reason", kept="coalesce(e.particulars ->> 'why', '') <> ''")
proof("personal_exports_known", EXPORTS, "导出个人信息有登记", "Exports of personal data name their author", kept="e.actor_id IS NOT NULL")
proof("parameter_has_reason", CHANGES, "调整参数写明原因", "Every change of a parameter has its reason", kept="c.reason <> ''")
proof("message_delivered", DELIVERIES, "消息送达", "Messages were delivered", due="d.made_at < %(now)s::timestamptz - interval '1 hour'", kept="d.state = 'sent'")
proof("week_statistics", WEEKS, "周统计按时上报", "The weekly statistics were handed in", due="k.due_at < %(now)s::timestamptz", kept="k.done_at <= k.due_at")
