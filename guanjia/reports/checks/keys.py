"""Keys: on the list under a label, lent to who may, back in time, owners' keys kept by two and every use told (KEY-01..11)."""

from __future__ import annotations

from ..proofs import Source, proof

KEYS = Source("key", "FROM keys_key k WHERE k.estate_id = %(estate)s AND k.retired_at IS NULL", "k.id", "k.code || ' ' || k.opens")
LENT = Source(
    "key",
    "FROM keys_loan l JOIN keys_key k ON k.estate_id = l.estate_id AND k.id = l.key_id WHERE l.estate_id = %(estate)s",
    "k.id", "k.code || ' ' || l.name", at="l.out_at", who="l.given_by_id",
)  # fmt: skip
DUE = Source(
    "key",
    "FROM keys_loan l JOIN keys_key k ON k.estate_id = l.estate_id AND k.id = l.key_id WHERE l.estate_id = %(estate)s AND l.excused_at IS NULL",
    "k.id", "k.code || ' ' || l.name", at="l.due_at", who="l.person_id",
)  # fmt: skip
KEPT = Source(
    "custody",
    "FROM keys_custody c JOIN keys_key k ON k.estate_id = c.estate_id AND k.id = c.key_id WHERE c.estate_id = %(estate)s AND c.ended_at IS NULL",
    "c.id", "k.code", who="c.first_id",
)  # fmt: skip
LOST = Source(
    "key",
    "FROM keys_loss s JOIN keys_key k ON k.estate_id = s.estate_id AND k.id = s.key_id WHERE s.estate_id = %(estate)s",
    "k.id", "k.code || ' ' || left(s.words, 30)", at="s.reported_at", who="s.reported_by_id",
)  # fmt: skip
TOLD = "EXISTS (SELECT 1 FROM events_event e WHERE e.estate_id = l.estate_id AND e.subject_type = 'custody' AND e.subject_id = l.custody_id AND e.action = 'custody.used' AND e.at >= l.out_at)"

proof(
    "keys_on_the_list", KEYS, "钥匙在册、有标识、有存放位置", "Keys are listed, labelled and have their place",
    kept="k.code <> '' AND k.custody <> '' AND k.opens <> ''",
)  # fmt: skip
proof(
    "custody_by_two", KEPT, "托管钥匙两人保管、业主签字", "Owners' keys are kept by two and signed for",
    due="c.made_at < %(now)s::timestamptz - interval '7 days' OR c.signed_at IS NOT NULL", kept="c.first_id <> c.second_id AND c.signed_at IS NOT NULL",
)  # fmt: skip
proof(
    "custody_uses_told", LENT, "每次取用都告知业主", "Every use of an owner's key is told to the owner",
    due="l.custody_id IS NOT NULL AND (NOT l.two OR l.countersigned_at IS NOT NULL)", kept=TOLD,
)  # fmt: skip
proof(
    "work_keys_signed_out", LENT, "工作钥匙核证签领，本班或加班", "Work keys are signed out with proof seen, in the own shift or overtime",
    due="l.kind = 'work'", kept="l.proof_seen AND (l.shift <> '' OR l.overtime <> '') AND l.confirmed_at IS NOT NULL",
)  # fmt: skip
proof(
    "own_post_keys", LENT, "只领本岗位钥匙", "Keys go to holders of their post only",
    due="l.kind = 'work'", kept="l.role <> '' AND l.role = k.role AND l.person_id IS NOT NULL",
)  # fmt: skip
proof(
    "keys_back_in_time", DUE, "钥匙按时归还", "Keys come back in time",
    due="l.due_at < %(now)s::timestamptz", kept="l.returned_at <= l.due_at",
)  # fmt: skip
proof(
    "key_losses_judged", LOST, "钥匙丢失七日内换锁定性", "Lost keys are dealt with and judged within a week",
    due="s.reported_at < %(now)s::timestamptz - interval '7 days' OR s.closed_at IS NOT NULL", kept="s.closed_at <= s.reported_at + interval '7 days' AND s.offence <> ''",
)  # fmt: skip
proof(
    "devices_signed_out", LENT, "器械领还登记", "Equipment is signed out and taken back",
    due="l.kind = 'device'", kept="l.confirmed_at IS NOT NULL",
)  # fmt: skip
