"""What the pages share: telling what a verb refused, a date in the address."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.shortcuts import render as rendered
from django.urls import reverse

from guanjia.tenancy.errors import NotAllowed, Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse


TEAM = ("team.assess", "award.decide", "fact.judge", "fact.judge_manager")


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


def act(request: HttpRequest, verb: Callable[[], Any], said: str) -> bool:
    """Do it and say so, or say why not; who may not finds nothing there."""
    try:
        verb()
    except NotAllowed as refused:
        raise Http404 from refused
    except Refused as refused:
        messages.warning(request, str(refused))
        return False
    messages.success(request, said)
    return True


def day_of(text: str, otherwise: date) -> date:
    """`2026-03-12`; nonsense is the other day."""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        return otherwise
    return day if 2000 <= day.year < 2100 else otherwise
