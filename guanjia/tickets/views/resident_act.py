"""One view for every act of the one who asked, signed in or nameless: GET shows the form, POST calls the verb."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from guanjia.tenancy.errors import NotAllowed, Refused

from ..acts import Act, offered

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest

# Somebody was faster, or a second click: say so and go on, there is nothing to mend in the form.
PASSED = ("already", "just_urged", "too_late", "clash")


def carry_out(
    request: HttpRequest, acts: list[Act], noun: str, ticket: Any, *, by: Any, back: str, said: Mapping[str, Any]
) -> HttpResponse:
    """`back` is the ticket's page for this reader."""
    act = next((act for act in acts if act.noun == noun), None)
    if act is None:
        raise Http404
    if request.method != "POST":
        if act not in offered(acts, ticket, by):
            return _go(request, back)
        return _form(request, act, act.form(row=ticket, reach=by), ticket, back, 200)
    form = act.form(request.POST, request.FILES, row=ticket, reach=by)
    if not form.is_valid():
        return _form(request, act, form, ticket, back, 422)
    try:
        with transaction.atomic():
            uploads = request.FILES.getlist("photos") if act.photos else []
            if uploads:
                ticket.photograph(uploads, by=by, moment=act.photos)
            act.do(ticket, by, form.cleaned_data)
    except NotAllowed as refused:
        raise Http404 from refused
    except Refused as refused:
        if refused.code.startswith(PASSED):
            messages.info(request, str(refused))
            return _go(request, back)
        form.add_error(None, str(refused))
        return _form(request, act, form, ticket, back, 422)
    messages.success(request, str(said[noun]))
    return _go(request, back)


def _form(request: HttpRequest, act: Act, form: Any, ticket: Any, back: str, status: int) -> HttpResponse:
    page = {"act": act, "form": form, "ticket": ticket, "home": back, "action": request.path}
    part = "" if not request.htmx else "#form" if request.method == "POST" else "#dialog"
    return render(request, f"tickets/resident/act.html{part}", page, status=status)


def _go(request: HttpRequest, address: str) -> HttpResponse:
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address)
