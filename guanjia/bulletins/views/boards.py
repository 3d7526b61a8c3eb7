"""公告栏: every board with what hangs there and what has to come down; a phone page for the morning's check (COM-13)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import F
from django.shortcuts import get_object_or_404, redirect
from django.shortcuts import render as rendered
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia.web.acting import act
from guanjia.web.guard import needs

from ..models import Hanging

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

SHOWN = 400


@needs("bulletin.write", "bulletin.check", "board.keep")
def boards(request: HttpRequest) -> HttpResponse:
    """Boards with something overdue first; what is still to be hung next."""
    rows = Hanging.objects.visible_to(request.reach).up().select_related("board", "bulletin", "bulletin__estate")
    found: dict[int, dict[str, Any]] = {}
    for row in rows.order_by(F("bulletin__over_at").asc(nulls_last=True), "board__name", "bulletin__starts_at")[:SHOWN]:
        board = found.setdefault(row.board_id, {"board": row.board, "rows": []})
        board["rows"].append(row)
    waits = [each for each in found.values() if any(row.bulletin.over_at or not row.hung_at for row in each["rows"])]
    page = {"boards": waits, "calm": [each for each in found.values() if each not in waits], "to_clear": sum(bool(row.bulletin.over_at) for each in found.values() for row in each["rows"]), "may_keep": request.reach.may("board.keep")}
    return rendered(request, "bulletins/boards.html", page)


@require_POST
@needs("board.keep")
def hanging(request: HttpRequest, pk: int) -> HttpResponse:
    row = _row(request, pk)
    act(request, lambda: row.put_up(by=request.reach), _("已记张贴。"))
    return _back(request)


@require_POST
@needs("board.keep")
def removal(request: HttpRequest, pk: int) -> HttpResponse:
    row = _row(request, pk)
    act(request, lambda: row.take_down(by=request.reach), _("已记取下。"))
    return _back(request)


def _row(request: HttpRequest, pk: int) -> Hanging:
    return get_object_or_404(Hanging.objects.visible_to(request.reach).select_related("board", "bulletin"), pk=pk)


def _back(request: HttpRequest) -> HttpResponse:
    return redirect(reverse("bulletins:boards", args=[request.estate.code]))
