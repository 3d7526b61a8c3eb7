"""Who may come in: a bearer token, then one estate and one transaction around each operation."""

from __future__ import annotations

import functools
import hashlib
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import gettext as _
from ninja import Router
from ninja.security import HttpBearer

from guanjia.people.reach import reach_of
from guanjia.tenancy.errors import NotAllowed
from guanjia.tenancy.scope import estate_scope

from .callers import caller
from .once import once
from .problems import nothing_there, problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from guanjia.people.models import Person

SAFE = ("GET", "HEAD")


class Bearer(HttpBearer):
    """`Authorization: Bearer gj_…`. A session opens nothing here, so no other site can borrow one."""

    def __call__(self, request: Any) -> Person | None:
        if not hasattr(request, "holder"):
            request.holder = request.estate = None
            super().__call__(request)
        found: Person | None = request.holder
        return found

    def authenticate(self, request: Any, token: str) -> None:
        """Notes both whose token it is and which estate is asked for: one statement finds the two."""
        request.holder, request.estate = caller(token, request.resolver_match.kwargs.get("estate", ""))


BEARER = Bearer()


def in_estate(run: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Run an operation in the scope of its estate, with the reach of whoever asks. A stranger finds nothing.

    What ends in a problem is undone whole.
    """

    @functools.wraps(run)
    def within(request: Any, estate: str, **path: Any) -> HttpResponse:
        person = BEARER(request)
        if person is None:
            return run(request, **path)  # which says so
        if request.estate is None:
            return nothing_there()
        with estate_scope(request.estate):
            request.reach = reach_of(person, request.estate)
            response = _answer(request, lambda: run(request, **path)) if request.reach else nothing_there()
            if response.status_code >= 400:
                transaction.set_rollback(True)
        return response

    return within


def _answer(request: Any, act: Callable[[], HttpResponse]) -> HttpResponse:
    if request.method in SAFE:
        return _tagged(request, act())
    if not _readable(request):
        return problem(415, "content_type", _("请以 application/json 发送；照片以 multipart/form-data 发送。"))
    return once(request, act)


def _readable(request: Any) -> bool:
    """JSON, or a form where photos are sent; no content at all is JSON enough."""
    wanted = "multipart/form-data" if request.path.endswith("/photos") else "application/json"
    return request.content_type == wanted or request.META.get("CONTENT_LENGTH") in (None, "", "0")


def _tagged(request: Any, response: HttpResponse) -> HttpResponse:
    """`ETag`, and 304 for who has it already. Answers differ by who asks and in which language."""
    patch_vary_headers(response, ["Authorization", "Accept-Language"])
    response.headers.setdefault("Cache-Control", "private, no-cache")
    if response.status_code != 200 or response.streaming:
        return response


    response.headers["ETag"] = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    return get_conditional_response(request, etag=response.headers["ETag"], response=response) or response


def staff_only(reach: Any) -> None:
    """Raise NotAllowed for residents."""
    if not reach.is_staff:
        raise NotAllowed("staff")


class Noun(Router):
    """The operations on one noun of an estate."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.add_decorator(in_estate, mode="view")


