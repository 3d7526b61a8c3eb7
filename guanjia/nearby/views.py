"""The directory of places nearby: kept and verified by the staff, searched and called by residents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from guanjia import clock
from guanjia.events.sentences import labelled
from guanjia.web.acting import act, carry_out
from guanjia.web.guard import needs

from .exporting import directory
from .models import Facility, Kind, oldest

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


class FacilityForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("类别"), choices=Kind.choices)
    name = forms.CharField(label=gettext_lazy("名称"), max_length=80)
    phone = forms.CharField(label=gettext_lazy("电话"), max_length=40, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"}))
    address = forms.CharField(label=gettext_lazy("地址"), max_length=120, required=False)
    hours = forms.CharField(label=gettext_lazy("营业时间"), max_length=80, required=False)
    price = forms.CharField(label=gettext_lazy("价格"), max_length=80, required=False)
    words = forms.CharField(label=gettext_lazy("说明"), max_length=200, required=False)


def _groups(request: Any, rows: Any) -> list[tuple[str, list[Facility]]]:
    """By kind, in the order of the kinds; each row with whether it is stale."""
    edge = oldest(request.estate, clock.today(request.estate))
    found = list(rows.order_by("name")[:1000])
    for row in found:
        row.stale = row.verified_on < edge
        told = (row.address, row.hours and labelled(_("营业时间"), row.hours), row.price and labelled(_("价格"), row.price), row.words)
        row.lines = [words for words in told if words]
    cut = [(str(label), [row for row in found if row.kind == key]) for key, label in Kind.choices]
    return [(label, group) for label, group in cut if group]


@needs()
def facilities(request: HttpRequest) -> HttpResponse | FileResponse:
    """`?show=stale` those to be verified; `?xlsx=1` the directory."""
    q, show, today = request.GET.get("q", "").strip()[:40], request.GET.get("show", "all"), clock.today(request.estate)
    rows = Facility.objects.visible_to(request.reach).live()
    rows = rows.filter(pk__in=Facility.objects.stale(request.estate, today).values("pk")) if show == "stale" else rows
    rows = rows.looked_for(q) if q else rows
    if request.GET.get("xlsx"):
        return FileResponse(directory(rows.order_by("kind", "name")), as_attachment=True, filename=_("周边服务 %(day)s.xlsx") % {"day": f"{today:%F}"})
    return render(request, "nearby/list.html", {"groups": _groups(request, rows), "q": q, "show": show, "may_keep": request.reach.may("nearby.keep")})


@needs(staff=False, resident=True)
def mine(request: HttpRequest) -> HttpResponse:
    q = request.GET.get("q", "").strip()[:40]
    rows = Facility.objects.visible_to(request.reach).live()
    return render(request, "nearby/mine.html", {"groups": _groups(request, rows.looked_for(q) if q else rows), "q": q})


def _kept(request: Any, form: FacilityForm) -> Any:
    return carry_out(
        request, form, lambda data: Facility.objects.keep(request.estate, by=request.reach, **data), _("已保存，核实日期是今天。"),
        lambda made: reverse("nearby:list", args=[request.estate.code]),
    )  # fmt: skip


@needs("nearby.keep")
def facility_new(request: HttpRequest) -> HttpResponse:
    form = FacilityForm(request.POST or None)
    answer: Any = _kept(request, form) if form.is_bound else 200
    return answer if not isinstance(answer, int) else render(request, "nearby/facility.html", {"form": form, "row": None}, status=answer)


@needs("nearby.keep")
def facility(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Facility.objects.visible_to(request.reach), pk=pk)
    said = {name: getattr(row, name) for name in FacilityForm.base_fields}
    form = FacilityForm({**request.POST.dict(), "name": row.name} if request.method == "POST" else None, initial=said)
    answer: Any = _kept(request, form) if form.is_bound else 200
    return answer if not isinstance(answer, int) else render(request, "nearby/facility.html", {"form": form, "row": row}, status=answer)


@require_POST
@needs("nearby.keep")
def verification(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Facility.objects.visible_to(request.reach), pk=pk)
    act(request, lambda: row.verify(by=request.reach), _("已核实，日期是今天。"))
    return redirect(reverse("nearby:list", args=[request.estate.code]) + "?show=stale")


@require_POST
@needs("nearby.keep")
def closing(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Facility.objects.visible_to(request.reach), pk=pk)
    act(request, lambda: row.close(by=request.reach), _("已停用，住户不再看到。"))
    return redirect(reverse("nearby:list", args=[request.estate.code]))
