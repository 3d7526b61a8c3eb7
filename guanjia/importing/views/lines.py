"""Pages that take a small register's workbook in: spaces to let, suppliers."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from guanjia.tenancy.errors import Refused
from guanjia.web.guard import needs

from .. import lines
from ..contracts import LEASE_HEADS, leases
from ..outside import CONTACT_HEADS, contacts
from .files import UploadForm, on_disk

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse


def _page(request: Any, read: Callable[..., Any], title: str, back: str, book: str, heads: tuple[str, ...], sheet: str = "1") -> HttpResponse:
    """Put right row by row through the verbs; refused rows are named with their reason."""
    form = UploadForm(request.POST or None, request.FILES or None, initial={"key": uuid.uuid4().hex})
    code = request.estate.code
    page: dict[str, Any] = {"form": form, "title": title, "back": reverse(back, args=[code]), "book": f"{reverse(book, args=[code])}?xlsx={sheet}", "heads": [_(head) for head in heads]}
    if request.method == "POST" and form.is_valid():
        try:
            with on_disk(form.cleaned_data["file"]) as path:
                page["dry"] = "dry" in request.POST
                page["kept"], page["refused"] = read(path, by=request.reach, dry=page["dry"])
        except Refused as slip:
            form.add_error("file", str(slip))
    return render(request, "importing/lines.html", page, status=422 if form.errors or page.get("refused") else 200)


@needs("lease.make")
def spaces(request: HttpRequest) -> HttpResponse:
    return _page(request, lines.spaces, _("导入租赁位置"), "lettings:spaces", "lettings:leases", lines.SPACE_HEADS)


@needs("supplier.keep")
def suppliers(request: HttpRequest) -> HttpResponse:
    return _page(request, lines.suppliers, _("导入供应商"), "services:suppliers", "services:suppliers", lines.SUPPLIER_HEADS)


@needs("lease.make")
def contracts(request: HttpRequest) -> HttpResponse:
    return _page(request, leases, _("导入租赁合同"), "lettings:leases", "lettings:leases", LEASE_HEADS, sheet="leases")


@needs("liaison.keep")
def outside(request: HttpRequest) -> HttpResponse:
    return _page(request, contacts, _("导入外联单位"), "liaison:contacts", "liaison:papers", CONTACT_HEADS)


@needs("nearby.keep")
def nearby(request: HttpRequest) -> HttpResponse:
    return _page(request, lines.nearby, _("导入周边服务"), "nearby:list", "nearby:list", lines.NEARBY_HEADS)
