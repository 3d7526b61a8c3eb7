"""Complaints: judged by somebody else, put right, signed (REQ-19 … REQ-29)."""

from __future__ import annotations

from dataclasses import replace

from ..proofs import proof
from .tickets import ARCHIVED, DONE, KNOWN, STARTED, TICKETS, has

COMPLAINTS = replace(TICKETS, rows=f"{TICKETS.rows} AND t.kind = 'complaint'")
ABOUT = "x.by_id = x.accused_id OR EXISTS (SELECT 1 FROM tickets_workorder w WHERE w.estate_id = %(estate)s AND w.ticket_id = t.id AND w.worker_id = x.by_id)"
VALID = has("verdict", "x.ruling = 'valid'")

proof("complaint_judged", COMPLAINTS, "投诉有判定", "Every complaint was judged", due=DONE, kept=has("verdict"))
proof("complaint_has_verdict_by_other", COMPLAINTS, "投诉由当事人以外的人判定", "Every complaint was judged by somebody it is not about", due=DONE, kept=has("verdict", f"NOT coalesce(({ABOUT}), false)"))
proof("valid_complaint_corrected", COMPLAINTS, "有效投诉有纠正措施", "Every valid complaint led to a measure", due=f"{ARCHIVED} AND {VALID}", kept=has("measure"))
proof("valid_complaint_names_department", COMPLAINTS, "有效投诉写明责任部门或责任人", "Every valid complaint names who is answerable", due=VALID, kept=has("verdict", "x.department <> '' OR x.accused_id IS NOT NULL"))
proof("complaint_signed", COMPLAINTS, "投诉办结由客户签字", "The customer signed every closed complaint", due=f"{ARCHIVED} AND {KNOWN}", kept=has("signature"))
proof("anonymous_complaint_nameless", COMPLAINTS, "匿名投诉不留姓名", "Anonymous complaints keep nobody's name", due="t.anonymous", kept="t.reporter_id IS NULL AND t.reporter_name = '' AND t.reporter_phone = ''")
proof("complaints_closed", COMPLAINTS, "投诉一周内闭环", "Complaints are closed within a week", due="t.reported_at < %(now)s::timestamptz - interval '7 days'", kept="t.done_at IS NOT NULL")
proof("complaints_complete", COMPLAINTS, "投诉记录完整", "Every complaint is recorded completely", due=STARTED, kept="t.words <> '' AND t.category <> '' AND (t.anonymous OR t.household_id IS NOT NULL OR t.reporter_name <> '')")
proof("complaints_confirmed", COMPLAINTS, "投诉办完打过确认电话", "Finished complaints were confirmed by telephone", due=f"{DONE} AND {KNOWN}", kept=has("confirmation"))
proof("complaint_taken_up_same_day", COMPLAINTS, "投诉当天确认", "Every complaint was taken up the same day", due="t.reported_at < %(now)s::timestamptz - interval '1 day'", kept="coalesce(t.responded_at, t.classified_at) <= t.reported_at + interval '1 day'")
proof("complaint_judged_before_archiving", COMPLAINTS, "先判定后归档", "Complaints are judged before they are filed away", due=ARCHIVED, kept=has("verdict", "x.at <= t.closed_at"))
