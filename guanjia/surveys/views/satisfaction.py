"""满意度看板: from 78 % to 90 % in twelve months, the two core indicators, each with formula, rows and trend (QLT-57, CF-60)."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.http import Http404
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.web.guard import needs

from ..board import YEAR, board, month_after, source_words
from ..book import surveys_book
from ..models import Poll
from ..results import results
from ..rowing import MOST, rows
from .common import READERS, render

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpRequest, HttpResponse

SPANS = (1, 3, 12)


def _span(request: Any) -> int:
    text = request.GET.get("months", "")
    return int(text) if text in map(str, SPANS) else 3


@needs(*READERS)
def satisfaction(request: HttpRequest) -> HttpResponse:
    span = _span(request)
    found = board(request.estate, span=span)
    lines = [{"one": one, "chart": _chart(one), "sources": [(source, source_words(source), part, whole, part * 100 / whole if whole else 0) for source, part, whole in one.sources]} for one in found]
    closed = Poll.objects.at_estate(request.estate).filter(closed_at__isnull=False).select_related("version", "estate").order_by("-closed_at")
    last = closed.filter(audience="household").first()
    staff = closed.filter(audience="staff").first()
    page = {
        "lines": lines, "span": span, "spans": [(1, _("本月")), (3, _("近三个月")), (12, _("近一年"))], "last": last, "survey": results(last).overall if last else None,
        "staff": staff, "staff_overall": results(staff).overall if staff else None,
    }  # fmt: skip
    return render(request, "surveys/satisfaction.html", page)


def _chart(one: Any) -> dict[str, Any]:
    values = [None if month.value is None else round(month.value, 1) for month in one.months]
    goals = [None if month.goal is None else round(month.goal, 1) for month in one.months]
    return {
        "kind": "line", "unit": "%", "names": [f"{month.month:%Y-%m}" for month in one.months],
        "series": [{"name": one.title, "tone": "house", "line": True, "percent": True, "values": values}, {"name": _("目标线"), "tone": "soon", "line": True, "percent": True, "values": goals}],
    }  # fmt: skip


@needs(*READERS)
def source_rows(request: HttpRequest, kind: str, name: str) -> HttpResponse:
    """What an indicator was counted from, one by one."""
    entry = surveys_book().indicators.get(kind)  # type: ignore[call-overload]
    if entry is None or name not in entry.sources:
        raise Http404
    span, tz = _span(request), ZoneInfo(request.estate.time_zone)
    last = clock.today(request.estate).replace(day=1)

    def midnight(day: date) -> datetime:
        return datetime.combine(day, time(), tz)

    found = rows(request.estate, kind, name, midnight(month_after(last, 1 - span)), midnight(month_after(last, 1)))
    page = {"title": _(entry.title), "source": source_words(name), "rows": found, "span": span, "most": MOST, "year": YEAR}
    return render(request, "surveys/rows.html", page)
