"""Proofs that the books are right: questions the database answers. `bin/guanjia check` asks them all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection

from .reckoning.plan import by_hash

if TYPE_CHECKING:
    from collections.abc import Iterator

SIGNED = "sum(CASE WHEN d.code = '1122' THEN t.amount ELSE -t.amount END)"
BOTH = (
    "billing_transfer t JOIN billing_account d ON d.estate_id = t.estate_id AND d.id = t.debit_id "
    "JOIN billing_account c ON c.estate_id = t.estate_id AND c.id = t.credit_id"
)
CHECKS = {
    # legs: what every account received is what every account gave
    "legs_zero": """SELECT t.entry_id::text, sum(leg) FROM (SELECT entry_id, amount AS leg FROM billing_transfer WHERE estate_id = %(estate)s
        UNION ALL SELECT entry_id, -amount FROM billing_transfer WHERE estate_id = %(estate)s) t GROUP BY 1 HAVING sum(leg) <> 0""",
    "entry_without_legs": """SELECT e.id::text, e.words FROM billing_entry e WHERE e.estate_id = %(estate)s AND NOT EXISTS
        (SELECT FROM billing_transfer t WHERE t.estate_id = e.estate_id AND t.entry_id = e.id)""",
    "leg_in_another_month": """SELECT t.id::text, t.period FROM billing_transfer t JOIN billing_entry e ON e.estate_id = t.estate_id AND e.id = t.entry_id
        WHERE t.estate_id = %(estate)s AND (t.period <> e.period OR t."on" <> e."on")""",
    # sub-ledger = ledger: a bill is its lines, a live line was charged what it says, a dead one nothing
    "bill_is_its_lines": """SELECT b.id::text, b.amount - COALESCE(sum(l.amount), 0) FROM billing_bill b LEFT JOIN billing_billline l
        ON l.estate_id = b.estate_id AND l.bill_id = b.id WHERE b.estate_id = %(estate)s GROUP BY b.id, b.amount HAVING b.amount <> COALESCE(sum(l.amount), 0)""",
    "line_is_charged": f"""SELECT l.id::text, l.amount FROM billing_billline l LEFT JOIN (
        SELECT t.line_id, {SIGNED} AS charged FROM {BOTH} JOIN billing_entry e ON e.estate_id = t.estate_id AND e.id = t.entry_id
        WHERE t.estate_id = %(estate)s AND e.kind IN ('bill', 'reversal') AND '2203' NOT IN (c.code, d.code) AND '1122' IN (c.code, d.code)
            AND NOT EXISTS (SELECT FROM billing_transfer w JOIN billing_entry we ON we.estate_id = w.estate_id AND we.id = w.entry_id
                WHERE w.estate_id = t.estate_id AND w.line_id = t.line_id AND we.kind = 'waiver' AND e.kind = 'reversal' AND w.debit_id = t.credit_id AND w.amount = t.amount)
        GROUP BY t.line_id) t ON t.line_id = l.id
        WHERE l.estate_id = %(estate)s AND COALESCE(t.charged, 0) <> CASE WHEN l.live THEN l.amount ELSE 0 END""",
    "receivable_owes_less_than_nothing": f"""SELECT t.line_id::text, {SIGNED} FROM {BOTH} WHERE t.estate_id = %(estate)s AND t.line_id IS NOT NULL
        AND '1122' IN (c.code, d.code) GROUP BY t.line_id HAVING {SIGNED} < 0""",
    "receivable_without_line": f"SELECT t.id::text, t.amount FROM {BOTH} WHERE t.estate_id = %(estate)s AND t.line_id IS NULL AND '1122' IN (c.code, d.code)",
    "prepayment_overdrawn": """SELECT a.id::text, sum(leg) FROM (SELECT debit_id AS id, -amount AS leg FROM billing_transfer WHERE estate_id = %(estate)s
        UNION ALL SELECT credit_id, amount FROM billing_transfer WHERE estate_id = %(estate)s) m JOIN billing_account a
        ON a.estate_id = %(estate)s AND a.id = m.id AND a.code = '2203' GROUP BY a.id HAVING sum(leg) < 0""",
    "run_total": """SELECT r.id::text, r.total FROM billing_billrun r LEFT JOIN (SELECT b.run_id, count(*) AS n, sum(l.amount) AS total FROM billing_bill b
        JOIN billing_billline l ON l.estate_id = b.estate_id AND l.bill_id = b.id WHERE b.estate_id = %(estate)s GROUP BY b.run_id) s ON s.run_id = r.id
        WHERE r.estate_id = %(estate)s AND r.state IN ('posted', 'reversed') AND (r.total, r.lines) IS DISTINCT FROM (s.total, s.n::int)""",
    # a closed month's balances are what its transfers come to
    "snapshot_is_replay": """SELECT b.account_id::text, b.month FROM billing_balance b WHERE b.estate_id = %(estate)s AND b.closing <> (
        SELECT COALESCE(sum(CASE WHEN t.debit_id = b.account_id THEN t.amount ELSE -t.amount END), 0) FROM billing_transfer t
        WHERE t.estate_id = b.estate_id AND b.account_id IN (t.debit_id, t.credit_id) AND t.period <= b.month)""",
    "posted_into_closed_month": """SELECT e.id::text, e.period FROM billing_entry e JOIN billing_period p ON p.estate_id = e.estate_id AND p.month = e.period AND p.closed
        JOIN billing_transfer t ON t.estate_id = e.estate_id AND t.entry_id = e.id LEFT JOIN billing_balance b ON b.estate_id = e.estate_id
        AND b.account_id = t.debit_id AND b.month = e.period WHERE e.estate_id = %(estate)s AND b.id IS NULL""",
}
SHOWN = 20


def findings(estate: Any) -> Iterator[dict[str, str]]:
    """What is wrong with an estate's books; nothing when all is well. Within the estate's scope."""
    with by_hash(), connection.cursor() as cursor:
        for name, question in CHECKS.items():
            cursor.execute(question, {"estate": estate.pk})
            for subject, detail in cursor.fetchmany(SHOWN):
                yield {"check": name, "subject": f"{estate.code} {subject}", "detail": str(detail)}
