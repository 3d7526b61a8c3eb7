"""装修 at the desk: the list, one permit with what may be done with it now, its papers as PDF, the gate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.keys.views.common import pdf
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.tenancy.workbooks import book_of
from guanjia.web.guard import needs

from ..book import decoration_book
from ..charging import deposited, owed
from ..forms import ApplyForm, WorkerForm
from ..models import Permit, Violation, Worker
from ..models.permit import ON_SITE, Stage
from ..neighbours import households_around
from ..paper import file_pdf, letter_pdf, permit_pdf
from ..story import inspections, steps

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

SHOWN = 200


def to(request: Any, name: str, *args: Any) -> HttpResponse:
    return redirect(reverse(f"decoration:{name}", args=[request.estate.code, *args]))


def found(request: Any, pk: int) -> Permit:
    rows = Permit.objects.visible_to(request.reach).select_related("unit", "household", "estate__company", "applicant", "taken_by")
    row: Permit = get_object_or_404(rows, pk=pk)
    return row


@needs("decoration.take")
def permits(request: HttpRequest) -> HttpResponse:
    """What waits for the reader first; `?show=` all, site, review, over; `?xlsx=1` is the register."""
    show, q, now = request.GET.get("show", "live"), request.GET.get("q", "").strip()[:40], clock.now()
    rows = Permit.objects.visible_to(request.reach).select_related("unit", "household")
    rows = {
        "site": rows.filter(stage__in=ON_SITE), "review": rows.filter(stage=Stage.REVIEW), "over": rows.filter(stage__in=["archived", "withdrawn"]),
    }.get(show, rows.live())  # fmt: skip
    if q:
        rows = rows.filter(Q(unit__code__icontains=q) | Q(household__name__icontains=q) | Q(company__icontains=q) | Q(foreman__icontains=q))
    rows = rows.order_by("-applied_at")
    if request.GET.get("xlsx"):
        return _register(request, rows)
    made, mine = list(rows[:SHOWN]), rows.waiting_for(request.reach)
    for row in made:
        row.mine, row.late = row.pk in mine, row.is_late(now)
    made.sort(key=lambda row: (not row.mine, not row.late))
    return render(request, "decoration/permits.html", {"rows": made, "show": show, "q": q})


def _register(request: Any, rows: Any) -> Any:
    def day(moment: Any) -> str:
        return f"{clock.today(request.estate, moment)}" if moment else ""

    heads = [_("编号"), _("房号"), _("业主"), _("装修内容"), _("施工单位"), _("现场负责人"), _("开工日期"), _("完工日期"), _("状态"), _("批准"), _("验收"), _("违规次数")]
    lines = [
        [row.number, row.unit.code, row.household.name, row.works, row.company, row.foreman, f"{row.begins_on}", f"{row.ends_on}", row.get_stage_display(),
         day(row.approved_at), day(row.accepted_at), row.breaches]
        for row in rows.annotate(breaches=Count("violations"))[:5000]
    ]  # fmt: skip
    name = _("装修台账 %(day)s.xlsx") % {"day": f"{clock.today(request.estate):%F}"}
    return FileResponse(book_of([(_("装修台账"), heads, lines)]), as_attachment=True, filename=name)


@needs("decoration.take")
def application(request: HttpRequest) -> HttpResponse:
    form = ApplyForm(request.POST or None, reach=request.reach)
    return applied(request, form, "decoration/application.html", "permit")


def applied(request: Any, form: ApplyForm, template: str, leads: str) -> HttpResponse:
    """Open the application that a form describes; the same for the desk and the phone."""
    if form.is_bound and form.is_valid():
        try:
            row = Permit.objects.apply(by=request.reach, **form.said())
        except NotAllowed as refused:
            raise Http404 from refused
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("已登记，请补齐资料后提交审批。"))
            return to(request, leads, row.pk)
    return render(request, template, {"form": form, "rules": [_(rule.title) for rule in decoration_book().rules]}, status=422 if form.errors else 200)


def about(request: Any, row: Permit) -> dict[str, Any]:
    """What both faces of a permit show."""
    have = {paper.key: paper for paper in row.papers.select_related("document")}
    entries = decoration_book().papers
    missing = row.missing()
    return {
        "permit": row, "steps": steps(row, row.is_late(clock.now())), "missing": missing, "owed": owed(row) if row.approved_at else 0,
        "papers": [(key, _(entry.title), have.get(key), key in missing) for key, entry in entries.items() if not entry.let or not row.owner],
        "decisions": row.decisions.select_related("by").order_by("-at"), "violations": row.violations.select_related("by", "mended_by").order_by("-at"),
        "progresses": row.progresses.order_by("-at")[:20], "acceptances": row.acceptances.select_related("by").order_by("-at"),
        "rules": [_(rule.title) for rule in decoration_book().rules], "returns": row.returns.select_related("asker", "judge").order_by("-asked_at"),
    }  # fmt: skip


@needs("decoration.take")
def permit(request: HttpRequest, pk: int) -> HttpResponse:
    return shown(request, found(request, pk))


def shown(request: Any, row: Permit, worker: WorkerForm | None = None) -> HttpResponse:
    reach = request.reach
    records, tasks = inspections(row, most=60)
    page = {
        **about(request, row), "records": records, "tasks": tasks, "may_decide": row.may_decide(reach), "now_step": row.chain[row.step] if row.stage == "review" and row.chain else None,
        "workers": row.workers.order_by("pk"), "worker_form": worker or WorkerForm(initial={"first": row.begins_on, "last": row.ends_on}), "kinds": Violation.Kind.choices,
        "may_accept": row.stage == "finished" and bool(reach.roles & set(row.accepters())), "points": [(key, _(entry.title)) for key, entry in decoration_book().acceptance.items()],
        "deposited": deposited(row) if row.stage == "accepted" else 0, "may_judge": reach.may("payment.judge"), "on_site": row.stage in ON_SITE,
        "around": len(households_around(row.unit, clock.today(request.estate))) if row.stage in ("approved", *ON_SITE) else 0,
    }  # fmt: skip
    return render(request, "decoration/permit.html", page, status=422 if worker else 200)


@needs("decoration.take", resident=True)
def paper(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """permit: to be hung at the site; file: everything, for the desk."""
    row = found(request, pk)
    if kind == "permit" and row.approved_at:
        return pdf(permit_pdf(row), f"permit-{row.number}")
    if kind == "file" and request.reach.is_staff:
        return pdf(file_pdf(row), f"file-{row.number}")
    raise Http404


@needs("decoration.take")
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    mine = Permit.objects.visible_to(request.reach).values("pk")
    row = get_object_or_404(Violation.objects.filter(estate=request.estate, permit__in=mine).select_related("permit__unit", "permit__household", "permit__estate__company"), pk=pk)
    return pdf(letter_pdf(row), f"letter-{row.permit.number}-{row.pk}")


@needs()
def gate(request: HttpRequest, mark: str = "") -> HttpResponse:
    """A worker's code was scanned at the gate, or typed: in, or why not. A forged one is said so."""
    mark = mark or request.GET.get("mark", "").strip()[:200].rpartition("/q/")[2].strip("/")
    page: dict[str, Any] = {"mark": mark}
    if mark:
        worker = Worker.objects.of_mark(mark, request.estate)
        page |= {"worker": worker, "forged": worker is None, "refusal": worker.refusal(clock.today(request.estate)) if worker else ""}
    return render(request, "decoration/gate.html", page)
