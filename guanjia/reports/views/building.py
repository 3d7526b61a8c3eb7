"""本楼本周: for residents, of their own building; staff may look at any."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import render

from guanjia import clock
from guanjia.web.guard import needs

from ..building import building_of, week

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@needs(resident=True)
def building(request: HttpRequest) -> HttpResponse:
    one, known = building_of(request.reach, request.GET.get("building", ""))
    if one is None:
        raise Http404
    page = {"week": week(request.reach, one, clock.now()), "buildings": known, "shell": "shell_staff.html" if request.reach.is_staff else "shell_resident.html"}
    return render(request, "reports/building.html", page)
