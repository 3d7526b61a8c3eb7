"""What the billing pages share: the month in the address, and the way back to a page of ours."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

from django.shortcuts import redirect
from django.urls import reverse

from guanjia import clock
from guanjia.billing.months import month_after

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def month_of(request: HttpRequest, given: str | None = None) -> date:
    """`?period=2026-03`; nonsense is the present month."""
    text = given if given is not None else request.GET.get("period", "") or request.POST.get("period", "")
    found = re.fullmatch(r"(20\d\d)-(0[1-9]|1[0-2])", text.strip())
    today = clock.today(request.estate)
    return date(int(found[1]), int(found[2]), 1) if found else today.replace(day=1)


def around(month: date) -> dict[str, Any]:
    """The month with its neighbours, for the switch at the head of a page."""
    return {
        "period": month,
        "period_key": f"{month:%Y-%m}",
        "earlier": f"{month_after(month, -1):%Y-%m}",
        "later": f"{month_after(month):%Y-%m}",
    }


def to(request: Any, name: str, *args: Any, period: date | None = None) -> HttpResponse:
    """Back to a page of ours, in its month."""
    address = reverse(f"billing:{name}", args=[request.estate.code, *args])
    return redirect(f"{address}?period={period:%Y-%m}" if period else address)
