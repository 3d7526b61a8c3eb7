"""余额调节表: what our books say of the bank and what the bank says, at the end of a day, and why they differ (FIN-02)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from guanjia import clock
from guanjia.billing.chart import BANK
from guanjia.billing.models import Account
from guanjia.billing.months import month_after

from . import banking
from .models.bank import BankRow, standing

NOTHING = Decimal("0.00")
LONG_AGO = date(1900, 1, 1)


@dataclass(frozen=True)
class Balance:
    """All in yuan. Two sides that agree are `out` nothing; None where the bank's statement names no balance."""

    month: date
    last: date  # the day it is of: the month's last, or today
    held: Decimal  # in our books
    waiting: Decimal  # the bank has it, we do not
    missing: Decimal  # we have it, the bank does not
    bank: Decimal | None
    brought: bool  # a statement of the month was brought in
    ours: list[banking.Booked]

    @property
    def our_side(self) -> Decimal:
        return self.held + self.waiting

    @property
    def their_side(self) -> Decimal | None:
        return None if self.bank is None else self.bank + self.missing

    @property
    def out(self) -> Decimal | None:
        return None if self.their_side is None else self.our_side - self.their_side

    @property
    def is_over(self) -> bool:
        """The whole month lies behind."""
        return self.last == month_after(self.month) - timedelta(days=1)


def balance(estate: Any, month: date) -> Balance:
    """Of a month until its last day, or until today."""
    last = min(month_after(month) - timedelta(days=1), clock.today(estate))
    rows = BankRow.objects.at_estate(estate).filter(on__gte=month, on__lte=last)
    closing, brought = rows.filter(balance__isnull=False).order_by("-on", "-place").first(), rows.exists()
    theirs = BankRow.objects.at_estate(estate).unmatched().filter(on__lte=last)
    ours = list(banking.booked(estate, LONG_AGO if brought else month, last))
    return Balance(
        month, last, standing(estate, last), theirs.aggregate(sum=Sum("amount"))["sum"] or NOTHING,
        sum((entry.amount for entry in ours), NOTHING), closing.balance if closing else None, brought, ours,
    )  # fmt: skip


@dataclass(frozen=True)
class Day:
    """One day's movements of the bank account, in yuan."""

    on: date
    ours: Decimal
    theirs: Decimal

    @property
    def out(self) -> Decimal:
        return self.ours - self.theirs


def days(estate: Any, month: date, last: date) -> list[Day]:
    """Each day something moved, the newest first: our books beside the bank's statement."""
    found: dict[date, list[Decimal]] = defaultdict(lambda: [NOTHING, NOTHING])
    account = Account.objects.of(estate, BANK)
    for moves, sign in ((account.debits, 1), (account.credits, -1)):
        within = moves.filter(on__gte=month, on__lte=last).order_by()
        for on, amount in within.values_list("on").annotate(sum=Sum("amount")):
            found[on][0] += sign * amount
    rows = BankRow.objects.at_estate(estate).filter(on__gte=month, on__lte=last).order_by()
    for on, amount in rows.values_list("on").annotate(sum=Sum("amount")):
        found[on][1] += amount
    return [Day(on, *sums) for on, sums in sorted(found.items(), reverse=True)]
