"""What the pages share: what their tabs open, the way back, a date in the address."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.shortcuts import redirect
from django.shortcuts import render as rendered
from django.urls import reverse

from ..models.team import TEAM

if TYPE_CHECKING:
    from django.http import HttpResponse



def render(request: Any, template: str, page: dict[str, Any], status: int = 200) -> HttpResponse:
    """A page with what its tabs open to the reader."""
    reach = request.reach
    opens = {
        "may_post": reach.may("post.manage"),
        "may_card": reach.may("household.read"),
        "may_team": any(map(reach.may, TEAM)),
    }
    return rendered(request, template, {**opens, **page}, status=status)


def to(request: Any, name: str, *args: Any) -> HttpResponse:
    return redirect(reverse(f"staffing:{name}", args=[request.estate.code, *args]))


def day_of(text: str, otherwise: date) -> date:
    """`2026-03-12`; nonsense is the other day."""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        return otherwise
    return day if 2000 <= day.year < 2100 else otherwise
