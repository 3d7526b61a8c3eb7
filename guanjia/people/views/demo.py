"""What the pretended SMS provider was given; only in the demo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import apps
from django.conf import settings
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from guanjia.web.guard import public

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@public
@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    if not settings.DEMO:
        raise Http404
    rows = apps.get_model("notices", "Sms").objects.order_by("-made_at")[:50]
    return render(request, "people/demo_outbox.html", {"rows": rows})
