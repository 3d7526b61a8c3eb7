"""The demo's money ahead: a year's budget, the improvement fund and its uses, rebates asked for and judged."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from guanjia import clock
from guanjia.billing.models import Budget, Discount, FundUse
from guanjia.billing.months import month_after
from guanjia.estates.models import Unit
from guanjia.people.models import Person
from guanjia.people.reach import reach_of
from guanjia.tenancy.scope import estate_scope

if TYPE_CHECKING:
    from datetime import datetime

    from guanjia.estates.models import Estate

BUDGET = {"service": 3_360_000, "parking": 420_000, "utilities": 96_000, "other": 60_000, "running": 2_980_000, "finance": 18_000}  # fmt: skip
USES = [("6800.00", "儿童游乐场地垫更换，三位业主建议", True), ("12500.00", "东门加装电动车充电桩 10 个", True), ("3200.00", "快递柜旁加遮雨棚", None)]  # fmt: skip


def plan_money(estate: Estate, until: datetime) -> None:
    """Once; harmless when run again."""
    with estate_scope(estate):
        year = clock.today(estate, until).year
        if Budget.objects.at_estate(estate).filter(year=year).exists():
            return
        by = {name: reach_of(Person.objects.get(username=name), estate) for name in ("steward1", "manager1", "admin1")}
        begun = until - timedelta(days=60)
        with clock.at(begun):
            Budget.objects.set_to(
                estate, year, {group: Decimal(yuan) for group, yuan in BUDGET.items()}, by=by["manager1"]
            )
            FundUse.objects.grant(estate, by=by["manager1"])
        for days, (amount, why, agreed) in zip((40, 18, 2), USES, strict=True):
            with clock.at(until - timedelta(days=days)):
                use = FundUse.objects.ask(estate, Decimal(amount), why, by=by["steward1"])
            if agreed is not None:
                with clock.at(until - timedelta(days=days - 1)):
                    use.decide(agreed, by=by["admin1"])
        _rebates(estate, until, by)


def _rebates(estate: Estate, until: datetime, by: dict[str, Any]) -> None:
    """Vacant homes: one agreed to by the manager, one still waiting."""
    month = clock.today(estate, until).replace(day=1)
    homes = (
        Unit.objects.filter(estate=estate, state="vacant", fees__isnull=False)
        .order_by("building__order", "code")
        .distinct()[:2]
    )
    for index, unit in enumerate(homes):
        said: dict[str, Any] = {
            "kind": "vacancy",
            "why": "空置满六个月，已报备断水断电",
            "starts_on": month_after(month),
            "ends_on": month_after(month, 7),
        }
        with clock.at(until - timedelta(days=6 - index)):
            asked = Discount.objects.ask(unit, Decimal(30), by=by["steward1"], **said)
        if not index:
            with clock.at(until - timedelta(days=4)):
                asked.decide(True, by=by["manager1"])
