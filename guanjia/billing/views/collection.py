"""Collection rates and ageing, "as of" any date."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.billing.arrears import Rate, ageing, rates
from guanjia.billing.months import month_after
from guanjia.estates.models import Zone
from guanjia.people.models import Post
from guanjia.people.roles import Role
from guanjia.web.guard import needs

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpRequest, HttpResponse

TARGET = 85  # per cent: the ladder of INC-01 begins here


@needs("bill.read")
def collection(request: HttpRequest) -> HttpResponse:
    """One estate as of a date: the whole, then by zone with its steward, building or fee."""
    today = clock.today(request.estate)
    by = request.GET.get("by") if request.GET.get("by") in ("zone", "building", "fee") else "zone"
    try:
        on = parse_date(request.GET.get("on", "")) or today
    except ValueError:
        on = today
    whole = next(iter(rates(request.estate, on)), None)
    rows: list[Rate] = rates(request.estate, on, str(by))
    ages = {age: (payers, owed) for age, payers, owed in ageing(request.estate, on)}
    names = [_("未到期"), _("逾期 30 天内"), _("31–90 天"), _("91–365 天"), _("一年以上")]
    page = {
        "on": on, "by": by, "whole": whole, "rows": [{"rate": row, "steward": _stewards(request, on).get(row.key, "") if by == "zone" else ""} for row in rows], "target": TARGET,
        "ages": [{"name": name, "payers": ages.get(at, (0, 0))[0], "owed": ages.get(at, (0, 0))[1]} for at, name in enumerate(names)],
        "curve": _curve(request, on), "zones": {"kind": "bars", "names": [row.key or _("其他") for row in rows], "unit": "%", "target": TARGET,
                                                "series": [{"name": _("总收缴率"), "values": [float(row.total or 0) for row in rows], "tone": "house"}]},
    }  # fmt: skip
    return render(request, "billing/collection.html", page)


def _stewards(request: Any, on: date) -> dict[str, str]:
    """Zone → who answers for it on that day."""
    posts = Post.objects.at_estate(request.estate).filter(role=Role.STEWARD).held_on(on).select_related("person")
    by_zone = {post.zone_id: post.person.name for post in posts}
    return {zone.name: by_zone.get(zone.pk, "") for zone in Zone.objects.at_estate(request.estate)}


def _curve(request: Any, on: date) -> dict[str, Any]:
    """The year's rate at every month's end against the target."""
    months, names, values = [], [], []
    month = on.replace(month=1, day=1)
    while month <= on:
        months.append(min(month_after(month), on))
        names.append(_("%d月") % month.month)
        month = month_after(month)
    for end in months:
        whole = next(iter(rates(request.estate, end)), None)
        values.append(float(whole.total) if whole and whole.total is not None else None)
    return {
        "kind": "line",
        "names": names,
        "unit": "%",
        "target": TARGET,
        "series": [{"name": _("总收缴率"), "values": values, "tone": "house"}],
    }
