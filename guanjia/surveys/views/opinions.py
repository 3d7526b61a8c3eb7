"""客户意见征集库: the list, what was taken down, what became of it; the file (COM-31, QLT-37, QLT-58)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import FileResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia import clock
from guanjia.billing.models import FundUse
from guanjia.households.models import Occupancy
from guanjia.staffing.finding import unit_for
from guanjia.tenancy.errors import Refused
from guanjia.web.acting import act
from guanjia.web.guard import needs

from ..exporting import opinions_book
from ..forms import OpinionForm, SettleForm, topics
from ..models import Opinion
from .common import render, to

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

PAGE = 30
STATES = ("open", "settled", "all")


def _found(request: Any) -> tuple[Any, dict[str, str]]:
    """The opinions asked for, and how they were asked for."""
    asked = {name: request.GET.get(name, "") for name in ("state", "topic", "source", "q")}
    asked["state"] = asked["state"] if asked["state"] in STATES else "open"
    rows = Opinion.objects.at_estate(request.estate).visible_to(request.reach)
    if asked["state"] == "open":
        rows = rows.open()
    elif asked["state"] == "settled":
        rows = rows.filter(settled_at__isnull=False)
    for name in ("topic", "source"):
        rows = rows.filter(**{name: asked[name]}) if asked[name] else rows
    if words := asked["q"].replace("\x00", "").strip()[:60]:
        rows = rows.filter(Q(words__icontains=words) | Q(reply__icontains=words))
    return rows.select_related("household", "ticket", "fund_use", "poll", "settled_by", "zone").order_by("-at", "-pk"), asked


@needs("opinion.read")
def opinions(request: HttpRequest) -> HttpResponse:
    form, status = OpinionForm(), 200
    if request.method == "POST":
        form = OpinionForm(request.POST)
        status = 422
        if form.is_valid() and _note(request, form):
            return to(request, "opinions")
    rows, asked = _found(request)
    leaf = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    codes = _codes(request.estate, leaf)
    for row in leaf:
        row.code = codes.get(row.household_id or 0, "")
    near = Opinion.objects.at_estate(request.estate).visible_to(request.reach)
    page = {
        "leaf": leaf, "asked": asked, "topics": topics(), "sources": Opinion.Source.choices, "form": form, "typing": status == 422, "outcomes": Opinion.Outcome.choices,
        "may_fund": request.reach.may("fund.ask"), "fund_left": FundUse.objects.left(request.estate) if request.reach.may("fund.ask") else 0,
        "counts": {"open": near.open().count(), "settled": near.filter(settled_at__isnull=False).count()},
    }  # fmt: skip
    return render(request, "surveys/opinions.html", page, status=status)


def _codes(estate: Any, leaf: Any) -> dict[int, str]:
    homes = [row.household_id for row in leaf if row.household_id]
    held = Occupancy.objects.at_estate(estate).filter(household_id__in=homes, during__contains=clock.today(estate)).order_by("-unit__code")
    return dict(held.values_list("household_id", "unit__code"))


def _note(request: Any, form: OpinionForm) -> bool:
    said = form.cleaned_data
    unit = unit_for(request.estate, said["room"]) if said["room"] else None
    if said["room"] and unit is None:
        form.add_error("room", _("没有找到这个房号。"))
        return False
    held = Occupancy.objects.at_estate(request.estate).filter(unit=unit, during__contains=clock.today(request.estate)).select_related("household").first() if unit else None
    try:
        Opinion.objects.note(
            request.estate, said["words"], said["topic"], by=request.reach, household=held.household if held else None, zone=unit.zone_id if unit else None, giver=said["giver"]
        )
    except Refused as refused:
        form.add_error(None, str(refused))
        return False
    act(request, lambda: None, _("已记入意见库。"))
    return True


@require_POST
@needs("opinion.answer")
def settlement(request: HttpRequest, pk: int) -> HttpResponse:
    """What becomes of it, and the answer its giver reads."""
    row = get_object_or_404(Opinion.objects.at_estate(request.estate).visible_to(request.reach).select_related("estate", "household", "zone"), pk=pk)
    form = SettleForm(request.POST)
    if not form.is_valid():
        act(request, _refuse(_("请选怎样办，并写答复。")), "")
        return to(request, "opinions")
    said = form.cleaned_data
    act(request, lambda: row.settle(said["outcome"], said["reply"], by=request.reach, amount=said["amount"]), _("已答复。"))
    return to(request, "opinions")


@require_POST
@needs("opinion.answer")
def sorting(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Opinion.objects.at_estate(request.estate).visible_to(request.reach), pk=pk)
    act(request, lambda: row.sort(request.POST.get("topic", ""), by=request.reach), _("已归类。"))
    return to(request, "opinions")


def _refuse(words: str) -> Any:
    def refused() -> None:
        raise Refused(words)

    return refused


@needs("opinion.read")
def opinions_file(request: HttpRequest) -> FileResponse:
    rows, _asked = _found(request)
    return FileResponse(opinions_book(request.estate, rows), as_attachment=True, filename=f"{_('客户意见征集库')}.xlsx")
