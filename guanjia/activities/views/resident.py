"""社区活动 on the resident's phone: what is coming, signing up, the code at the door, what they thought."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia import clock
from guanjia.web.acting import act
from guanjia.web.guard import needs

from ..finding import own_home
from ..models import Activity, Question
from ..story import TONES
from .acts import number
from .common import about, found, to

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from ..models import SignUp

SHOWN = 20


@needs(staff=False, resident=True)
def mine(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    rows = Activity.objects.visible_to(request.reach).select_related("zone")
    coming = list(rows.coming(now).order_by("begins_at")[:SHOWN])
    past = list(rows.exclude(pk__in=[row.pk for row in coming]).order_by("-begins_at")[:SHOWN])
    joined = _joined(request, [*coming, *past])
    page = {"coming": [(row, joined.get(row.pk), row.free) for row in coming], "past": [(row, joined.get(row.pk), TONES[row.state]) for row in past], "now": now}
    return render(request, "activities/mine.html", page)


def _joined(request: Any, rows: list[Activity]) -> dict[int, SignUp]:
    from ..models import SignUp

    mine = SignUp.objects.at_estate(request.estate).filter(household_id__in=request.reach.households, left_at__isnull=True, activity__in=[row.pk for row in rows])
    return {row.activity_id: row for row in mine}


@needs(staff=False, resident=True)
def mine_show(request: HttpRequest, pk: int) -> HttpResponse:
    row, now = found(request, pk), clock.now()
    own = _joined(request, [row]).get(row.pk)
    ahead = row.signups.filter(left_at__isnull=True, waiting=True, entered_at__lt=own.entered_at).count() + 1 if own and own.waiting else 0
    page = {
        **about(request, row), "own": own, "ahead": ahead, "may_join": row.state == "open" and row.entry.joins and now < row.closes_at, "over": now >= row.ends_at,
        "may_leave": own is not None and own.came_at is None and row.state == "open" and now < row.begins_at,
        "may_rate": own is not None and own.came_at is not None and own.mood is None, "may_ask": row.state == "open" and row.entry.asks,
    }  # fmt: skip
    return render(request, "activities/mine_show.html", page)


def _home(request: Any, row: Activity) -> Any:
    home = own_home(request.reach, row)
    if home is None:
        raise Http404
    return home


@require_POST
@needs(staff=False, resident=True)
def joining(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign up, queue, or withdraw."""
    row, reach = found(request, pk), request.reach
    home = _home(request, row)
    if request.POST.get("leave"):
        own = _joined(request, [row]).get(row.pk)
        act(request, lambda: row.leave(own.household if own else home, by=reach), _("已退出，名额让给排队的邻居。"))
    else:
        wait, heads = bool(request.POST.get("wait")), number(request.POST.get("heads"))
        act(request, lambda: row.enter(home, heads, by=reach, wait=wait), _("已排队，有名额会通知您。") if wait else _("报名成功。"))
    return to(request, "mine_show", pk)


@require_POST
@needs(staff=False, resident=True)
def feedback(request: HttpRequest, pk: int) -> HttpResponse:
    row = found(request, pk)
    own = _joined(request, [row]).get(row.pk)
    if own is None:
        raise Http404
    act(request, lambda: row.follow(own.household, number(request.POST.get("stars"), 0), request.POST.get("words", ""), by=request.reach), _("谢谢，已经收到。"))
    return to(request, "mine_show", pk)


@require_POST
@needs(staff=False, resident=True)
def asking(request: HttpRequest, pk: int) -> HttpResponse:
    row = found(request, pk)
    home = _home(request, row)
    act(request, lambda: Question.objects.ask(row, request.POST.get("words", ""), by=request.reach, household=home), _("问题已收到，当晚答复。"))
    return to(request, "mine_show", pk)


@needs("activity.manage", resident=True)
def scan(request: HttpRequest, mark: str) -> HttpResponse:
    """The code at the door: a page with one button; POST is the arrival. A forged code is said so."""
    row = Activity.objects.of_mark(mark, request.estate)
    reach = request.reach
    if row is None or (reach.is_staff and not reach.is_resident):
        return render(request, "activities/scan.html", {"row": row, "mark": mark, "shell": _shell(reach)})
    home = _home(request, row)
    if request.method == "POST":
        if act(request, lambda: row.arrive(home, number(request.POST.get("heads")), by=reach, code=True), _("签到成功，欢迎！")):
            return to(request, "mine_show", row.pk) if Activity.objects.visible_to(reach).filter(pk=row.pk).exists() else to(request, "mine")
    return render(request, "activities/scan.html", {"row": row, "mark": mark, "shell": _shell(reach), "own": _joined(request, [row]).get(row.pk)})


def _shell(reach: Any) -> str:
    return "shell_staff.html" if reach.is_staff else "shell_resident.html"
