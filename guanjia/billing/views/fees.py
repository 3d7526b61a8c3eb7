"""Fees and what they cost from when: the formula box shows an example while it is typed."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.db.models import Count, OuterRef, Subquery
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia import clock
from guanjia.billing.example import example
from guanjia.billing.forms import FeeForm, PriceForm
from guanjia.billing.formula import FUNCTIONS, NAMES
from guanjia.billing.models import Fee, Tariff
from guanjia.billing.models.pricing import READY
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.reading import row_id
from guanjia.web.acting import act
from guanjia.web.guard import needs

from .common import to

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@needs("bill.read")
def fees(request: HttpRequest) -> HttpResponse:
    today = clock.today(request.estate)
    Tariff.objects.adopt(request.estate, today.replace(day=1), clock.now())
    price = Tariff.objects.filter(estate_id=OuterRef("estate_id"), fee=OuterRef("pk"), starts_on__lte=today).order_by(
        "-starts_on"
    )
    rows = Fee.objects.at_estate(request.estate).annotate(
        homes=Count("units"),
        now_price=Subquery(price.values("price")[:1]),
        now_fixed=Subquery(price.values("fixed")[:1]),
        now_said=Subquery(price.values("expression")[:1]),
    )
    return render(request, "billing/fees.html", {"fees": rows.order_by("closed", "number")})


@needs("bill.read")
def show(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _fee(request, pk))


def _fee(request: Any, pk: int) -> Fee:
    return get_object_or_404(Fee.objects.at_estate(request.estate).select_related("estate"), pk=pk)


def _page(request: Any, fee: Fee, form: PriceForm | None = None, status: int = 200) -> HttpResponse:
    today = clock.today(request.estate)
    versions = list(fee.tariffs.filter(estate_id=fee.estate_id).order_by("-starts_on"))
    last, billed = (versions[0] if versions else None), fee.billed_until()
    start = {
        "starts_on": max(filter(None, [billed, today])), "expression": last.expression if last else READY.get(fee.reckoned_by, ""),
        "price": last.price.normalize() if last else None, "fixed": last.fixed if last and last.fixed else None, "tiers": _tiers(last.tiers) if last else "",
    }  # fmt: skip
    form = form or PriceForm(initial=start)
    said = {name: form[name].value() for name in ("expression", "price", "fixed", "tiers")}
    page = {
        "fee": fee, "versions": [{"row": row, "tiers": _tiers(row.tiers), "now": row.starts_on <= today} for row in versions], "form": form, "billed": billed,
        "example": _worked(fee, said), "names": [(word, what) for word, what in NAMES.values()], "functions": [each[0] for each in FUNCTIONS.values()],
    }  # fmt: skip
    return render(request, "billing/fee.html", page, status=status)


def _tiers(tiers: list[Any]) -> str:
    return " ".join(f"{_('以上') if top is None else top}:{price}" for top, price in tiers)


def _worked(fee: Fee, said: dict[str, Any]) -> dict[str, Any]:
    def number(text: Any) -> Decimal:
        try:
            found = Decimal(str(text or 0))
            return found if found.is_finite() and abs(found) < Decimal(10) ** 12 else Decimal(0)
        except InvalidOperation:
            return Decimal(0)

    return example(
        fee,
        str(said.get("expression") or "")[:400],
        number(said.get("price")),
        number(said.get("fixed")),
        str(said.get("tiers") or "")[:300],
    )


@needs("bill.read")
def formula(request: HttpRequest) -> HttpResponse:
    """GET: the worked example of what stands in the box, as a fragment."""
    fee = get_object_or_404(Fee.objects.at_estate(request.estate), pk=row_id(request.GET.get("fee")) or 0)
    return render(request, "billing/fee.html#example", {"example": _worked(fee, request.GET.dict()), "fee": fee})


@require_POST
@needs("tariff.set")
def price(request: HttpRequest, pk: int) -> HttpResponse:
    fee, form = _fee(request, pk), PriceForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            fee.price_from(
                said["starts_on"],
                said["expression"],
                price=said["price"] or Decimal(0),
                fixed=said["fixed"] or Decimal(0),
                tiers=said["tiers"],
                by=request.reach,
                reason=said["reason"],
            )
        except Refused as refused:
            form.add_error("starts_on" if refused.code == "already_billed" else "expression", str(refused))
        else:
            return to(request, "fee", pk)
    return _page(request, fee, form, 422)


@needs("tariff.set")
def new(request: HttpRequest) -> HttpResponse:
    return _edit(
        request,
        Fee(estate=request.estate, formula=Fee.Formula.FIXED, flag=_("周期性费用"), payment_mode=_("后付费")),
        _("新收费项目"),
    )


@needs("tariff.set")
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    fee = _fee(request, pk)
    return _edit(request, fee, fee.name)


def _edit(request: Any, fee: Fee, title: str) -> HttpResponse:
    form = FeeForm(request.POST if request.method == "POST" else None, instance=fee)
    if form.is_bound and form.is_valid():
        others = Fee.objects.at_estate(request.estate).filter(number=fee.number).exclude(pk=fee.pk)
        if others.exists():
            form.add_error("number", _("已经有这个编号。"))
        elif act(request, lambda: fee.keep(by=request.reach), _("已保存。")):
            return to(request, "fee", fee.pk)
    return render(
        request, "billing/fee_edit.html", {"form": form, "title": title, "fee": fee}, status=422 if form.errors else 200
    )
