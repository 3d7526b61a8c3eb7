"""Business lines that let what the estate has: contracts are billed by the monthly run, and do not run out unnoticed (VAS-01)."""

from __future__ import annotations

from ..proofs import Source, proof

LEASES = Source(
    "lease",
    "FROM lettings_lease l JOIN lettings_space s ON s.estate_id = l.estate_id AND s.id = l.space_id WHERE l.estate_id = %(estate)s",
    "l.id", "s.code", who="l.made_by_id",
)  # fmt: skip
RUN = "EXISTS (SELECT FROM billing_billrun r WHERE r.estate_id = l.estate_id AND r.period = %(last_month)s::date AND r.state = 'posted')"

proof(
    "lease_charged", LEASES, "租赁合同按月出账", "Leases are billed every month",
    due=f"l.price > 0 AND l.first <= %(last_month)s::date AND l.last >= %(last_month)s::date AND l.made_at < %(last_month)s::date + interval '1 month' AND {RUN}",
    kept="EXISTS (SELECT FROM billing_billline b WHERE b.estate_id = l.estate_id AND b.fee_id = l.fee_id AND b.period = %(last_month)s::date AND b.live)",
)  # fmt: skip
proof(
    "lease_end_told", LEASES, "租约到期前有提醒", "Who has a lease is told before it ends",
    due="l.last < %(day)s::date AND l.ended_why = ''", kept="l.reminded_for = l.last",
)  # fmt: skip
