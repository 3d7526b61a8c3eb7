"""Reports and meetings: who must report what by when; one written with its figures before one's eyes; signed by another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db.models import Q
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia import clock
from guanjia.duties.answers import Unanswered
from guanjia.duties.models import Task
from guanjia.people.models import Person
from guanjia.people.roles import roles, title_of
from guanjia.rulebooks.form_book import form
from guanjia.tenancy.errors import Refused
from guanjia.web.guard import needs

from ..models import FORMS, Report
from ..paper import report_pdf, report_sheet
from ..prefill import prefill
from ..saying import translated
from ..trend import charts, values

if TYPE_CHECKING:
    from django.http import HttpRequest

MOST = 200
SHOWS = ("open", "waiting", "all")
MOST_WORDS = 5000


def _tasks(request: Any) -> Any:
    return Task.objects.at_estate(request.estate).visible_to(request.reach).filter(duty__form__in=FORMS, waived_at__isnull=True)


@needs()
def reports(request: HttpRequest) -> HttpResponse:
    """Due soonest first; what waits for a signature; what was signed."""
    show = request.GET.get("show") if request.GET.get("show") in SHOWS else "open"
    rows = _tasks(request).select_related("duty", "zone")
    if show == "open":
        begun = Q(opens_at__lte=clock.now()) | Q(reports__isnull=False)  # what has not begun stands among all
        rows = rows.filter(begun, Q(done_at__isnull=True) | Q(reports__submitted_at__isnull=True, reports__isnull=False)).order_by("due_at")
    elif show == "waiting":
        rows = rows.filter(reports__submitted_at__isnull=False, reports__signed_at__isnull=True).order_by("due_at")
    else:
        rows = rows.order_by("-due_at")
    found = list(rows.distinct()[:MOST])
    made = {row.task_id: row for row in Report.objects.at_estate(request.estate).filter(task__in=[task.pk for task in found])}
    names = dict(Person.objects.filter(pk__in={task.person_id for task in found if task.person_id}).values_list("pk", "name"))
    now = clock.now()
    lines = [
        {"task": task, "report": made.get(task.pk), "who": names.get(task.person_id, "") or (title_of(task.role) if task.role in roles() else ""), "state": _state(task, made.get(task.pk), now)}
        for task in found
    ]  # fmt: skip
    return render(request, "reports/reports.html", {"lines": lines, "show": show})


def _state(task: Task, report: Report | None, now: Any) -> tuple[str, str]:
    """(words, tone)."""
    if report and report.state == "signed":
        return _("已签阅"), "good"
    if report and report.state == "submitted":
        return _("待签阅"), "soon"
    if report and report.state == "returned":
        return _("被退回"), "bad"
    if task.done_at:
        return _("已完成"), "good"
    if task.due_at < now:
        return _("逾期未报"), "bad"
    if task.opens_at > now:
        return _("未开始"), "mute"
    return (_("写作中"), "info") if report else (_("待报"), "info")


def _report(request: Any, pk: int) -> Report:
    task = _tasks(request).select_related("duty", "estate__company").filter(pk=pk).first()
    if task is None:
        raise Http404
    found: Report = Report.objects.of(task, by=request.reach)
    found.task = task
    return found


@needs()
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """Figures beside words; kept as a draft or handed in."""
    one = _report(request, pk)
    if request.method != "POST":
        return _page(request, one)
    words = {name: request.POST.get(name, "").strip()[:MOST_WORDS] for name in form(one.task.duty.form).items}
    try:
        one.submit(words, by=request.reach) if "submit" in request.POST else one.write(words, by=request.reach)
    except Unanswered as lacking:
        one.words = words
        return _page(request, one, lacking.items, 422)
    except Refused as refused:
        messages.warning(request, str(refused))
        return _page(request, one, status=409)
    messages.success(request, _("已上交，等签阅。") if "submit" in request.POST else _("已存为草稿。"))
    return redirect("reports:report", request.estate.code, pk)


def _page(request: Any, one: Report, errors: dict[str, str] | None = None, status: int = 200) -> HttpResponse:
    past = values(one)
    begun = prefill(one, past[-2]) if not one.pk and request.method == "GET" else {}
    items = [
        {"name": name, "item": item, "title": _(item.title), "value": one.words.get(name, begun.get(name, "")), "error": (errors or {}).get(name, ""), "unit": _(item.unit) if item.unit else ""}
        for name, item in form(one.task.duty.form).items.items()
    ]  # fmt: skip
    names = dict(Person.objects.filter(pk__in=filter(None, [one.author_id, one.signed_by_id, one.returned_by_id])).values_list("pk", "name"))
    figures = [row | {"label": translated(row["label"]), "unit": translated(row["unit"]), "before": past[-2].get(row["key"], "")} for row in one.figures]
    page = {
        "report": one, "items": items, "figures": figures, "charts": charts(one, past), "state": _state(one.task, one, clock.now()), "author": names.get(one.author_id), "signer": names.get(one.signed_by_id or 0),
        "returner": names.get(one.returned_by_id or 0), "draft": not one.submitted_at,
        "may_sign": one.state == "submitted" and request.reach.may("report.read") and request.reach.person_id != one.author_id,
    }  # fmt: skip
    return render(request, "reports/report.html", page, status=status)


@require_POST
@needs("report.read")
def signature(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign it off, or send it back with a reason."""
    one = _report(request, pk)
    try:
        one.send_back(request.POST.get("why", ""), by=request.reach) if "back" in request.POST else one.sign(by=request.reach)
    except Refused as refused:
        messages.warning(request, str(refused))
        return _page(request, one, status=409)
    return redirect("reports:report", request.estate.code, pk)


@needs()
def report_file(request: HttpRequest, pk: int, kind: str) -> HttpResponse | FileResponse:
    one = _report(request, pk)
    name = f"{one.task.duty.title} {one.begins}.{kind}"
    if kind == "xlsx":
        return FileResponse(report_sheet(one), as_attachment=True, filename=name)
    if kind != "pdf":
        raise Http404
    answer = HttpResponse(report_pdf(one), content_type="application/pdf")
    answer.headers["Content-Disposition"] = "inline"
    return answer
