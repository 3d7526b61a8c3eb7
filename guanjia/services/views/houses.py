"""房屋档案: the homes whose care was ordered, one home with its equipment, repairs, diagnosis and reports (VAS-14)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia import clock
from guanjia.households.models import Occupancy
from guanjia.web.acting import act, carry_out
from guanjia.web.guard import needs

from ..house_forms import ItemForm, MendForm, OpenForm, ReportForm
from ..house_paper import answers, by_class, said
from ..models import HouseFile, HouseReport
from .desk import to

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def there(request: Any, pk: int) -> str:
    return reverse("services:house", args=[request.estate.code, pk])


@needs("service.order")
def houses(request: HttpRequest) -> HttpResponse:
    """GET: all of them. POST: a new one, with how the household agreed."""
    form, status = OpenForm(request.POST or None, reach=request.reach), 200
    if request.method == "POST":
        answer: Any = carry_out(
            request, form, lambda data: HouseFile.objects.open(data["room"].unit, data["room"].household, data["agreed"], by=request.reach), _("已建档，登记设备后安排诊断。"),
            lambda made: there(request, made.pk),
        )  # fmt: skip
        if not isinstance(answer, int):
            return answer
        status = answer
    rows = list(HouseFile.objects.visible_to(request.reach).live().select_related("unit", "household", "estate").order_by("unit__code")[:300])
    today = clock.today(request.estate)
    for row in rows:
        row.check_on = row.next_on()
    return render(request, "services/houses.html", {"rows": rows, "form": form, "today": today}, status=status)


def _found(request: Any, pk: int) -> HouseFile:
    row: HouseFile = get_object_or_404(HouseFile.objects.visible_to(request.reach).select_related("unit", "household", "estate"), pk=pk)
    return row


def _about(row: HouseFile) -> dict[str, Any]:
    record = row.diagnosis()
    items = by_class(row)
    return {
        "row": row, "items": [(item, item.repairs.select_related("order", "ticket").order_by("-on", "-pk")) for item in items], "record": record, "next_on": row.next_on(),
        "today": clock.today(row.estate), "answers": [(title, value, said(value), words) for title, value, words in answers(record)] if record else [],
        "reports": row.reports.order_by("-at"), "reported": bool(record) and row.reports.filter(record=record).exists(),
    }  # fmt: skip


def _shown(request: Any, row: HouseFile, status: int = 200, **forms: Any) -> HttpResponse:
    page = {"item": ItemForm(), "mend": MendForm(file=row), "report": ReportForm(), **forms, **_about(row)}
    return render(request, "services/house.html", page, status=status)


@needs("service.order")
def house(request: HttpRequest, pk: int) -> HttpResponse:
    return _shown(request, _found(request, pk))


@require_POST
@needs("service.order")
def item(request: HttpRequest, pk: int) -> HttpResponse:
    row, form = _found(request, pk), ItemForm(request.POST)
    answer: Any = carry_out(request, form, lambda data: row.install(by=request.reach, **data), _("已登记。"), lambda _made: there(request, pk))
    return answer if not isinstance(answer, int) else _shown(request, row, answer, item=form)


@require_POST
@needs("service.order")
def mend(request: HttpRequest, pk: int) -> HttpResponse:
    row = _found(request, pk)
    form = MendForm(request.POST, file=row)
    answer: Any = carry_out(request, form, lambda _data: row.mend(by=request.reach, **form.said()), _("已登记。"), lambda _made: there(request, pk))
    return answer if not isinstance(answer, int) else _shown(request, row, answer, mend=form)


@require_POST
@needs("service.order")
def report(request: HttpRequest, pk: int) -> HttpResponse:
    row, form = _found(request, pk), ReportForm(request.POST)
    answer: Any = carry_out(request, form, lambda data: row.report(data["advice"], by=request.reach), _("已出具报告，住户会收到通知。"), lambda _made: there(request, pk))
    return answer if not isinstance(answer, int) else _shown(request, row, answer, report=form)


@require_POST
@needs("service.order", resident=True)
def house_end(request: HttpRequest, pk: int) -> HttpResponse:
    row = _found(request, pk)
    act(request, lambda: row.end(by=request.reach), _("已停用，不再诊断。"))
    return to(request, "houses" if request.reach.is_staff else "mine_house")


@needs("service.order", resident=True)
def house_paper(request: HttpRequest, pk: int) -> FileResponse:
    """One report, as the household got it."""
    rows = HouseReport.objects.at_estate(request.estate).filter(file__in=HouseFile.objects.visible_to(request.reach))
    row = get_object_or_404(rows.select_related("document"), pk=pk)
    answer = FileResponse(row.document.file.open("rb"), as_attachment=True, filename=f"{row.document.title}.pdf")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@needs(staff=False, resident=True)
def mine_house(request: HttpRequest) -> HttpResponse:
    """GET: one's own files with their reports. POST: order the care of a home that has none."""
    homes = Occupancy.objects.at_estate(request.estate).filter(household__in=list(request.reach.households), during__contains=clock.today(request.estate))
    files = HouseFile.objects.visible_to(request.reach).live().select_related("unit", "household", "estate")
    if request.method == "POST":
        home = homes.select_related("unit", "household").filter(unit__code=request.POST.get("room", "")[:40]).order_by("kind", "pk").first()
        if home is None:
            raise Http404
        act(request, lambda: HouseFile.objects.open(home.unit, home.household, "", by=request.reach), _("已订购，客服会联系您登记设备、约时间诊断。"))
        return to(request, "mine_house")
    rows = [_about(row) for row in files.order_by("unit__code")]
    left = homes.exclude(unit__in=files.values("unit")).select_related("unit").order_by("unit__code")
    return render(request, "services/mine_house.html", {"files": rows, "left": left})
