"""What the billing pages share: the month in the address, and telling what a verb refused."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse

from guanjia import clock
from guanjia.billing.months import month_after
from guanjia.tenancy.errors import NotAllowed, Refused

if TYPE_CHECKING:
    from collections.abc import Callable

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


def act(request: HttpRequest, verb: Callable[[], Any], said: str) -> bool:
    """Do it and say so, or say why not; who may not finds nothing there."""
    try:
        verb()
    except NotAllowed as refused:
        raise Http404 from refused
    except Refused as refused:
        messages.warning(request, str(refused))
        return False
    messages.success(request, said)
    return True
