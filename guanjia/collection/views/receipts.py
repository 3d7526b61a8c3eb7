"""Receipts: one to print, all to look up; asking for money back and judging it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia.events.models import Event
from guanjia.people.models import Person
from guanjia.tenancy.reading import row_id
from guanjia.web.acting import carry_out
from guanjia.web.guard import needs

from ..capital import capital
from ..forms import BackForm, VerdictForm
from ..kinds import Judged, Way
from ..models import Payment, Receipt, Undoing
from ..paper import receipt_pdf

if TYPE_CHECKING:
    from django.http import HttpRequest

PAGE = 30


@needs("bill.read", resident=True)
def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """One receipt, as it is printed; staff see what became of its payment as well."""
    return _receipt(request, pk)


@needs("bill.read", resident=True)
def pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The receipt for paper."""
    rows = Receipt.objects.at_estate(request.reach.estate)
    row = get_object_or_404(
        rows.select_related("payment__unit", "payment__household", "undoing", "estate__company"), pk=pk
    )
    payment = get_object_or_404(Payment.objects.visible_to(request.reach), pk=row.payment_id)
    taker = Person.objects.filter(pk=payment.taker_id).first()
    answer = HttpResponse(receipt_pdf(row, taker.name if taker else ""), content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="receipt-{row}.pdf"'
    return answer


def _receipt(request: HttpRequest, pk: int, form: Any = None, status: int = 200) -> HttpResponse:
    row = get_object_or_404(
        Receipt.objects.at_estate(request.reach.estate).select_related(
            "payment__unit", "payment__household", "undoing"
        ),
        pk=pk,
    )
    payment = get_object_or_404(Payment.objects.visible_to(request.reach), pk=row.payment_id)
    undoings = list(payment.undoings.order_by("pk"))
    people = Person.objects.in_bulk(
        [payment.taker_id, *(one.asker_id for one in undoings), *(one.judge_id for one in undoings)]
    )
    back = payment.given_back()
    left = payment.amount - back
    page = {
        "receipt": row, "payment": payment, "capital": capital(row.amount), "taker": people.get(payment.taker_id), "left": left, "back": back,
        "undoings": [{"row": one, "asker": people.get(one.asker_id), "judge": people.get(one.judge_id)} for one in undoings],
        "waiting": any(one.state == Judged.ASKED for one in undoings), "way": Way(row.undoing.way if row.undoing else payment.way).label,
        "form": form or BackForm(initial={"amount": left, "way": Way.TRANSFER if payment.way == Way.DEBIT else payment.way}), "verdict_form": VerdictForm(),
        "may_undo": request.reach.may("payment.undo") and left > 0 and not row.undoing_id,
        "events": [{"at": event.at, "sentence": event.sentence} for event in Event.objects.about(payment)] if request.reach.is_staff else [],
    }  # fmt: skip
    shell = "shell_staff.html" if request.reach.is_staff else "shell_resident.html"
    return render(request, "collection/receipt.html", page | {"shell": shell}, status=status)


@needs("payment.take", "ledger.read")
def receipts(request: HttpRequest) -> HttpResponse:
    """The register of receipts: every number of a year, the newest first."""
    rows = Receipt.objects.at_estate(request.reach.estate).select_related(
        "payment__unit", "payment__household", "undoing"
    )
    words, way = request.GET.get("q", "").strip(), request.GET.get("way", "")
    if words:
        year, _dash, tail = words.partition("-")
        exact = (
            Q(year=year, number=int(tail))
            if year.isdecimal() and tail.isdecimal() and len(words) < 18
            else Q(number=row_id(words) or 0)
        )
        rows = rows.filter(
            exact
            | Q(payment__unit__code__startswith=words)
            | Q(payment__household__name__startswith=words)
            | Q(payment__reference=words)
        )
    if way in Way.values:
        rows = rows.filter(payment__way=way)
    if before := row_id(request.GET.get("before", "")):
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-pk")[: PAGE + 1])
    page = {
        "rows": found[:PAGE],
        "older": found[PAGE - 1].pk if len(found) > PAGE else None,
        "q": words,
        "way": way,
        "ways": Way.choices,
    }
    return render(request, "collection/receipts.html", page)


@require_POST
@needs("payment.undo")
def undoing(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask that money goes back."""
    payment = get_object_or_404(Payment.objects.visible_to(request.reach), pk=pk)
    first = payment.receipts.order_by("pk")[0]
    there = reverse("collection:receipt", args=[request.estate.code, first.pk])
    form = BackForm(request.POST)
    answer = carry_out(
        request,
        form,
        lambda said: payment.ask_back(said["amount"], why=said["why"], way=said["way"], by=request.reach),
        _("已申请，等另一个人审批。"),
        lambda _made: there,
    )
    return _receipt(request, first.pk, form, answer) if isinstance(answer, int) else answer


@require_POST
@needs("payment.judge")
def verdict(request: HttpRequest, pk: int) -> HttpResponse:
    """The second person's word."""
    asked = get_object_or_404(Undoing.objects.at_estate(request.reach.estate).select_related("payment"), pk=pk)
    if not Payment.objects.visible_to(request.reach).filter(pk=asked.payment_id).exists():
        raise Http404
    first = asked.payment.receipts.order_by("pk")[0]
    there = reverse("collection:receipt", args=[request.estate.code, first.pk])
    form = VerdictForm(request.POST)
    answer = carry_out(
        request,
        form,
        lambda said: asked.judge_it(said["verdict"] == "yes", words=said["words"], by=request.reach),
        _("已审批。"),
        lambda _made: there,
    )
    if isinstance(answer, int):
        messages.error(request, " ".join(map(str, form.non_field_errors())) or _("没有保存，请再试一次。"))
        return redirect(there)
    return answer


@needs("payment.judge", "payment.undo")
def undoings(request: HttpRequest) -> HttpResponse:
    """What waits for the second person, then what was decided."""
    rows = (
        Undoing.objects.at_estate(request.reach.estate)
        .select_related("payment__unit", "payment__household")
        .prefetch_related("payment__receipts")
    )
    waiting, done = (
        list(rows.filter(state=Judged.ASKED).order_by("asked_at")[:100]),
        list(rows.exclude(state=Judged.ASKED).order_by("-pk")[:PAGE]),
    )
    people = Person.objects.in_bulk({row.asker_id for row in [*waiting, *done]})
    shown = [
        [{"row": row, "asker": people.get(row.asker_id), "receipt": row.payment.receipts.all()[0]} for row in some]
        for some in (waiting, done)
    ]
    return render(request, "collection/undoings.html", {"waiting": shown[0], "done": shown[1]})
