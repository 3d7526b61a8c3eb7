"""车位与租赁 on the resident's phone: own contracts, asking to go on, waiting for a space."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia import clock
from guanjia.households.models import Occupancy
from guanjia.keys.views.common import pdf
from guanjia.web.acting import act
from guanjia.web.guard import needs

from ..models import Lease, Space, Waiting
from ..models.space import Kind
from ..paper import lease_pdf
from .desk import found, there

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@needs(staff=False, resident=True)
def mine(request: HttpRequest) -> HttpResponse:
    today = clock.today(request.estate)
    rows = list(Lease.objects.visible_to(request.reach).select_related("space", "unit").order_by("-last")[:30])
    for row in rows:
        row.now = row.state(today)
    free = Space.objects.at_estate(request.estate).free(today, today)
    page: dict[str, Any] = {
        "rows": rows, "kinds": [(key, label, free.filter(kind=key).count(), free.filter(kind=key).order_by("price").first()) for key, label in Kind.choices],
        "waiting": Waiting.objects.visible_to(request.reach).live().order_by("at"),
    }  # fmt: skip
    return render(request, "lettings/mine.html", page)


@needs(staff=False, resident=True)
def mine_lease(request: HttpRequest, pk: int) -> HttpResponse:
    row = found(request, pk)
    return render(request, "lettings/mine_lease.html", {"row": row, "now": row.state(clock.today(request.estate))})


@require_POST
@needs(staff=False, resident=True)
def wish(request: HttpRequest, pk: int) -> HttpResponse:
    row = found(request, pk)
    act(request, lambda: row.ask_renewal(by=request.reach), _("已申请续租，前台会联系您。"))
    return redirect(there(request, "mine_lease", row.pk))


@require_POST
@needs(staff=False, resident=True)
def joining(request: HttpRequest) -> HttpResponse:
    """For the first of one's homes; the desk sees which."""
    homes = Occupancy.objects.at_estate(request.estate).filter(household__in=list(request.reach.households), during__contains=clock.today(request.estate))
    home = homes.select_related("unit", "household").order_by("pk").first()
    if home is None:
        raise Http404
    said = (request.POST.get("kind", ""), request.POST.get("words", ""))
    act(request, lambda: Waiting.objects.join(home.household, home.unit, *said, by=request.reach), _("已排队，有空位时联系您。"))
    return redirect(there(request, "mine"))


@require_POST
@needs("lease.make", resident=True)
def leaving(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Waiting.objects.visible_to(request.reach), pk=pk)
    act(request, lambda: row.leave(by=request.reach), _("已退出排队。"))
    return redirect(there(request, "waiting" if request.reach.is_staff else "mine"))


@needs("lease.make", resident=True)
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    row = found(request, pk)
    return pdf(lease_pdf(row), f"lease-{row.number}")
