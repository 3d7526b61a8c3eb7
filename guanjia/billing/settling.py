"""A year's settlement told: for the page, as Excel, on paper (FEE-28)."""

from __future__ import annotations

from decimal import Decimal
from typing import IO, TYPE_CHECKING, Any

from django.db.models import Sum
from django.utils.translation import gettext as _

from guanjia.households.models import Household
from guanjia.tenancy.workbooks import Workbook

from .models import SettledShare, YearSettlement

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date


def payers(estate: Any, shares: Iterable[SettledShare]) -> list[dict[str, Any]]:
    """Each share with who bears it."""
    shares = list(shares)
    names = Household.objects.at_estate(estate).in_bulk({one.household_id for one in shares if one.household_id})
    return [
        {"share": one, "payer": names[one.household_id].name if one.household_id else _("建设单位")} for one in shares
    ]


def explained(one: SettledShare) -> str:
    """How the share came about, in one sentence a resident can check."""
    whole = one.settlement.shares.aggregate(area=Sum("area"))["area"]
    said = {"cost": f"{one.settlement.cost:,.2f}", "own": _plain(one.area), "all": _plain(whole)}
    return _("全年 %(cost)s 元 × 本户 %(own)s ÷ 全部 %(all)s 平方米") % said


def words(one: SettledShare, on: date) -> dict[str, Any]:
    """Everything the sheet says, as text (paper.typ)."""
    estate, settlement = one.estate, one.settlement
    payer = one.household.name if one.household else _("建设单位")
    last = (_("应退（已转为预存）"), one.back) if one.back else (_("应补"), one.rest)
    return {
        "title": _("年度结算单"), "estate": estate.name, "company": estate.company.name, "hotline": estate.hotline,
        "facts": [
            [_("房号"), one.unit.code], [_("付款人"), payer], [_("年度"), str(settlement.year)], [_("建筑面积"), _("%s 平方米") % _plain(one.area)],
            [_("房屋状态"), _("空置，由业主承担") if one.vacant else _("在用")], [_("打印日期"), f"{on}"],
        ],
        "heads": [_("收费项目"), _("计费期"), _("怎样算的"), _("金额（元）")],
        "lines": [[settlement.fee.name, f"{settlement.year}-01-01 – {settlement.year}-12-31", explained(one), f"{one.cost:,.2f}"]],
        "sums": [[_("应分摊"), f"{one.cost:,.2f}"], [_("全年已出账"), f"{one.charged:,.2f}"], [last[0], f"{last[1]:,.2f}"]],
        "foot": _("结算单如有疑问，请联系您的管家或拨打服务热线。本单不是收据。"),
    }  # fmt: skip


def as_xlsx(settlement: YearSettlement) -> IO[bytes]:
    """A row a home; the last one sums up."""
    titles = (_("房号"), _("付款人"), _("空置"), _("建筑面积"), _("应分摊"), _("全年已出账"), _("应补"), _("应退"))
    book = Workbook()
    book.sheet(f"{settlement.year}", zip(titles, (14, 18, 8, 12, 14, 14, 14, 14), strict=True))
    shares = settlement.shares.select_related("unit").order_by("unit__building__order", "unit__code")
    totals = [Decimal(0)] * 5
    for row in payers(settlement.estate_id, shares):
        one = row["share"]
        figures = [one.area, one.cost, one.charged, max(one.rest, Decimal(0)), one.back]
        totals = [total + figure for total, figure in zip(totals, figures, strict=True)]
        book.row([one.unit.code, row["payer"], _("空置") if one.vacant else "", *figures])
    book.row([_("合计"), "", "", *totals])
    return book.done()


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"
