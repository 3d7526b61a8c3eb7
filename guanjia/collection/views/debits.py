"""银行代扣 and 对账单送达: lists that go out and come back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia.tenancy.reading import row_id
from guanjia.tickets import callers
from guanjia.web.acting import carry_out
from guanjia.web.guard import needs

from ..forms import FileForm, MandateForm
from ..models import DebitBatch, Handing, Mandate, Payer

if TYPE_CHECKING:
    from django.http import HttpRequest

SHOWN, FOUND = 100, 8


@needs("debit.run", "payment.take")
def debits(request: HttpRequest) -> HttpResponse:
    """GET: batches, who has signed. POST: list up a new batch."""
    estate = request.reach.estate
    if request.method == "POST":
        return _done(
            request, lambda: DebitBatch.objects.list_up(estate, by=request.reach), _("名单已列出，请收银员填金额。")
        )
    words = request.GET.get("q", "").strip()
    hits = [hit for hit in callers.find_households(request.reach, words, FOUND) if hit.household_id] if words else None
    mandates = (
        Mandate.objects.at_estate(estate)
        .filter(ended_at__isnull=True)
        .select_related("household", "unit")
        .defer("number")
    )
    page = {
        "batches": [{"row": row, "total": row.total(), "count": row.items.count()} for row in DebitBatch.objects.at_estate(estate).order_by("-pk")[:20]],
        "mandates": mandates.order_by("unit__code")[:SHOWN], "signed": mandates.count(), "q": words, "hits": hits, "form": MandateForm(),
        "chosen": row_id(request.GET.get("household", "")),
    }  # fmt: skip
    return render(request, "collection/debits.html", page)


@require_POST
@needs("debit.run")
def mandates(request: HttpRequest) -> HttpResponse:
    """A household signs."""
    household = get_object_or_404(callers.may_call(request.reach), pk=row_id(request.POST.get("household", "")) or 0)
    payer = Payer.of(request.reach.estate, household.pk)
    form = MandateForm(request.POST)
    if payer is None or not form.is_valid():
        messages.error(request, _("没有保存，请检查填写的内容。"))
        return redirect("collection:debits", request.estate.code)
    return _done(request, lambda: Mandate.objects.sign(payer, by=request.reach, **form.cleaned_data), _("已登记代扣。"))


@require_POST
@needs("debit.run")
def mandate_end(request: HttpRequest, pk: int) -> HttpResponse:
    """A household wants it no more."""
    row = get_object_or_404(Mandate.objects.at_estate(request.reach.estate).select_related("unit"), pk=pk)
    return _done(request, lambda: row.end(by=request.reach), _("已终止代扣。"))


@needs("debit.run", "payment.take")
def debit(request: HttpRequest, pk: int) -> HttpResponse:
    batch = get_object_or_404(DebitBatch.objects.at_estate(request.reach.estate), pk=pk)
    items = (
        batch.items.select_related("household", "unit", "mandate", "payment")
        .defer("mandate__number")
        .order_by("number")
    )
    return render(
        request, "collection/debit.html", {"batch": batch, "items": items, "total": batch.total(), "form": FileForm()}
    )


@needs("debit.run")
def debit_file(request: HttpRequest, pk: int) -> HttpResponse:
    """What the bank gets. It names account numbers, so asking for it is written down."""
    batch = get_object_or_404(DebitBatch.objects.at_estate(request.reach.estate), pk=pk)
    if batch.state == DebitBatch.State.LISTED:
        raise Http404
    answer = HttpResponse(batch.take_out(by=request.reach), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="debit-{batch}.csv"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@require_POST
@needs("debit.run", "payment.take")
def debit_act(request: HttpRequest, pk: int, noun: str) -> HttpResponse:
    """amounts, dispatch, answer."""
    batch = get_object_or_404(DebitBatch.objects.at_estate(request.reach.estate), pk=pk)
    by = request.reach
    if noun == "answer":
        form = FileForm(request.POST, request.FILES)
        words = _("回盘已入账：成功 %(good)d 户，失败 %(bad)d 户。")
        there = request.path.removesuffix("answer/")
        answer = carry_out(
            request,
            form,
            lambda said: batch.take_back(said["file"].read(), by=by),
            lambda counts: words % counts,
            lambda _made: there,
        )
        if isinstance(answer, int):
            messages.error(request, " ".join(map(str, form.non_field_errors())) or _("没有保存，请检查填写的内容。"))
            return redirect("collection:debit", request.estate.code, pk)
        return answer
    acts: dict[str, Any] = {"amounts": lambda: batch.fill(by=by), "dispatch": lambda: batch.send(by=by)}
    if noun not in acts:
        raise Http404
    return _done(request, acts[noun], _("已保存。"), batch)


def _done(request: HttpRequest, act: Any, said: str, batch: Any = None) -> HttpResponse:
    from guanjia.tenancy.errors import NotAllowed, Refused

    try:
        made = act()
    except NotAllowed as refused:
        raise Http404 from refused
    except Refused as refused:
        messages.error(request, str(refused))
        made = batch
    else:
        messages.success(request, said)
    batch = batch or (made if isinstance(made, DebitBatch) else None)
    return (
        redirect("collection:debit", request.estate.code, batch.pk)
        if batch
        else redirect("collection:debits", request.estate.code)
    )


@needs("chase.act")
def handings(request: HttpRequest) -> HttpResponse:
    """GET: statements that still have to reach somebody. POST: what became of the ticked ones."""
    reach = request.reach
    if request.method == "POST":
        ids = [pk for text in request.POST.getlist("row") if (pk := row_id(text))]
        outcome = "tried" if request.POST.get("outcome") == "tried" else "handed"
        enveloped, briefed = bool(request.POST.get("enveloped")), bool(request.POST.get("briefed"))
        words = request.POST.get("words", "")
        count = Handing.objects.hand(reach, ids, outcome, words=words, enveloped=enveloped, briefed=briefed)
        messages.success(request, _("已登记 %(n)d 份。") % {"n": count})
        return redirect(request.get_full_path())
    way = request.GET.get("way", "")
    rows = Handing.objects.visible_to(reach).waiting().select_related("household", "unit", "bill", "mailing")
    if way in Handing.Way.values:
        rows = rows.filter(way=way)
    counts = {name: Handing.objects.visible_to(reach).waiting().filter(way=name).count() for name in Handing.Way.values}
    page = {
        "rows": rows.order_by("issued_on", "unit__code")[: SHOWN * 2], "way": way, "ways": [(name, label, counts[name]) for name, label in Handing.Way.choices if counts[name]],
        "total": sum(counts.values()), "done": Handing.objects.visible_to(reach).filter(outcome="handed").count(),
    }  # fmt: skip
    return render(request, "collection/handings.html", page)
