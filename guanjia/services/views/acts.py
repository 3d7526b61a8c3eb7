"""What is done with an order: every verb a POST to its noun, for staff and for the household where it is theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia.keys.views.common import pdf
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.web.acting import act
from guanjia.web.guard import needs

from ..forms import AssignForm, QuoteForm
from ..models import OrderPhoto, ServiceOrder
from ..paper import order_pdf, quote_pdf
from .desk import found, shown, to

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase


def back(request: Any, pk: int) -> HttpResponse:
    return to(request, "order" if request.reach.is_staff else "mine_order", pk)


@require_POST
@needs("service.order")
def assignment(request: HttpRequest, pk: int) -> HttpResponse:
    row = found(request, pk)
    form = AssignForm(request.POST, order=row)
    if form.is_valid():
        act(request, lambda: row.assign(by=request.reach, **form.said()), _("已派单。"))
    else:
        messages.warning(request, _("请选择派给谁。"))
    return back(request, row.pk)


@require_POST
@needs("service.order", "service.work")
def quote(request: HttpRequest, pk: int) -> HttpResponse:
    row, form = found(request, pk), QuoteForm(request.POST)
    if form.is_valid():
        try:
            row.quote(form.lines(), form.cleaned_data["words"], by=request.reach)
        except NotAllowed as refused:
            raise Http404 from refused
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("已报价，等业主同意。"))
            return back(request, row.pk)
    return shown(request, row, quote=form)


def _number(words: str) -> int:
    return int(words) if words.isascii() and words.isdigit() and len(words) < 6 else 0


@require_POST
@needs("service.order", "service.work", resident=True)
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """A tap on the household's phone, or their signature on ours."""
    row, post = found(request, pk), request.POST
    agreed = post.get("agreed") == "yes"
    said: dict[str, Any] = {"signature": post.get("signature", ""), "name": post.get("name", ""), "seen": _number(post.get("seen", "")), "why": post.get("why", "")}
    act(request, lambda: row.answer(agreed, by=request.reach, **said), _("已同意报价。") if agreed else _("已登记不同意。"))
    return back(request, row.pk)


@require_POST
@needs("service.order", "service.work")
def completion(request: HttpRequest, pk: int) -> HttpResponse:
    row = found(request, pk)
    act(request, lambda: row.finish(request.POST.get("result", ""), request.FILES.getlist("photos"), by=request.reach), _("已完成，账单已发给住户。") if row.amount else _("已完成。"))
    return back(request, row.pk)


@require_POST
@needs(resident=True, staff=False)
def rating(request: HttpRequest, pk: int) -> HttpResponse:
    row = found(request, pk)
    act(request, lambda: row.rate(_number(request.POST.get("stars", "")), request.POST.get("words", ""), by=request.reach), _("谢谢您的评价。"))
    return back(request, row.pk)


@require_POST
@needs("service.order", resident=True)
def cancellation(request: HttpRequest, pk: int) -> HttpResponse:
    row = found(request, pk)
    act(request, lambda: row.cancel(request.POST.get("why", ""), by=request.reach), _("已取消。"))
    return back(request, row.pk)


@needs("service.order", "service.work", resident=True)
def photo(request: HttpRequest, pk: int) -> HttpResponseBase:
    mine = ServiceOrder.objects.visible_to(request.reach).values("pk")
    row = get_object_or_404(OrderPhoto.objects.filter(estate=request.estate, order__in=mine), pk=pk)
    return FileResponse(row.image.open("rb"), headers={"Cache-Control": "private, max-age=86400"})


@needs("service.order", "service.work", resident=True)
def slip(request: HttpRequest, pk: int) -> HttpResponse:
    row = found(request, pk)
    return pdf(order_pdf(row), f"service-{row.number}")


@needs("service.order", "service.work", resident=True)
def quote_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The quote that stands: the one that was agreed to, else the newest."""
    row = found(request, pk)
    one = row.quotes.filter(agreed=True).order_by("-round").first() or row.quotes.order_by("-round").first()
    if one is None:
        raise Http404
    return pdf(quote_pdf(row, one), f"quote-{row.number}-{one.round}")
