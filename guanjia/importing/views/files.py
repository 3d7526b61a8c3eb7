"""Upload, preview, confirm; the templates; what was imported before."""

from __future__ import annotations

import io
import re
import tempfile
import uuid
from contextlib import contextmanager, suppress
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from guanjia import clock
from guanjia.duties.rostering import keep_roster
from guanjia.jobs.models import Job
from guanjia.tenancy.errors import Refused
from guanjia.web.guard import needs

from .. import cards as card_register
from .. import keys as key_ledger
from .. import readings, roster
from ..container import most_bytes
from ..template import KINDS
from ..template import template as workbook
from ..work import KIND, SHOWN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.core.files.uploadedfile import UploadedFile
    from django.http import HttpRequest

NOUNS = {
    "building": _("楼栋"),
    "entrance": _("单元"),
    "unit": _("房屋"),
    "person": _("人员"),
    "fee": _("费用"),
    "parking": _("车位"),
}
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class UploadForm(forms.Form):
    """What is in the file is judged by the job; here only what would harm the way there."""

    file = forms.FileField(label=_("工作簿"), help_text=_("WPS 或 Excel 的 .xlsx，五表或单表都可以。"))
    key = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if file.size and file.size > most_bytes():
            raise forms.ValidationError(_("文件太大，请拆成几个再传。"))
        return file


@needs("estate.import")
def imports(request: HttpRequest) -> HttpResponse:
    form = UploadForm(initial={"key": uuid.uuid4().hex})
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES)
        if form.is_valid():
            file = form.cleaned_data["file"]
            job = Job.objects.ask(
                KIND,
                estate=request.estate,
                by=request.reach,
                key=form.cleaned_data["key"],
                source=file,
                name=file.name,
                language=get_language(),
            )
            return redirect("importing:show", request.estate.code, job.pk)
    past = Job.objects.visible_to(request.reach).filter(kind=KIND).order_by("-asked_at")[:30]
    status = 422 if form.errors else 200
    return render(request, "importing/imports.html", {"form": form, "past": past}, status=status)


@needs("estate.import")
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """The preview's numbers and every refused row; asks for a yes."""
    job = _job(request, pk)
    problems = job.result.get("refused_rows", 0) + job.result.get("mended_rows", 0)
    part = "#job" if request.htmx and not request.htmx.boosted else ""
    return render(
        request,
        f"importing/import.html{part}",
        {"job": job, "rows": _rows(job.result), "result": job.result, "problems": problems, "shown": SHOWN},
    )


@require_POST
@needs("estate.import")
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        _job(request, pk).agree(by=request.reach, confirmed=True)
    except Refused as refused:
        messages.info(request, str(refused))
    return redirect("importing:show", request.estate.code, pk)


@needs("estate.import")
def template(request: HttpRequest, kind: str) -> HttpResponse:
    """Our own workbook, empty but for examples and explanations."""
    if kind not in KINDS:
        raise Http404
    name = "guanjia-five-sheets.xlsx" if kind == "five" else "guanjia-one-sheet.xlsx"
    return HttpResponse(
        workbook(kind), content_type=EXCEL, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@needs("meter.read")
def meter_readings(request: HttpRequest) -> HttpResponse:
    """Upload a month's readings; below, what became of the last file."""
    period = _month(request)
    form = UploadForm(initial={"key": uuid.uuid4().hex})
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES)
        if form.is_valid():
            key, file = form.cleaned_data["key"], form.cleaned_data["file"]
            Job.objects.ask(readings.KIND, estate=request.estate, by=request.reach, key=key, source=file, name=file.name, period=f"{period}", language=get_language())
            return redirect(f"{request.path}?period={period:%Y-%m}")
    last = Job.objects.visible_to(request.reach).filter(kind=readings.KIND, arguments__period=f"{period}").order_by("-asked_at").first()
    part = "#last" if request.htmx and not request.htmx.boosted else ""
    page = {"form": form, "job": last, "period_key": f"{period:%Y-%m}", "columns": readings.COLUMNS.values()}
    return render(request, f"importing/readings.html{part}", page, status=422 if form.errors else 200)


@needs("meter.read")
def meter_list(request: HttpRequest) -> HttpResponse:
    """All meters with an empty column for the readings."""
    content = io.BytesIO()
    readings.write(content, readings.list_of(request.estate, _month(request)))
    return HttpResponse(content.getvalue(), content_type=EXCEL, headers={"Content-Disposition": 'attachment; filename="readings.xlsx"'})


@needs("duty.roster")
def shifts(request: HttpRequest) -> HttpResponse:
    """A week's roster as a workbook: rows that can be read are kept at once, the others are named with their reason."""
    monday = _monday(request)
    form = UploadForm(request.POST or None, request.FILES or None, initial={"key": uuid.uuid4().hex})
    page: dict[str, Any] = {"form": form, "monday": monday}
    if request.method == "POST" and form.is_valid():
        try:
            with on_disk(form.cleaned_data["file"]) as path:
                cells, refused = roster.read(path, request.estate, monday)
            kept = keep_roster(request.estate, cells, by=request.reach)
        except Refused as slip:
            form.add_error("file", str(slip))
        else:
            if not refused:
                messages.success(request, _("已排班 %(n)s 处。") % {"n": kept})
                return redirect(reverse("duties:roster", args=[request.estate.code]) + f"?week={monday}")
            page |= {"refused": refused, "kept": kept}
    return render(request, "importing/roster.html", page, status=422 if form.errors or "refused" in page else 200)


@needs("duty.roster")
def shifts_list(request: HttpRequest) -> HttpResponse:
    """The week as it stands, to be filled in."""
    content, monday = io.BytesIO(), _monday(request)
    roster.write(content, request.estate, monday)
    return HttpResponse(content.getvalue(), content_type=EXCEL, headers={"Content-Disposition": f'attachment; filename="roster-{monday}.xlsx"'})


@needs("card.keep")
def cards(request: HttpRequest) -> HttpResponse:
    """Resident cards as a workbook, entered row by row through the verb; refused rows are named with their reason."""
    form = UploadForm(request.POST or None, request.FILES or None, initial={"key": uuid.uuid4().hex})
    page: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        try:
            with on_disk(form.cleaned_data["file"]) as path:
                page["kept"], page["refused"] = card_register.read(path, by=request.reach)
        except Refused as slip:
            form.add_error("file", str(slip))
    return render(request, "importing/cards.html", page, status=422 if form.errors or page.get("refused") else 200)


@needs("key.keep")
def keys(request: HttpRequest) -> HttpResponse:
    """The key ledger as a workbook, put right row by row through the verb; refused rows are named with their reason."""
    form = UploadForm(request.POST or None, request.FILES or None, initial={"key": uuid.uuid4().hex})
    page: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        try:
            with on_disk(form.cleaned_data["file"]) as path:
                page["kept"], page["refused"] = key_ledger.read(path, by=request.reach)
        except Refused as slip:
            form.add_error("file", str(slip))
    return render(request, "importing/keys.html", page, status=422 if form.errors or page.get("refused") else 200)


@contextmanager
def on_disk(sent: UploadedFile) -> Iterator[Path]:
    """What was sent as a file with a path, gone afterwards."""
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        for chunk in sent.chunks():
            file.write(chunk)
        file.flush()
        yield Path(file.name)


def _monday(request: HttpRequest) -> date:
    """Of the week asked for, or of this one."""
    asked = today = clock.today(request.estate)
    with suppress(ValueError):
        asked = date.fromisoformat(request.GET.get("week", ""))
    asked = asked if abs(asked - today) <= timedelta(days=400) else today
    return asked - timedelta(days=asked.weekday())


def _month(request: HttpRequest) -> date:
    found = re.fullmatch(r"(20\d\d)-(0[1-9]|1[0-2])", request.GET.get("period", ""))
    today = clock.today(request.estate)
    return date(int(found[1]), int(found[2]), 1) if found else today.replace(day=1)


def _job(request: HttpRequest, pk: int) -> Job:
    return get_object_or_404(Job.objects.visible_to(request.reach).filter(kind=KIND), pk=pk)


def _rows(result: dict[str, Any]) -> list[dict[str, Any]]:
    """One line per noun: how many are new, changed, left alone."""
    if "created" not in result:
        return []
    return [
        {"title": title, **{what: result[what].get(noun, 0) for what in ("created", "changed", "unchanged")}}
        for noun, title in NOUNS.items()
    ]
