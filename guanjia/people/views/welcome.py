"""The first password of a new colleague, by the link that the manager handed over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from guanjia.tenancy.errors import Refused
from guanjia.web.guard import public

from .. import hiring, sessions
from ..forms import FirstPasswordForm

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@public
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def welcome(request: HttpRequest, token: str) -> HttpResponse:
    """Set it twice, and one is in. A link that is spent, too old or forged says so, whatever the reason."""
    person = hiring.invited(token)
    if person is None:
        return render(request, "people/welcome.html", {"person": None}, status=404)
    form = FirstPasswordForm(person, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            hiring.set_first_password(person, form.cleaned_data["new"])
        except Refused as refused:
            messages.info(request, str(refused))
            return redirect("people:sign_in")
        sessions.enter(request, person)
        messages.success(request, _("密码已设好，欢迎加入。"))
        return redirect("people:start")
    return render(request, "people/welcome.html", {"form": form, "person": person}, status=422 if form.errors else 200)
