"""Borrowing and returning, losses, one's own keys, the audit of a shift. Every verb is a POST to a noun."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia import clock
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.tenancy.reading import row_id
from guanjia.web.acting import act
from guanjia.web.guard import needs

from ..auditing import audit as keep_audit
from ..auditing import figures, task_of
from ..forms import LendForm
from ..models import Key, Loan, Loss
from .common import to
from .register import shown

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def _key(request: Any, pk: int) -> Key:
    found: Key = get_object_or_404(Key.objects.visible_to(request.reach).select_related("unit"), pk=pk)
    return found


def _loan(request: Any, pk: int) -> Loan:
    found: Loan = get_object_or_404(Loan.objects.visible_to(request.reach).select_related("key", "custody"), pk=pk)
    return found


@require_POST
@needs("key.keep")
def lending(request: HttpRequest, pk: int) -> HttpResponse:
    row = _key(request, pk)
    form = LendForm(request.POST, key=row, reach=request.reach)
    if form.is_valid():
        try:
            row.lend(by=request.reach, **form.said())
        except NotAllowed as refused:
            raise Http404 from refused
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("已借出。") if form.cleaned_data["signature"] else _("已借出，等借用人在手机上确认。"))
            return to(request, "key", row.pk)
    return shown(request, row, lend=form)


@require_POST
@needs("key.keep")
def countersigning(request: HttpRequest, pk: int) -> HttpResponse:
    row = _loan(request, pk)
    act(request, lambda: row.countersign(by=request.reach), _("已会签，可以取用。"))
    return to(request, "key", row.key_id)


@require_POST
@needs("key.keep")
def returning(request: HttpRequest, pk: int) -> HttpResponse:
    row = _loan(request, pk)
    said: dict[str, Any] = {"signature": request.POST.get("signature", ""), "name": request.POST.get("name", "")}
    act(request, lambda: row.take_back(by=request.reach, **said), _("已收回。"))
    return to(request, "key", row.key_id)


@require_POST
@needs("key.excuse")
def excuse(request: HttpRequest, pk: int) -> HttpResponse:
    row = _loan(request, pk)
    act(request, lambda: row.excuse(request.POST.get("why", ""), by=request.reach), _("已书面同意。"))
    return to(request, "key", row.key_id)


@needs()
def mine(request: HttpRequest) -> HttpResponse:
    """What I hold, on my phone: confirm, hand in, report lost."""
    rows = Loan.objects.visible_to(request.reach).filter(person_id=request.reach.person_id).select_related("key").order_by("-out_at")
    mine = list(rows.open())
    for row in mine:
        row.late = row.is_late(clock.now())
    page = {"rows": mine, "past": rows.filter(returned_at__isnull=False)[:20]}
    return render(request, "keys/mine.html", page)


@require_POST
@needs()
def word(request: HttpRequest, pk: int, noun: str) -> HttpResponse:
    """The borrower's own word: `confirmation` of having it, `handing-in`."""
    row = _loan(request, pk)
    if noun == "confirmation":
        act(request, lambda: row.confirm(by=request.reach), _("已确认领用。"))
    elif noun == "handing-in":
        act(request, lambda: row.hand_in(by=request.reach), _("已交回，等保管人验收。"))
    else:
        raise Http404
    return to(request, "mine")


@require_POST
@needs()
def loss(request: HttpRequest, pk: int) -> HttpResponse:
    row = _key(request, pk)
    act(request, lambda: Loss.objects.report(row, request.POST.get("words", ""), by=request.reach), _("已报失。"))
    return to(request, "key", row.pk)


@require_POST
@needs("key.keep")
def lock(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Loss.objects.at_estate(request.estate).filter(key__in=Key.objects.visible_to(request.reach).values("pk")), pk=pk)
    act(request, lambda: row.change_lock(request.POST.get("words", ""), by=request.reach), _("已登记换锁。"))
    return to(request, "key", row.key_id)


@require_POST
@needs("key.excuse")
def loss_end(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Loss.objects.at_estate(request.estate).filter(key__in=Key.objects.visible_to(request.reach).values("pk")), pk=pk)
    said = (request.POST.get("offence", ""), request.POST.get("outcome", ""))
    act(request, lambda: row.close(*said, found=bool(request.POST.get("found")), by=request.reach), _("已结案。"))
    return to(request, "key", row.key_id)


@needs("key.keep")
def audit(request: HttpRequest) -> HttpResponse:
    """The shift's audit: tick what was seen, count what hangs; kept as the duty's record (KEY-07)."""
    expected, out = figures(request.estate)
    task = task_of(request.reach, clock.now())
    page: dict[str, Any] = {"expected": expected, "out": out, "task": task}
    if request.method == "POST":
        seen = {pk for each in request.POST.getlist("seen") if (pk := row_id(each))}
        inside = row_id(request.POST.get("inside"))
        try:
            keep_audit(seen, inside if inside is not None else -1, request.POST.get("words", ""), by=request.reach)
        except Refused as refused:
            page |= {"error": str(refused), "seen": seen, "inside": request.POST.get("inside", "")[:6], "words": request.POST.get("words", "")}
            return render(request, "keys/audit.html", page, status=422)
        messages.success(request, _("已核查，记录已存入制度台账。"))
        return to(request, "audit")
    return render(request, "keys/audit.html", page)
