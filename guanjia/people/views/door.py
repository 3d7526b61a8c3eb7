"""Signing in, the two ways, and out again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import auth, messages
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from guanjia import clock
from guanjia.tenancy.errors import Refused
from guanjia.web.guard import public

from .. import codes, looks, passwords, privacy, second_factor, sessions
from ..addresses import address_of
from ..forms import CodeForm, PasswordForm, PhoneForm, SecondFactorForm
from ..models import Person

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

PENDING = timedelta(minutes=5)  # between the password and the second factor
WAYS = ("resident", "staff")


@public
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """One page, two ways: residents by phone and code, staff by username and password."""
    if request.user.is_authenticated:
        return redirect(_goal(request))
    way = request.POST.get("way") or request.GET.get("way") or request.COOKIES.get("way", "")
    way = way if way in WAYS else WAYS[0]
    form: Any = (PasswordForm if way == "staff" else PhoneForm)(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        answer = (_by_password if way == "staff" else _by_phone)(request, form)
        if answer:
            answer.set_cookie("way", way, max_age=looks.YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
            return answer
    page = {"form": form, "way": way, "next": _goal(request), "demo": settings.DEMO, "demo_code": codes.DEMO_CODE}
    return render(request, "people/sign_in.html", page, status=422 if form.errors else 200)


def _by_phone(request: HttpRequest, form: PhoneForm) -> HttpResponse | None:
    phone = form.cleaned_data["phone"]
    try:
        codes.ask(phone, address_of(request))
    except Refused as refused:
        if refused.code != "too_soon" or request.session.get("asked") != phone:
            form.add_error(None, str(refused))
            return None
        messages.info(request, str(refused))  # the code sent a moment ago is still good
    request.session["asked"], request.session["goal"] = phone, _goal(request)
    return redirect("people:code")


def _by_password(request: HttpRequest, form: PasswordForm) -> HttpResponse | None:
    try:
        person = passwords.check(form.cleaned_data["username"], form.cleaned_data["password"], address_of(request))
    except Refused as refused:
        form.add_error(None, str(refused))
        return None
    if person is None:
        form.add_error(None, _("用户名或密码不对。"))
        return None
    if second_factor.is_enrolled(person):
        goal = _goal(request)
        request.session.flush()
        request.session.update({"pending": person.pk, "since": clock.now().isoformat(), "goal": goal})
        return redirect("people:second")
    return _welcome(request, person, _goal(request))


@public
@never_cache
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The second half of the residents' way: the six digits."""
    phone = request.session.get("asked")
    if not phone:
        return redirect("people:sign_in")
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        person = codes.redeem(phone, form.cleaned_data["code"])
        if person:
            return _welcome(request, person, request.session.get("goal", ""))
        form.add_error("code", _("验证码不对或已过期。请核对短信，或重新获取。"))
    page = {
        "form": form,
        "phone": phone,
        "masked": privacy.mask_phone(phone),
        "demo": settings.DEMO,
        "demo_code": codes.DEMO_CODE,
    }
    return render(request, "people/code.html", page, status=422 if form.errors else 200)


@public
@never_cache
@require_http_methods(["GET", "POST"])
def second(request: HttpRequest) -> HttpResponse:
    """After the password: the authenticator's code, or a recovery code."""
    person = _pending(request)
    if person is None:
        return redirect(f"{reverse('people:sign_in')}?way=staff")
    form = SecondFactorForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            if second_factor.check(person, form.cleaned_data["code"]):
                return _welcome(request, person, request.session.get("goal", ""))
            form.add_error("code", _("动态口令不对，或已经用过。请等下一组数字。"))
        except Refused as refused:
            form.add_error("code", str(refused))
    return render(request, "people/second.html", {"form": form}, status=422 if form.errors else 200)


@public
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    auth.logout(request)
    return redirect("people:sign_in")


def _pending(request: HttpRequest) -> Person | None:
    """Who gave the right password a moment ago."""
    since = request.session.get("since")
    if "pending" not in request.session or not since or clock.now() - datetime.fromisoformat(since) > PENDING:
        return None
    return Person.objects.filter(pk=request.session["pending"], is_active=True).first()


def _welcome(request: HttpRequest, person: Person, goal: str) -> HttpResponse:
    sessions.enter(request, person)
    return looks.carry(person, HttpResponseRedirect(_safe(request, goal)))


def _goal(request: HttpRequest) -> str:
    return _safe(request, request.POST.get("next") or request.GET.get("next") or "")


def _safe(request: HttpRequest, target: str) -> str:
    """A page of our own, or the start."""
    good = target.startswith(("/", "http://", "https://")) and url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure())
    return target if good else reverse("people:start")
