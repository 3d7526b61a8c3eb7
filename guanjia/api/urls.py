"""Addresses below /api/v1/. What no operation answers is a problem answer too."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from django.urls import include, re_path
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from .api import api
from .problems import nothing_there, problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse


def plainly(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Turn into a problem what goes wrong outside an operation: its method, its body, its transaction."""

    @functools.wraps(view)
    def answered(request: HttpRequest, *args: Any, **path: Any) -> HttpResponse:
        try:
            response = view(request, *args, **path)
        except Exception as error:
            return api.on_exception(request, error)
        if response.status_code != 405:
            return response
        allowed = problem(405, "method", _("这个地址不接受该方法。"))
        allowed.headers["Allow"] = response.headers["Allow"]
        return allowed

    return answered


@csrf_exempt
def missing(request: HttpRequest) -> HttpResponse:
    return nothing_there()


operations = api.urls[0]
for operation in operations:
    operation.callback = plainly(operation.callback)  # type: ignore[arg-type]
urlpatterns = [re_path("", include((operations, "api"))), re_path("", missing)]
