"""Deposit and fees of a decoration: single charges of the one ledger, amounts by parameter (MOV-11)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from guanjia import clock
from guanjia.billing.models import Bill, BillLine, EntryKind, Fee, Transfer
from guanjia.rulebooks.parameters import parameter

if TYPE_CHECKING:
    from datetime import datetime

# number, name, basis, parameter
DEPOSIT = ("ZX-YJ", "装修押金", "deposit", "decoration.deposit")
CHARGES = ("ZX-GL", "装修垃圾清运与管理服务费", "fixed", "decoration.charges")


def charge(permit: Any, at: datetime) -> tuple[Bill | None, Bill | None]:
    """(deposit, fees) as bills of the household; nothing where the amount is nought. The approval is their authority."""
    return _charge(permit, *DEPOSIT, at), _charge(permit, *CHARGES, at)


def _charge(permit: Any, number: str, name: str, basis: str, key: str, at: datetime) -> Bill | None:
    amount = Decimal(str(parameter(permit.estate, key, at))).quantize(Decimal("0.01"))
    if not amount:
        return None
    fee, _new = Fee.objects.get_or_create(
        estate_id=permit.estate_id, number=number,
        defaults={"name": name, "category": "装修", "flag": "一次性费用", "formula": Fee.Formula.FIXED, "basis": basis, "closed": True},
    )  # fmt: skip
    return Bill.objects.charge(permit.unit, permit.household, fee, amount, words=f"{name} {permit.number}", key=f"{number} {permit.pk}", at=at)


def owed(permit: Any) -> Decimal:
    """What of deposit and fees is not paid yet, in yuan."""
    bills = [pk for pk in (permit.deposit_id, permit.charges_id) if pk]
    lines: Any = BillLine.objects.at_estate(permit.estate_id).filter(bill__in=bills).with_owed(clock.today(permit.estate))
    return sum((line.owed for line in lines), Decimal(0))


def deposited(permit: Any) -> Decimal:
    """What of the deposit the household has paid and not got back; what was waived is no money of theirs."""
    if not permit.deposit_id:
        return Decimal(0)
    lines: Any = BillLine.objects.at_estate(permit.estate_id).filter(bill=permit.deposit_id).with_owed(clock.today(permit.estate))
    paid = sum((line.amount - line.owed for line in lines), Decimal(0))
    waivers = Transfer.objects.filter(estate_id=permit.estate_id, line__in=[line.pk for line in lines], entry__kind=EntryKind.WAIVER)
    paid -= sum(waivers.values_list("amount", flat=True), Decimal(0))
    back = sum((row.amount + row.withheld for row in permit.returns.filter(state="approved")), Decimal(0))
    return paid - back
