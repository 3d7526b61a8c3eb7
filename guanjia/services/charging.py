"""A service's money: single charges of the one ledger, on the household's own account (VAS-11, FEE-26)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from guanjia import clock
from guanjia.billing.models import Bill, BillLine, Fee

if TYPE_CHECKING:
    from datetime import datetime

INCOME = "6001.07"  # 特约服务收入


def fee_of(estate_id: int, key: str, title: str) -> Fee:
    """The item's fee, charged one by one and never by a run."""
    fee, _new = Fee.objects.get_or_create(
        estate_id=estate_id, number=f"FW-{key}",
        defaults={"name": title, "category": "特约服务", "flag": "一次性费用", "formula": Fee.Formula.FIXED, "basis": "other", "income": INCOME, "closed": True},
    )  # fmt: skip
    return fee


def charge(order: Any, at: datetime) -> Bill:
    """What was agreed to. The agreement is its authority; the order's number charges once, however often in a month."""
    fee = fee_of(order.estate_id, order.item, order.plain_title)
    words = f"{order.plain_title} {order.number}"
    return Bill.objects.charge(order.unit, order.household, fee, order.amount, words=words, key=f"service {order.pk}", again=True, at=at)


def owed(order: Any) -> Decimal:
    """What of it is not paid yet, in yuan."""
    if not order.bill_id:
        return Decimal(0)
    lines: Any = BillLine.objects.at_estate(order.estate_id).filter(bill=order.bill_id).with_owed(clock.today(order.estate))
    return sum((line.owed for line in lines), Decimal(0))
