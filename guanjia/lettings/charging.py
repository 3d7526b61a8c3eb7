"""A lease's money: a fee of its own on the home's account; the monthly run bills it, by the day (FEE-02)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from guanjia.billing.models import Fee, UnitFee
from guanjia.billing.models.tariff import Tariff
from guanjia.households.models import Occupancy

if TYPE_CHECKING:
    from datetime import date, datetime

CATEGORY = "租赁合同"
BASIS = {"parking": "parking", "storage": "storage", "room": "rent"}
FIXED = "固定金额"


def start(lease: Any, at: datetime) -> Fee:
    """The fee, its first price, and the home that pays it. The contract is their authority."""
    space = lease.space
    tenant = Occupancy.objects.at_estate(lease.estate_id).filter(unit=lease.unit, household=lease.household, kind="tenant", during__contains=lease.first).exists()
    fee = Fee.objects.create(
        estate_id=lease.estate_id, number=lease.number, name=f"{space.get_kind_display()}租金 {space.code}", category=CATEGORY, flag="周期性费用", payment_mode="后付费",
        formula=Fee.Formula.FIXED, basis=BASIS[space.kind], payer="tenant" if tenant else "owner", starts_on=lease.first, ends_on=lease.last + timedelta(days=1),
    )  # fmt: skip
    lease.fee = fee
    price_from(lease, lease.first, at)
    UnitFee.objects.create(estate_id=lease.estate_id, unit=lease.unit, fee=fee, starts_on=lease.first, ends_on=fee.ends_on)
    return fee


def price_from(lease: Any, day: date, at: datetime) -> None:
    """A price version of the contract's fee; months that are billed keep theirs, what was agreed for later days counts no more."""
    rows = Tariff.objects.at_estate(lease.estate_id).filter(fee=lease.fee_id)
    later = rows.filter(starts_on__gte=day)
    later.filter(bill_lines__isnull=False).update(replaced=True)
    later.delete()
    if rows.order_by("-starts_on").values_list("fixed", flat=True).first() != lease.price:
        Tariff.objects.create(estate_id=lease.estate_id, fee=lease.fee, starts_on=day, expression=FIXED, price=0, fixed=lease.price, at=at, reason=lease.number)


def stop(lease: Any) -> None:
    """The fee ends with the lease."""
    after = lease.last + timedelta(days=1)
    Fee.objects.at_estate(lease.estate_id).filter(pk=lease.fee_id).update(ends_on=after)
    UnitFee.objects.at_estate(lease.estate_id).filter(fee=lease.fee_id).update(ends_on=after)
