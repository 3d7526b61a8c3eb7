"""Collection rates and ageing, "as of" any date."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.billing.arrears import Rate, ageing, rates
from guanjia.billing.ladder import ladder
from guanjia.billing.months import month_after
from guanjia.estates.models import Zone
from guanjia.people.responsibility import holders_of_zones
from guanjia.rulebooks.parameters import parameter
from guanjia.web.guard import needs

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from django.http import HttpRequest, HttpResponse

GROUPED = ("zone", "steward", "building", "fee")


@needs("bill.read")
def collection(request: HttpRequest) -> HttpResponse:
    """One estate as of a date: the whole, then by zone with its steward, by steward, building or fee."""
    today, by = clock.today(request.estate), request.GET.get("by")
    by = by if by in GROUPED else "zone"
    try:
        on = parse_date(request.GET.get("on", "")) or today
    except ValueError:
        on = today
    whole = next(iter(rates(request.estate, on)), None)
    rows: list[Rate] = rates(request.estate, on, by)
    target = float(parameter(request.estate, "collection.target", clock.now()))
    stewards = _stewards(request, on) if by == "zone" else {}
    ages = {age: (payers, owed) for age, payers, owed in ageing(request.estate, on)}
    months = _curve(request, on)
    names = [_("未到期"), _("逾期 30 天内"), _("31–90 天"), _("91–365 天"), _("一年以上")]
    page = {
        "on": on, "by": by, "whole": whole, "rows": [{"rate": row, "steward": stewards.get(row.key, "")} for row in rows], "target": target,
        "ladder": ladder(request.estate, whole.total, clock.now()) if whole and whole.total is not None else None,
        "ages": [{"name": name, "payers": ages.get(at, (0, 0))[0], "owed": ages.get(at, (0, 0))[1]} for at, name in enumerate(names)],
        "curve": _chart("line", [name for name, _rate in months], [_figure(rate.total) if rate else None for _name, rate in months], target),
        "months": [{"name": name, "rate": rate} for name, rate in months],
        "ages_chart": _ages([(name, float(ages.get(at, (0, 0))[1])) for at, name in enumerate(names)]),
        "groups": _chart("bars", [row.key or _("其他") for row in rows], [_figure(row.total) for row in rows], target),
    }  # fmt: skip
    return render(request, "billing/collection.html", page)


def _stewards(request: Any, on: date) -> dict[str, str]:
    """Zone → who answered for it on that day."""
    held = holders_of_zones(request.estate, on)
    return {zone.name: held.get(zone.pk, "") for zone in Zone.objects.at_estate(request.estate)}


def _curve(request: Any, on: date) -> list[tuple[str, Rate | None]]:
    """The year's months, and what the whole estate stood at by each one's end."""
    found = []
    month = on.replace(month=1, day=1)
    while month <= on:
        whole = next(iter(rates(request.estate, min(month_after(month) - timedelta(days=1), on))), None)
        found.append((_("%d月") % month.month, whole))
        month = month_after(month)
    return found


def _ages(rows: list[tuple[str, float]]) -> dict[str, Any]:
    """What is owed by age, in yuan."""
    series = [{"name": _("未收（元）"), "values": [owed for _name, owed in rows], "tone": "soon"}]
    return {"kind": "bars", "names": [name for name, _owed in rows], "unit": _("元"), "series": series}


def _figure(rate: Decimal | None) -> float | None:
    """Per cent for a chart; nothing charged is no point."""
    return None if rate is None else float(rate)


def _chart(kind: str, names: list[str], values: list[float | None], target: float) -> dict[str, Any]:
    """Collection rates against the target (collection.target, FEE-20), whose line is drawn across."""
    series = {"name": _("总收缴率"), "values": values, "tone": "house", "target": target}
    words = _("目标 %(target)s%%") % {"target": f"{target:g}"}
    return {"kind": kind, "names": names, "unit": "%", "targetWords": words, "series": [series]}
