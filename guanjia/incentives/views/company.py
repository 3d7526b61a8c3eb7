"""Company view: estates compared, with the way down to zone, person and row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guanjia.web.guard import needs

from ..book import indicators
from ..company import compared, whole
from .common import chart, month_of, render

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@needs("score.company")
def company(request: HttpRequest) -> HttpResponse:
    """Every estate of the company; one indicator as a chart."""
    month = month_of(request, whole=True)
    keys = list(indicators())
    rows = compared(request.estate.company_id, month, keys)
    wanted = request.GET.get("by", "")
    key = wanted if wanted in indicators() else "satisfaction"
    one, total = indicators()[key], whole(rows, keys)
    values = [row[key].value if key in row else None for _estate, row in rows]
    page = {
        "month": month, "columns": list(indicators().items()), "key": key, "one": one, "lines": [{"estate": estate, "cells": [row.get(column) for column in keys]} for estate, row in rows],
        "total": [total.get(column) for column in keys], "chart": chart("bars", one.label, [estate.name for estate, _row in rows], values, total[key].target if key in total else None, one.unit_words),
    }  # fmt: skip
    return render(request, "incentives/company.html", page)
