"""Company view: estates compared, with the way down to zone, person and row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guanjia.web.guard import needs

from ..book import indicators
from ..company import compared, whole
from .common import chart, month_of, render

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

# Speed beside re-opened and sampled, then what people say and pay (issue 6 line 6).
FIRST = ("response", "reopen", "sampled", "on_time", "first_fix", "satisfaction", "complaints", "collection", "tasks", "inspected", "knowledge")


@needs("score.company")
def company(request: HttpRequest) -> HttpResponse:
    """Every estate of the company; one indicator as a chart. `?all=1` compares by every indicator there is."""
    month, every = month_of(request, whole=True), request.GET.get("all") == "1"
    keys = list(indicators()) if every or request.GET.get("by") not in (None, *FIRST) else list(FIRST)
    rows = compared(request.estate.company_id, month, keys)
    wanted = request.GET.get("by", "")
    key = wanted if wanted in indicators() else "satisfaction"
    one, total = indicators()[key], whole(rows, keys)
    values = [row[key].value if key in row else None for _estate, row in rows]
    page = {
        "month": month, "columns": [(each, indicators()[each]) for each in keys], "every": len(keys) > len(FIRST), "key": key, "one": one, "lines": [{"estate": estate, "cells": [row.get(column) for column in keys]} for estate, row in rows],
        "total": [total.get(column) for column in keys], "chart": chart("bars", one.label, [estate.name for estate, _row in rows], values, total[key].target if key in total else None, one.unit_words),
    }  # fmt: skip
    return render(request, "incentives/company.html", page)
