"""Who pays: a household, or the developer of a unit. Locks, what is owed, what is prepaid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Q

from guanjia import clock
from guanjia.billing.chart import PREPAID, RECEIVABLE
from guanjia.billing.models import Account, BillLine, Transfer
from guanjia.households.models import Occupancy

LATEST = date(9999, 12, 31)
# Money and the reversal of a run may not pass each other: paying holds the runs of its lines, reversing changes them.
RUNS = """
SELECT r.id FROM billing_billrun r WHERE r.estate_id = %(estate)s AND r.id IN (
    SELECT b.run_id FROM billing_bill b WHERE b.estate_id = %(estate)s AND b.account_id = ANY(%(accounts)s) AND b.run_id IS NOT NULL
) ORDER BY r.id FOR SHARE
"""
STANDING = """
SELECT COALESCE(sum(CASE WHEN t.credit_id = a.id THEN t.amount ELSE -t.amount END), 0) FROM billing_account a
JOIN billing_transfer t ON t.estate_id = a.estate_id AND a.id IN (t.debit_id, t.credit_id)
WHERE a.estate_id = %(estate)s AND a.id = ANY(%(accounts)s)
"""


@dataclass(frozen=True)
class Payer:
    """A household, or with `household_id` None the developer of one unit."""

    estate: Any
    household_id: int | None
    unit_id: int

    @classmethod
    def of(cls, estate: Any, household_id: int | None, unit_id: int | None = None) -> Payer | None:
        """With the unit named, else the first the household owes for or holds; None when it has none."""
        if unit_id is None and household_id is not None:
            owed = BillLine.objects.owing(estate, LATEST).filter(bill__household_id=household_id)
            unit_id = owed.values_list("unit_id", flat=True).first()
            held = Occupancy.objects.at_estate(estate).filter(household_id=household_id)
            unit_id = (
                unit_id
                or held.filter(during__contains=clock.today(estate))
                .values_list("unit_id", flat=True)
                .order_by("unit__code")
                .first()
            )
            unit_id = unit_id or held.values_list("unit_id", flat=True).order_by("-pk").first()
        return cls(estate, household_id, unit_id) if unit_id else None

    def accounts(self, code: str) -> list[Account]:
        rows = Account.objects.at_estate(self.estate).filter(code=code, household_id=self.household_id)
        return list(rows if self.household_id else rows.filter(unit_id=self.unit_id))

    def lock(self) -> None:
        """Hold the payer's accounts until the transaction ends: one act on a payer's money after the other."""
        Account.objects.of(self.estate, RECEIVABLE, unit=self.unit_id, household=self.household_id)
        mine = (
            Q(household_id=self.household_id) if self.household_id else Q(household__isnull=True, unit_id=self.unit_id)
        )
        rows = Account.objects.at_estate(self.estate).filter(mine, code__in=[RECEIVABLE, PREPAID])
        held = [row.pk for row in rows.order_by("pk").select_for_update(of=("self",))]
        with connection.cursor() as cursor:
            cursor.execute(RUNS, {"estate": self.estate.pk, "accounts": held})

    def owing(self, on: date | None = None) -> Any:
        """Its live lines that owe something, oldest first; without a date also next month's, charged already (FEE-03)."""
        rows = BillLine.objects.owing(self.estate, on or LATEST).filter(bill__household_id=self.household_id)
        rows = rows.select_related("bill__account", "fee", "unit")
        return rows if self.household_id else rows.filter(unit_id=self.unit_id)

    def owes(self, on: date | None = None, *, overdue: bool = False) -> Decimal:
        """In yuan; `overdue`: only what is past its due date."""
        rows = self.owing(on)
        if overdue:
            rows = rows.filter(bill__due_on__lt=on or clock.today(self.estate))
        return sum((line.owed for line in rows), Decimal("0.00"))

    def prepaid(self, account: Account | None = None) -> Decimal:
        """What it has paid ahead, in yuan: of one account, or all."""
        wanted = [account] if account else self.accounts(PREPAID)
        with connection.cursor() as cursor:
            cursor.execute(STANDING, {"estate": self.estate.pk, "accounts": [row.pk for row in wanted]})
            [amount] = cursor.fetchone()
        return Decimal(amount).quantize(Decimal("0.01"))

    def purse(self) -> Account:
        """Where what is over goes: the prepayment of its unit."""
        return Account.objects.of(self.estate, PREPAID, unit=self.unit_id, household=self.household_id)


def transfers_of(entry: Any) -> list[Transfer]:
    return list(entry.transfers.select_related("debit", "credit", "line__bill").order_by("pk"))
