"""Company view: estates compared, with the way down to zone, person and row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import FileResponse
from django.utils.translation import gettext as _

from guanjia.web.guard import needs

from ..book import book, indicators
from ..company import compared, homes, is_few, ranked, whole
from ..exporting import company_book
from .common import chart, month_of, render

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

# Speed beside re-opened and sampled, then what people say and pay (issue 6 line 6).
FIRST = ("response", "reopen", "sampled", "on_time", "first_fix", "satisfaction", "complaints", "collection", "tasks", "inspected", "knowledge")


@needs("score.company")
def company(request: HttpRequest) -> HttpResponseBase:
    """Every estate of the company, best first by one indicator (`?by=`). `?all=1` compares by every indicator there is, `?xlsx=1` is the workbook."""
    month, every = month_of(request, whole=True), request.GET.get("all") == "1"
    if request.GET.get("xlsx"):
        return _workbook(request, month)
    keys = list(indicators()) if every or request.GET.get("by") not in (None, *FIRST) else list(FIRST)
    rows = compared(request.estate.company_id, month, keys)
    wanted = request.GET.get("by", "")
    key = wanted if wanted in indicators() else "satisfaction"
    one, total, size = indicators()[key], whole(rows, keys), homes(request.estate.company_id, month)
    standing = ranked(rows, key)
    values = [row.scores[key].value if key in row.scores else None for row in standing]
    page: dict[str, Any] = {
        "month": month, "columns": [(each, indicators()[each]) for each in keys], "every": len(keys) > len(FIRST), "key": key, "one": one, "least": book().least,
        "lines": [{"row": row, "homes": size.get(row.estate.pk, 0), "cells": [(row.scores.get(column), column in row.scores and is_few(row.scores[column])) for column in keys]} for row in standing],
        "total": [total.get(column) for column in keys], "homes": sum(size.values()), "few": any(is_few(score) for row in standing for score in row.scores.values()),
        "chart": chart("bars", one.label, [row.estate.name for row in standing], values, total[key].target if key in total else None, one.unit_words),
    }  # fmt: skip
    return render(request, "incentives/company.html", page)


def _workbook(request: Any, month: Any) -> FileResponse:
    name = _("各小区指标 %(company)s %(month)s.xlsx") % {"company": request.estate.company.name, "month": f"{month:%Y-%m}"}
    keys, company_id = list(indicators()), request.estate.company_id
    answer = FileResponse(company_book(compared(company_id, month, keys), homes(company_id, month)), as_attachment=True, filename=name)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
