"""车位与租赁 at the desk: contracts that end first, spaces with who has them, who waits."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia import clock
from guanjia.web.acting import act, carry_out
from guanjia.web.guard import needs

from ..exporting import register
from ..forms import EndForm, LeaseForm, RenewForm, SpaceForm
from ..models import Lease, Space, Waiting

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

SHOWN = 300


def there(request: Any, name: str, *args: Any) -> str:
    return reverse(f"lettings:{name}", args=[request.estate.code, *args])


def _book(request: Any) -> HttpResponseBase:
    name = _("车位与租赁 %(day)s.xlsx") % {"day": f"{clock.today(request.estate):%F}"}
    return FileResponse(register(request.reach, only_leases=request.GET.get("xlsx") == "leases"), as_attachment=True, filename=name)


@needs("lease.make")
def leases(request: HttpRequest) -> HttpResponseBase:
    """Those that end first on top; `?show=` running, ending, asked, over; `?xlsx=1` is the register."""
    if request.GET.get("xlsx"):
        return _book(request)
    show, q, today = request.GET.get("show", "running"), request.GET.get("q", "").strip()[:40], clock.today(request.estate)
    rows = Lease.objects.visible_to(request.reach).select_related("space", "unit", "household")
    live = rows.filter(last__gte=today)
    rows = {
        "ending": live.filter(last__lt=today + timedelta(days=30)), "asked": live.filter(renewal_asked_at__isnull=False), "over": rows.filter(last__lt=today),
    }.get(show, live)  # fmt: skip
    if q:
        rows = rows.filter(Q(space__code__icontains=q) | Q(unit__code__icontains=q) | Q(household__name__icontains=q) | Q(plate__icontains=q))
    made = list(rows.order_by("last" if show != "over" else "-last")[:SHOWN])
    for row in made:
        row.now = row.state(today)
    return render(request, "lettings/leases.html", {"rows": made, "show": show, "q": q})


@needs("lease.make")
def spaces(request: HttpRequest) -> HttpResponse:
    """`?show=` free, let, out."""
    show, q, today = request.GET.get("show", "all"), request.GET.get("q", "").strip()[:40], clock.today(request.estate)
    rows = Space.objects.visible_to(request.reach)
    held = {row.space_id: row for row in Lease.objects.visible_to(request.reach).filter(first__lte=today, last__gte=today).select_related("unit", "household")}
    rows = {"free": rows.free(today, today), "let": rows.filter(pk__in=held), "out": rows.exclude(retired_why="")}.get(show, rows)
    if q:
        rows = rows.filter(Q(code__icontains=q) | Q(where__icontains=q) | Q(plan__icontains=q))
    made = [(row, held.get(row.pk)) for row in rows.order_by("kind", "code")[:SHOWN]]
    return render(request, "lettings/spaces.html", {"rows": made, "show": show, "q": q})


@needs("lease.make")
def waiting(request: HttpRequest) -> HttpResponse:
    rows = Waiting.objects.visible_to(request.reach).live().select_related("unit", "household").order_by("kind", "at")
    return render(request, "lettings/waiting.html", {"rows": rows[:SHOWN]})


def _kept(request: Any, form: SpaceForm) -> Any:
    return carry_out(
        request, form, lambda data: Space.objects.keep(request.estate, by=request.reach, **form.said()), _("已登记。"), lambda made: there(request, "space", made.pk)
    )


@needs("lease.make")
def space_new(request: HttpRequest) -> HttpResponse:
    form = SpaceForm(request.POST or None)
    answer: Any = _kept(request, form) if form.is_bound else 200
    return answer if not isinstance(answer, int) else render(request, "lettings/space_new.html", {"form": form}, status=answer)


def _space(request: Any, pk: int) -> Space:
    row: Space = get_object_or_404(Space.objects.visible_to(request.reach).select_related("estate", "parking__household"), pk=pk)
    return row


@needs("lease.make")
def space(request: HttpRequest, pk: int) -> HttpResponse:
    return _shown(request, _space(request, pk))


def _shown(request: Any, row: Space, form: LeaseForm | None = None, details: SpaceForm | None = None, status: int = 200) -> HttpResponse:
    today = clock.today(request.estate)
    rows = list(row.leases.select_related("unit", "household", "space").order_by("-first")[:30])
    for one in rows:
        one.now = one.state(today)
    said = {name: getattr(row, name) for name in ("kind", "code", "plan", "where", "area", "price")}
    page = {
        "row": row, "rows": rows, "form": form or LeaseForm(space=row), "details": details or SpaceForm(auto_id="details_%s", initial=said),
        "waiting": Waiting.objects.visible_to(request.reach).live().filter(kind=row.kind).select_related("unit", "household").order_by("at")[:5],
    }  # fmt: skip
    return render(request, "lettings/space.html", page, status=status)


@require_POST
@needs("lease.make")
def letting(request: HttpRequest, pk: int) -> HttpResponse:
    row = _space(request, pk)
    form = LeaseForm(request.POST, space=row)
    answer: Any = carry_out(
        request, form, lambda data: Lease.objects.let(row, by=request.reach, **form.said()), _("已签约，每月随账单收取。"), lambda made: there(request, "lease", made.pk)
    )
    return answer if not isinstance(answer, int) else _shown(request, row, form=form, status=answer)


@require_POST
@needs("lease.make")
def details(request: HttpRequest, pk: int) -> HttpResponse:
    row = _space(request, pk)
    form = SpaceForm({**request.POST.dict(), "kind": row.kind, "code": row.code}, auto_id="details_%s")
    answer: Any = _kept(request, form)
    return answer if not isinstance(answer, int) else _shown(request, row, details=form, status=answer)


@require_POST
@needs("lease.make")
def retirement(request: HttpRequest, pk: int) -> HttpResponse:
    row = _space(request, pk)
    act(request, lambda: row.retire(request.POST.get("why", ""), by=request.reach), _("已保存。"))
    return redirect(there(request, "space", row.pk))


def found(request: Any, pk: int) -> Lease:
    rows = Lease.objects.visible_to(request.reach).select_related("space", "unit", "household", "estate__company", "fee")
    row: Lease = get_object_or_404(rows, pk=pk)
    return row


@needs("lease.make")
def lease(request: HttpRequest, pk: int) -> HttpResponse:
    return _lease(request, found(request, pk))


def _lease(request: Any, row: Lease, renew: RenewForm | None = None, end: EndForm | None = None, status: int = 200) -> HttpResponse:
    today = clock.today(request.estate)
    page = {
        "row": row, "now": row.state(today), "renew": renew or RenewForm(auto_id="renew_%s", initial={"last": row.last + timedelta(days=365), "price": row.price}),
        "end": end or EndForm(auto_id="end_%s", initial={"last": today}), "tariffs": row.fee.tariffs.order_by("-starts_on") if row.fee else [],
        "lines": row.fee.bill_lines.filter(live=True).order_by("-period")[:12] if row.fee else [],
    }  # fmt: skip
    return render(request, "lettings/lease.html", page, status=status)


@require_POST
@needs("lease.make")
def renewal(request: HttpRequest, pk: int) -> HttpResponse:
    row, form = found(request, pk), RenewForm(request.POST, auto_id="renew_%s")
    answer: Any = carry_out(
        request, form, lambda data: row.renew(data["last"], data["price"], by=request.reach), _("已续租。"), lambda made: there(request, "lease", row.pk)
    )
    return answer if not isinstance(answer, int) else _lease(request, found(request, pk), renew=form, status=answer)


@require_POST
@needs("lease.make")
def ending(request: HttpRequest, pk: int) -> HttpResponse:
    row, form = found(request, pk), EndForm(request.POST, auto_id="end_%s")
    answer: Any = carry_out(
        request, form, lambda data: row.end(data["last"], data["why"], by=request.reach), _("已登记结束。"), lambda made: there(request, "lease", row.pk)
    )
    return answer if not isinstance(answer, int) else _lease(request, found(request, pk), end=form, status=answer)
