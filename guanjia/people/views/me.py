"""One's own page: sessions, password, second factor, looks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import FileResponse, Http404
from django.shortcuts import redirect, render
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from guanjia.tenancy.errors import Refused

from .. import looks as person_looks
from .. import passwords, second_factor, sessions
from ..addresses import address_of
from ..faces import keep_face
from ..forms import LooksForm, NewPasswordForm, ProvenForm
from ..homes import homes_of
from ..models import Person
from .doors import signed_in

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@signed_in
@require_safe
def me(request: HttpRequest) -> HttpResponse:
    return show(request)


def show(request: HttpRequest, status: int = 200, **more: Any) -> HttpResponse:
    """The page with its forms; `more` replaces a form that has mistakes."""
    person: Any = request.user
    rows = [
        {"row": row, "mark": mark_of(row.pk), "here": row.pk == request.session.session_key}
        for row in sessions.sessions_of(person)
    ]
    page = {
        "person": person, "sessions": rows, "is_staff": person.kind == person.Kind.STAFF,
        "enrolled": second_factor.is_enrolled(person), "password_form": NewPasswordForm(person), "removal_form": ProvenForm(person, prefix="removal"),
        "recovery_form": ProvenForm(person, prefix="recovery"),
        "looks_form": LooksForm(initial={
            "language": person.language or get_language(), "theme": person.theme or request.COOKIES.get("theme", "auto"),
            "large_type": person.large_type or request.COOKIES.get("type") == "large",
        }),
        "homes": [] if person.kind == person.Kind.STAFF else homes_of(person),
        **more,
    }  # fmt: skip
    return render(request, "people/me.html", page, status=status)


@signed_in
@require_POST
def face(request: HttpRequest) -> HttpResponse:
    """Put one's own photo: residents know their steward by face."""
    upload = request.FILES.get("photo")
    try:
        if upload is None:
            raise Refused(_("请选择一张照片。"))
        keep_face(request.user, upload)  # type: ignore[arg-type]
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("people:me")


@signed_in
@require_safe
def face_of(request: HttpRequest, pk: int) -> FileResponse:
    """A member of staff's photo, to anybody who is signed in; residents' photos to themselves only."""
    person = Person.objects.filter(pk=pk, is_active=True).exclude(photo="").first()
    if person is None or (person.kind != Person.Kind.STAFF and person.pk != request.user.pk):
        raise Http404
    answer = FileResponse(person.photo.open("rb"), content_type="image/jpeg")
    answer.headers["Cache-Control"] = "private, max-age=3600"
    return answer


def mark_of(key: str) -> str:
    """Names a session on the page without giving its key away."""
    return salted_hmac("guanjia.people.session", key, algorithm="sha256").hexdigest()[:24]


@signed_in
@require_POST
def looks(request: HttpRequest) -> HttpResponse:
    form = LooksForm(request.POST)
    if not form.is_valid():
        return show(request, 422, looks_form=form)
    person_looks.keep(request.user, form.cleaned_data)  # type: ignore[arg-type]
    answer = person_looks.carry(request.user, redirect("people:me"))  # type: ignore[arg-type]
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, form.cleaned_data["language"], max_age=person_looks.YEAR, samesite="Lax"
    )
    return answer


@signed_in
@sensitive_post_parameters()
@require_POST
def password(request: HttpRequest) -> HttpResponse:
    """A new password ends every other session."""
    person: Any = request.user
    if person.kind != person.Kind.STAFF:
        raise Http404
    form = NewPasswordForm(person, request.POST)
    if not form.is_valid() or not proven(request, form):
        return show(request, 422, password_form=form)
    person.set_password(form.cleaned_data["new"])
    person.save(update_fields=["password"])
    update_session_auth_hash(request, person)
    request.session.save()
    sessions.end(person, but=request.session.session_key)
    messages.success(request, _("密码已修改，其他设备已退出。"))
    return redirect("people:me")


def proven(request: HttpRequest, form: ProvenForm) -> bool:
    """Whether the present password was given; guesses are throttled as at the door."""
    try:
        if passwords.check(form.person.username, form.cleaned_data["current"], address_of(request)):
            return True
        form.add_error("current", _("现在的密码不对。"))
    except Refused as refused:
        form.add_error("current", str(refused))
    return False


@signed_in
@require_POST
def revocation(request: HttpRequest, key: str) -> HttpResponse:
    """End one session; it is out with its next request. Harmless when it ended already."""
    for row in sessions.sessions_of(request.user):  # type: ignore[arg-type]
        if mark_of(row.pk) == key:
            row.delete()
            messages.success(request, _("该设备已退出。"))
    return redirect("people:me")


@signed_in
@require_POST
def revocations(request: HttpRequest) -> HttpResponse:
    sessions.end(request.user, but=request.session.session_key)  # type: ignore[arg-type]
    messages.success(request, _("其他设备已全部退出。"))
    return redirect("people:me")
