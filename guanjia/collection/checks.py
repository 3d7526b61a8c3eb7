"""Proofs that what was received is what the books say. `bin/guanjia check` asks them with billing's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Iterator

CHECKS = {
    # numbers run from one, each once; the book's last number is the last receipt
    "receipt_gap": """SELECT b.year::text, 'last ' || b.last || ', receipts ' || count(r.id) || ', highest ' || COALESCE(max(r.number), 0)
        FROM collection_receiptbook b LEFT JOIN collection_receipt r ON r.estate_id = b.estate_id AND r.year = b.year
        WHERE b.estate_id = %(estate)s GROUP BY b.year, b.last HAVING count(r.id) <> b.last OR COALESCE(max(r.number), 0) <> b.last""",
    "payment_without_receipt": """SELECT p.id::text, p.amount FROM collection_payment p WHERE p.estate_id = %(estate)s AND NOT EXISTS
        (SELECT FROM collection_receipt r WHERE r.estate_id = p.estate_id AND r.payment_id = p.id AND r.undoing_id IS NULL)""",
    # sub-ledger = ledger: a payment, and what went back of it, are exactly their entries
    "payment_is_its_entry": """SELECT p.id::text, p.amount FROM collection_payment p WHERE p.estate_id = %(estate)s AND p.amount <> (
        SELECT COALESCE(sum(t.amount), 0) FROM billing_transfer t WHERE t.estate_id = p.estate_id AND t.entry_id = p.entry_id)""",
    "undoing_is_its_entry": """SELECT u.id::text, u.amount FROM collection_undoing u WHERE u.estate_id = %(estate)s AND u.state = 'approved' AND u.amount <> (
        SELECT COALESCE(sum(t.amount), 0) FROM billing_transfer t WHERE t.estate_id = u.estate_id AND t.entry_id = u.entry_id)""",
    "entry_without_payment": """SELECT e.id::text, e.words FROM billing_entry e WHERE e.estate_id = %(estate)s AND e.kind = 'payment' AND e.key LIKE 'pay %%'
        AND NOT EXISTS (SELECT FROM collection_payment p WHERE p.estate_id = e.estate_id AND p.entry_id = e.id)""",
    "given_back_too_much": """SELECT p.id::text, sum(u.amount) FROM collection_payment p JOIN collection_undoing u ON u.estate_id = p.estate_id AND u.payment_id = p.id
        AND u.state = 'approved' WHERE p.estate_id = %(estate)s GROUP BY p.id, p.amount HAVING sum(u.amount) > p.amount""",
    "order_without_payment": """SELECT o.number, o.amount FROM collection_payorder o LEFT JOIN collection_payment p ON p.estate_id = o.estate_id AND p.id = o.payment_id
        WHERE o.estate_id = %(estate)s AND o.state = 'paid' AND p.amount IS DISTINCT FROM o.amount""",
    "bank_row_is_its_entry": """SELECT r.id::text, r.amount FROM collection_bankrow r WHERE r.estate_id = %(estate)s AND r.entry_id IS NOT NULL AND r.amount <> (
        SELECT COALESCE(sum(CASE WHEN d.code = '1002' THEN t.amount ELSE -t.amount END), 0) FROM billing_transfer t
        JOIN billing_account d ON d.estate_id = t.estate_id AND d.id = t.debit_id JOIN billing_account c ON c.estate_id = t.estate_id AND c.id = t.credit_id
        WHERE t.estate_id = r.estate_id AND t.entry_id = r.entry_id AND '1002' IN (d.code, c.code))""",
    "waiver_is_its_entry": """SELECT w.id::text, w.amount FROM collection_waiver w WHERE w.estate_id = %(estate)s AND w.state = 'approved' AND w.amount <> (
        SELECT COALESCE(sum(t.amount), 0) FROM billing_transfer t WHERE t.estate_id = w.estate_id AND t.entry_id = w.entry_id)""",
}  # fmt: skip
SHOWN = 20


def findings(estate: Any) -> Iterator[dict[str, str]]:
    """What does not fit; nothing when all is well. Within the estate's scope."""
    with connection.cursor() as cursor:
        for name, question in CHECKS.items():
            cursor.execute(question, {"estate": estate.pk})
            for subject, detail in cursor.fetchmany(SHOWN):
                yield {"check": name, "subject": f"{estate.code} {subject}", "detail": str(detail)}
