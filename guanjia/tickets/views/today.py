"""What waits today."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render

from guanjia.web.guard import needs

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@needs()
def today(request: HttpRequest) -> HttpResponse:
    return render(request, "shell_staff.html", {})
