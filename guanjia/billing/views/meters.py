"""Meters of a month: who was read, who is in doubt; the reading itself is made on a phone, with a photo."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia.billing.forms import ReadingForm, ReplacementForm
from guanjia.billing.models import Meter, Reading
from guanjia.web.acting import act
from guanjia.web.guard import needs

from .common import around, month_of, to

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

PAGE = 60


def _visible(reach: Any) -> Any:
    rows = Meter.objects.filter(estate=reach.estate)
    return rows if reach.sees == "estate" else rows.filter(unit__zone_id__in=reach.zones)


@needs("meter.read", "bill.read")
def meters(request: HttpRequest) -> HttpResponse:
    period, show, q = month_of(request), request.GET.get("show", "left"), request.GET.get("q", "").strip()[:40]
    everything = _visible(request.reach).filter(removed_on__isnull=True)
    month = Reading.objects.filter(estate=request.estate, period=period)
    rows = everything.filter(Q(unit__code__startswith=q) | Q(number__startswith=q)) if q else everything
    if show == "left":
        rows = rows.exclude(pk__in=month.values("meter_id"))
    elif show == "doubt":
        rows = rows.filter(pk__in=month.filter(state="suspect").values("meter_id"))
    page = Paginator(
        rows.select_related("unit").order_by("unit__building__order", "unit__code", "kind", "pk"), PAGE
    ).get_page(request.GET.get("page"))
    found = {row.meter_id: row for row in month.filter(meter_id__in=[meter.pk for meter in page])}
    shown = around(period) | {
        "page": page, "rows": [{"meter": meter, "reading": found.get(meter.pk)} for meter in page], "show": show, "q": q, "all": everything.count(),
        "read": month.filter(meter__in=everything).count(), "doubt": month.filter(meter__in=everything, state="suspect").count(),
    }  # fmt: skip
    return render(request, "billing/meters.html", shown)


@needs("meter.read")
def meter(request: HttpRequest, pk: int) -> HttpResponse:
    """One meter: its past, and this month's reading."""
    row, period = _meter(request, pk), month_of(request)
    form = ReadingForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        photos = request.FILES.getlist("photos")
        picture = photos[0] if photos else None
        said = form.cleaned_data["value"]
        if act(request, lambda: row.read(said, period=period, by=request.reach, photo=picture), _("已抄表。")):
            return to(request, "meters", period=period)
    elif (
        request.method == "POST"
        and "estimate" in request.POST
        and act(request, lambda: row.estimate(period=period, by=request.reach), _("已按平均用量估算。"))
    ):
        return to(request, "meters", period=period)
    return _page(request, row, form)


def _meter(request: Any, pk: int) -> Meter:
    found: Meter = get_object_or_404(_visible(request.reach).select_related("unit", "estate"), pk=pk)
    return found


def _page(request: Any, row: Meter, form: Any, replacement: Any = None, status: int = 200) -> HttpResponse:
    period = month_of(request)
    past = row.readings.filter(estate_id=row.estate_id).order_by("-period")[:12]
    page = around(period) | {"meter": row, "form": form, "past": past, "last": row.last_before(period), "replacement": replacement or ReplacementForm(prefix="new"),
                             "present": row.readings.filter(estate_id=row.estate_id, period=period).first()}  # fmt: skip
    return render(request, "billing/meter.html", page, status=422 if form.errors else status)


@require_POST
@needs("meter.read")
def replacement(request: HttpRequest, pk: int) -> HttpResponse:
    row, period, form = _meter(request, pk), month_of(request), ReplacementForm(request.POST, prefix="new")
    if form.is_valid():
        said = form.cleaned_data
        if act(
            request,
            lambda: row.replace(said["number"], said["last"], period=period, by=request.reach, initial=said["first"]),
            _("已换表。"),
        ):
            return to(request, "meters", period=period)
    return _page(request, row, ReadingForm(), form, 422)


@require_POST
@needs("meter.read")
def confirmation(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(
        Reading.objects.filter(estate=request.estate, meter__in=_visible(request.reach)).select_related("meter"), pk=pk
    )
    act(request, lambda: row.confirm(by=request.reach), _("已核实，可以出账。"))
    return to(request, "meters", period=row.period)


@needs("meter.read", "bill.read")
def photo(request: HttpRequest, pk: int) -> FileResponse:
    row = get_object_or_404(Reading.objects.filter(estate=request.estate, meter__in=_visible(request.reach)), pk=pk)
    if not row.photo:
        raise Http404
    return FileResponse(row.photo.open("rb"), content_type="image/jpeg")
