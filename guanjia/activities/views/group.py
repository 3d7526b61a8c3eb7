"""业主群 as a log: note what was asked, answer, feed back; its three clocks run by themselves (COM-10, COM-11)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.shortcuts import get_object_or_404, render
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia import clock
from guanjia.rulebooks.parameters import parameter
from guanjia.staffing.finding import unit_for
from guanjia.tenancy.errors import Refused
from guanjia.tickets.kinds import Channel, Kind
from guanjia.tickets.models import Ticket
from guanjia.web.acting import act
from guanjia.web.guard import needs

from ..finding import household_in
from ..group import evening, listed, measured
from .common import to

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@needs("ticket.progress")
def group(request: HttpRequest) -> HttpResponse:
    return shown(request)


def shown(request: Any, status: int = 200, **more: Any) -> HttpResponse:
    reach, now = request.reach, clock.now()
    page = {
        "rows": listed(reach, now), "lines": measured(reach, now), "evening": evening(reach, now), "kinds": Kind.choices, "key": get_random_string(20),
        "always": parameter(request.estate, "limits.group_window", now) == "always", "may_file": reach.may("ticket.file"), "may_manage": reach.may("activity.manage"), **more,
    }  # fmt: skip
    return render(request, "activities/group.html", page, status=status)


@require_POST
@needs("ticket.file")
def noting(request: HttpRequest) -> HttpResponse:
    """A message, with the answer that was given at once; sent twice, it is one."""
    post, reach = request.POST, request.reach
    room, kind = post.get("room", "").strip()[:40], post.get("kind", "")
    unit = unit_for(request.estate, room) if room else None
    home = household_in(request.estate, room) if unit else None

    def note() -> None:
        if room and unit is None:
            raise Refused(_("没有找到这个房号。"), code="no_room")
        if len(post.get("words", "").strip()) < 2:
            raise Refused(_("请写群里说了什么。"), code="words_missing")
        with transaction.atomic():
            row = Ticket.objects.report(
                by=reach, estate=request.estate, words=post.get("words", "")[:2000], channel=Channel.GROUP, kind=kind if kind in Kind.values else Kind.ENQUIRY, unit=unit,
                household_id=home.pk if home else None, zone=None if unit else _own_zone(reach), reporter_name=post.get("name", "").strip()[:60], client_key=f"group {post.get('key', '')[:40]}",
            )  # fmt: skip
            if post.get("reply", "").strip() and row.responded_at is None:
                row.reply_in_group(post["reply"][:500], by=reach)

    if act(request, note, _("已记下，三个时限开始计时。")):
        return to(request, "group")
    return shown(request, 409, typed=post)


def _own_zone(reach: Any) -> Any:
    """A message without a room belongs to the zone of the steward who notes it."""
    from guanjia.estates.models import Zone

    return Zone.objects.at_estate(reach.estate).filter(pk__in=reach.zones).order_by("pk").first() if reach.sees == "zone" else None


@require_POST
@needs("ticket.progress")
def answering(request: HttpRequest, number: str) -> HttpResponse:
    """The next word in the group: the answer, or what will be done."""
    row = get_object_or_404(Ticket.objects.visible_to(request.reach), number=number)
    words = request.POST.get("words", "")[:500]
    if request.POST.get("verb") == "feedback":
        act(request, lambda: row.feed_back_in_group(words, by=request.reach), _("已记群内反馈。"))
    else:
        act(request, lambda: row.reply_in_group(words, by=request.reach), _("已记群内响应。"))
    return to(request, "group")
