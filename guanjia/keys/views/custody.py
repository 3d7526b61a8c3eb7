"""钥匙托管: the agreement at the desk and on the owner's phone, its uses, its paper (KEY-02, KEY-03)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia.web.acting import act
from guanjia.web.guard import needs

from ..models import Autograph, Custody
from ..paper import custody_pdf
from .common import pdf, to

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def _custody(request: Any, pk: int) -> Custody:
    rows = Custody.objects.visible_to(request.reach).select_related("key__unit", "first", "second", "household", "estate__company")
    found: Custody = get_object_or_404(rows, pk=pk)
    return found


@needs("key.keep")
def custody(request: HttpRequest, pk: int) -> HttpResponse:
    row = _custody(request, pk)
    page = {"custody": row, "signed": Autograph.objects.under(row), "uses": row.loans.select_related("given_by", "countersigned_by").order_by("-out_at")[:50]}
    return render(request, "keys/custody.html", page)


@needs(staff=False, resident=True)
def entrusted_list(request: HttpRequest) -> HttpResponse:
    rows = Custody.objects.visible_to(request.reach).select_related("key__unit").order_by("ended_at", "-made_at")
    return render(request, "keys/entrusted_list.html", {"rows": rows[:50]})


@needs(staff=False, resident=True)
def entrusted(request: HttpRequest, pk: int) -> HttpResponse:
    """The owner reads, signs, and sees every use."""
    row = _custody(request, pk)
    page = {"custody": row, "signed": Autograph.objects.under(row), "uses": row.loans.exclude(two=True, countersigned_at__isnull=True).order_by("-out_at")[:50]}
    return render(request, "keys/entrusted.html", page)


@require_POST
@needs("key.keep", resident=True)
def signing(request: HttpRequest, pk: int) -> HttpResponse:
    row = _custody(request, pk)
    said: dict[str, Any] = {"name": request.POST.get("name", "")}
    act(request, lambda: row.sign(request.POST.get("signature", ""), by=request.reach, **said), _("已签署。"))
    return to(request, "custody" if request.reach.is_staff else "entrusted", row.pk)


@require_POST
@needs("key.keep")
def ending(request: HttpRequest, pk: int) -> HttpResponse:
    row = _custody(request, pk)
    act(request, lambda: row.end(request.POST.get("words", ""), signature=request.POST.get("signature", ""), by=request.reach), _("已归还业主，托管结束。"))
    return to(request, "custody", row.pk)


@needs("key.keep", resident=True)
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    row = _custody(request, pk)
    return pdf(custody_pdf(row), f"custody-{row.key.code}")
