"""What every request passes through: clean input, language, the estate and its transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpResponseBadRequest
from django.utils import timezone, translation

from guanjia.estates.models import Estate
from guanjia.people.reach import reach_of
from guanjia.tenancy.scope import estate_scope

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    Handler = Callable[[HttpRequest], HttpResponse]


def clean_input(get_response: Handler) -> Handler:
    """PostgreSQL has no NUL character in text: refuse it at the door, in path, query and form alike."""

    def check(request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return HttpResponseBadRequest("NUL")
        content_type = request.content_type or ""
        if request.method == "POST" and content_type.startswith(("application/x-www-form-urlencoded", "multipart/")):
            if any("\x00" in value for values in request.POST.lists() for value in values[1]):
                return HttpResponseBadRequest("NUL")
        return get_response(request)

    return check


class LanguageMiddleware:
    """The reader's language: the cookie their preferences set, else Simplified Chinese; for the API what it asks for.

    The browser's own wish is not followed: an English Windows is common on Chinese desks.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, settings.LANGUAGE_CODE)
        asked = request.path.startswith("/api/") or chosen not in dict(settings.LANGUAGES)
        language = translation.get_language_from_request(request) if asked else chosen
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        translation.deactivate()
        return response


class EstateMiddleware:
    """Below /e/<code>/ a request has an estate, a reach, and one transaction that sees this estate only (design §7).

    A stranger is asked to sign in; somebody without a post or a home there finds nothing (404). Views carry
    `needs` (guanjia.web.guard): without it nobody gets in.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: Any, view: Any, args: Any, kwargs: dict[str, Any]) -> HttpResponse | None:
        code = kwargs.pop("estate_code", None)
        if code is None:
            return None
        estate = Estate.objects.select_related("company").filter(code=code).first()
        public = getattr(view, "public", False)
        if not request.user.is_authenticated and not public:
            return redirect_to_login(request.get_full_path())
        if estate is None:
            raise Http404
        request.estate = estate
        with estate_scope(estate), timezone.override(ZoneInfo(estate.time_zone)):
            request.reach = reach_of(request.user, estate) if request.user.is_authenticated else None
            if request.reach is None and not public:
                raise Http404
            response = view(request, *args, **kwargs)
            if hasattr(response, "render") and callable(response.render):
                response.render()
            return response
