"""What the pages share: an address, a code to scan, a form carried out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import segno
from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe

from guanjia.tenancy.errors import NotAllowed, Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse


def to(request: Any, name: str, *args: Any) -> HttpResponse:
    return redirect(reverse(f"gate:{name}", args=[request.estate.code, *args]))


def picture_of(request: Any, address: str) -> str:
    """The QR code of an address as SVG."""
    made = segno.make(request.build_absolute_uri(address), error="m").svg_inline(scale=5, border=2, svgclass="qr", lineclass="", omitsize=True)
    return str(mark_safe(made))


def filled_in(request: Any, form: Any, template: str, verb: Callable[[dict[str, Any]], Any], said: str, there: Callable[[Any], HttpResponse], **page: Any) -> HttpResponse:
    """Carry out what a form describes and go there; or show it again with what is wrong, as it was typed."""
    if form.is_bound and form.is_valid():
        try:
            with transaction.atomic():  # what is refused leaves nothing behind
                made = verb(dict(form.cleaned_data))
        except NotAllowed as refused:
            raise Http404 from refused
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            if said:
                messages.success(request, said)
            return there(made)
    return render(request, template, {"form": form, **page}, status=422 if form.errors else 200)
