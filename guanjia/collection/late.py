"""违约金: by the day on what is unpaid, from a start day, to a cap (FEE-11, CF-51). Nothing without a rate the company has set."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from guanjia import clock
from guanjia.billing.chart import LATE_CHARGES, RECEIVABLE
from guanjia.billing.models import Transfer
from guanjia.rulebooks.parameters import parameter

if TYPE_CHECKING:
    from datetime import date, datetime

NOTHING, CENT = Decimal("0.00"), Decimal("0.01")


@dataclass(frozen=True)
class Terms:
    """In force at an instant: per cent a day, days after the due date until it starts, cap in per cent of the charge."""

    rate: Decimal
    after: int
    cap: int

    @classmethod
    def of(cls, estate: Any, at: datetime) -> Terms | None:
        """None until the company has set a rate."""
        rate = parameter(estate, "fee.late_fee_rate", at)
        if rate in (None, ""):
            return None
        return cls(
            Decimal(str(rate)), int(parameter(estate, "late.after_days", at)), int(parameter(estate, "late.cap", at))
        )


def reckon(moves: list[tuple[date, Decimal]], amount: Decimal, due_on: date, on: date, terms: Terms) -> Decimal:
    """Of one line: yuan until the end of `on`. `moves` are its receivable's changes by date, charges above nothing.

    Each day's balance × rate, to the cent at the end, never more than the cap.
    """
    first = due_on + timedelta(days=terms.after + 1)
    if on < first:
        return NOTHING
    ordered = sorted(moves)
    balance = sum((change for day, change in ordered if day < first), NOTHING)
    total, day = Decimal(0), first
    for moved, change in [
        *((when, change) for when, change in ordered if first <= when <= on),
        (on + timedelta(days=1), NOTHING),
    ]:
        total += max(balance, NOTHING) * (moved - day).days
        balance, day = balance + change, moved
    reckoned = (total * terms.rate / 100).quantize(CENT, ROUND_HALF_UP)
    return min(reckoned, (amount * terms.cap / 100).quantize(CENT, ROUND_HALF_UP))


def late_of(lines: list[Any], on: date, terms: Terms) -> dict[int, Decimal]:
    """Per line, yuan; a late charge earns no late charge. One statement for all lines."""
    own = {line.pk: line for line in lines if line.fee.income != LATE_CHARGES}
    moves: dict[int, list[tuple[date, Decimal]]] = {pk: [] for pk in own}
    rows = Transfer.objects.filter(line_id__in=own).select_related("debit", "credit")
    for row in rows:
        signed = (
            row.amount if row.debit.code == RECEIVABLE else -row.amount if row.credit.code == RECEIVABLE else NOTHING
        )
        moves[row.line_id or 0].append((row.on, signed))
    return {pk: reckon(moves[pk], line.amount, line.bill.due_on, on, terms) for pk, line in own.items()}


def terms_of(estate: Any) -> Terms | None:
    return Terms.of(estate, clock.now())
