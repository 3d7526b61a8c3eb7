"""Yearly settlement of prepaid operating costs (FEE-28, CF-77): an idea from abroad, off unless `billing.settlement` says on.

What the year really cost is spread by area over the units that pay the fee, to the cent; a vacant one's share is its owner's, an
unsold one's the developer's. Who prepaid less is charged the rest, who prepaid more has it as prepayment. All of it by a few
statements, whatever the number of homes (reckoning/years.py).
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.billing.chart import PREPAID, RECEIVABLE, chart
from guanjia.billing.months import month_after
from guanjia.billing.reckoning import years
from guanjia.billing.reckoning.plan import silent
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.rulebooks.parameters import parameter
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.verbs import verb

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from .settlement import SettledShare, YearSettlement

CENT = Decimal("0.01")


class Settleable:
    """What a fee offers: the year's reckoning."""

    estate: Any
    estate_id: int
    pk: int

    def _year(self, year: int, cost: Decimal) -> dict[str, Any]:
        first, last = date(year, 1, 1), date(year + 1, 1, 1)
        return {"estate": self.estate_id, "fee": self.pk, "cents": int(cost * 100), "first": first, "last": last}

    def year_shares(self, year: int, cost: Decimal, most: int | None = None) -> list[SettledShare]:
        """What each unit (or the first so many) bears of a year's cost and what it was charged for the year; not kept yet."""
        from .settlement import SettledShare

        named = ("unit_id", "household_id", "area", "vacant", "cost", "charged")
        rows = years.year_rows(self._year(year, cost), most)
        return [SettledShare(estate_id=self.estate_id, **dict(zip(named, row, strict=True))) for row in rows]

    def year_sums(self, year: int, cost: Decimal) -> dict[str, Any]:
        """How many homes, and what the shares come to. Refused when nobody pays the fee by area."""
        sums = years.year_sums(self._year(year, cost))
        if not sums["homes"]:
            raise Refused(_("没有按面积分摊的房屋。"), code="no_units")
        return sums

    @verb
    def settle_year(
        self, year: int, cost: Decimal, *, by: Any, at: datetime | None = None, progress: Callable[[int, int, str], None] = silent
    ) -> YearSettlement:  # fmt: skip
        """Charge what was prepaid too little and give back, as prepayment, what was too much. A year is settled once."""
        by.must("bill.post")
        at = at or clock.now()
        self._must_be_settleable(year, cost, at)
        progress(0, 3, _("分摊"))
        made = self._keep_settlement(year, cost, by, at)
        sums = self.year_sums(year, cost)
        self._move_differences(made, sums, by, at, progress)
        Event.objects.record(
            Action.YEAR_SETTLED, self, by=by, at=at, told=False, fee=str(self), year=year, amount=str(cost)
        )
        progress(3, 3, _("完成"))
        return made

    def _move_differences(self, made: YearSettlement, sums: dict[str, Any], by: Any, at: datetime, progress: Any) -> None:
        """One entry for what is charged, one for what is given back, each only when there is anything."""
        from .transfer import EntryKind

        fee = self._settlement_fee()
        values = self._values(made, fee, by, at)
        charged = {"action": Action.BILL_CHARGED.value, "fee_name": fee.name}
        given = {"action": Action.YEAR_GIVEN_BACK.value, "fee_name": str(self)}
        for step, statement, kind, sum_of, words, told in (
            (1, years.CHARGE, EntryKind.BILL, "owing", _("补收"), charged),
            (2, years.BACK, EntryKind.SETTLEMENT, "back", _("退还"), given),
        ):
            progress(step, 3, words)
            if sums[sum_of]:
                entry = self._entry(made, kind, values["on"], by, at)
                years.write(statement, values | told | {"entry": entry.pk})

    def _must_be_settleable(self, year: int, cost: Decimal, at: datetime) -> None:
        if parameter(self.estate, "billing.settlement", at) != "on":
            raise Refused(_("本小区没有启用年度结算。"), code="settlement_off")
        if cost <= 0 or cost != cost.quantize(CENT):
            raise Refused(_("金额必须大于零，最多两位小数。"), code="no_amount")
        if year >= clock.today(self.estate, at).year:
            raise Refused(_("年度结束以后才能结算。"), code="year_open")

    def _keep_settlement(self, year: int, cost: Decimal, by: Any, at: datetime) -> YearSettlement:
        from .settlement import YearSettlement

        type(self).objects.at_estate(self.estate_id).select_for_update().get(pk=self.pk)
        if YearSettlement.objects.at_estate(self.estate_id).filter(fee_id=self.pk, year=year).exists():
            raise Refused(_("这一年已经结算过。"), code="already_settled")
        made = YearSettlement.objects.create(
            estate_id=self.estate_id, fee_id=self.pk, year=year, cost=cost, author_id=by.person_id, at=at
        )
        years.keep(self._year(year, cost) | {"settlement": made.pk, "receivable": RECEIVABLE, "prepaid": PREPAID})
        return made

    def _values(self, made: YearSettlement, fee: Any, by: Any, at: datetime) -> dict[str, Any]:
        """What CHARGE and BACK ask for. Refused in a closed month, and where the same fee was settled for another year this month."""
        from .account import Account
        from .bill import BillLine
        from .period import Period

        on = clock.today(self.estate, at)
        Period.objects.must_be_open(self.estate, on)
        month = on.replace(day=1)
        if BillLine.objects.at_estate(self.estate_id).filter(fee=fee, period=month, live=True).exists():
            raise Refused(_("这个月已经收过这项费用。"), code="already_billed")
        return {
            "estate": self.estate_id, "settlement": made.pk, "receivable": RECEIVABLE, "prepaid": PREPAID, "on": on, "month": month,
            "until": month_after(month), "due": on + timedelta(days=parameter(self.estate, "billing.due_days", at)), "charged_as": fee.pk,
            "income": Account.objects.of(self.estate, self._income()).pk, "words": self._words(made.year), "year": made.year, "person": by.person_id, "name": by.name, "at": at,
        }  # fmt: skip

    def _entry(self, made: YearSettlement, kind: str, on: date, by: Any, at: datetime) -> Any:
        from .transfer import Entry

        return Entry.objects.create(
            estate=self.estate, kind=kind, on=on, period=on.replace(day=1), key=f"settle {self.pk} {made.year} {kind}",
            words=self._words(made.year), author_id=by.person_id, at=at,
        )  # fmt: skip

    def _words(self, year: int) -> str:
        return _("%(year)s 年%(fee)s结算") % {"year": year, "fee": self}

    def _income(self: Any) -> str:
        return str(self.income or chart().income_of(self.reckoned_by))

    def _settlement_fee(self: Any) -> Any:
        """What the rest is charged under; runs pass it over."""
        said = {
            "name": _("%(fee)s结算") % {"fee": self.name[:50]}, "category": self.category, "flag": "一次性费用", "basis": "other",
            "formula": self.Formula.FIXED, "income": self._income(), "closed": True,
        }  # fmt: skip
        return type(self).objects.get_or_create(estate=self.estate, number=f"S{self.pk}", defaults=said)[0]
