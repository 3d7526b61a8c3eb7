"""What the pages share: what their tabs open, the way back, a file that opens nothing by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import FileResponse
from django.shortcuts import redirect
from django.shortcuts import render as rendered
from django.urls import reverse

if TYPE_CHECKING:
    from django.http import HttpResponse


def render(request: Any, template: str, page: dict[str, Any], status: int = 200) -> HttpResponse:
    """A page with what its tabs open to the reader."""
    return rendered(request, template, {"may_manage": request.reach.may("training.manage"), **page}, status=status)


def to(request: Any, name: str, *args: Any) -> HttpResponse:
    return redirect(reverse(f"training:{name}", args=[request.estate.code, *args]))


def kept_file(file: Any, title: str) -> FileResponse:
    """Something uploaded, as an attachment."""
    suffix = str(file.name).rsplit(".", 1)[-1]
    answer = FileResponse(file.open("rb"), as_attachment=True, filename=f"{title}.{suffix}")
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
