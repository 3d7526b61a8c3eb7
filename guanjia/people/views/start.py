"""Where each person's day begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from ..homes import homes_of
from .doors import signed_in

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@signed_in
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """To the one estate; a choice among several; a friendly word when there is none."""
    homes = homes_of(request.user)  # type: ignore[arg-type]
    if len(homes) == 1:
        return redirect(homes[0].address)
    return render(request, "people/start.html", {"homes": homes})
