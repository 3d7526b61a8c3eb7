"""Chasing, papers, letters, debits and cash (FEE-07, FEE-08, FEE-11 … FEE-16, COM-17 … COM-20, FIN-01, FIN-02, FIN-07, FIN-17)."""

from __future__ import annotations

from ..proofs import Source, proof
from .money import CALLS, CLOSED, calls

UNIT = "JOIN estates_unit u ON u.estate_id = c.estate_id AND u.id = c.unit_id"
CHASES = Source("call", f"FROM collection_chase c {UNIT} WHERE c.estate_id = %(estate)s", "c.household_id", "u.code || ' ' || c.\"on\"", at="c.at", zone="u.zone_id", who="c.author_id")
LETTERS = Source("letter", f"FROM collection_letter c {UNIT} WHERE c.estate_id = %(estate)s AND c.sent_at IS NOT NULL", "c.id", "u.code || ' ' || c.\"on\"", at="c.sent_at", zone="u.zone_id", who="c.asker_id")
DEBTORS = Source(
    "household", "FROM households_household h LEFT JOIN households_occupancy o ON o.estate_id = h.estate_id AND o.household_id = h.id AND o.during @> %(day)s::date LEFT JOIN estates_unit u ON u.estate_id = o.estate_id AND u.id = o.unit_id WHERE h.estate_id = %(estate)s AND h.in_arrears",
    "h.id", "coalesce(u.code, h.name)", zone="u.zone_id",
)  # fmt: skip
PAPERS = Source("call", f"FROM collection_handing c {UNIT} LEFT JOIN collection_mailing m ON m.estate_id = c.estate_id AND m.id = c.mailing_id WHERE c.estate_id = %(estate)s AND coalesce(m.state, 'approved') = 'approved'", "c.household_id", "u.code || ' ' || c.issued_on", at="c.issued_on::timestamp AT TIME ZONE %(time_zone)s", zone="u.zone_id", who="c.by_id")
BATCHES = Source("debit_batch", "FROM collection_debitbatch d WHERE d.estate_id = %(estate)s", "d.id", "d.\"on\"::text", at="d.listed_at", who="d.listed_by_id")
EVENING = "((s.opened_at AT TIME ZONE %(time_zone)s)::date + 1)::timestamp AT TIME ZONE %(time_zone)s"
SHIFTS = Source("shift", "FROM collection_shift s WHERE s.estate_id = %(estate)s", "s.id", "to_char(s.opened_at AT TIME ZONE %(time_zone)s, 'YYYY-MM-DD')", at=EVENING, who="s.cashier_id")
MONTHS = Source(
    "count", "FROM (SELECT m::date AS month, (m + interval '1 month') AT TIME ZONE %(time_zone)s AS over FROM generate_series(date_trunc('month', (SELECT min(p.at) FROM collection_payment p WHERE p.estate_id = %(estate)s) AT TIME ZONE %(time_zone)s), %(day)s::timestamp, interval '1 month') m) x WHERE true",
    "to_char(x.month, 'YYYYMM')::bigint", "to_char(x.month, 'YYYY-MM')", at="x.over",
)  # fmt: skip
BOOKS = Source("receipt_book", "FROM collection_receiptbook b WHERE b.estate_id = %(estate)s", "b.id", "b.year::text")
ESTATE = Source("estate", "FROM estates_estate e WHERE e.id = %(estate)s AND EXISTS (SELECT 1 FROM collection_call c WHERE c.estate_id = %(estate)s)", "e.id", "e.name")

SPOKEN = "EXISTS (SELECT 1 FROM collection_chase h WHERE h.estate_id = c.estate_id AND h.household_id = c.household_id AND h.at = c.ended_at AND h.words <> '')"
DUE = f"NOT (c.outcome IN ('paid', 'held') AND c.ended_at < {CLOSED})"
calls("debit_failed", "扣款失败都已通知", "Every failed debit was told")
calls("uncollected", "两周未领的都已致电", "Every paper nobody collected was phoned about")
proof("contacts_written", CALLS, "每次联系都有催收记录", "Every contact is written down", due=f"{DUE} AND left(c.slot, 7) <> 'letter '", kept=f"c.outcome = 'recorded' AND {SPOKEN}")
proof("objector_visited", CALLS, "意见较大的都已上门", "Who objects strongly was visited", due=f"c.kind = 'visit' AND {DUE}", kept=f"c.outcome = 'recorded' AND c.ended_at < {CLOSED} AND EXISTS (SELECT 1 FROM collection_chase h WHERE h.estate_id = c.estate_id AND h.household_id = c.household_id AND h.at = c.ended_at AND h.contact = 'visit')")
proof("service_reason_has_ticket", CHASES, "服务原因欠费都已开单", "Every service reason has its ticket", due="c.reason = 'service'", kept="c.ticket_id IS NOT NULL")
proof("busy_offered_debit", CHASES, "没空缴费的都已引导代扣", "Who never has time was shown direct debit", due="c.reason = 'forgot'", kept="c.offered_debit OR EXISTS (SELECT 1 FROM collection_mandate m WHERE m.estate_id = c.estate_id AND m.household_id = c.household_id)")
proof("letter_after_check", LETTERS, "律师函经复核审批并写明违约金", "Letters came after the last check, judged by another, with the late charge", kept="c.judge_id <> c.asker_id AND c.document_id IS NOT NULL AND (c.late > 0 OR %(fee.late_fee_rate)s::text IS NULL) AND EXISTS (SELECT 1 FROM collection_call f WHERE f.estate_id = c.estate_id AND f.household_id = c.household_id AND f.kind = 'final' AND f.outcome = 'recorded' AND f.ended_at < c.asked_at)")
proof("debit_list_handed_on", BATCHES, "代扣名单三步交接", "Debit lists went through three hands", due="d.listed_at < %(now)s::timestamptz - interval '7 days'", kept="d.sent_at IS NOT NULL AND d.filled_by_id <> d.listed_by_id")
proof("arrears_have_reason", DEBTORS, "欠费户都有原因记录", "Every debtor's reason is on record", kept="EXISTS (SELECT 1 FROM collection_chase c WHERE c.estate_id = h.estate_id AND c.household_id = h.id AND c.at > %(now)s::timestamptz - interval '120 days')")
for way, title, title_en, also in (("guards", "已入住户的文件会同保安送达，先说明内容", "Papers of residents were handed out with security, who were told first", " AND c.briefed IS NOT FALSE"), ("personal", "重点客户的文件由管家亲送", "Papers of key customers were handed over in person", ""), ("post", "未入住户的文件由服务大厅邮寄", "Papers of those not moved in were posted", "")):
    proof(f"papers_{way}", PAPERS, title, title_en, due=f"c.way = '{way}' AND c.issued_on < %(day)s::date - 7 * %(doc.uncollected_weeks)s::int", kept=f"c.outcome = 'handed'{also}")
BY_EVENING = f"s.closed_at < {EVENING}"
proof("cash_banked", SHIFTS, "现金不过夜", "No cash stayed overnight", due=f"{EVENING} <= %(now)s::timestamptz", kept=f"CASE %(cash.overnight)s::text WHEN 'no_overnight' THEN {BY_EVENING} AND s.\"left\" = 0 WHEN 'daily' THEN {BY_EVENING} ELSE coalesce(s.\"left\" <= %(cash.float)s::numeric, false) END")
proof("cash_count_monthly", MONTHS, "每月盘点现金", "Cash was counted every month by another", due="x.over <= %(now)s::timestamptz", kept="EXISTS (SELECT 1 FROM collection_cashcount k WHERE k.estate_id = %(estate)s AND k.\"on\" >= x.month AND k.\"on\" < x.month + interval '1 month' AND k.keeper_id <> k.counter_id)")
proof("bank_reconciled", MONTHS, "每月银行对账有人复核", "The bank was reconciled every month and checked by another", due="x.over <= %(now)s::timestamptz - interval '10 days'", kept="EXISTS (SELECT 1 FROM collection_reconciliation k WHERE k.estate_id = %(estate)s AND k.month = x.month AND k.checker_id <> k.maker_id)")
proof("receipts_numbered", BOOKS, "收据编号不断", "Receipts are numbered without a gap", kept="b.last = (SELECT count(*) FROM collection_receipt r WHERE r.estate_id = b.estate_id AND r.year = b.year)")
proof("dunning_ledger_kept", ESTATE, "电子台账与催收记录都有", "The fee ledger and the dunning record are kept", kept="EXISTS (SELECT 1 FROM billing_transfer t WHERE t.estate_id = e.id) AND EXISTS (SELECT 1 FROM collection_chase c WHERE c.estate_id = e.id)")
proof("finance_chases", ESTATE, "财务共同催收", "Finance shares the chasing", kept="EXISTS (SELECT 1 FROM collection_chase c JOIN people_post p ON p.estate_id = c.estate_id AND p.person_id = c.author_id AND p.role IN ('cashier', 'finance_lead') WHERE c.estate_id = e.id AND c.at > %(now)s::timestamptz - interval '92 days')")
