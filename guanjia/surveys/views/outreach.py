"""服务体验官 and 服务开放日: whom staff invite, what was joined, who came (QLT-55, QLT-56)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia import clock
from guanjia.duties.models import Task
from guanjia.duties.views.tasks import shots
from guanjia.households.models import Household, Occupancy
from guanjia.staffing.finding import unit_for
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.tenancy.reading import row_id
from guanjia.web.acting import act
from guanjia.web.guard import needs

from ..book import surveys_book
from ..forms import OpenDayForm
from ..models import Officer, OpenDay
from ..models.officer import quarter_of, wanted
from .common import render, to
from .reading import day_of, mark_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

SHOWN = 30
MOST_ROOMS = 60


def _home_in(estate: Any, text: str) -> Household | None:
    unit = unit_for(estate, text)
    held = Occupancy.objects.at_estate(estate).filter(unit=unit, during__contains=clock.today(estate)).select_related("household").first() if unit else None
    return held.household if held else None


def _open_task(request: Any, key: str) -> Task | None:
    rows = Task.objects.at_estate(request.estate).visible_to(request.reach).open().filter(key=key, missed_at__isnull=True, opens_at__lte=clock.now())
    return rows.order_by("due_at").first()


@needs("officer.manage")
def officers(request: HttpRequest) -> HttpResponse:
    """This quarter's, and how many there should be; POST invites by rooms."""
    estate, now = request.estate, clock.now()
    if request.method == "POST":
        _invite(request)
        return to(request, "officers")
    quarter = quarter_of(clock.today(estate))
    rows = list(Officer.objects.at_estate(estate).filter(quarter=quarter).select_related("household").prefetch_related("acts").order_by("-accepted", "pk"))
    codes = dict(
        Occupancy.objects.at_estate(estate).filter(household_id__in=[row.household_id for row in rows], during__contains=clock.today(estate)).order_by("-unit__code").values_list("household_id", "unit__code")
    )
    page = {
        "rows": [(row, codes.get(row.household_id, ""), sorted(row.acts.all(), key=lambda act: act.on, reverse=True)) for row in rows], "wanted": wanted(estate, now), "quarter": quarter,
        "serving": sum(row.accepted is True for row in rows), "today": clock.today(estate), "joined": [(key, _(entry.title)) for key, entry in surveys_book().joined.items()],
        "task": _open_task(request, "qlt_experience"), "seen": sum(len(row.acts.all()) for row in rows),
    }  # fmt: skip
    return render(request, "surveys/officers.html", page)


def _invite(request: Any) -> None:
    rooms = [line.strip() for line in request.POST.get("rooms", "").replace("，", "\n").replace(",", "\n").splitlines() if line.strip()][:MOST_ROOMS]
    homes = {room: _home_in(request.estate, room) for room in rooms}
    if strange := [room for room, home in homes.items() if home is None]:
        messages.warning(request, _("没有找到：%(rooms)s") % {"rooms": "、".join(strange)})
    found = {home.pk: home for home in homes.values() if home}
    if found:
        act(request, lambda: Officer.objects.invite(request.estate, found.values(), by=request.reach), _("已发出邀请。"))


@require_POST
@needs("officer.manage")
def officer(request: HttpRequest, pk: int) -> HttpResponse:
    """What they told staff: yes, no, or what they joined and thought."""
    row = get_object_or_404(Officer.objects.at_estate(request.estate).select_related("household", "estate"), pk=pk)
    if "joined" in request.POST:
        said = (request.POST["joined"], day_of(request.POST.get("on", ""), clock.today(request.estate)), request.POST.get("words", ""), mark_of(request))
        act(request, lambda: row.join(*said, by=request.reach), _("已记下，感受已进意见库。"))
    else:
        act(request, lambda: row.reply(request.POST.get("accepted") == "yes", by=request.reach), _("已记下。"))
    return to(request, "officers")


@needs("open_day.manage")
def open_days(request: HttpRequest) -> HttpResponse:
    form, status = OpenDayForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                OpenDay.objects.plan(request.estate, by=request.reach, **form.cleaned_data)
            except NotAllowed:
                raise
            except Refused as refused:
                form.add_error(None, str(refused))
                status = 409
            else:
                messages.success(request, _("已安排，已通知全体住户。"))
                return to(request, "open_days")
    rows = OpenDay.objects.at_estate(request.estate).prefetch_related("visitors").order_by("-begins_at")[:SHOWN]
    page = {"rows": [(row, len(row.visitors.all()), sum(one.came for one in row.visitors.all())) for row in rows], "form": form, "typing": status != 200, "task": _open_task(request, "qlt_open_day")}
    return render(request, "surveys/open_days.html", page, status=status)


@needs("open_day.manage")
def open_day(request: HttpRequest, pk: int) -> HttpResponse:
    """Who signed up; POST takes a household in, or holds it with who came."""
    row = get_object_or_404(OpenDay.objects.at_estate(request.estate), pk=pk)
    if request.method == "POST":
        if "room" in request.POST:
            home = _home_in(request.estate, request.POST["room"])
            if home is None:
                messages.warning(request, _("没有找到这个房号。"))
            else:
                act(request, lambda: row.enter(home, by=request.reach), _("已登记。"))
        else:
            came = [key for text in request.POST.getlist("came") if (key := row_id(text))]
            act(request, lambda: row.hold(came, request.POST.get("summary", ""), by=request.reach, photos=shots(request.FILES)), _("已登记小结。"))
        return to(request, "open_day", pk)
    visitors = list(row.visitors.select_related("household").order_by("pk"))
    codes = dict(
        Occupancy.objects.at_estate(request.estate).filter(household_id__in=[one.household_id for one in visitors], during__contains=clock.today(request.estate)).order_by("-unit__code").values_list("household_id", "unit__code")
    )
    marks = [one.mood for one in visitors if one.mood]
    page = {
        "row": row, "visitors": [(one, codes.get(one.household_id, "")) for one in visitors], "mean": round(sum(marks) / len(marks), 1) if marks else None, "marks": len(marks),
        "begun": clock.now() >= row.begins_at, "task": _open_task(request, "qlt_open_day"),
    }  # fmt: skip
    return render(request, "surveys/open_day.html", page)
