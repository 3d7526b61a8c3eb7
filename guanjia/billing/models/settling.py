"""Yearly settlement of prepaid operating costs (FEE-28, CF-77): an idea from abroad, off unless `billing.settlement` says on.

What the year really cost is spread by area over the units that pay the fee, to the cent; a vacant one's share is its owner's, an
unsold one's the developer's. Who prepaid less is charged the rest, who prepaid more has it as prepayment.
"""

from __future__ import annotations

from datetime import date
from decimal import ROUND_DOWN, Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.billing.chart import PREPAID, chart
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.rulebooks.parameters import parameter
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.verbs import verb

if TYPE_CHECKING:
    from datetime import datetime

    from .settlement import SettledShare, YearSettlement
    from .transfer import Entry

CENT = Decimal("0.01")


def spread(amount: Decimal, areas: dict[int, Decimal]) -> dict[int, Decimal]:
    """By area, to the cent: largest remainders first, the smaller key where they are equal."""
    whole = sum(areas.values())
    exact = {key: amount * area / whole for key, area in areas.items()}
    shares = {key: value.quantize(CENT, ROUND_DOWN) for key, value in exact.items()}
    left = int((amount - sum(shares.values())) / CENT)
    for key in sorted(exact, key=lambda key: (shares[key] - exact[key], key))[:left]:
        shares[key] += CENT
    return shares


class Settleable:
    """What a fee offers: the year's reckoning."""

    estate: Any
    estate_id: int
    pk: int

    def year_shares(self, year: int, cost: Decimal) -> list[SettledShare]:
        """What each unit bears of a year's cost and what it was charged for the year; not kept yet."""
        from guanjia.estates.models import Unit
        from guanjia.households.models import Occupancy

        from .bill import BillLine
        from .settlement import SettledShare

        first, last = date(year, 1, 1), date(year + 1, 1, 1)
        paying = Q(fees__fee_id=self.pk) & (Q(fees__ends_on__isnull=True) | Q(fees__ends_on__gt=first))
        paying &= Q(fees__starts_on__isnull=True) | Q(fees__starts_on__lt=last)
        units = {unit.pk: unit for unit in Unit.objects.at_estate(self.estate_id).filter(paying, area__gt=0)}
        if not units:
            raise Refused(_("没有按面积分摊的房屋。"), code="no_units")
        owners = dict(
            Occupancy.objects.at_estate(self.estate_id)
            .filter(unit_id__in=units, kind="owner", during__contains=date(year, 12, 31))
            .order_by("-pk").values_list("unit_id", "household_id")
        )  # fmt: skip
        lines = BillLine.objects.at_estate(self.estate_id).filter(
            fee_id=self.pk, live=True, period__gte=first, period__lt=last
        )
        charged = dict(lines.order_by().values_list("unit_id").annotate(sum=Sum("amount")))
        costs = spread(cost, {pk: unit.area for pk, unit in units.items()})
        return [
            SettledShare(
                estate_id=self.estate_id, unit=unit, household_id=None if unit.state == "unsold" else owners.get(pk), area=unit.area,
                vacant=unit.state == "vacant", cost=costs[pk], charged=charged.get(pk, Decimal("0.00")),
            )
            for pk, unit in sorted(units.items())
        ]  # fmt: skip

    @verb
    def settle_year(self, year: int, cost: Decimal, *, by: Any, at: datetime | None = None) -> YearSettlement:
        """Charge what was prepaid too little and give back, as prepayment, what was too much. A year is settled once."""
        by.must("bill.post")
        at = at or clock.now()
        if parameter(self.estate, "billing.settlement", at) != "on":
            raise Refused(_("本小区没有启用年度结算。"), code="settlement_off")
        if cost <= 0 or cost != cost.quantize(CENT):
            raise Refused(_("金额必须大于零，最多两位小数。"), code="no_amount")
        if year >= clock.today(self.estate, at).year:
            raise Refused(_("年度结束以后才能结算。"), code="year_open")
        made = self._keep_settlement(year, cost, by, at)
        shares = list(made.shares.select_related("unit").order_by("unit_id"))
        self._charge_rest(year, shares, by, at)
        self._give_back(year, shares, by, at)
        Event.objects.record(
            Action.YEAR_SETTLED, self, by=by, at=at, told=False, fee=str(self), year=year, amount=str(cost)
        )
        return made

    def _keep_settlement(self, year: int, cost: Decimal, by: Any, at: datetime) -> YearSettlement:
        from .settlement import SettledShare, YearSettlement

        type(self).objects.at_estate(self.estate_id).select_for_update().get(pk=self.pk)
        if YearSettlement.objects.at_estate(self.estate_id).filter(fee_id=self.pk, year=year).exists():
            raise Refused(_("这一年已经结算过。"), code="already_settled")
        shares = self.year_shares(year, cost)
        made = YearSettlement.objects.create(
            estate_id=self.estate_id, fee_id=self.pk, year=year, cost=cost, author_id=by.person_id, at=at
        )
        for one in shares:
            one.settlement = made
        SettledShare.objects.bulk_create(shares)
        return made

    def _charge_rest(self, year: int, shares: list[SettledShare], by: Any, at: datetime) -> None:
        from guanjia.households.models import Household

        from .bill import Bill

        fee = self._settlement_fee()
        households = Household.objects.at_estate(self.estate_id).in_bulk([one.household_id for one in shares])
        for one in shares:
            if one.rest > 0:
                key, said = (
                    f"settle {self.pk} {year} {one.unit.pk}",
                    {"cost": str(one.cost), "charged": str(one.charged)},
                )
                words = _("%(year)s 年%(fee)s结算") % {"year": year, "fee": self}
                payer = households.get(one.household_id) if one.household_id else None
                Bill.objects.charge(one.unit, payer, fee, one.rest, by=by, key=key, words=words, inputs=said, at=at)

    def _give_back(self, year: int, shares: list[SettledShare], by: Any, at: datetime) -> Entry | None:
        from .account import Account
        from .transfer import EntryKind, Leg, Transfer

        income = Account.objects.of(self.estate, self._income())
        legs = [
            Leg(income, Account.objects.of(self.estate, PREPAID, unit=one.unit, household=one.household_id), one.back)
            for one in shares
            if one.back
        ]
        for one in shares:
            if one.back and one.household_id:
                told: dict[str, Any] = {"fee": str(self), "year": year, "amount": str(one.back), "household_id": one.household_id}
                Event.objects.record(Action.YEAR_GIVEN_BACK, one, by=by, at=at, **told)
        key, words = f"settle {self.pk} {year}", _("%(year)s 年%(fee)s结算") % {"year": year, "fee": self}
        said: dict[str, Any] = {"kind": EntryKind.SETTLEMENT, "words": words, "key": key, "by": by, "at": at}
        return Transfer.objects.post(legs, estate=self.estate, **said) if legs else None

    def _income(self: Any) -> str:
        return str(self.income or chart().income_of(self.reckoned_by))

    def _settlement_fee(self: Any) -> Any:
        """What the rest is charged under; runs pass it over."""
        said = {
            "name": _("%(fee)s结算") % {"fee": self.name[:50]}, "category": self.category, "flag": "一次性费用", "basis": "other",
            "formula": self.Formula.FIXED, "income": self._income(), "closed": True,
        }  # fmt: skip
        return type(self).objects.get_or_create(estate=self.estate, number=f"S{self.pk}", defaults=said)[0]
