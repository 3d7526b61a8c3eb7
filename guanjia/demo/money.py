"""The demo's books: three months billed by the real verbs, water meters and a shared cost among them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from guanjia import clock
from guanjia.billing.models import BillRun, Fee, Meter, SharedCost, UnitFee
from guanjia.billing.models.pricing import read_tiers
from guanjia.billing.months import month_after
from guanjia.estates.models import Unit
from guanjia.tenancy.scope import estate_scope

if TYPE_CHECKING:
    from datetime import date

    from guanjia.estates.models import Estate

MONTHS, METERED = 3, 60  # months billed, the present one included; homes with a water meter of ours


def bill_months(estate: Estate, until: datetime, *, metered: bool = True) -> None:
    """Post the last months, each on the first of its own, with water and shared light where `metered`; harmless when run again."""
    present = clock.today(estate, until).replace(day=1)
    months = [month_after(present, -back) for back in range(MONTHS - 1, -1, -1)]
    for month in months:
        at = min(until, datetime(month.year, month.month, 1, 1, 30, tzinfo=UTC) + timedelta(hours=1))
        with clock.at(at), estate_scope(estate):
            if metered:
                _water(estate, months[0], month)
            run = BillRun.objects.draft(estate, month)
            if run.state == "draft" and run.lines:
                run.review()
                run.post()
                run.issue()


def _water(estate: Estate, first: date, month: date) -> None:
    """Sixty homes whose water the house reads, and the light of the staircases shared by area."""
    if not Fee.objects.at_estate(estate).filter(number="W").exists():
        _fees(estate, first)
    fee = Fee.objects.at_estate(estate).get(number="G")
    if SharedCost.objects.at_estate(estate).filter(fee=fee, period=month).exists():
        return
    SharedCost.objects.enter(
        fee, month, Decimal("864.20") + month.month * 7, method="area", by=None, words="楼道照明电费"
    )
    meters = Meter.objects.filter(estate=estate, kind="water").select_related("estate").order_by("pk")
    for index, meter in enumerate(meters):
        last = meter.last_before(month)
        used = 6 + (index * 7 + month.month) % 19
        meter.read((last.value if last else meter.initial) + used, period=month, told=False)


def _fees(estate: Estate, first: date) -> None:
    said = {
        "estate": estate,
        "formula": Fee.Formula.FIXED,
        "flag": "周期性费用",
        "payment_mode": "后付费",
        "starts_on": first,
    }
    water = Fee.objects.create(
        number="W", name="生活用水", category="代收费", basis="metered", meter_kind="water", proration="none", income="2241.01", **said
    )  # fmt: skip
    shared = Fee.objects.create(number="G", name="公共照明分摊", category="公摊", basis="shared", **said)
    tiers = read_tiers("15:3.03 20:3.85 以上:6.03")
    water.price_from(first, "阶梯(用量)", tiers=tiers, by=None, reason="居民生活用水阶梯价格")
    for unit in Unit.objects.filter(estate=estate, state="occupied").order_by("building__order", "code")[:METERED]:
        UnitFee.objects.bulk_create(
            [UnitFee(estate=estate, unit=unit, fee=fee, starts_on=first) for fee in (water, shared)]
        )
        initial = Decimal(unit.pk % 400)
        Meter.objects.create(
            estate=estate, unit=unit, kind="water", number=f"W{unit.pk:06d}", initial=initial, installed_on=first
        )
