"""Tickets as list, file and board."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render

from guanjia.web.guard import needs

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@needs()
def tickets(request: HttpRequest) -> HttpResponse:
    return render(request, "shell_staff.html", {})


@needs()
def export(request: HttpRequest) -> HttpResponse:
    return render(request, "shell_staff.html", {})


@needs("ticket.dispatch")
def board(request: HttpRequest) -> HttpResponse:
    return render(request, "shell_staff.html", {})
