"""Adding an authenticator app to one's password, and taking it off again. Staff only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import segno
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from guanjia.tenancy.errors import Refused

from .. import second_factor
from ..forms import ProvenForm, SecondFactorForm
from .doors import signed_in
from .me import proven, show

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@signed_in
@require_http_methods(["GET", "POST"])
def enrolment(request: HttpRequest) -> HttpResponse:
    """Show the QR code; the first right code turns it on and shows the recovery codes once."""
    person = _staff(request)
    try:
        row = second_factor.begin(person)
    except Refused as refused:
        messages.info(request, str(refused))
        return redirect("people:me")
    form = SecondFactorForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            return render(
                request,
                "people/recovery_codes.html",
                {"codes": second_factor.confirm(person, form.cleaned_data["code"].strip())},
            )
        except Refused as refused:
            form.add_error("code", str(refused))
    code = segno.make(second_factor.address_for_app(person, row.secret), error="m")
    page = {"form": form, "secret": row.secret, "qr": code.svg_inline(omitsize=True, dark="#000", light="#fff")}
    return render(request, "people/enrolment.html", page, status=422 if form.errors else 200)


@signed_in
@sensitive_post_parameters()
@require_POST
def removal(request: HttpRequest) -> HttpResponse:
    person = _staff(request)
    form = ProvenForm(person, request.POST, prefix="removal")
    if not form.is_valid() or not proven(request, form):
        return show(request, 422, removal_form=form)
    second_factor.remove(person)
    messages.success(request, _("动态口令已关闭。"))
    return redirect("people:me")


@signed_in
@sensitive_post_parameters()
@require_POST
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Ten new codes in place of the old; shown once."""
    person = _staff(request)
    form = ProvenForm(person, request.POST, prefix="recovery")
    if not second_factor.is_enrolled(person):
        raise Http404
    if not form.is_valid() or not proven(request, form):
        return show(request, 422, recovery_form=form)
    return render(request, "people/recovery_codes.html", {"codes": second_factor.new_recovery_codes(person)})


def _staff(request: HttpRequest) -> Any:
    person: Any = request.user
    if person.kind != person.Kind.STAFF:
        raise Http404
    return person
