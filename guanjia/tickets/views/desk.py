"""The front desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render

from guanjia.web.guard import needs

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@needs("household.read")
def desk(request: HttpRequest) -> HttpResponse:
    return render(request, "shell_staff.html", {})


@needs("household.read")
def search(request: HttpRequest) -> HttpResponse:
    return render(request, "shell_staff.html", {})


@needs("household.read")
def household(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "shell_staff.html", {})
