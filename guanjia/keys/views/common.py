"""What the pages share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from guanjia.keys.hub import tiles
from guanjia.keys.models import Autograph
from guanjia.web.guard import needs

if TYPE_CHECKING:
    from django.http import HttpRequest


def to(request: Any, name: str, *args: Any) -> HttpResponse:
    return redirect(reverse(f"keys:{name}", args=[request.estate.code, *args]))


@needs(resident=True)
def hub(request: HttpRequest) -> HttpResponse:
    """前台服务 for staff, 办事 for residents: a tile a thing."""
    page = {"tiles": tiles(request.reach)}
    return render(request, "keys/hub.html" if request.reach.is_staff else "keys/resident_hub.html", page)


@needs(resident=True)
def autograph(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Autograph.objects.visible_to(request.reach), pk=pk)
    return HttpResponse(bytes(row.picture), content_type="image/png", headers={"Cache-Control": "private, max-age=86400"})


def pdf(content: bytes, name: str) -> HttpResponse:
    return HttpResponse(content, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}.pdf"'})
