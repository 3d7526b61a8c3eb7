"""What the pages share: the month of the address, the tabs, links between months."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

from django.shortcuts import redirect
from django.shortcuts import render as rendered
from django.urls import reverse

from guanjia import clock
from guanjia.billing.months import month_after

if TYPE_CHECKING:
    from django.http import HttpResponse


def month_of(request: Any, *, whole: bool = False) -> date:
    """`?month=2026-03`; without one, or with nonsense, the present month (`whole`: the last that is over)."""
    today = clock.today(request.estate).replace(day=1)
    last = month_after(today, -1) if whole else today
    found = re.fullmatch(r"(20\d\d)-(0[1-9]|1[0-2])", request.GET.get("month", ""))
    return min(date(int(found[1]), int(found[2]), 1), today) if found else last


def render(request: Any, template: str, page: dict[str, Any], status: int = 200) -> HttpResponse:
    reach = request.reach
    opens = {"may_all": reach.may("report.read"), "may_money": reach.may("incentive.read"), "may_company": reach.may("score.company"), "may_set": reach.may("rule.change")}
    if "month" in page:
        today = clock.today(request.estate).replace(day=1)
        page |= {"previous": month_after(page["month"], -1), "following": month_after(page["month"]) if page["month"] < today else None, "running": page["month"] == today}
    return rendered(request, template, {**opens, **page}, status=status)


def to(request: Any, name: str, *args: Any) -> HttpResponse:
    return redirect(reverse(f"incentives:{name}", args=[request.estate.code, *args]))


def chart(kind: str, title: str, names: list[str], values: list[Any], target: Any = None, unit: str = "%", target_words: str = "") -> dict[str, Any]:
    """One series against its target."""
    series = {"name": title, "tone": "house", "line": kind == "line", "values": [None if one is None else float(one) for one in values]}
    if target is not None:
        series["target"] = float(target)
    return {"kind": kind, "unit": unit, "names": names, "series": [series], "targetWords": target_words}
