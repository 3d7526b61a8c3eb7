"""The month as accountants work through it: readings → shares → draft → review → post → statements → payments → close."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q, Sum
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from guanjia.billing.kinds import Basis
from guanjia.billing.models import Bill, BillRun, Fee, Meter, Period, Reading, SharedCost
from guanjia.billing.work import DRAFT, POST
from guanjia.jobs.models import Job
from guanjia.web.guard import needs

from .common import around, month_of

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpRequest, HttpResponse


@needs("bill.read")
def month(request: HttpRequest) -> HttpResponse:
    period = month_of(request)
    runs = list(BillRun.objects.at_estate(request.estate).filter(period=period).order_by("sequence"))
    page = around(period) | {
        "runs": runs,
        "job": running(request, period),
        "steps": _steps(request, period, runs),
        "open": [r for r in runs if r.state in ("draft", "reviewed")],
    }
    page |= {"failed": _failed(request, period), "total": sum(run.total for run in runs if run.state == "posted")}
    part = "#live" if request.htmx and not request.htmx.boosted else ""
    return render(request, f"billing/month.html{part}", page)


def running(request: Any, period: date) -> Job | None:
    jobs = Job.objects.at_estate(request.estate).filter(
        kind__in=[DRAFT, POST], state__in=["waiting", "running"], arguments__period=f"{period}"
    )
    return jobs.order_by("-asked_at").first()


def _failed(request: Any, period: date) -> Job | None:
    """The last job of the month, when it did not come through."""
    last = (
        Job.objects.at_estate(request.estate)
        .filter(kind__in=[DRAFT, POST], arguments__period=f"{period}")
        .order_by("-asked_at")
        .first()
    )
    return last if last and last.state == "failed" else None


def _steps(request: Any, period: date, runs: list[BillRun]) -> list[dict[str, Any]]:
    """Eight steps, each with how far it is and where it is done."""
    estate, link = (
        request.estate,
        lambda name, **more: reverse(f"billing:{name}", args=[request.estate.code]) + f"?period={period:%Y-%m}",
    )
    installed = Meter.objects.at_estate(estate).filter(removed_on__isnull=True).count()
    read = Reading.objects.filter(estate=estate, period=period).aggregate(
        n=Count("pk"), doubt=Count("pk", filter=Q(state="suspect"))
    )
    shared = Fee.objects.at_estate(estate).filter(basis=Basis.SHARED, closed=False).count()
    costs = SharedCost.objects.at_estate(estate).filter(period=period).aggregate(n=Count("pk"), sum=Sum("amount"))
    states = {run.state for run in runs}
    posted = [run for run in runs if run.state == "posted"]
    bills = (
        Bill.objects.at_estate(estate)
        .filter(period=period, live=True, run__isnull=False)  # a single charge is told by itself
        .aggregate(n=Count("pk"), out=Count("pk", filter=Q(run__issued_at__isnull=False)))
    )
    closed = Period.objects.at_estate(estate).filter(month=period, closed=True).exists()
    drafted = states & {"draft", "reviewed", "posted"}
    return [
        _step(_("抄表"), installed == 0 or (read["n"] >= installed and not read["doubt"]), _("%(n)d / %(all)d 只，%(doubt)d 只待核实") % {"n": read["n"], "all": installed, "doubt": read["doubt"]} if installed else _("没有计量收费"), link("meters")),
        _step(_("公摊"), shared == 0 or costs["n"] > 0, _("%(n)d 笔 %(sum)s 元") % {"n": costs["n"], "sum": costs["sum"] or 0} if shared else _("没有公摊费用"), link("costs")),
        _step(_("草稿"), bool(drafted), _("%d 批") % len(drafted) if drafted else _("还没有生成"), ""),
        _step(_("复核"), bool(states & {"reviewed", "posted"}) and "draft" not in states, _("看合计、差异和没能出账的"), ""),
        _step(_("过账"), bool(posted) and not states & {"draft", "reviewed"}, _("%(n)d 条") % {"n": sum(run.lines for run in posted)}, ""),
        _step(_("对账单"), bool(bills["n"]) and bills["out"] == bills["n"], _("已发 %(out)d / %(n)d 份") % bills, link("bills")),
        _step(_("收款"), closed, _("看收缴率和账龄"), link("collection")),
        _step(_("结账"), closed, _("已结账") if closed else _("月末结账"), link("trial")),
    ]  # fmt: skip


def _step(label: str, done: bool, note: str, href: str) -> dict[str, Any]:
    return {"label": label, "state": "done" if done else "todo", "note": note, "href": href}
