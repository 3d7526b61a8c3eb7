"""What staff do with an activity: every verb a POST to its noun."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db import transaction
from django.http import FileResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia.households.models import Household
from guanjia.tenancy.reading import row_id
from guanjia.web.acting import act
from guanjia.web.guard import needs

from ..finding import household_in
from ..models import Activity, ActivityPhoto, Question
from .common import found, to
from .staff import shown

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase


def number(text: str | None, otherwise: int = 1) -> int:
    """A small whole number out of a form; nonsense is refused by the verb."""
    text = (text or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else (otherwise if not text else 0)


def yuan(text: str | None) -> Decimal:
    try:
        value = Decimal((text or "").strip() or "0")
    except InvalidOperation:
        return Decimal(-1)
    return value.quantize(Decimal("0.01")) if value.is_finite() and abs(value) < 10**9 else Decimal(-1)


@require_POST
@needs("activity.manage")
def sending(request: HttpRequest, pk: int) -> HttpResponse:
    row = found(request, pk)
    act(request, lambda: row.send_in(by=request.reach), _("已提交审批。") if row.is_checked else _("已开放，并通知住户。"))
    return to(request, "show", pk)


@require_POST
@needs("activity.judge")
def verdict(request: HttpRequest, pk: int) -> HttpResponse:
    row, approved = found(request, pk), request.POST.get("approved") == "yes"
    act(request, lambda: row.judge_it(approved, request.POST.get("why", ""), by=request.reach), _("已批准，并通知住户。") if approved else _("已退回。"))
    return to(request, "show", pk)


@require_POST
@needs("activity.manage")
def cancellation(request: HttpRequest, pk: int) -> HttpResponse:
    row = found(request, pk)
    act(request, lambda: row.call_off(request.POST.get("why", ""), by=request.reach), _("已取消，并通知报名的住户。"))
    return to(request, "show", pk)


@require_POST
@needs("activity.manage")
def signups(request: HttpRequest, pk: int) -> HttpResponse:
    """A household by its room: signed up, or here now."""
    row, home = found(request, pk), household_in(request.estate, request.POST.get("room", "")[:40])
    if home is None:
        messages.warning(request, _("没有找到这个房号的住户。"))
        return to(request, "show", pk)
    heads, reach = number(request.POST.get("heads")), request.reach
    if request.POST.get("here"):
        act(request, lambda: row.arrive(home, heads, by=reach), _("已登记到场。"))
    else:
        act(request, lambda: row.enter(home, heads, by=reach, wait=bool(request.POST.get("wait"))), _("已登记。"))
    return to(request, "show", pk)


@require_POST
@needs("activity.manage")
def withdrawal(request: HttpRequest, pk: int) -> HttpResponse:
    row = found(request, pk)
    home = get_object_or_404(Household.objects.at_estate(request.estate), pk=row_id(request.POST.get("household")) or 0)
    act(request, lambda: row.leave(home, by=request.reach), _("已退出，候补已自动补上。"))
    return to(request, "show", pk)


@require_POST
@needs("activity.manage")
def places(request: HttpRequest, pk: int) -> HttpResponse:
    row = found(request, pk)
    act(request, lambda: row.change_places(number(request.POST.get("places"), 0), by=request.reach), _("名额已改。"))
    return to(request, "show", pk)


@require_POST
@needs("activity.manage")
def arrivals(request: HttpRequest, pk: int) -> HttpResponse:
    """The list with its ticks."""
    row = found(request, pk)
    keys = [key for text in request.POST.getlist("came")[:500] if (key := row_id(text))]
    homes = Household.objects.at_estate(request.estate).filter(pk__in=keys, signups__activity=row).distinct()

    def tick() -> None:
        with transaction.atomic():
            for home in homes:
                row.arrive(home, by=request.reach)

    act(request, tick, _("签到已登记。"))
    return to(request, "show", pk)


@require_POST
@needs("activity.manage")
def photos(request: HttpRequest, pk: int) -> HttpResponse:
    row = found(request, pk)
    act(request, lambda: row.keep_photos(request.FILES.getlist("photos"), by=request.reach), _("照片已保存。"))
    return to(request, "show", pk)


@require_POST
@needs("activity.manage")
def holding(request: HttpRequest, pk: int) -> HttpResponse:
    """It took place; what was typed stays when it is refused."""
    row, post = found(request, pk), request.POST

    def hold() -> None:
        row.hold(post.get("summary", ""), by=request.reach, spent=yuan(post.get("spent")), over_why=post.get("over_why", ""), photos=request.FILES.getlist("photos"))

    if act(request, hold, _("已登记小结。")):
        return to(request, "show", pk)
    return shown(request, found(request, pk), 409, typed=post)


@require_POST
@needs("activity.manage")
def follow_up(request: HttpRequest, pk: int) -> HttpResponse:
    row, post = found(request, pk), request.POST
    home: Any = get_object_or_404(Household.objects.at_estate(request.estate), pk=row_id(post.get("household")) or 0)
    act(request, lambda: row.follow(home, number(post.get("stars"), 0), post.get("words", ""), by=request.reach), _("已记下回访。"))
    return to(request, "show", pk)


@require_POST
@needs("activity.manage")
def archive(request: HttpRequest, pk: int) -> HttpResponse:
    row = found(request, pk)
    act(request, lambda: row.archive(by=request.reach), _("已归档。"))
    return to(request, "show", pk)


@require_POST
@needs("activity.manage")
def questions(request: HttpRequest, pk: int) -> HttpResponse:
    """A question from the group, or with `question` its answer."""
    row, post = found(request, pk), request.POST
    if post.get("question"):
        one = get_object_or_404(Question.objects.at_estate(request.estate).filter(activity=row), pk=row_id(post["question"]) or 0)
        act(request, lambda: one.reply(post.get("answer", ""), by=request.reach), _("已答复。"))
    else:
        act(request, lambda: Question.objects.ask(row, post.get("words", ""), by=request.reach), _("已记下。"))
    return to(request, "show", pk)


@needs("activity.manage", "activity.judge", resident=True)
def photo(request: HttpRequest, pk: int) -> HttpResponseBase:
    mine = Activity.objects.visible_to(request.reach).values("pk")
    row = get_object_or_404(ActivityPhoto.objects.at_estate(request.estate).filter(activity__in=mine), pk=pk)
    return FileResponse(row.image.open("rb"), headers={"Cache-Control": "private, max-age=86400"})
