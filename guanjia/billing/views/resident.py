"""A household's own bills on the phone."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.shortcuts import render

from guanjia import clock
from guanjia.billing.models import Bill, BillLine, SettledShare
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
