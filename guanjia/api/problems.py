"""What goes wrong, told to a machine: RFC 9457 problem answers with a stable `code` and a translated `detail`."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import IntegrityError, OperationalError
from django.http import Http404, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic import BaseModel, Field

from guanjia.tenancy.errors import NotAllowed, Refused

if TYPE_CHECKING:
    from django.http import HttpRequest
    from ninja import NinjaAPI

log = logging.getLogger("guanjia.api")
CONTENT_TYPE = "application/problem+json"
TOO_OFTEN = {"too_many", "just_urged"}  # codes of Refused that mean: later


class Slip(BaseModel):
    """One value that cannot be used."""

    at: str = Field(examples=["body/words"], description="Where it stands: body, query, path or header, then the way down.")
    detail: str = Field(examples=["Field required"])


class Problem(BaseModel):
    """RFC 9457."""

    type: str = Field(examples=["about:blank"])
    title: str = Field(examples=["Conflict"])
    status: int = Field(examples=[409])
    code: str = Field(examples=["already_archived"], description="Stable; for programs.")
    detail: str = Field(examples=["本单现在是“已归档”，不能这样做。"], description="For people, in the language of Accept-Language.")
    errors: list[Slip] = Field([], description="With status 422: every value that cannot be used.")


class Unfit(Exception):
    """A value that has the right shape and yet cannot be used; answered with 422."""

    def __init__(self, at: str, detail: object) -> None:
        super().__init__(at, detail)
        self.slip = Slip(at=at, detail=str(detail))


def problem(status: int, code: str, detail: object, errors: list[Slip] | None = None) -> HttpResponse:
    body = Problem(type="about:blank", title=HTTPStatus(status).phrase, status=status, code=code, detail=str(detail), errors=errors or [])
    response = JsonResponse(body.model_dump(), status=status, content_type=CONTENT_TYPE)
    if status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = "Bearer"
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        response.headers["Retry-After"] = "1"
    return response


def nothing_there() -> HttpResponse:
    return problem(404, "not_found", _("没有找到。"))


def unfit(slips: list[Slip]) -> HttpResponse:
    return problem(422, "invalid", _("请求里有不能使用的值，见 errors。"), slips)


def _refused(refused: Refused) -> HttpResponse:
    status = 403 if isinstance(refused, NotAllowed) else 429 if refused.code in TOO_OFTEN else 409
    return problem(status, refused.code, refused)


def _invalid(invalid: ValidationError) -> HttpResponse:
    return unfit([Slip(at=_place(error["loc"]), detail=error["msg"]) for error in invalid.errors])


def _place(loc: Any) -> str:
    """`body/words`: what the operation calls its body is nobody's business."""
    words = [str(word) for word in loc]
    return "/".join([words[0], *words[2 if words[0] == "body" else 1 :]])


def _http(error: HttpError) -> HttpResponse:
    if isinstance(error, AuthenticationError):
        return problem(401, "no_token", _("请带上有效的访问令牌。"))
    return problem(error.status_code, "bad_request", _("请求无法读取。"))


def _clash(clash: IntegrityError) -> HttpResponse:
    if getattr(clash.__cause__, "sqlstate", "") not in ("23505", "23P01"):
        return _broken(clash)
    return problem(409, "clash", _("刚刚有人做了同样的操作，请刷新后再看。"))


def _busy(error: OperationalError) -> HttpResponse:
    """No connection to be had, a deadlock, a lock held too long: nothing was done, ask again."""
    log.warning("busy: %s", error)
    return problem(503, "busy", _("系统正忙，请稍后再试。"))


def _broken(error: Exception) -> HttpResponse:
    log.error("an operation broke", exc_info=error)
    return problem(500, "broken", _("系统出错了，已记录。"))


HANDLERS: dict[type[Exception], Any] = {
    Exception: _broken,
    Http404: lambda error: nothing_there(),
    HttpError: _http,
    AuthenticationError: _http,
    ValidationError: _invalid,
    Refused: _refused,
    NotAllowed: _refused,
    Unfit: lambda error: unfit([error.slip]),
    IntegrityError: _clash,
    OperationalError: _busy,
    RequestDataTooBig: lambda error: problem(413, "too_big", _("请求太大。")),
    SuspiciousOperation: lambda error: problem(400, "bad_request", _("请求无法读取。")),
    MultiPartParserError: lambda error: problem(400, "bad_request", _("请求无法读取。")),
}


def answer_problems(api: NinjaAPI) -> None:
    """Every exception of an operation becomes a problem answer."""
    for kind, handler in HANDLERS.items():

        def answer(request: HttpRequest, error: Any, handler: Any = handler) -> HttpResponse:
            response: HttpResponse = handler(error)
            return response

        api.add_exception_handler(kind, answer)
