"""At a training: signing in, the trainer's list, notes, its papers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia.duties.answers import drawn
from guanjia.staffing.forms import colleagues
from guanjia.tenancy.reading import row_id
from guanjia.web.acting import act
from guanjia.web.guard import needs

from ..models import Attendee, Material, Session
from .common import kept_file, to
from .sessions import seen, show

if TYPE_CHECKING:
    from django.http import FileResponse, HttpRequest, HttpResponse


@require_POST
@needs()
def signing(request: HttpRequest, pk: int) -> HttpResponse:
    """One's own, with the code that is shown there; a signature is welcome and not asked for."""
    row, typed = seen(request, pk), request.POST.get("signature", "")
    try:
        signature = drawn(typed) if typed else b""
    except ValueError as wrong:
        messages.warning(request, str(wrong))
        return show(request, row, 422)
    act(request, lambda: row.sign_in(request.POST.get("code", ""), by=request.reach, signature=signature), _("已签到。"))
    return to(request, "session", pk) if Session.objects.visible_to(request.reach).filter(pk=pk).exists() else to(request, "mine")


@require_POST
@needs()
def roll(request: HttpRequest, pk: int) -> HttpResponse:
    """The trainer ticks who is there."""
    row = seen(request, pk)
    wanted = {found for text in request.POST.getlist("person") if (found := row_id(text))}
    people = list(colleagues(request.estate).filter(pk__in=wanted).values_list("pk", flat=True))
    act(request, lambda: row.tick_off(people, by=request.reach), _("已点名。"))
    return to(request, "session", pk)


@require_POST
@needs()
def notes(request: HttpRequest, pk: int) -> HttpResponse:
    row = seen(request, pk)
    seat = get_object_or_404(Attendee.objects.at_estate(request.estate).filter(session=row, person=request.reach.person_id))
    mark, words = request.POST.get("rating", ""), request.POST.get("notes", "").replace("\x00", "")
    if act(request, lambda: seat.note(words, by=request.reach, rating=int(mark) if mark in tuple("12345") else None), _("笔记已保存。")):
        return to(request, "session", pk)
    return show(request, row, 409, typed_notes=words)


@require_POST
@needs()
def materials(request: HttpRequest, pk: int) -> HttpResponse:
    row, upload = seen(request, pk), request.FILES.get("file")
    if upload is None:
        messages.warning(request, _("请选择文件。"))
    else:
        act(request, lambda: Material.objects.keep(row, request.POST.get("title", "") or str(upload.name)[:80], upload, by=request.reach), _("教材已上传。"))
    return to(request, "session", pk)


@needs()
def material(request: HttpRequest, pk: int) -> FileResponse:
    """A paper of a training one may see."""
    row = get_object_or_404(Material.objects.at_estate(request.estate).live().select_related("session"), pk=pk)
    if not Session.objects.visible_to(request.reach).filter(pk=row.session_id).exists():
        raise Http404
    return kept_file(row.file, row.title)
