"""A changed rule on last quarter's facts. Nothing is kept."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from guanjia.rulebooks.schema import parameters_book
from guanjia.web.guard import needs

from ..facts import terms_of
from ..models import Sort
from ..simulation import simulate
from .common import month_of, render
from .money import number

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

FIELDS = ("collection_target", "satisfaction_target", "bonus", "penalty", "star", "support")


def labels() -> dict[str, tuple[str, str]]:
    return {
        "collection_target": (_("收缴率目标"), "%"), "satisfaction_target": (_("满意度目标"), "%"), "bonus": (_("片区奖励"), _("元")), "penalty": (_("末位处罚"), _("元")),
        "star": (_("月度之星"), _("元")), "support": (_("支持不力每次"), _("元")),
    }  # fmt: skip


@needs("incentive.read")
def simulation(request: HttpRequest) -> HttpResponse:
    """The rule stands in the address, so that it can be sent; what is not given stays as it holds."""
    month = month_of(request, whole=True)
    today = terms_of(request.estate, month)
    changes, errors = _changes(request)
    rows, months = simulate(request.estate, month, changes)
    sorts = dict(Sort.choices)
    named = labels()
    now, then = sum((row.now for row in rows), Decimal(0)), sum((row.then for row in rows), Decimal(0))
    ties = [(key, _(words)) for key, words in parameters_book().parameters["zone.tie"].choices.items()]
    page = {
        "month": month, "months": months, "tried": bool(changes), "now": now, "then": then, "change": then - now, "ties": ties, "tie": changes.get("tie", today.tie),
        "fields": [{"name": name, "label": named[name][0], "unit": named[name][1], "now": getattr(today, name), "value": request.GET.get(name, ""), "error": errors.get(name, "")} for name in FIELDS],
        "rows": [{"row": row, "sort": sorts[row.kind]} for row in rows], "differing": sum(1 for row in rows if row.change),
    }  # fmt: skip
    return render(request, "incentives/simulation.html", page, status=422 if errors else 200)


def _changes(request: Any) -> tuple[dict[str, Any], dict[str, str]]:
    found: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for name in FIELDS:
        text = request.GET.get(name, "").strip()
        value = number(text) if text else None
        if text and (value is None or not 0 <= value <= (100 if name.endswith("target") else 100_000)):
            errors[name] = _("请填 0 以上的数。")
        elif value is not None:
            found[name] = value
    if request.GET.get("tie") in parameters_book().parameters["zone.tie"].choices:
        found["tie"] = request.GET["tie"]
    return found, errors
