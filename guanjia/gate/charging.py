"""What a replaced card costs: a single charge of the one ledger, amount by parameter."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from guanjia import clock
from guanjia.billing.models import Bill, BillLine, Fee
from guanjia.billing.months import month_after
from guanjia.rulebooks.parameters import parameter

if TYPE_CHECKING:
    from datetime import datetime

NUMBER, NAME = "ZK-BK", "住户卡补办工本费"


def charge_replacement(card: Any, at: datetime) -> Bill | None:
    """Yuan, to the cent; nothing where the amount is nought. A home may lose two cards in a month: the line then stands in the next free one."""
    estate = card.unit.estate
    amount = Decimal(str(parameter(estate, "card.fee", at))).quantize(Decimal("0.01"))
    if not amount:
        return None
    fee, _new = Fee.objects.get_or_create(
        estate_id=estate.pk, number=NUMBER,
        defaults={"name": NAME, "category": "住户卡", "flag": "一次性费用", "formula": Fee.Formula.FIXED, "basis": "fixed", "closed": True},
    )  # fmt: skip
    taken = set(BillLine.objects.at_estate(estate).filter(unit=card.unit, fee=fee, live=True).values_list("period", flat=True))
    period = clock.today(estate, at).replace(day=1)
    while period in taken:
        period = month_after(period)
    return Bill.objects.charge(card.unit, card.household, fee, amount, period=period, words=f"{NAME} {card.number}", key=f"{NUMBER} {card.pk}", at=at)
