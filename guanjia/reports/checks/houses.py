"""House files: a diagnosis that was made has its report (VAS-14)."""

from __future__ import annotations

from ..proofs import Source, proof

DIAGNOSES = Source(
    "task",
    "FROM duties_task t JOIN estates_unit u ON u.estate_id = t.estate_id AND u.id = t.unit_id WHERE t.estate_id = %(estate)s AND t.key = 'vas_house_health' AND t.done_at IS NOT NULL",
    "t.id", "u.code", at="t.done_at", zone="u.zone_id", who="t.done_by_id",
)  # fmt: skip
REPORT = "EXISTS (SELECT FROM services_housereport r JOIN duties_record d ON d.estate_id = r.estate_id AND d.id = r.record_id WHERE r.estate_id = t.estate_id AND d.task_id = t.id)"

proof("house_reported", DIAGNOSES, "诊断后一周内出具屋宇健康报告", "A house diagnosis has its report within a week", due=f"t.done_at < %(now)s::timestamptz - interval '7 days' OR {REPORT}", kept=REPORT)
