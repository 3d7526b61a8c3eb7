"""What every template knows: the estate, the reach, the present instant, the look."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from guanjia import clock
from guanjia.events.sentences import listed
from guanjia.people.roles import title_of

from .nav import nav_for


def house(request: HttpRequest) -> dict[str, Any]:
    """Added to every page; nothing here costs a query."""
    reach: Any = getattr(request, "reach", None)
    roles = listed(sorted(title_of(role) for role in reach.roles)) if reach else ""
    return {
        "estate": getattr(request, "estate", None),
        "reach": reach,
        "now": clock.now(),
        "theme": request.COOKIES.get("theme", ""),
        "type_size": request.COOKIES.get("type", ""),
        "nav": nav_for(request, reach) if reach else [],
        "me_words": f"{reach.name} · {roles}" if roles else (reach.name if reach else ""),
        "estate_words": reach.estate.company.name if reach else "",
        "search_url": reverse("care:search", args=[reach.estate.code]) if reach and reach.is_staff else "",
    }
