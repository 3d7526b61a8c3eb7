"""What pages that act share: `act` for a button, `carry_out` for a form; each carries out a verb and tells how it went."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect

from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.tenancy.verbs import refusing_clashes

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse


def act(request: HttpRequest, verb: Callable[[], Any], said: str) -> bool:
    """Do it and say so, or say why not; who may not finds nothing there."""
    try:
        verb()
    except NotAllowed as refused:
        raise Http404 from refused
    except Refused as refused:
        messages.warning(request, str(refused))
        return False
    if said:
        messages.success(request, said)
    return True


def carry_out(
    request: HttpRequest, form: Any, act: Callable[[dict[str, Any]], Any], said: Any, there: Callable[[Any], str]
) -> HttpResponse | int:
    """A redirect when it was done; else the status to show the form again with: 422 or 409."""
    if not form.is_valid():
        return 422
    try:
        with refusing_clashes(), transaction.atomic():
            made = act(form.cleaned_data)
    except NotAllowed as refused:
        raise Http404 from refused
    except Refused as refused:
        form.add_error(None, str(refused))
        return 409
    messages.success(request, said(made) if callable(said) else said)
    return redirect(there(made))
