"""The year's settlement: worked out beforehand, settled once as a job, each home's statement as a page and on paper (FEE-28)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.billing.forms import SettlementForm
from guanjia.billing.models import SettledShare, YearSettlement
from guanjia.billing.paper import printed
from guanjia.billing.settling import as_xlsx, explained, payers, words
from guanjia.billing.work import SETTLE, ask
from guanjia.jobs.models import Job
from guanjia.rulebooks.parameters import parameter
from guanjia.tenancy.errors import Refused
from guanjia.web.acting import act
from guanjia.web.guard import needs

if TYPE_CHECKING:
    from django.http import HttpRequest

PAGE = 50


@needs("ledger.read", "bill.post")
def settlement(request: HttpRequest) -> HttpResponse:
    """What was settled; and, with a fee, a year and its cost, what settling would come to. A POST settles."""
    estate, reach = request.estate, request.reach
    given = request.POST if request.method == "POST" else request.GET if "cost" in request.GET else None
    form = SettlementForm(given, estate=estate, year=clock.today(estate).year - 1)
    on = parameter(estate, "billing.settlement", clock.now()) == "on"
    shares: list[Any] = []
    sums: dict[str, Any] = {}
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        if request.method == "POST" and on:
            told = {"fee": said["fee"].pk, "year": said["year"], "cost": f"{said['cost']}"}
            act(request, lambda: ask(SETTLE, estate=estate, by=reach, **told), _("正在结算。"))
            return redirect("billing:settlement", estate.code)
        try:
            sums = said["fee"].year_sums(said["year"], said["cost"])
            shares = said["fee"].year_shares(said["year"], said["cost"], PAGE)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    page = {
        "form": form, "on": on, "rows": payers(estate, shares), "sums": sums, "homes": sums.get("homes"), "may": reach.may("bill.post"),
        "done": YearSettlement.objects.at_estate(estate).select_related("fee").order_by("-year", "-pk")[:PAGE], "job": _job(estate),
    }  # fmt: skip
    return render(request, "billing/settlement.html", page, status=422 if form.errors else 200)


def _job(estate: Any) -> Job | None:
    """The last settling, unless it came through."""
    last = Job.objects.at_estate(estate).filter(kind=SETTLE).order_by("-asked_at").first()
    return last if last and last.state != Job.State.DONE else None


def _settled(request: Any, pk: int) -> YearSettlement:
    return get_object_or_404(YearSettlement.objects.at_estate(request.estate).select_related("fee"), pk=pk)


@needs("ledger.read", "bill.post")
def settled(request: HttpRequest, pk: int) -> HttpResponse:
    """One year of a fee, home by home."""
    one = _settled(request, pk)
    shares = one.shares.select_related("unit").order_by("unit__building__order", "unit__code")
    page = Paginator(shares, PAGE).get_page(request.GET.get("page"))
    sums = shares.totals()
    return render(
        request, "billing/settled.html", {"one": one, "page": page, "rows": payers(request.estate, page), "sums": sums}
    )


@needs("ledger.read", "bill.post")
def settled_xlsx(request: HttpRequest, pk: int) -> FileResponse:
    one = _settled(request, pk)
    name = _("%(year)s 年%(fee)s结算.xlsx") % {"year": one.year, "fee": one.fee}
    return FileResponse(as_xlsx(one), as_attachment=True, filename=name)


def _share(request: Any, pk: int) -> SettledShare:
    rows = SettledShare.objects.visible_to(request.reach)
    found: SettledShare = get_object_or_404(
        rows.select_related("unit", "household", "estate__company", "settlement__fee"), pk=pk
    )
    return found


@needs("bill.read", resident=True)
def share(request: HttpRequest, pk: int) -> HttpResponse:
    """A home's statement of the year."""
    one = _share(request, pk)
    shell = "shell_staff.html" if request.reach.is_staff else "shell_resident.html"
    return render(request, "billing/share.html", {"one": one, "why": explained(one), "shell": shell})


@needs("bill.read", resident=True)
def share_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    one = _share(request, pk)
    response = HttpResponse(printed(words(one, clock.today(request.estate))), content_type="application/pdf")
    name = _("%(year)s 年结算单 %(unit)s.pdf") % {"year": one.settlement.year, "unit": one.unit.code}
    response["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(name)}"
    return response
