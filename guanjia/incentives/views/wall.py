"""The big screen: one page that refreshes its middle by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render

from guanjia import clock
from guanjia.web.guard import needs

from ..wall import wall as read

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@needs("report.read", "ticket.dispatch")
def wall(request: HttpRequest) -> HttpResponse:
    """At 1920 × 1080, dark, readable from five metres; polled every ten seconds."""
    now = clock.now()
    template = "incentives/wall.html" + ("#board" if request.htmx else "")
    return render(request, template, {"wall": read(request.estate, now), "at": now})
