"""Pages of the house itself: styleguide, offline page, the reader's preferences."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import get_template
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from guanjia.web import looks, showcase

if TYPE_CHECKING:
    from django.http import HttpRequest


@require_GET
def healthz(request: HttpRequest) -> HttpResponse:
    """Alive, and the database answers; the start token tells a supervisor that it is the server it started."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse(f"ok {os.environ.get('GUANJIA_START_TOKEN', '')}\n", content_type="text/plain")


def failed(request: HttpRequest) -> HttpResponse:
    """What an error that nobody caught looks like: 503 while the database is away or too busy, else 500. Asks nothing."""
    away = isinstance(sys.exc_info()[1], (OperationalError, InterfaceError))
    page = get_template("503.html" if away else "500.html").template.source  # as it stands: nothing in it can fail
    return HttpResponse(page, status=503 if away else 500, headers={"Retry-After": "10"} if away else {})


@require_GET
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every part in every state. Open in DEBUG and in the demo, else for signed-in staff only."""
    is_open = settings.DEBUG or getattr(settings, "DEMO", False)
    if not (is_open or getattr(getattr(request, "user", None), "is_staff", False)):
        raise Http404
    return render(request, "styleguide.html", showcase.context(request))


@require_GET
def offline(request: HttpRequest) -> HttpResponse:
    return render(request, "offline.html")


@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Keep language, theme and size of type in cookies and go back to a page of our own."""
    answer = HttpResponseRedirect(_way_back(request))
    for name, choices in looks.CHOICES.items():
        if request.POST.get(name) in choices:
            _keep(answer, name, request.POST[name])
    language = request.POST.get("language", "")
    if translation.check_for_language(language) and language in dict(settings.LANGUAGES):
        _keep(answer, settings.LANGUAGE_COOKIE_NAME, language)
    return answer


def _way_back(request: HttpRequest) -> str:
    for target in (request.POST.get("next"), request.headers.get("Referer")):
        if target and url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
            return target
    return "/"


def _keep(answer: HttpResponse, name: str, value: str) -> None:
    answer.set_cookie(name, value, max_age=looks.YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
