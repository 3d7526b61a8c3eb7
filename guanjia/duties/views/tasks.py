"""A task on the phone: its form, and the record that comes back, with or without signal (issue 3 point 5)."""

from __future__ import annotations

import uuid
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from guanjia import clock
from guanjia.tenancy.errors import Refused
from guanjia.web.guard import needs
from guanjia.web.keepable import keepable

from ..agenda import LINKS, Line
from ..answers import Unanswered
from ..models import Record, Task
from ..models.finishable import Shot
from ..sheet import sheet
from ..triggers import origin
from ..whereabouts import Position

if TYPE_CHECKING:
    from django.http import HttpRequest


@needs()
def task(request: HttpRequest, pk: int) -> HttpResponse:
    """What, where, until when; and its form while it is open."""
    row = get_object_or_404(
        Task.objects.at_estate(request.estate).visible_to(request.reach).select_related(*LINKS), pk=pk
    )
    return _page(request, row)


def _page(request: HttpRequest, row: Task, raw: Any = None, errors: Any = None, status: int = 200) -> HttpResponse:
    records = Record.objects.at_estate(row.estate_id).filter(task=row).select_related("by").order_by("pk")
    page = {
        "task": row, "cause": origin(row), "line": Line(row, request.reach), "sheet": None if row.done_at or row.waived_at else sheet(row, raw, errors),
        "records": records, "early": row.opens_at > clock.now(), "mark": request.GET.get("mark", ""),
    }  # fmt: skip
    answer = render(request, "duties/task.html", page, status=status)
    return keepable(answer, request.reach) if status == 200 else answer


@never_cache
@needs()
def sending(request: HttpRequest) -> JsonResponse:
    """Who is signed in, and the token to send with: a phone asks before it sends what it kept."""
    return JsonResponse({"person": request.reach.person_id, "token": get_token(request)})


@require_POST
@needs()
def finish(request: HttpRequest, pk: int) -> HttpResponse:
    """The record of a task. A phone asks for JSON: 201 kept, 422 with what is missing, 409 when somebody was faster."""
    plain = "application/json" not in request.headers.get("Accept", "")
    sender = request.POST.get("person")
    if sender and sender != str(request.reach.person_id):  # kept on this phone by somebody else
        return JsonResponse(
            {"code": "other_person", "words": _("这份记录是另一位同事做的，请他登录后发送。")}, status=409
        )
    row = Task.objects.at_estate(request.estate).select_related(*LINKS).filter(pk=pk).first()
    if row is None:
        raise Http404
    try:
        made = row.finish(by=request.reach, **_said(request))
    except Unanswered as lacking:
        if plain:
            return _page(request, row, raw_answers(request), lacking.items, 422)
        return JsonResponse({"code": lacking.code, "words": str(lacking), "items": lacking.items}, status=422)
    except Refused as refused:
        if plain:
            messages.error(request, str(refused))
            return redirect("duties:task", request.estate.code, pk)
        return JsonResponse(
            {"code": refused.code, "words": str(refused)}, status=422 if "photo" in refused.code else 409
        )
    if not plain:
        return JsonResponse({"record": made.pk, "late": made.is_late}, status=201)
    messages.success(request, _("已完成，晚于时限。") if made.is_late else _("已完成。"))
    return redirect("tickets:today", request.estate.code)


def raw_answers(request: HttpRequest) -> dict[str, Any]:
    """Answers as they came; several of a name as a list."""
    return {name: values if len(values) > 1 else values[0] for name, values in request.POST.lists() if values}


def _said(request: HttpRequest) -> dict[str, Any]:
    post = request.POST
    return {
        "answers": raw_answers(request), "photos": shots(request.FILES), "began_at": instant(post.get("began_at")), "done_at": instant(post.get("done_at")),
        "sent_at": instant(post.get("sent_at")), "position": _position(post), "mark": post.get("mark", "")[:200],
        "client_id": uuid_of(post.get("client_id")), "offline": post.get("offline") == "1", "beside": post.get("beside") == "1",
    }  # fmt: skip


def shots(files: Any) -> list[Shot]:
    """`photos` are the record's own, `photos-doors` an item's; a file named by an id keeps it."""
    found = []
    for name, uploads in files.lists():
        head, _dash, item = name.partition("-")
        if head == "photos":
            found += [Shot(upload, item[:60], uuid_of(str(upload.name).partition(".")[0])) for upload in uploads]
    return found


def uuid_of(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None


def instant(text: str | None) -> datetime | None:
    """An instant with its offset, as scripts write it; anything else is nothing."""
    try:
        at = parse_datetime(text or "")
    except ValueError:
        return None
    return at if at and at.tzinfo and 2000 < at.year < 2200 else None


def _position(post: Any) -> Position | None:
    try:
        latitude, longitude = (
            Decimal(post.get(name) or "x").quantize(Decimal("0.000001")) for name in ("latitude", "longitude")
        )
        accuracy = int(min(Decimal(post.get("accuracy") or 0), Decimal(100_000)))
        known = abs(latitude) <= 90 and abs(longitude) <= 180
    except (InvalidOperation, ValueError):  # NaN as well: it compares with nothing
        return None
    return Position(latitude, longitude, max(accuracy, 0)) if known else None
