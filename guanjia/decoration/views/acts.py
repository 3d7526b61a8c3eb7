"""What is done with a permit: every verb a POST to its noun, for the desk and for the resident where it is theirs."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.web.acting import act
from guanjia.web.guard import needs

from ..book import decoration_book
from ..forms import WorkerForm
from ..models import DepositReturn, Paper, Permit, Violation, Worker
from .desk import found, shown, to

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase


def back(request: Any, pk: int) -> HttpResponse:
    return to(request, "permit" if request.reach.is_staff else "mine_permit", pk)


@require_POST
@needs("decoration.take", resident=True)
def papers(request: HttpRequest, pk: int) -> HttpResponse:
    """One paper: an upload, or at the desk the word that it was seen."""
    row, upload = found(request, pk), request.FILES.get("file")
    act(request, lambda: row.supply(request.POST.get("key", ""), upload, by=request.reach), _("已收到。"))
    return back(request, row.pk)


@needs("decoration.take", resident=True)
def paper_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    mine = Permit.objects.visible_to(request.reach).values("pk")
    row = get_object_or_404(Paper.objects.filter(estate=request.estate, permit__in=mine, document__isnull=False).select_related("document"), pk=pk)
    assert row.document
    return FileResponse(row.document.file.open("rb"), headers={"Cache-Control": "private"})


@require_POST
@needs("decoration.take", resident=True)
def word(request: HttpRequest, pk: int, noun: str) -> HttpResponse:
    """submission, withdrawal, completion (theirs or the desk's); beginning, archive (the desk's)."""
    row, reach = found(request, pk), request.reach
    verbs: dict[str, Any] = {
        "submission": (lambda: row.submit(by=reach), _("已提交审批。")),
        "withdrawal": (lambda: row.withdraw(request.POST.get("why", ""), by=reach), _("已撤回。")),
        "completion": (lambda: row.finish(by=reach), _("已申请验收。")),
        "beginning": (lambda: row.begin(by=reach), _("已开工，并告知邻居。")),
        "archive": (lambda: row.archive(by=reach), _("已归档。")),
    }
    if noun not in verbs:
        raise Http404
    act(request, *verbs[noun])
    return back(request, row.pk)


@require_POST
@needs("decoration.take")
def decision(request: HttpRequest, pk: int) -> HttpResponse:
    row = found(request, pk)
    granted = request.POST.get("granted") == "yes"
    act(request, lambda: row.decide(granted, request.POST.get("words", ""), turn=request.POST.get("turn", ""), by=request.reach), _("已审批。"))
    return back(request, row.pk)


@require_POST
@needs("decoration.take")
def workers(request: HttpRequest, pk: int) -> HttpResponse:
    row = found(request, pk)
    form = WorkerForm(request.POST)
    if form.is_valid():
        try:
            Worker.objects.admit(row, by=request.reach, photo=request.FILES.get("photos"), **form.cleaned_data)
        except NotAllowed as refused:
            raise Http404 from refused
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("已办出入证。"))
            return back(request, row.pk)
    return shown(request, row, worker=form)


def _worker(request: Any, pk: int) -> Worker:
    mine = Permit.objects.visible_to(request.reach).values("pk")
    row: Worker = get_object_or_404(Worker.objects.at_estate(request.estate).filter(permit__in=mine).select_related("permit__unit"), pk=pk)
    return row


@require_POST
@needs("decoration.take")
def revocation(request: HttpRequest, pk: int) -> HttpResponse:
    row = _worker(request, pk)
    act(request, lambda: row.revoke(by=request.reach), _("已收回出入证。"))
    return back(request, row.permit_id)


@needs("decoration.take", resident=True)
def passes(request: HttpRequest, pk: int) -> HttpResponse:
    """The cards of a site, to be printed: photo, trade, dates, code."""
    import segno

    row, cards = found(request, pk), []
    for worker in row.workers.filter(revoked_at__isnull=True).order_by("pk"):
        address = request.build_absolute_uri(reverse("decoration:pass", args=[request.estate.code, worker.mark]))
        svg = segno.make(address, error="m").svg_inline(scale=3, border=2, svgclass="qr", lineclass="", omitsize=False)
        cards.append((worker, mark_safe(svg)))
    return render(request, "decoration/passes.html", {"permit": row, "cards": cards})


@needs(resident=True)
def worker_photo(request: HttpRequest, pk: int) -> HttpResponseBase:
    """For the gate and the desk; of residents only their own site's."""
    rows = Worker.objects.at_estate(request.estate).exclude(photo="")
    if not request.reach.is_staff:
        rows = rows.filter(permit__in=Permit.objects.visible_to(request.reach).values("pk"))
    return FileResponse(get_object_or_404(rows, pk=pk).photo.open("rb"), headers={"Cache-Control": "private"})


@require_POST
@needs("decoration.inspect")
def violations(request: HttpRequest, pk: int) -> HttpResponse:
    row = found(request, pk)
    said = (request.POST.get("kind", ""), request.POST.get("words", ""))
    act(request, lambda: row.stop(*said, by=request.reach, photo=request.FILES.get("photos")), _("已责令停工并告知业主。"))
    return back(request, row.pk)


def _violation(request: Any, pk: int) -> Violation:
    mine = Permit.objects.visible_to(request.reach).values("pk")
    row: Violation = get_object_or_404(Violation.objects.filter(estate=request.estate, permit__in=mine).select_related("permit__unit"), pk=pk)
    return row


@require_POST
@needs("decoration.inspect")
def recheck(request: HttpRequest, pk: int) -> HttpResponse:
    row = _violation(request, pk)
    act(request, lambda: row.mend(request.POST.get("words", ""), by=request.reach), _("已复查合格。"))
    return back(request, row.permit_id)


@require_POST
@needs("decoration.take")
def reporting(request: HttpRequest, pk: int) -> HttpResponse:
    row = _violation(request, pk)
    act(request, lambda: row.report(request.POST.get("authority", ""), by=request.reach), _("已登记报送，可以打印函件。"))
    return back(request, row.permit_id)


@needs("decoration.take", resident=True)
def violation_photo(request: HttpRequest, pk: int) -> HttpResponseBase:
    row = _violation(request, pk)
    if not row.photo:
        raise Http404
    return FileResponse(row.photo.open("rb"), headers={"Cache-Control": "private"})


@require_POST
@needs("decoration.take")
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    row = found(request, pk)
    act(request, lambda: row.tell_progress(request.POST.get("words", ""), by=request.reach), _("已告知。"))
    return back(request, row.pk)


@require_POST
@needs("decoration.take")
def acceptance(request: HttpRequest, pk: int) -> HttpResponse:
    row = found(request, pk)
    points = {key: request.POST.get(key, "") for key in decoration_book().acceptance}
    act(request, lambda: row.accept(points, request.POST.get("words", ""), by=request.reach), _("已登记验收。"))
    return back(request, row.pk)


def _money(words: str) -> Decimal:
    try:
        value = Decimal(words.strip() or "0")
    except InvalidOperation:
        return Decimal(-1)
    return value if value.is_finite() and abs(value) < 10**9 else Decimal(-1)


@require_POST
@needs("decoration.take")
def deposit(request: HttpRequest, pk: int) -> HttpResponse:
    row = found(request, pk)
    amount, withheld = _money(request.POST.get("amount", "")), _money(request.POST.get("withheld", ""))
    act(request, lambda: row.ask_deposit(amount, withheld, request.POST.get("why", ""), by=request.reach), _("已申请退还，等另一人审批。"))
    return back(request, row.pk)


@require_POST
@needs("payment.judge")
def deposit_verdict(request: HttpRequest, pk: int) -> HttpResponse:
    mine = Permit.objects.visible_to(request.reach).values("pk")
    row = get_object_or_404(DepositReturn.objects.at_estate(request.estate).filter(permit__in=mine).select_related("permit__unit"), pk=pk)
    approved = request.POST.get("approved") == "yes"
    act(request, lambda: row.judge_it(approved, request.POST.get("words", ""), by=request.reach), _("已审批。"))
    return back(request, row.permit_id)
