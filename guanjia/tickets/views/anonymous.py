"""The way back to an anonymous complaint: whoever holds its secret reads and answers it, signed in or not.

The secret in the address is the only authority here: no session is read, so a forged request gains nothing (csrf_exempt;
without a referrer browsers send `Origin: null`, which the check would refuse).
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt

from guanjia.web.guard import public

from ..anonymous import Nobody
from ..models import Photo, Ticket, digest
from ..resident_acts import ANONYMOUS_ACTS, SAID
from .resident import page_of
from .resident_act import carry_out

if TYPE_CHECKING:
    from django.http import HttpRequest


def quietly(view: Any) -> Any:
    """The address is a secret: it is not sent on, kept or indexed."""

    @functools.wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = view(request, *args, **kwargs)
        answer.headers["Referrer-Policy"] = "no-referrer"
        answer.headers["X-Robots-Tag"] = "noindex"
        answer.headers.setdefault("Cache-Control", "no-store")
        return answer

    return answered


def _ticket(request: HttpRequest, secret: str) -> Ticket:
    """By the secret's digest: its first letters found out by timing would say nothing about the secret."""
    rows = Ticket.objects.at_estate(request.estate).filter(anonymous=True).select_related("place", "steward", "estate", "incident", "zone")
    wanted = digest(secret)
    found = rows.filter(secret=wanted).first()
    if found is None or not constant_time_compare(found.secret, wanted):
        raise Http404
    return found


@public
@quietly
def show(request: HttpRequest, secret: str) -> HttpResponse:
    ticket = _ticket(request, secret)

    def address(photo: Photo) -> str:
        return reverse("tickets:anonymous_photo", args=[request.estate.code, secret, photo.pk])

    page = page_of(ticket, Nobody(request.estate), ANONYMOUS_ACTS, address) | {"secret": secret}
    part = "#ticket" if request.htmx and not request.htmx.boosted else ""
    return render(request, f"tickets/resident/anonymous.html{part}", page)


@public
@csrf_exempt
@quietly
def act(request: HttpRequest, secret: str, noun: str) -> HttpResponse:
    ticket = _ticket(request, secret)
    back = reverse("tickets:anonymous", args=[request.estate.code, secret])
    return carry_out(request, ANONYMOUS_ACTS, noun, ticket, by=Nobody(request.estate), back=back, said=SAID)


@public
@quietly
def photo(request: HttpRequest, secret: str, pk: int) -> FileResponse:
    row = _ticket(request, secret).photos.exclude(moment=Photo.Moment.SIGNATURE).filter(pk=pk).first()
    if row is None:
        raise Http404
    return FileResponse(row.image.open("rb"), content_type="image/png" if str(row.image.name).endswith("png") else "image/jpeg")
