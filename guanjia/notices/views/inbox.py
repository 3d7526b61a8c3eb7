"""What one was told here: unread first, then the past by pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages as toasts
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from guanjia import clock
from guanjia.duties.models import Task
from guanjia.duties.triggers import origin
from guanjia.tenancy.reading import row_id
from guanjia.web.guard import needs

from ..forms import PreferenceForm
from ..models import Channel, Delivery, Device, Preference, Wanted
from ..pushing import push_key
from ..saying import address, messages, subject_of

if TYPE_CHECKING:
    from django.http import HttpResponse

LOUD = (Channel.EMAIL.value, Channel.PUSH.value)  # how loudly is chosen
PAGE = 30
UNREAD = 100


@needs(resident=True)
@require_safe
def inbox(request: Any) -> HttpResponse:
    mine = Delivery.objects.inbox_of(request.reach).order_by("-id")
    before = request.GET.get("before", "")
    past = mine.filter(read_at__isnull=False)
    past = past.filter(pk__lt=last) if (last := row_id(before)) is not None else past
    rows = list(past[: PAGE + 1])
    unread = [] if before else list(mine.unread()[:UNREAD])
    told = messages([*unread, *rows[:PAGE]])
    devices = list(Device.objects.filter(person=request.user).order_by("-agreed_at"))
    page = {
        "unread": [one for one in told if one.unread], "read": [one for one in told if not one.unread],
        "older": rows[PAGE - 1].pk if len(rows) > PAGE else "", "newest": unread[0].pk if unread else "", "before": before,
        "form": PreferenceForm(initial={channel: _wanted(request, channel) for channel in LOUD}), "has_email": bool(request.user.email),
        "devices": devices, "known": " ".join(device.digest for device in devices), "push_key": push_key().public,
    }  # fmt: skip
    return render(request, "notices/inbox.html", page)


def _wanted(request: Any, channel: str) -> str:
    row = Preference.objects.filter(person=request.user, channel=channel).first()
    return row.wanted if row else Wanted.ALL


@needs(resident=True)
@require_safe
def message(request: Any, pk: int) -> HttpResponse:
    """Open a message: it is read now, and leads to what it is about."""
    row = get_object_or_404(Delivery.objects.inbox_of(request.reach), pk=pk)
    if request.method == "GET":
        Delivery.objects.inbox_of(request.reach).filter(pk=pk).mark_read(clock.now())
    found = messages([row])
    there = address(found[0].subject, request.estate.code, request.reach.is_staff) if found else ""
    return redirect(there or "notices:inbox", *([] if there else [request.estate.code]))


@needs()
@require_safe
def about(request: Any, pk: int) -> HttpResponse:
    """From what set a task off to what it is about; that page says for itself who may read it."""
    task = get_object_or_404(Task.objects.at_estate(request.estate).visible_to(request.reach), pk=pk)
    event = origin(task)
    there = address(subject_of(event), request.estate.code, True) if event else ""
    if not there:
        raise Http404
    return redirect(there)


@needs(resident=True)
@require_POST
def reading(request: Any) -> HttpResponse:
    """Everything seen on the page is read; what came in meanwhile stays unread."""
    if (newest := row_id(request.POST.get("newest"))) is not None:
        count = Delivery.objects.inbox_of(request.reach).filter(pk__lte=newest).mark_read(clock.now())
        toasts.success(request, _("%(count)s 条消息已标为已读。") % {"count": count})
    return redirect("notices:inbox", request.estate.code)


@needs(resident=True)
@require_POST
def preferences(request: Any) -> HttpResponse:
    form = PreferenceForm(request.POST)
    if form.is_valid():
        for channel in LOUD:
            if wanted := form.cleaned_data[channel]:
                Preference.objects.update_or_create(person=request.user, channel=channel, defaults={"wanted": wanted})
        toasts.success(request, _("已保存。"))
    return redirect("notices:inbox", request.estate.code)
