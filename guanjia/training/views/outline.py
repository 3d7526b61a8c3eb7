"""年度培训大纲: a year by post group and month; what of it was held (TRN-06)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, Q
from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia import clock
from guanjia.web.acting import act
from guanjia.web.guard import needs

from ..book import title
from ..exporting import outline_sheet
from ..forms import ItemForm
from ..models import Outline, OutlineItem
from .common import render

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase


@needs("training.manage")
def outline(request: HttpRequest) -> HttpResponseBase:
    return show(request, ItemForm())


def show(request: HttpRequest, form: ItemForm, status: int = 200) -> HttpResponseBase:
    year = _year(request)
    held = Count("sessions", filter=Q(sessions__held_at__isnull=False))
    items = OutlineItem.objects.at_estate(request.estate).filter(outline__year=year).annotate(held=held, planned=Count("sessions", filter=Q(sessions__called_off_at__isnull=True))).select_related("outline")
    rows = {row.pk: row for row in Outline.objects.at_estate(request.estate).filter(year=year).select_related("issued_by").order_by("group")}
    for row in rows.values():
        row.title, row.lines = title("groups", row.group), []
    for item in items.order_by("month", "pk"):
        item.course_title = title("courses", item.course)
        rows[item.outline_id].lines.append(item)
    if request.GET.get("xlsx"):
        return FileResponse(outline_sheet(rows.values()), as_attachment=True, filename=_("%(year)s 年培训大纲.xlsx") % {"year": year})
    page = {"rows": rows.values(), "year": year, "before": year - 1, "after": year + 1, "form": form}
    return render(request, "training/outline.html", page, status=status)


@require_POST
@needs("training.manage")
def items(request: HttpRequest) -> HttpResponseBase:
    """A topic for a month; the group's outline is begun with the first one."""
    form, year = ItemForm(request.POST), _year(request)
    if not form.is_valid():
        return show(request, form, 422)
    said = form.cleaned_data
    act(
        request,
        lambda: Outline.objects.of(year, said["group"], by=request.reach).add(said["month"], said["title"], said["course"], said["hours"], by=request.reach),
        _("已加入大纲。"),
    )
    return _back(request, year)


@require_POST
@needs("training.manage")
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Outline.objects.at_estate(request.estate).select_related("estate"), pk=pk)
    act(request, lambda: row.issue(request.POST.get("goal", ""), by=request.reach), _("大纲已发布。"))
    return _back(request, row.year)


def _back(request: HttpRequest, year: int) -> HttpResponse:
    return redirect(f"{reverse('training:outline', args=[request.estate.code])}?year={year}")


def _year(request: HttpRequest) -> int:
    asked = request.GET.get("year") or request.POST.get("year") or ""
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 and asked.startswith("20") else clock.today(request.estate).year
