"""What every template knows: the estate, the reach, the present instant, the look."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from guanjia import clock

from .nav import nav_for


def house(request: HttpRequest) -> dict[str, Any]:
    """Added to every page; nothing here costs a query."""
    reach = getattr(request, "reach", None)
    return {
        "estate": getattr(request, "estate", None),
        "reach": reach,
        "now": clock.now(),
        "theme": request.COOKIES.get("theme", ""),
        "type_size": request.COOKIES.get("type", ""),
        "nav": nav_for(request, reach) if reach else [],
    }
