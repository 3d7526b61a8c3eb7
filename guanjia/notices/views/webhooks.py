"""Other systems that hear of this estate's events: for who may change its rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guanjia import clock
from guanjia.tenancy.errors import Refused
from guanjia.web.guard import needs

from ..forms import SubscriptionForm
from ..models import Subscription
from ..ports import NotSent
from ..posting import parcel, send

if TYPE_CHECKING:
    from django.http import HttpResponse


@needs("rule.change")
@never_cache
@require_http_methods(["GET", "POST"])
def webhooks(request: Any) -> HttpResponse:
    """The subscriptions, and a form for a new one."""
    form = SubscriptionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = Subscription.objects.subscribe(
                form.cleaned_data["url"], form.cleaned_data["actions"], by=request.reach
            )
            return _show(request, made, made.secret)
        except Refused as refused:
            form.add_error("url", str(refused))
    page = {"form": form, "rows": Subscription.objects.at_estate(request.estate).order_by("-pk")}
    return render(request, "notices/webhooks.html", page, status=422 if form.errors else 200)


@needs("rule.change")
@require_safe
def webhook(request: Any, pk: int) -> HttpResponse:
    return _show(request, _one(request, pk))


@needs("rule.change")
@never_cache
@require_POST
def rotation(request: Any, pk: int) -> HttpResponse:
    hook = _one(request, pk)
    return _show(request, hook, hook.rotate(by=request.reach))


@needs("rule.change")
@require_POST
def trial(request: Any, pk: int) -> HttpResponse:
    """Send a message that means nothing, and say what the other side answered."""
    hook, now = _one(request, pk), clock.now()
    said = {
        "action": "test", "at": now.isoformat(), "estate": request.estate.code, "subject": None, "particulars": {},
        "sentence": _("这是一条测试消息"),
    }  # fmt: skip
    try:
        status = send(parcel(hook, f"test-{hook.pk}-{int(now.timestamp())}", said, now))
        messages.success(request, _("对方已收到：HTTP %(status)s。") % {"status": status})
    except NotSent as failed:
        messages.error(request, _("没有送达：%(why)s") % {"why": failed})
    return redirect("notices:webhook", request.estate.code, pk)


@needs("rule.change")
@require_POST
def switch(request: Any, pk: int) -> HttpResponse:
    _one(request, pk).switch(request.POST.get("active") == "1", by=request.reach)
    return redirect("notices:webhook", request.estate.code, pk)


@needs("rule.change")
@require_POST
def removal(request: Any, pk: int) -> HttpResponse:
    _one(request, pk).remove(by=request.reach)
    messages.success(request, _("已取消对接。"))
    return redirect("notices:webhooks", request.estate.code)


def _one(request: Any, pk: int) -> Subscription:
    return get_object_or_404(Subscription.objects.at_estate(request.estate), pk=pk)


def _show(request: Any, hook: Subscription, secret: str = "") -> HttpResponse:
    """The page of one subscription; the secret only in the answer that made it."""
    recent = hook.deliveries.at_estate(request.estate).order_by("-pk")[:20]
    return render(
        request, "notices/webhook.html", {"hook": hook, "secret": secret, "recent": recent, "labels": _labels(hook)}
    )


def _labels(hook: Subscription) -> list[str]:
    from ..forms import action_choices

    known = dict(action_choices())
    return [known.get(action, action) for action in hook.actions]
