"""供应商: the list, one supplier with its looks, contract, follow-ups and orders (VAS-09, VAS-10, F-69, F-93)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import FileResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia import clock
from guanjia.web.acting import act, carry_out
from guanjia.web.guard import needs

from ..book import services_book
from ..forms import ContractForm, SupplierForm
from ..models import ServiceOrder, Supplier
from ..supplier_book import suppliers_book
from .acts import _number
from .desk import to

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase


def _found(request: Any, pk: int) -> Supplier:
    rows = Supplier.objects.visible_to(request.reach).prefetch_related("vettings__by", "bans__by", "reviews__by")
    row: Supplier = get_object_or_404(rows, pk=pk)
    return row


@needs("service.order", "supplier.keep")
def suppliers(request: HttpRequest) -> HttpResponseBase:
    """All, with why one may not be ordered; `?xlsx=1` is the register."""
    today = clock.today(request.estate)
    rows = list(Supplier.objects.visible_to(request.reach).prefetch_related("vettings", "bans", "reviews").order_by("name")[:500])
    if request.GET.get("xlsx"):
        name = _("供应商名录 %(day)s.xlsx") % {"day": f"{today:%F}"}
        return FileResponse(suppliers_book(request.estate, rows), as_attachment=True, filename=name)
    due = set(Supplier.objects.due_for_review(request.estate, today).values_list("pk", flat=True))
    for row in rows:
        row.why, row.review_due, row.titles = row.refusal(today), row.pk in due, titles(row)
        scores = [one.score for one in row.reviews.all()]
        row.score = f"{sum(scores) / len(scores):.1f}" if scores else ""
    return render(request, "services/suppliers.html", {"rows": rows, "due": len(due), "may_keep": request.reach.may("supplier.keep")})


def titles(row: Supplier) -> str:
    known = services_book().items
    return "、".join(_(known[key].title) for key in row.items if key in known)


@needs("supplier.keep")
def supplier_new(request: HttpRequest) -> HttpResponse:
    form = SupplierForm(request.POST or None)
    answer: Any = 200
    if form.is_bound:
        answer = carry_out(
            request, form, lambda data: Supplier.objects.register(request.estate, by=request.reach, **data), _("已登记，考察合格并签合同后可派单。"),
            lambda made: reverse("services:supplier", args=[request.estate.code, made.pk]),
        )  # fmt: skip
        if not isinstance(answer, int):
            return answer
    return render(request, "services/supplier_new.html", {"form": form}, status=answer)


@needs("service.order", "supplier.keep")
def supplier(request: HttpRequest, pk: int) -> HttpResponse:
    return _shown(request, _found(request, pk))


def _shown(request: Any, row: Supplier, details: SupplierForm | None = None, contract: ContractForm | None = None, status: int = 200) -> HttpResponse:
    said = {"name": row.name, "contact": row.contact, "phone": row.phone, "address": row.address, "licence": row.licence, "items": row.items}
    today, points = clock.today(request.estate), services_book().vetting
    page = {
        "row": row, "why": row.refusal(today), "titles": titles(row), "points": [(key, _(entry.title)) for key, entry in points.items()],
        "vettings": [(one, "、".join(_(points[key].title) for key, said in one.points.items() if said == "bad" and key in points)) for one in sorted(row.vettings.all(), key=lambda one: one.at, reverse=True)],
        "reviews": sorted(row.reviews.all(), key=lambda one: one.on, reverse=True), "bans": sorted(row.bans.all(), key=lambda one: one.at, reverse=True),
        "banned": any(one.lifted_at is None for one in row.bans.all()), "may_keep": request.reach.may("supplier.keep"),
        "orders": ServiceOrder.objects.visible_to(request.reach).filter(supplier=row).select_related("unit", "household").order_by("-ordered_at")[:30], "details_form": details or SupplierForm(initial=said),
        "contract_form": contract or ContractForm(initial={"starts": today, "ends": today.replace(year=today.year + 1, day=min(today.day, 28))}),
        "open_orders": row.orders.open().count(), "review_due": Supplier.objects.due_for_review(request.estate, today).filter(pk=row.pk).exists(),
    }  # fmt: skip
    return render(request, "services/supplier.html", page, status=status)


@require_POST
@needs("supplier.keep")
def details(request: HttpRequest, pk: int) -> HttpResponse:
    row = _found(request, pk)
    form = SupplierForm({**request.POST.dict(), "items": request.POST.getlist("items"), "name": row.name})
    data: Any = carry_out(
        request, form, lambda data: row.amend(**{key: value for key, value in data.items() if key != "name"}, by=request.reach), _("已保存。"),
        lambda made: reverse("services:supplier", args=[request.estate.code, row.pk]),
    )  # fmt: skip
    return data if not isinstance(data, int) else _shown(request, _found(request, pk), details=form, status=data)


@require_POST
@needs("supplier.keep")
def contract(request: HttpRequest, pk: int) -> HttpResponse:
    row, form = _found(request, pk), ContractForm(request.POST)
    data: Any = carry_out(
        request, form, lambda data: row.contract(data["starts"], data["ends"], by=request.reach), _("已登记合同。"),
        lambda made: reverse("services:supplier", args=[request.estate.code, row.pk]),
    )  # fmt: skip
    return data if not isinstance(data, int) else _shown(request, _found(request, pk), contract=form, status=data)


@require_POST
@needs("supplier.keep")
def vetting(request: HttpRequest, pk: int) -> HttpResponse:
    row = _found(request, pk)
    points = {key: request.POST.get(key, "") for key in services_book().vetting}
    act(request, lambda: row.vet(points, request.POST.get("words", ""), by=request.reach), _("已登记考察。"))
    return to(request, "supplier", row.pk)


@require_POST
@needs("supplier.keep")
def review(request: HttpRequest, pk: int) -> HttpResponse:
    row = _found(request, pk)
    act(request, lambda: row.review(_number(request.POST.get("score", "")), request.POST.get("words", ""), by=request.reach), _("已登记回访。"))
    return to(request, "supplier", row.pk)


@require_POST
@needs("supplier.keep")
def ban(request: HttpRequest, pk: int) -> HttpResponse:
    """Struck off, or taken back: by what the form says."""
    row, why = _found(request, pk), request.POST.get("why", "")
    if request.POST.get("lift"):
        act(request, lambda: row.readmit(why, by=request.reach), _("已移出黑名单。"))
    else:
        act(request, lambda: row.ban(why, by=request.reach), _("已列入黑名单，不能再派单。"))
    return to(request, "supplier", row.pk)
