"""Fees, readings, bills, calls and the books (FEE-02, FEE-05, FEE-06, FEE-09, FEE-10, FEE-21, FEE-22, AST-14, FIN-04)."""

from __future__ import annotations

from ..proofs import Source, proof

FEES = Source("fee", "FROM billing_fee f WHERE f.estate_id = %(estate)s AND NOT f.closed", "f.id", "f.name")
METERS = Source("meter", "FROM billing_meter m JOIN estates_unit u ON u.estate_id = m.estate_id AND u.id = m.unit_id WHERE m.estate_id = %(estate)s AND m.removed_on IS NULL", "m.id", "u.code || ' ' || m.number", zone="u.zone_id")
READINGS = Source("meter", "FROM billing_reading r WHERE r.estate_id = %(estate)s", "r.id", "r.period::text", at="r.at", who="r.reader_id")
BILLS = Source("bill", "FROM billing_bill b JOIN estates_unit u ON u.estate_id = b.estate_id AND u.id = b.unit_id WHERE b.estate_id = %(estate)s AND b.live", "b.id", "u.code || ' ' || to_char(b.period, 'YYYY-MM')", at="b.period::timestamptz", zone="u.zone_id")
ISSUED = "EXISTS (SELECT 1 FROM billing_billrun r WHERE r.estate_id = b.estate_id AND r.id = b.run_id AND r.issued_at IS NOT NULL)"
LINES = Source("bill", "FROM billing_billline l WHERE l.estate_id = %(estate)s AND l.live", "l.bill_id", "to_char(l.period, 'YYYY-MM')", at="l.period::timestamptz")
DISCOUNTS = Source("discount", "FROM billing_discount d WHERE d.estate_id = %(estate)s", "d.id", "d.why", at="d.asked_at", who="d.judge_id")
MONTH = Source("bill_run", "FROM estates_estate e WHERE e.id = %(estate)s AND EXISTS (SELECT 1 FROM billing_billrun b WHERE b.estate_id = %(estate)s)", "e.id", "to_char(%(last_month)s::date, 'YYYY-MM')")
CLOSED = "((c.closes_on + 1)::timestamp AT TIME ZONE %(time_zone)s)"  # the end of a call's last day
CALLS = Source("call", "FROM collection_call c JOIN estates_unit u ON u.estate_id = c.estate_id AND u.id = c.unit_id WHERE c.estate_id = %(estate)s", "c.household_id", "u.code || ' ' || c.slot", at=f"LEAST(c.ended_at, {CLOSED})", zone="c.zone_id", who="c.steward_id")
REOPENINGS = Source("period", "FROM billing_reopening r WHERE r.estate_id = %(estate)s", "r.id", "r.why", at="r.asked_at", who="r.agreer_id")

proof("fee_kinds", FEES, "收费项目分自有与代收", "Own and collected fees are told apart", kept="f.category <> '' OR f.basis <> ''")
proof("fee_priced", FEES, "收费项目有标准", "Every fee has its price", kept="f.price > 0 OR f.fixed > 0 OR f.basis = 'shared' OR EXISTS (SELECT 1 FROM billing_tariff t WHERE t.estate_id = f.estate_id AND t.fee_id = f.id)")
proof("meters_read", METERS, "水电表每月抄录", "Every meter was read last month", kept="EXISTS (SELECT 1 FROM billing_reading r WHERE r.estate_id = m.estate_id AND r.meter_id = m.id AND r.period >= %(last_month)s::date)")
proof("meter_readings", METERS, "抄表数据齐全", "Meter readings are complete", kept="EXISTS (SELECT 1 FROM billing_reading r WHERE r.estate_id = m.estate_id AND r.meter_id = m.id AND r.period >= %(last_month)s::date)")
proof("reading_not_estimated", READINGS, "读数不靠估算", "Readings are not estimated", kept="NOT r.estimated")
proof("bill_issued", BILLS, "账单已送达", "Bills were sent out", kept=ISSUED)
proof("statements", BILLS, "对账单已送达", "Statements were sent out", kept=ISSUED)
proof("bill_line_explained", LINES, "账单明细说得清算法", "Every line explains itself", kept="l.formula <> ''")
proof("discount_judged_by_other", DISCOUNTS, "减免由他人审批", "Discounts are approved by somebody else", due="d.judged_at IS NOT NULL", kept="d.judge_id IS DISTINCT FROM d.asker_id")
proof("bills_monthly", MONTH, "上月费用已出账", "Last month was billed", kept="EXISTS (SELECT 1 FROM billing_billrun b WHERE b.estate_id = %(estate)s AND b.period >= %(last_month)s::date AND b.posted_at IS NOT NULL)")
proof("monthly_bills", MONTH, "每月账单已出", "Monthly bills were made", kept="EXISTS (SELECT 1 FROM billing_billrun b WHERE b.estate_id = %(estate)s AND b.period >= %(last_month)s::date AND b.posted_at IS NOT NULL)")
proof("reopening_agreed_by_other", REOPENINGS, "反结账须两人同意", "A month is reopened by two", due="r.agreed_at IS NOT NULL", kept="r.agreer_id IS DISTINCT FROM r.asker_id")
BOOKS = Source("period", "FROM billing_period m WHERE m.estate_id = %(estate)s AND m.closed", "m.id", "to_char(m.month, 'YYYY-MM')")
proof("ledger_balances", BOOKS, "账目借贷相等", "Debits equal credits", kept="(SELECT coalesce(sum(b.debits - b.credits), 0) = 0 FROM billing_balance b WHERE b.estate_id = %(estate)s AND b.month = m.month)")


ENTRIES = Source("period", "FROM billing_entry n WHERE n.estate_id = %(estate)s", "n.id", "to_char(n.\"on\", 'YYYY-MM-DD') || ' ' || n.words", at="n.at", who="n.author_id")
YEARS = Source("year_settlement", "FROM billing_yearsettlement y WHERE y.estate_id = %(estate)s", "y.id", "y.year::text", at="y.at", who="y.author_id")
YEAR = Source("budget", "FROM estates_estate e WHERE e.id = %(estate)s AND EXISTS (SELECT 1 FROM billing_billrun b WHERE b.estate_id = %(estate)s)", "e.id", "to_char(%(last_month)s::date, 'YYYY')")
proof("vouchers_complete", ENTRIES, "每张凭证有摘要和分录", "Every voucher says what for and moves something", kept="n.words <> '' AND EXISTS (SELECT 1 FROM billing_transfer t WHERE t.estate_id = n.estate_id AND t.entry_id = n.id)")
proof("budget_set", YEAR, "本年预算已编制", "This year's budget was made", kept="EXISTS (SELECT 1 FROM billing_budget b WHERE b.estate_id = %(estate)s AND b.year = extract(year FROM %(last_month)s::date))")
proof("year_settled", YEARS, "年度结算分摊到分", "A settled year's shares add up to its cost", kept="y.cost = (SELECT sum(s.cost) FROM billing_settledshare s WHERE s.estate_id = y.estate_id AND s.settlement_id = y.id)")


def calls(kind: str, title: str, title_en: str) -> None:
    """The calls of one window: due unless the household paid or was held before it ended, kept by a contact recorded in it."""
    due = f"c.kind = '{kind}' AND NOT (c.outcome IN ('paid', 'held') AND c.ended_at < {CLOSED})"
    proof(f"calls_{kind}", CALLS, title, title_en, due=due, kept=f"c.outcome = 'recorded' AND c.ended_at < {CLOSED}")


calls("month", "第三周欠费户都已联系", "Every debtor was called in the third week")
calls("reason", "季度第二月欠费原因都已查明", "Every debtor's reason was asked in the quarter's second month")
calls("recheck", "季末月第三周欠费户都已复核", "Every debtor was rechecked in the quarter's last month, third week")
calls("final", "季末月第四周欠费户都已复核", "Every debtor was rechecked in the quarter's last month, fourth week")
