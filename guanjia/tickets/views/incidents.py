"""One cause, many reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render

from guanjia.web.guard import needs

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@needs("incident.open")
def incidents(request: HttpRequest) -> HttpResponse:
    return render(request, "shell_staff.html", {})


@needs("incident.open")
def incident(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "shell_staff.html", {})


@needs("incident.open")
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "shell_staff.html", {})


@needs("incident.open")
def closure(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "shell_staff.html", {})
