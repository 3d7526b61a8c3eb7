"""钥匙清单: the register, one key with its loans, labels, the ledger as a workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import segno
from django.contrib import messages
from django.db.models import Exists, OuterRef, Q
from django.http import FileResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia import clock
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.reading import row_id
from guanjia.web.acting import act
from guanjia.web.guard import needs

from ..exporting import ledger
from ..forms import CustodyForm, KeyForm, LendForm
from ..models import Autograph, Custody, Key, Loan, Loss
from .common import to

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

SHOWN = 200


@needs("key.keep")
def keys(request: HttpRequest) -> HttpResponseBase:
    """Found by label, door, place or room; what is out and late first."""
    if request.GET.get("xlsx"):
        name = _("钥匙台账 %(day)s.xlsx") % {"day": f"{clock.today(request.estate):%F}"}
        return FileResponse(ledger(request.reach), as_attachment=True, filename=name)
    q, kind, state = (request.GET.get(name, "").strip()[:40] for name in ("q", "kind", "state"))
    rows = Key.objects.visible_to(request.reach).select_related("unit")
    out = Loan.objects.at_estate(request.estate).open().filter(key=OuterRef("pk"))
    late, lost = out.filter(due_at__lt=clock.now()), Loss.objects.at_estate(request.estate).open().filter(key=OuterRef("pk"))
    rows = rows.annotate(is_out=Exists(out), late=Exists(late), lost=Exists(lost))
    counts = {"out": rows.filter(is_out=True).count(), "late": rows.filter(late=True).count(), "lost": rows.filter(lost=True).count()}
    rows = rows.filter(kind=kind) if kind in Key.Kind.values else rows
    rows = rows.filter(retired_at__isnull=state != "retired")
    rows = {"out": rows.filter(is_out=True), "late": rows.filter(late=True), "lost": rows.filter(lost=True), "in": rows.filter(is_out=False)}.get(state, rows)
    if q:
        rows = rows.filter(Q(code__icontains=q) | Q(opens__icontains=q) | Q(custody__icontains=q) | Q(unit__code=q))
    found = list(rows.order_by("-late", "-is_out", "code")[:SHOWN])
    loans = {loan.key_id: loan for loan in Loan.objects.at_estate(request.estate).open().filter(key__in=[row.pk for row in found])}
    for row in found:
        row.loan = loans.get(row.pk)
    page = {"rows": found, "q": q, "kind": kind, "state": state, "kinds": Key.Kind.choices, "counts": counts, "may_import": request.reach.may("key.keep")}
    return render(request, "keys/keys.html", page)


@needs("key.keep")
def register(request: HttpRequest) -> HttpResponse:
    form = KeyForm(request.POST or None, estate=request.estate)
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        try:
            made = Key.objects.register(
                said["code"], said["kind"], said["opens"], said["custody"], copies=said["copies"], role=said["role"], unit=said["room"], by=request.reach
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("已登记。"))
            return to(request, "key", made.pk)
    return render(request, "keys/register.html", {"form": form}, status=422 if form.errors else 200)


@needs()
def key(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Key.objects.visible_to(request.reach).select_related("unit"), pk=pk)
    return shown(request, row)


def shown(request: Any, row: Key, lend: LendForm | None = None, agree: CustodyForm | None = None) -> HttpResponse:
    """A key's page, with a form that was refused as it was typed."""
    reach, now = request.reach, clock.now()
    keeps = reach.may("key.keep")
    loans = list(row.loans.select_related("person", "given_by", "countersigned_by", "taken_by", "excused_by").order_by("-out_at")[:30]) if keeps else []
    marks = Autograph.objects.at_estate(row.estate_id).filter(subject_type=Loan.noun, subject_id__in=[loan.pk for loan in loans]).defer("picture")
    signed: dict[int, dict[str, Any]] = {}
    for mark in marks:
        signed.setdefault(mark.subject_id, {})[mark.part] = mark
    for loan in loans:
        loan.signed, loan.late = signed.get(loan.pk, {}), loan.is_late(now)
    loss = row.losses.select_related("reported_by").filter(closed_at__isnull=True).first()
    custody = row.custodies.select_related("first", "second", "household").filter(ended_at__isnull=True).first()
    loan = row.open_loan()
    free = keeps and not row.retired_at and not loan and not loss and (row.kind != Key.Kind.ENTRUSTED or (custody and custody.signed_at))
    page = {
        "key": row, "loan": loan, "late": loan and loan.is_late(now), "loans": loans, "loss": loss, "custody": custody, "keeps": keeps,
        "lend": (lend or LendForm(key=row, reach=reach)) if free else None, "mine": loan and loan.person_id == reach.person_id,
        "may_excuse": reach.may("key.excuse"), "losses": row.losses.filter(closed_at__isnull=False).order_by("-closed_at"), "offences": Loss.Offence.choices,
        "agree": (agree or CustodyForm(estate=request.estate)) if keeps and row.kind == Key.Kind.ENTRUSTED and not custody and not row.retired_at else None,
        "may_second": loan and loan.waits and loan.given_by_id != reach.person_id,
    }  # fmt: skip
    return render(request, "keys/key.html", page, status=422 if lend or agree else 200)


@require_POST
@needs("key.keep")
def amendment(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Key.objects.visible_to(request.reach).select_related("unit"), pk=pk)
    said: dict[str, Any] = {"opens": request.POST.get("opens", ""), "custody": request.POST.get("custody", ""), "copies": row_id(request.POST.get("copies")) or 0}
    act(request, lambda: row.amend(by=request.reach, role=row.role, **said), _("已更正。"))
    return to(request, "key", row.pk)


@require_POST
@needs("key.keep")
def retirement(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Key.objects.visible_to(request.reach), pk=pk)
    act(request, lambda: row.retire(request.POST.get("why", ""), by=request.reach), _("已注销。"))
    return to(request, "key", row.pk)


@require_POST
@needs("key.keep")
def agreement(request: HttpRequest, pk: int) -> HttpResponse:
    """Draw up the agreement of an owner's key; the household of its home signs it."""
    row = get_object_or_404(Key.objects.visible_to(request.reach).select_related("unit"), pk=pk)
    form = CustodyForm(request.POST, estate=request.estate)
    if form.is_valid():
        home = row.unit.occupancies.filter(during__contains=clock.today(request.estate)).select_related("household").first() if row.unit else None
        try:
            if home is None:
                raise Refused(_("这套房没有住户档案。"), code="no_household")
            made = Custody.objects.agree(row, home.household, by=request.reach, **form.said())
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("已拟定，等业主签署。"))
            return to(request, "custody", made.pk)
    return shown(request, row, agree=form)


@needs("key.keep")
def labels(request: HttpRequest) -> HttpResponse:
    """A4 sheets of tags: a code and its mark, nothing that says which door it opens (KEY-01)."""
    rows = Key.objects.visible_to(request.reach).live().order_by("code")
    if chosen := {pk for word in request.GET.getlist("key") if (pk := row_id(word))}:
        rows = rows.filter(pk__in=chosen)
    made = []
    for row in rows[:SHOWN]:
        address = request.build_absolute_uri(reverse("keys:key", args=[request.estate.code, row.pk]))
        svg = segno.make(address, error="m").svg_inline(scale=3, border=2, svgclass="qr", lineclass="", omitsize=False)
        made.append({"code": row.code, "svg": mark_safe(svg)})
    return render(request, "keys/labels.html", {"labels": made})
