"""One view for every act: GET shows its form (a dialog or a page), POST calls its verb."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.web.guard import needs

from ..acts import TICKET_ACTS, WORK_ACTS, Act, offered
from ..models import Ticket, WorkOrder

if TYPE_CHECKING:
    from django.http import HttpRequest


def _find(acts: list[Act], noun: str) -> Act:
    found = next((act for act in acts if act.noun == noun), None)
    if found is None:
        raise Http404
    return found


@needs()
def ticket_act(request: HttpRequest, number: str, noun: str) -> HttpResponse:
    """…/tickets/260310-0412/classification/"""
    ticket = get_object_or_404(Ticket.objects.visible_to(request.reach).select_related("unit", "place"), number=number)
    home = reverse("tickets:show", args=[request.estate.code, number])
    return _act(request, _find(TICKET_ACTS, noun), TICKET_ACTS, ticket, home)


@needs()
def work_act(request: HttpRequest, pk: int, noun: str) -> HttpResponse:
    """…/work/17/arrival/"""
    rows = WorkOrder.objects.visible_to(request.reach).select_related("ticket", "worker")
    work = get_object_or_404(rows, pk=pk)
    mine = work.worker_id == request.reach.person_id
    home = (
        reverse("tickets:work", args=[request.estate.code, pk])
        if mine
        else reverse("tickets:show", args=[request.estate.code, work.ticket.number])
    )
    return _act(request, _find(WORK_ACTS, noun), WORK_ACTS, work, home)


def _act(request: HttpRequest, act: Act, acts: list[Act], row: Any, home: str) -> HttpResponse:
    if act.permission and not request.reach.may(act.permission):
        raise Http404
    form = act.form(request.POST or None, request.FILES or None, row=row, reach=request.reach)
    status = 200
    if request.method == "POST":
        form = act.form(request.POST, request.FILES, row=row, reach=request.reach)
        status = 422
        if form.is_valid():
            try:
                _do(request, act, row, form)
            except NotAllowed as refused:
                raise Http404 from refused
            except Refused as refused:
                if refused.code.startswith("already"):  # a double click, or somebody was faster: say so, go on
                    messages.info(request, str(refused))
                    return _go(request, home)
                form.add_error(None, str(refused))
            else:
                messages.success(request, f"{act.label} · {_('已保存。')}")
                return _go(request, home)
    elif act not in offered(acts, row, request.reach):
        return _go(request, home)
    page = {"act": act, "form": form, "row": row, "home": home, "action": request.path}
    template = "tickets/act.html#dialog" if request.htmx else "tickets/act.html"
    return render(request, template, page, status=status)


def _do(request: HttpRequest, act: Act, row: Any, form: Any) -> None:
    uploads = request.FILES.getlist("photos")
    with transaction.atomic():
        if act.photos and uploads:
            row.ticket.photograph(uploads, by=request.reach, moment=act.photos, work=row)
        act.do(row, request.reach, form.cleaned_data)


def _go(request: HttpRequest, home: str) -> HttpResponse:
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": home})
    return redirect(home)


@require_POST
@needs("clock.acknowledge")
def acknowledgement(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Seen: the ladder of a clock stops, the clock itself goes on."""
    ticket = get_object_or_404(Ticket.objects.visible_to(request.reach), number=number)
    row = get_object_or_404(ticket.running_clocks, pk=pk)
    row.acknowledge(by=request.reach)
    return _go(request, reverse("tickets:show", args=[request.estate.code, number]))
