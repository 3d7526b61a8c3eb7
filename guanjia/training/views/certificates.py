"""证书: the register, what expires, the scan (TRN-04)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.events.sentences import kept
from guanjia.web.acting import act
from guanjia.web.guard import needs

from ..book import training_book
from ..exporting import certificates_sheet
from ..forms import CertificateForm
from ..models import Certificate
from .common import kept_file, render, to

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

SHOWN = 500
SHOWS = ("all", "expiring", "expired")


@needs("training.manage")
def certificates(request: HttpRequest) -> HttpResponseBase:
    """Who holds what until when; `?show=expiring|expired`; the form enters one that was seen."""
    today, show = clock.today(request.estate), request.GET.get("show", "all")
    form = CertificateForm(
        request.POST if request.method == "POST" else None, request.FILES if request.method == "POST" else None, estate=request.estate
    )
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        person, kind, number = said.pop("person"), said.pop("kind"), said.pop("number")
        if act(request, lambda: Certificate.objects.keep(person, kind, number, **said, by=request.reach), _("已登记。")):
            return to(request, "certificates")
    rows = Certificate.objects.at_estate(request.estate).filter(ended_at__isnull=True).select_related("person").defer("number")
    found = [(row, row.days_left(today)) for row in rows.order_by("valid_until", "pk")[:SHOWN]]
    soon = training_book().warn_days[0]
    parts = {
        "all": found,
        "expiring": [pair for pair in found if pair[1] is not None and 0 <= pair[1] <= soon],
        "expired": [pair for pair in found if pair[1] is not None and pair[1] < 0],
    }
    if request.GET.get("xlsx"):
        name = _("证书 %(day)s.xlsx") % {"day": f"{today:%F}"}
        return FileResponse(certificates_sheet(found), as_attachment=True, filename=name)
    show = show if show in SHOWS else "all"
    page = {"rows": parts[show], "counts": {key: len(rows) for key, rows in parts.items()}, "show": show, "form": form, "soon": soon}
    return render(request, "training/certificates.html", page, status=422 if form.errors else 200)


@needs()
def scan(request: HttpRequest, pk: int) -> FileResponse:
    """The scan, to its holder and to who manages trainings; the latter's look is written down."""
    row = get_object_or_404(Certificate.objects.visible_to(request.reach).select_related("person"), pk=pk)
    if not row.scan:
        raise Http404
    if row.person_id != request.reach.person_id:
        Event.objects.record(
            Action.PERSONAL_DATA_READ, row, by=request.reach, at=clock.now(), told=False, what=kept("证书扫描件"), why=row.person.name
        )
    return kept_file(row.scan, f"{row.person.name}-{row}")


@require_POST
@needs("training.manage")
def end(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Certificate.objects.at_estate(request.estate).select_related("person"), pk=pk)
    act(request, lambda: row.end(request.POST.get("why", ""), by=request.reach), _("已停用。"))
    return to(request, "certificates")
