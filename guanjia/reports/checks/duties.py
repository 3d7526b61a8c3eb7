"""Duties' tasks, records and findings (VAC-01 … VAC-07, PAT-04, PAT-13)."""

from __future__ import annotations

from dataclasses import replace

from ..proofs import Source, proof

TASKS = Source("task", "FROM duties_task k WHERE k.estate_id = %(estate)s", "k.id", "k.key || ' ' || k.slot", at="k.due_at", zone="k.zone_id", who="k.person_id")


def tasks_of(key: str) -> Source:
    """Those of one duty: found by its key, not by reading all tasks."""
    return replace(TASKS, rows=f"{TASKS.rows} AND k.key = '{key}'")


RECORDS = Source(
    "record", "FROM duties_record r JOIN duties_task k ON k.estate_id = r.estate_id AND k.id = r.task_id JOIN duties_duty d ON d.estate_id = k.estate_id AND d.id = k.duty_id WHERE r.estate_id = %(estate)s",
    "r.id", "k.key || ' ' || k.slot", at="r.done_at", zone="k.zone_id", who="r.by_id",
)  # fmt: skip
FINDINGS = Source(
    "finding", "FROM duties_finding f JOIN duties_record r ON r.estate_id = f.estate_id AND r.id = f.record_id JOIN duties_task k ON k.estate_id = r.estate_id AND k.id = r.task_id WHERE f.estate_id = %(estate)s",
    "f.id", "f.item || ' ' || k.slot", at="f.found_at", zone="k.zone_id", who="k.person_id",
)  # fmt: skip
SUSPICIONS = Source("record", "FROM duties_suspicion s JOIN duties_record r ON r.estate_id = s.estate_id AND r.id = s.record_id WHERE s.estate_id = %(estate)s", "r.id", "s.why", at="r.received_at", who="r.by_id")
WAIVERS = Source("task", "FROM duties_waiver v JOIN duties_task k ON k.estate_id = v.estate_id AND k.id = v.task_id WHERE v.estate_id = %(estate)s", "k.id", "k.key || ' ' || k.slot", at="v.at", zone="k.zone_id", who="v.by_id")
SIX = ("doors", "windows", "water", "power", "gas", "leakage", "cracks")
VACANT = "r.form = 'vacant_unit_check'"
ITEMS = ", ".join(f"'{item}'" for item in SIX)

proof("task_is_somebodys", TASKS, "任务都有责任人", "Every task is somebody's", kept="k.person_id IS NOT NULL OR k.done_at IS NOT NULL OR k.waived_at IS NOT NULL")
proof("task_made_in_time", TASKS, "任务按时生成", "Tasks were made before they opened", kept="NOT k.late_made")
proof("task_done_has_record", TASKS, "完成的任务有记录", "Every task done has its record", due="k.done_at IS NOT NULL", kept="EXISTS (SELECT 1 FROM duties_record r WHERE r.estate_id = k.estate_id AND r.task_id = k.id)")
proof("vacant_check_recorded", tasks_of("vac_inspect"), "空置房巡查有记录", "Every vacant inspection has its record", due="k.done_at IS NOT NULL", kept="EXISTS (SELECT 1 FROM duties_record r WHERE r.estate_id = k.estate_id AND r.task_id = k.id)")
proof("vacant_check_complete", RECORDS, "空置房检查六项齐全", "Vacant checks answer every item", due=VACANT, kept=f"jsonb_exists_all(r.answers, ARRAY[{ITEMS}])")
proof("vacant_owner_told", RECORDS, "空置房结果告知业主", "The owner was told of the vacant check", due=VACANT, kept="EXISTS (SELECT 1 FROM events_event e WHERE e.estate_id = r.estate_id AND e.action = 'vacant.checked' AND e.at >= r.done_at AND (e.particulars ->> 'record' = r.id::text OR (e.subject_type = 'record' AND e.subject_id = r.id) OR (e.subject_type = 'task' AND e.subject_id = k.id)))")
proof("record_has_photo", RECORDS, "该拍照的记录有照片", "Records that want a photo have one", due="'photo' = ANY(d.proof)", kept="EXISTS (SELECT 1 FROM duties_recordphoto x WHERE x.estate_id = r.estate_id AND x.record_id = r.id)")
proof("record_has_mark", RECORDS, "该扫码的记录扫了码", "Records that want a mark have one", due="'mark' = ANY(d.proof)", kept="r.mark_id IS NOT NULL")
proof("record_by_responsible", RECORDS, "由责任人本人完成", "Done by who answers for it", due="k.person_id IS NOT NULL", kept="r.by_id = k.person_id")
proof("record_arrived_soon", RECORDS, "记录一天内上传", "Records arrived within a day", kept="r.received_at <= r.done_at + interval '1 day'")
proof("suspicion_judged", SUSPICIONS, "可疑记录已核实", "Doubtful records were looked at", due="r.received_at < %(now)s::timestamptz - interval '3 days'", kept="s.judged_at IS NOT NULL")
proof("suspicion_unfounded", SUSPICIONS, "可疑记录核实无误", "Doubtful records proved sound", due="s.judged_at IS NOT NULL", kept="NOT s.stands")
proof("finding_has_outcome", FINDINGS, "发现的问题有结果", "Every finding has an outcome", kept="f.ticket_id IS NOT NULL OR f.mended_at IS NOT NULL")
proof("finding_mended", FINDINGS, "发现的问题一个月内整改", "Findings are mended within a month", due="f.found_at < %(now)s::timestamptz - interval '31 days'", kept="f.mended_at IS NOT NULL")
proof("vacant_defect_has_ticket", FINDINGS, "空置房缺陷已报工程", "Vacant defects went to engineering", due=VACANT, kept="f.ticket_id IS NOT NULL")
proof("waiver_has_reason", WAIVERS, "免除任务写明原因", "Every waived task has its reason", kept="v.why <> ''")

HANDOVER = "k.key = 'hnd_transfer'"
proof("handover_complete", RECORDS, "交接记录齐全", "Handovers are recorded completely", due=HANDOVER, kept="jsonb_exists_all(r.answers, ARRAY['people', 'things', 'signature'])")
proof("ledger_signed", tasks_of("hnd_ledger_sign"), "值班台账当天签字", "The duty ledger was signed the same day", due="k.due_at < %(now)s::timestamptz", kept="k.done_at <= k.due_at AND EXISTS (SELECT 1 FROM duties_record r WHERE r.estate_id = k.estate_id AND r.task_id = k.id AND r.answers ? 'signature')")
proof("cash_counted", RECORDS, "现金盘点账实相符", "Cash was counted and agrees", due="r.form = 'cash_count'", kept="r.answers #>> '{book,value}' = r.answers #>> '{counted,value}' OR r.words <> ''")
