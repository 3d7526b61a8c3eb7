"""`@needs(…)`: what a view asks of the person who opens it. A view without it opens to nobody (test_house)."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from django.http import Http404

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse


def needs(*permissions: str, resident: bool = False, staff: bool = True) -> Callable[[Any], Any]:
    """Let in staff who hold one of the permissions (any post, when none is named); residents only with `resident=True`.

    Others find nothing: 404 rather than 403, so that nobody learns what exists.
    """

    def guard(view: Any) -> Any:
        @functools.wraps(view)
        def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
            reach = request.reach
            allowed = (reach.is_staff and staff and (not permissions or any(map(reach.may, permissions)))) or (
                reach.is_resident and resident
            )
            if not allowed:
                raise Http404
            return view(request, *args, **kwargs)

        guarded.needs = {"permissions": permissions, "resident": resident, "staff": staff}
        return guarded

    return guard


def public(view: Any) -> Any:
    """Open to everybody, signed in or not. Used sparingly, each one listed in test_house."""
    view.public = True
    return view


def typed(request: HttpRequest) -> Any:
    """The request with `estate` and `reach`, for type checkers."""
    return request
