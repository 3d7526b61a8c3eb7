"""For whoever is asked: their questionnaires, their opinions with what became of them, experience officer, open days (COM-31, QLT-55, QLT-56)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia import clock
from guanjia.households.models import Household
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.web.acting import act
from guanjia.web.guard import needs

from ..book import surveys_book
from ..linking import waiting
from ..models import Invitation, Officer, OpenDay, Opinion, Visitor
from ..models.officer import quarter_of
from ..questions import Unanswered
from .common import READERS, given, render, shown, to
from .reading import day_of, mark_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

SHOWN = 30


@needs(resident=True)
def mine(request: HttpRequest) -> HttpResponse:
    """Everything on which somebody's voice is asked or was heard."""
    reach, estate, now = request.reach, request.estate, clock.now()
    asked = waiting(reach)
    done = Invitation.objects.at_estate(estate).of(reach).filter(answered=True).select_related("poll").order_by("-poll__ends_on")[:10]
    page: dict[str, Any] = {"waiting": asked, "done": done, "shell": "shell_staff.html" if reach.is_staff else "shell_resident.html"}
    if not reach.is_staff:
        homes = reach.households
        officer = Officer.objects.at_estate(estate).filter(household_id__in=homes, quarter=quarter_of(clock.today(estate))).exclude(accepted=False).first()
        days = list(OpenDay.objects.at_estate(estate).coming(now).order_by("begins_at")[:3])
        mine = {row.open_day_id: row for row in Visitor.objects.at_estate(estate).filter(household_id__in=homes).select_related("open_day").order_by("pk")}
        past = [row for row in mine.values() if row.open_day.begins_at <= now and row.mood is None]
        page |= {
            "opinions": Opinion.objects.at_estate(estate).visible_to(reach).select_related("ticket", "fund_use").order_by("-at")[:SHOWN],
            "officer": officer, "acts": officer.acts.order_by("-on") if officer else [], "joined": [(key, _(entry.title)) for key, entry in surveys_book().joined.items()],
            "days": [(day, mine.get(day.pk)) for day in days], "past": past, "today": clock.today(estate),
        }  # fmt: skip
    return render(request, "surveys/mine.html", page)


@needs(resident=True)
def questionnaire(request: HttpRequest, pk: int) -> HttpResponse:
    """One page with everything asked. Sent twice, the second is told."""
    rows = Invitation.objects.at_estate(request.estate).of(request.reach).select_related("poll__version", "poll__estate", "household")
    row = rows.filter(poll_id=pk).order_by("answered", "pk").first()
    if request.reach.is_staff and any(map(request.reach.may, READERS)) and (row is None or row.poll.closed_at):
        return to(request, "poll", pk)  # a message to those who run it
    if row is None:
        raise Http404
    asked, said, errors, status = row.poll.asked, {}, {}, 200
    if request.method == "POST":
        said = given(request, asked)
        try:
            row.answer(said, by=request.reach)
        except NotAllowed as refused:
            raise Http404 from refused
        except Unanswered as lacking:
            errors, status = lacking.items, 422
        except Refused as refused:
            messages.warning(request, str(refused))
            return to(request, "mine")
        else:
            messages.success(request, _("谢谢，已经收到。") if row.poll.anonymous else _("谢谢，已经收到；您的意见我们会逐条答复。"))
            return to(request, "mine")
    page = {
        "poll": row.poll, "row": row, "state": row.poll.state(), "questions": shown(asked, said, errors), "errors": errors,
        "shell": "shell_staff.html" if request.reach.is_staff else "shell_resident.html",
    }  # fmt: skip
    return render(request, "surveys/questionnaire.html", page, status=status)


@needs(resident=True)
def lead(request: HttpRequest, pk: int, noun: str) -> HttpResponse:
    """Where a message about a row leads: staff to the list it stands in, residents to what is theirs."""
    return to(request, noun if request.reach.is_staff else "mine")


@require_POST
@needs(resident=True, staff=False)
def my_officer(request: HttpRequest, pk: int) -> HttpResponse:
    """Yes or no to the invitation; later what was joined and thought."""
    row = get_object_or_404(Officer.objects.at_estate(request.estate).filter(household_id__in=request.reach.households).select_related("household", "estate"), pk=pk)
    if "joined" in request.POST:
        said = (request.POST["joined"], day_of(request.POST.get("on", ""), clock.today(request.estate)), request.POST.get("words", ""), mark_of(request))
        act(request, lambda: row.join(*said, by=request.reach), _("谢谢您的反馈，我们会答复。"))
    else:
        yes = request.POST.get("accepted") == "yes"
        act(request, lambda: row.reply(yes, by=request.reach), _("谢谢，管家会和您联系。") if yes else _("好的，谢谢您告诉我们。"))
    return to(request, "mine")


@require_POST
@needs(resident=True, staff=False)
def my_open_day(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign up, take it back, or say how it was."""
    reach = request.reach
    row = get_object_or_404(OpenDay.objects.at_estate(request.estate), pk=pk)
    home = get_object_or_404(Household.objects.at_estate(request.estate), pk=min(reach.households))
    if "stars" in request.POST:
        act(request, lambda: row.feed_back(home, mark_of(request), request.POST.get("words", ""), by=reach), _("谢谢您的反馈，我们会答复。"))
    elif "leave" in request.POST:
        act(request, lambda: row.leave(home, by=reach), _("已取消报名。"))
    else:
        act(request, lambda: row.enter(home, by=reach), _("已报名。"))
    return to(request, "mine")
