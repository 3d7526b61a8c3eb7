"""分类积分: the supervisor at the bin, the desk with its gifts, the resident with their code, the volunteers' rota."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import segno
from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia import clock
from guanjia.activities.finding import household_in, rooms_of
from guanjia.activities.views.acts import number
from guanjia.households.models import Household
from guanjia.rulebooks.parameters import parameter
from guanjia.tenancy.reading import row_id
from guanjia.tenancy.workbooks import book_of
from guanjia.web.acting import act
from guanjia.web.guard import needs

from ..board import board
from ..models import Gift, PointEntry, Purse, Turn
from ..models.points import household_of, mark_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

EITHER = ("sorting.record", "sorting.redeem")
SHOWN = 60


def to(request: Any, name: str, *args: Any) -> HttpResponse:
    return redirect(reverse(f"sorting:{name}", args=[request.estate.code, *args]))


def day_of(text: str) -> date:
    try:
        return date.fromisoformat(text.strip()[:10])
    except ValueError:
        return date(1, 1, 1)  # refused by the verb


@needs(*EITHER)
def desk(request: HttpRequest) -> HttpResponseBase:
    """Record, redeem, stock, rota; `?xlsx=1` the ledger."""
    estate, today, reach = request.estate, clock.today(request.estate), request.reach
    entries = PointEntry.objects.at_estate(estate).select_related("purse__household", "gift").order_by("-at")
    if request.GET.get("xlsx"):
        rows = [[row.at, row.purse.household.name, row.get_kind_display(), row.points, row.gift.title if row.gift else "", row.words] for row in entries[:20000]]
        book = book_of([(_("积分台帐"), [_("时间"), _("住户"), _("种类"), _("积分"), _("礼品"), _("说明")], rows)])
        return FileResponse(book, as_attachment=True, filename=_("积分台帐 %(day)s.xlsx") % {"day": f"{today:%F}"})
    found = list(entries[:20])
    turns = Turn.objects.at_estate(estate).filter(day__gte=today, day__lte=today + timedelta(days=14)).select_related("household", "zone").order_by("day", "slot")
    page = {
        "entries": found, "rooms": rooms_of(estate, {row.purse.household_id for row in found}), "gifts": Gift.objects.at_estate(estate).filter(retired_at__isnull=True).order_by("points"),
        "turns": turns[:SHOWN], "today": today, "lines": board(estate, today), "may_redeem": reach.may("sorting.redeem"), "may_record": reach.may("sorting.record"),
        "sorted": entries.filter(day=today, kind="sort").count(),
    }  # fmt: skip
    return render(request, "sorting/desk.html", page)


def _record(request: Any, home: Any) -> bool:
    purse = Purse.objects.of(home)
    return act(request, lambda: purse.sort(by=request.reach), _("%(who)s 记 1 次，现有积分见手机。") % {"who": home.name})


@require_POST
@needs("sorting.record")
def recording(request: HttpRequest) -> HttpResponse:
    """By room number."""
    home = household_in(request.estate, request.POST.get("room", "")[:40])
    if home is None:
        messages.warning(request, _("没有找到这个房号的住户。"))
    else:
        _record(request, home)
    return to(request, "desk")


@needs("sorting.record", resident=True)
def scan(request: HttpRequest, mark: str) -> HttpResponse:
    """A household's code, scanned by a supervisor or by a volunteer on duty; POST confirms the sort."""
    home, reach = household_of(mark, request.estate), request.reach
    on_duty = reach.is_staff or Turn.objects.at_estate(request.estate).filter(household_id__in=reach.households, day=clock.today(request.estate)).exists()
    if request.method == "POST" and home is not None and on_duty:
        _record(request, home)
        return to(request, "desk") if reach.is_staff else to(request, "mine")
    page = {"home": home, "mark": mark, "may": home is not None and on_duty and home.pk not in reach.households, "shell": "shell_staff.html" if reach.is_staff else "shell_resident.html"}
    return render(request, "sorting/scan.html", page)


@require_POST
@needs("sorting.redeem")
def redeeming(request: HttpRequest) -> HttpResponse:
    home = household_in(request.estate, request.POST.get("room", "")[:40])
    gift = get_object_or_404(Gift.objects.at_estate(request.estate), pk=row_id(request.POST.get("gift")) or 0)
    if home is None:
        messages.warning(request, _("没有找到这个房号的住户。"))
    else:
        purse = Purse.objects.of(home)
        act(request, lambda: purse.redeem(gift, by=request.reach), _("已兑换 %(gift)s。") % {"gift": gift.title})
    return to(request, "desk")


@require_POST
@needs("sorting.redeem")
def correcting(request: HttpRequest) -> HttpResponse:
    home, text = household_in(request.estate, request.POST.get("room", "")[:40]), request.POST.get("points", "").strip()
    if home is None:
        messages.warning(request, _("没有找到这个房号的住户。"))
    else:
        points = number(text.removeprefix("-"), 0) * (-1 if text.startswith("-") else 1)
        purse = Purse.objects.of(home)
        act(request, lambda: purse.correct(points, request.POST.get("words", ""), by=request.reach), _("已更正。"))
    return to(request, "desk")


@require_POST
@needs("sorting.redeem")
def stocking(request: HttpRequest) -> HttpResponse:
    """A new gift, or more of one."""
    post = request.POST
    if post.get("gift"):
        gift = get_object_or_404(Gift.objects.at_estate(request.estate), pk=row_id(post["gift"]) or 0)
        act(request, lambda: gift.restock(number(post.get("stock"), 0), by=request.reach), _("已入库。"))
    else:
        act(request, lambda: Gift.objects.offer(post.get("title", ""), number(post.get("points"), 0), number(post.get("stock"), 0), by=request.reach), _("已上架。"))
    return to(request, "desk")


@require_POST
@needs("sorting.record", resident=True)
def turns(request: HttpRequest) -> HttpResponse:
    """A turn at the bins taken, or with `turn` given back."""
    post, reach = request.POST, request.reach
    if post.get("turn"):
        rows = Turn.objects.at_estate(request.estate).select_related("household")
        row = get_object_or_404(rows if reach.is_staff else rows.filter(household_id__in=reach.households), pk=row_id(post["turn"]) or 0)
        act(request, lambda: row.give_back(by=reach), _("已退班。"))
    else:
        home = household_in(request.estate, post.get("room", "")[:40]) if reach.is_staff else Household.objects.at_estate(request.estate).filter(pk__in=reach.households).first()
        if home is None:
            messages.warning(request, _("没有找到这个房号的住户。"))
        else:
            act(request, lambda: Turn.objects.take(home, day_of(post.get("day", "")), post.get("slot", ""), by=reach), _("已排班，谢谢。"))
    return to(request, "desk" if reach.is_staff else "mine")


@needs(staff=False, resident=True)
def mine(request: HttpRequest) -> HttpResponse:
    estate, today, reach = request.estate, clock.today(request.estate), request.reach
    home = Household.objects.at_estate(estate).filter(pk__in=reach.households).order_by("pk").first()
    if home is None:
        raise Http404
    purse = Purse.objects.at_estate(estate).filter(household=home).first()
    link = request.build_absolute_uri(reverse("sorting:scan", args=[estate.code, mark_of(home)]))
    page = {
        "purse": purse, "points": purse.points if purse else 0, "entries": purse.entries.select_related("gift").order_by("-at")[:20] if purse else [], "today": today,
        "qr": mark_safe(segno.make(link, error="m").svg_inline(scale=4, border=2, svgclass="qr", lineclass="", title=_("住户码"))),
        "gifts": Gift.objects.at_estate(estate).filter(retired_at__isnull=True, stock__gt=0).order_by("points"), "lines": board(estate, today, 5),
        "turns": Turn.objects.at_estate(estate).filter(household=home, day__gte=today).order_by("day"), "per_day": parameter(estate, "sorting.per_day", clock.now()),
    }  # fmt: skip
    return render(request, "sorting/mine.html", page)


@needs(resident=True)
def turn_lead(request: HttpRequest, pk: int) -> HttpResponse:
    return to(request, "desk" if request.reach.is_staff and any(map(request.reach.may, EITHER)) else "mine")
