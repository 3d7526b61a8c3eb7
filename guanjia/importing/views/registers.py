"""A register's page: upload, preview with every refused row, yes or no; and what is there as a file."""

from __future__ import annotations

import io
import uuid
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_POST

from guanjia import clock
from guanjia.jobs.models import Job
from guanjia.tenancy.errors import Refused
from guanjia.web.guard import needs

from ..registers import BANK, HOMES, PEOPLE
from .files import EXCEL, UploadForm

if TYPE_CHECKING:
    from django.http import HttpRequest

    from ..registers import Register


@needs("household.edit")
def homes(request: HttpRequest) -> HttpResponse:
    """Preferences, members, consents, needs, vehicles and visits."""
    return _page(request, HOMES, "homes", request.reach.may("household.export"))


@needs("household.export")
def homes_list(request: HttpRequest) -> HttpResponse:
    return _file(request, HOMES)


@require_POST
@needs("household.edit")
def homes_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    return _confirm(request, HOMES, "homes", pk)


@needs("post.manage")
def posts(request: HttpRequest) -> HttpResponse:
    """Zones, posts and leave."""
    return _page(request, PEOPLE, "posts", True)


@needs("post.manage")
def posts_list(request: HttpRequest) -> HttpResponse:
    return _file(request, PEOPLE)


@require_POST
@needs("post.manage")
def posts_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    return _confirm(request, PEOPLE, "posts", pk)


@needs("training.manage")
def bank(request: HttpRequest) -> HttpResponse:
    """Questions of the handbook and the exams."""
    return _page(request, BANK, "bank", True)


@needs("training.manage")
def bank_list(request: HttpRequest) -> HttpResponse:
    return _file(request, BANK)


@require_POST
@needs("training.manage")
def bank_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    return _confirm(request, BANK, "bank", pk)


def _page(request: HttpRequest, register: Register, name: str, may_export: bool) -> HttpResponse:
    """The form; below, what would become or became of one's last file."""
    form = UploadForm(initial={"key": uuid.uuid4().hex})
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES)
        if form.is_valid():
            said = {"key": form.cleaned_data["key"], "source": form.cleaned_data["file"], "language": get_language()}
            file = form.cleaned_data["file"].name
            Job.objects.ask(register.kind, estate=request.estate, by=request.reach, name=file, **said)
            return redirect(request.path)
    mine = Job.objects.at_estate(request.estate).filter(kind=register.kind, by_id=request.reach.person_id)
    code = request.estate.code
    page = {
        "form": form, "job": mine.order_by("-asked_at").first(), "title": register.title, "sheets": register.reader.SHEETS.items(),
        "back": reverse(register.back, args=[code]), "file": reverse(f"importing:{name}_list", args=[code]) if may_export else "",
        "yes": f"importing:{name}_confirm",
    }  # fmt: skip
    part = "#last" if request.htmx and not request.htmx.boosted else ""
    return render(request, f"importing/register.html{part}", page, status=422 if form.errors else 200)


def _confirm(request: HttpRequest, register: Register, name: str, pk: int) -> HttpResponse:
    rows = Job.objects.at_estate(request.estate).filter(kind=register.kind, by_id=request.reach.person_id)
    job = get_object_or_404(rows, pk=pk)
    try:
        job.cancel(by=request.reach) if request.POST.get("no") else job.agree(by=request.reach, confirmed=True)
    except Refused as refused:
        messages.info(request, str(refused))
    return redirect(f"importing:{name}", request.estate.code)


def _file(request: HttpRequest, register: Register) -> HttpResponse:
    """What is within reach, in the sheets that are read again."""
    content = io.BytesIO()
    register.write(content, request.reach, clock.now())
    headers = {"Content-Disposition": f'attachment; filename="{register.file}.xlsx"'}
    return HttpResponse(content.getvalue(), content_type=EXCEL, headers=headers)
