"""住户."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse

from guanjia.web.guard import needs

if TYPE_CHECKING:
    from django.http import HttpRequest


@needs("household.read")
def homes(request: HttpRequest) -> HttpResponse:
    return HttpResponse("")
