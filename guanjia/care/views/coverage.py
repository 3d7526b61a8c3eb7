"""Tiers with their rules and counts; the three metrics with their formulas, zones and trend (HSE-04, CF-06)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count
from django.shortcuts import render
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.estates.models import Zone
from guanjia.households.models import Tier
from guanjia.people.responsibility import responsible_for
from guanjia.rulebooks.parameters import parameter
from guanjia.web.guard import needs

from .. import coverage as counting
from ..models import Tiering
from ..reach import within
from ..tiers import tiers_book

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

CRITERIA = {"activity": lambda: _("活跃度"), "demand": lambda: _("需求频率"), "sensitivity": lambda: _("服务敏感度")}
MONTHS = 92  # days of a trend
SHOWN = 30


@needs("household.read")
def tiers(request: HttpRequest) -> HttpResponse:
    """How many are in each tier, by which rule, and whom a person put elsewhere."""
    estate, now = request.estate, clock.now()
    rows = Tiering.objects.at_estate(estate).present().filter(household__in=within(request.reach))
    counts = {row["rule"]: row["count"] for row in rows.values("rule").annotate(count=Count("pk"))}
    of_tier = {row["tier"]: row["count"] for row in rows.values("tier").annotate(count=Count("pk"))}
    rules = []
    for name, rule in tiers_book().rules.items():
        bound = rule.at_least or rule.at_most
        rules.append({
            "title": _(rule.title), "tier": Tier(rule.tier).label, "criterion": CRITERIA[rule.criterion](), "count": counts.get(name, 0),
            "bound": f"{'≤' if rule.at_most else '≥'} {parameter(estate, bound, now)}" if bound else "", "vulnerable": rule.vulnerable,
        })  # fmt: skip
    decided = rows.filter(rule="").select_related("household", "by").order_by("-during")[:SHOWN]
    page = {
        "rules": rules,
        "of_tier": [(label, of_tier.get(tier, 0), tier) for tier, label in Tier.choices],
        "decided": decided,
    }
    return render(request, "care/tiers.html", page)


@needs("household.read")
def coverage(request: HttpRequest) -> HttpResponse:
    estate, now = request.estate, clock.now()
    zones = {zone.pk: zone.name for zone in Zone.objects.at_estate(estate)}
    stewards = {pk: responsible_for(estate, pk, at=now) for pk in zones}
    since = clock.today(estate, now) - timedelta(days=MONTHS)
    metrics = []
    for name, rows in counting.counted(estate, now).items():
        entry = counting.coverage_book().metrics[name]
        kept = counting.trend(estate, name, since)
        metrics.append({
            "name": name, "title": _(entry.title), "formula": _(counting.formula_of(estate, name, now).words), "total": counting.total(rows),
            "zones": [{"row": row, "zone": zones.get(row.zone_id or 0, "—"), "steward": getattr(stewards.get(row.zone_id or 0), "name", "—")} for row in rows],
            "chart": _chart(_(entry.title), counting.target_of(estate, name, now), kept) if len(kept) > 1 else None,
        })  # fmt: skip
    return render(request, "care/coverage.html", {"metrics": metrics})


def _chart(title: str, target: int, kept: list[tuple[Any, int, int]]) -> dict[str, Any]:
    values = [part * 100 // whole if whole else 0 for _day, part, whole in kept]
    return {
        "kind": "line", "unit": "%", "target": target, "targetWords": _("目标 %(n)s%%") % {"n": target}, "names": [f"{day.month}-{day.day}" for day, _p, _w in kept],
        "series": [{"name": title, "tone": "house", "line": True, "percent": True, "values": values}],
    }  # fmt: skip
