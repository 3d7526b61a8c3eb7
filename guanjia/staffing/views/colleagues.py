"""新同事: an account with a first post; the link with which they set their password."""

from __future__ import annotations

from typing import TYPE_CHECKING

import segno
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from guanjia import clock
from guanjia.people.hiring import hire, invitable, invitation_of
from guanjia.people.models import Person
from guanjia.tenancy.errors import Refused
from guanjia.web.guard import needs

from ..forms import ColleagueForm
from .common import render, to

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

BESIDE = {"name_missing": "name", "bad_username": "username", "username_taken": "username", "bad_phone": "phone", "phone_taken": "phone", "not_ready": "despite"}


@needs("post.manage")
def new(request: HttpRequest) -> HttpResponse:
    """Name, telephone, login, first post; afterwards their link is shown."""
    first = {"since": clock.today(request.estate)}
    form = ColleagueForm(request.POST if request.method == "POST" else None, estate=request.estate, by=request.reach, initial=first)
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        try:
            made = hire(
                said["name"], said["username"], request.estate, said["role"], by=request.reach, phone=said["phone"],
                zone=said["zone"], since=said["since"], despite=said["despite"],
            )  # fmt: skip
            return to(request, "invitation", made.pk)
        except Refused as refused:
            form.add_error(BESIDE.get(refused.code), str(refused))
    return render(request, "staffing/colleague.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@needs("post.manage")
def invitation(request: HttpRequest, pk: int) -> HttpResponse:
    """The link of somebody whose account was opened here and who has no password yet; 404 for everybody else."""
    person: Person = get_object_or_404(invitable(request.reach), pk=pk)
    try:
        token = invitation_of(person)
    except Refused as refused:
        raise Http404 from refused
    link = request.build_absolute_uri(reverse("people:welcome", args=[token]))
    code = mark_safe(segno.make(link, error="m").svg_inline(scale=4, border=2, svgclass="qr", lineclass="", title=_("入职链接")))
    return render(request, "staffing/invitation.html", {"person": person, "link": link, "code": code})
