"""The four key fields — equipment, order, environment, customer service — come first in people, daily care and material (QLT-61).

A row is a field: its posts are held; its tasks of the last week were done in time for the share that is aimed at; its stores were counted.
"""

from __future__ import annotations

from guanjia.incentives.book import book

from ..proofs import Source, proof


def _array(names: list[str]) -> str:
    return "ARRAY[" + ", ".join(f"'{name}'" for name in names) + "]"


FIELDS = ", ".join(f"('{key}', '{one.title}', {_array(one.roles)})" for key, one in book().departments.items())
ROWS = Source("estate", f"FROM (VALUES {FIELDS}) f (key, title, roles) JOIN estates_estate e ON e.id = %(estate)s WHERE true", "e.id", "f.title")
TASKS = "FROM duties_task k JOIN duties_duty d ON d.estate_id = k.estate_id AND d.id = k.duty_id WHERE k.estate_id = e.id AND k.role = ANY(f.roles) AND k.waived_at IS NULL AND k.due_at < %(now)s::timestamptz"
WEEK = f"{TASKS} AND k.due_at >= %(now)s::timestamptz - interval '7 days'"
STORES = f"{TASKS} AND d.form = 'stock' AND k.due_at >= %(now)s::timestamptz - interval '35 days'"

proof(
    "key_fields_staffed", ROWS, "四个服务重点都有人在岗", "Every key field has people in post",
    kept="EXISTS (SELECT 1 FROM people_post p WHERE p.estate_id = e.id AND p.role = ANY(f.roles) AND p.during @> %(day)s::date)",
)  # fmt: skip
proof(
    "key_fields_cared", ROWS, "四个服务重点一周的日常工作按时达标", "The week's daily care of every key field was done in time as aimed at",
    due=f"EXISTS (SELECT 1 {WEEK})", kept=f"(SELECT count(*) FILTER (WHERE k.done_at <= k.due_at) * 100 >= %(score.tasks)s::numeric * count(*) {WEEK})",
)  # fmt: skip
proof(
    "key_fields_supplied", ROWS, "服务重点的物资按时盘点", "Stores of the key fields are counted",
    due=f"EXISTS (SELECT 1 {STORES})", kept=f"NOT EXISTS (SELECT 1 {STORES} AND k.done_at IS NULL)",
)  # fmt: skip
