"""A job's page: the bar, found again after a reload; its result, to whom it belongs."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from guanjia.tenancy.errors import Refused
from guanjia.web.guard import needs

from .models import Job
from .registry import title_of

if TYPE_CHECKING:
    from django.http import HttpRequest


@needs()
def job(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Job.objects.visible_to(request.reach), pk=pk)
    part = "#bar" if request.htmx else ""
    return render(request, f"jobs/job.html{part}", {"job": row, "title": title_of(row.kind)})


@require_POST
@needs()
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Job.objects.visible_to(request.reach), pk=pk)
    try:
        row.cancel(by=request.reach)
    except Refused as refused:
        messages.warning(request, str(refused))
    return redirect("importing:show" if row.kind == "estate_import" else "jobs:job", request.estate.code, pk)


@needs()
def result(request: HttpRequest, pk: int) -> FileResponse:
    row = get_object_or_404(Job.objects.visible_to(request.reach), pk=pk)
    if not row.result_file:
        raise Http404
    return FileResponse(row.result_file.open("rb"), as_attachment=True, filename=PurePath(str(row.result_file.name)).name)
