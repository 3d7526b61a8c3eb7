"""A household's own bills on the phone."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.shortcuts import render
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.billing.chart import AGENCY
from guanjia.billing.kinds import Basis
from guanjia.billing.models import Bill, BillLine, Fee, SettledShare, Tariff
from guanjia.billing.models.posting import income_of
from guanjia.web.guard import needs

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@needs(staff=False, resident=True)
def mine(request: HttpRequest) -> HttpResponse:
    """What is open, and the months before."""
    today = clock.today(request.estate)
    rows = list(Bill.objects.visible_to(request.reach).select_related("unit").order_by("-period", "-pk")[:24])
    owed: dict[int, Decimal] = {}
    lines: Any = BillLine.objects.at_estate(request.estate).filter(bill_id__in=[row.pk for row in rows])
    for line in lines.with_owed(today):
        owed[line.bill_id] = owed.get(line.bill_id, Decimal(0)) + line.owed
    total = sum(owed.values(), Decimal(0))
    shown = [
        {"bill": row, "owed": owed.get(row.pk, 0), "late": owed.get(row.pk, 0) and row.due_on < today} for row in rows
    ]
    return render(
        request,
        "billing/mine.html",
        {
            "shares": _shares(request.reach),
            "bills": shown,
            "total": total,
            "next": next((row["bill"] for row in shown if row["owed"]), None),
        },
    )


def _shares(reach: Any) -> Any:
    """The household's settled years, newest first."""
    rows = SettledShare.objects.visible_to(reach).select_related("unit", "settlement__fee")
    return rows.order_by("-settlement__year", "-pk")[:6]


@needs("bill.read", resident=True)
def prices(request: HttpRequest) -> HttpResponse:
    """收费公示: what is charged in this estate, how it is reckoned, by whose decision (FEE-27); own and collected apart (FEE-02)."""
    today, estate = clock.today(request.estate), request.estate
    held: dict[int, Tariff] = {}
    for one in Tariff.objects.at_estate(estate).filter(starts_on__lte=today).order_by("starts_on"):
        held[one.fee_id] = one
    charged = Q(ends_on__isnull=True) | Q(ends_on__gt=today)
    fees = Fee.objects.at_estate(estate).filter(charged, closed=False).exclude(category="租赁合同").order_by("number")  # a contract's price is between two
    rows = [
        {"fee": fee, "words": _price(fee, held.get(fee.pk)), "reason": held[fee.pk].reason if fee.pk in held else "", "agency": income_of(fee) == AGENCY}
        for fee in fees
    ]  # fmt: skip
    staff = request.reach.is_staff
    page = {"rows": rows, "staff": staff, "shell": "shell_staff.html" if staff else "shell_resident.html"}
    return render(request, "billing/prices.html", page)


def _price(fee: Fee, held: Tariff | None) -> str:
    """The formula with the figures of the version in force."""
    price, fixed = (held.price, held.fixed) if held else (fee.price, fee.fixed)
    if fee.reckoned_by == Basis.SHARED:
        return _("按实际费用分摊")
    said = [held.expression if held else fee.get_formula_display()]
    if price:
        said.append(_("单价 %s 元") % f"{price.normalize():f}")
    if fixed:
        said.append(_("固定金额 %s 元") % f"{fixed:,.2f}")
    if held and held.tiers:
        said.append(
            _("阶梯") + " " + " ".join(f"{_('以上') if top is None else top}:{each}" for top, each in held.tiers)
        )
    every = _("每月") if fee.period_months == 1 else _("每 %(n)s 个月") % {"n": fee.period_months}
    said.append(_("一次性") if fee.once else every)
    return "　".join(said)
