"""Bills as a list, and one as a statement that explains each line; the same as a PDF."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.billing.models import Bill
from guanjia.billing.paper import statement_pdf
from guanjia.billing.statement import statement
from guanjia.households.search import find
from guanjia.web.guard import needs

from .common import around, month_of

if TYPE_CHECKING:
    from django.http import HttpRequest

PAGE = 50


@needs("bill.read")
def bills(request: HttpRequest) -> HttpResponse:
    """A month's bills, or those of the household that was looked for."""
    period, q = month_of(request), request.GET.get("q", "").strip()[:40]
    rows = Bill.objects.visible_to(request.reach)
    if q:
        hits = find(request.estate, q)
        rows = rows.filter(unit_id__in=[hit.unit_id for hit in hits if hit.unit_id]).order_by("-period", "-pk")
    else:
        rows = rows.filter(period=period).order_by("unit__building__order", "unit__code", "pk")
    page = Paginator(rows.select_related("unit", "household", "run"), PAGE).get_page(request.GET.get("page"))
    return render(request, "billing/bills.html", around(period) | {"page": page, "q": q, "search_url": request.path})


def _bill(request: Any, pk: int) -> Bill:
    found: Bill = get_object_or_404(
        Bill.objects.visible_to(request.reach).select_related("unit", "household", "estate", "estate__company", "run"),
        pk=pk,
    )
    return found


@needs("bill.read", resident=True)
def show(request: HttpRequest, pk: int) -> HttpResponse:
    bill = _bill(request, pk)
    shell = "shell_staff.html" if request.reach.is_staff else "shell_resident.html"
    return render(
        request, "billing/bill.html", {"bill": bill, "shell": shell, **statement(bill, clock.today(request.estate))}
    )


@needs("bill.read", resident=True)
def pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The statement for paper: A4, the same figures."""
    bill = _bill(request, pk)
    content = statement_pdf(bill, clock.today(request.estate))
    name = _("对账单 %(number)s.pdf") % {"number": bill.number}
    response = HttpResponse(content, content_type="application/pdf")
    from urllib.parse import quote

    response["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(name)}"
    return response
