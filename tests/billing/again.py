"""The books of two years drawn by dice, and what they come to once more in plain Python from the transfers (FEE-20, INC-01)."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal

from guanjia import clock
from guanjia.billing.models import Account, BillLine, EntryKind, Leg, Transfer

MONEY = {"1001", "1002", "1012", "2203"}  # cash, bank, on the way, prepaid
PERIODS = [date(2025, 11, 1), date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)]
DAYS = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 2, 14), date(2026, 3, 31), date(2026, 4, 1)]
CENT = Decimal("0.01")


def fill(books, seed=1):
    """Two fees of five months in two years: paid in part, on the year's edges too, by prepayment, given back, waived, reversed."""
    dice, estate = random.Random(seed), books.estate
    books.fee()
    books.fee("2", "车位费", units=[books.cast.home, books.cast.home_west], category="车位费")
    for period in PERIODS:
        with clock.at(datetime(period.year, period.month, 20, 2, tzinfo=UTC)):
            books.post(period)
    for line in BillLine.objects.order_by("pk").select_related("bill"):
        account, [charge] = line.bill.account, line.transfers.all()
        later = [day for day in DAYS if day >= charge.on]
        part = (line.amount * dice.randint(1, 4) / 5).quantize(CENT)
        day = dice.choice(later)
        for kind, code, amount in dice.choice([[], [("payment", "1001", part)], [("payment", "1002", part), ("prepaid", "2203", line.amount - part)], [("payment", "1012", line.amount)]]):
            _post(estate, kind, Leg(Account.objects.of(estate, code), account, amount, line.pk), day)
            if dice.random() < 0.3:
                _post(estate, "refund", Leg(account, Account.objects.of(estate, code), (amount / 2).quantize(CENT), line.pk), later[-1])
        if dice.random() < 0.25:
            _post(estate, "waiver", Leg(charge.credit, account, Decimal("3.21"), line.pk), dice.choice(later))
    wrong = BillLine.objects.filter(transfers__entry__kind=EntryKind.BILL).exclude(transfers__entry__kind=EntryKind.PAYMENT).order_by("pk").last()
    [charge] = wrong.transfers.filter(entry__kind=EntryKind.BILL)
    _post(estate, "reversal", Leg(charge.credit, charge.debit, wrong.amount, wrong.pk), date(2026, 3, 31))


def _post(estate, kind, leg, on):
    Transfer.objects.post([leg], estate=estate, kind=kind, on=on)


@dataclass
class Owed:
    """A line: what was charged and paid of it in all, what stood on 1 January, what was paid since."""

    line: BillLine
    charged: Decimal = Decimal(0)
    paid: Decimal = Decimal(0)
    opening: Decimal = Decimal(0)
    since: Decimal = Decimal(0)

    @property
    def owed(self):
        return self.charged - self.paid

    def four(self, year):
        """charged, paid of this year's lines; opening, paid since of older ones."""
        return (self.charged, self.paid, Decimal(0), Decimal(0)) if self.line.period.year == year else (Decimal(0), Decimal(0), self.opening, self.since)


def lines(on):
    """Every line as it stood at the end of a business date."""
    found = {}
    for move in Transfer.objects.filter(line__isnull=False).select_related("debit", "credit", "line__unit__building", "line__unit__zone", "line__fee", "line__bill"):
        if move.on > on or "1122" not in (move.debit.code, move.credit.code):
            continue
        up = move.debit.code == "1122"
        amount, other = (move.amount, move.credit.code) if up else (-move.amount, move.debit.code)
        one = found.setdefault(move.line_id, Owed(move.line))
        now = move.on.year == on.year
        if other in MONEY:
            one.paid -= amount
            one.since -= amount if now else 0
            one.opening += 0 if now else amount
        else:
            one.charged += amount
            one.opening += amount
    return list(found.values())


def grouped(on, of=lambda line: "", known=None):
    """Key → charged, paid, opening, paid since; of lines that are known already, or read now."""
    found = defaultdict(lambda: [Decimal(0)] * 4)
    for one in lines(on) if known is None else known:
        key = of(one.line)
        found[key] = [had + more for had, more in zip(found[key], one.four(on.year), strict=True)]
    return {key: tuple(said) for key, said in found.items()}


def per_cent(part, whole):
    return (part * 100 / whole).quantize(Decimal("0.1")) if whole else None


def ages(on, known=None):
    """Age → payers and yuan: not due, up to 30 days late, up to 90, up to a year, longer."""
    payers, yuan = defaultdict(set), defaultdict(Decimal)
    for one in lines(on) if known is None else known:
        if not one.owed:
            continue
        late = (on - one.line.bill.due_on).days
        age = 0 if late <= 0 else 1 if late <= 30 else 2 if late <= 90 else 3 if late <= 365 else 4
        payers[age].add((one.line.bill.unit_id, one.line.bill.household_id))
        yuan[age] += one.owed
    return {age: (len(payers[age]), yuan[age]) for age in sorted(payers)}


def half_up(total, count):
    """A mean to one place, halves up, as PostgreSQL rounds."""
    return (Decimal(total) / count).quantize(Decimal("0.1"), ROUND_HALF_UP)
