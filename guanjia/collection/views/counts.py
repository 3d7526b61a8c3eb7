"""现金盘点: counted blind by a second person, answered by who keeps the cash."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia.people.models import Person
from guanjia.web.acting import carry_out
from guanjia.web.guard import needs

from ..forms import AnswerForm, CountForm
from ..models import CashCount
from ..models.cashcount import FACES

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

PAGE = 24


@needs("payment.take", "payment.judge")
def counts(request: HttpRequest) -> HttpResponse:
    """GET: the counts so far, and the sheet to count on. POST: a count."""
    form = CountForm(request.POST or None, faces=FACES)
    if request.method != "POST":
        return render(request, "collection/counts.html", _page(request, form))

    def act(said: dict[str, Any]) -> CashCount:
        return CashCount.objects.count_up(
            request.reach.estate, form.pieces(), signature=said["signature"], by=request.reach
        )

    answer = carry_out(request, form, act, _said, lambda _made: request.path)
    return (
        render(request, "collection/counts.html", _page(request, form), status=answer)
        if isinstance(answer, int)
        else answer
    )


@require_POST
@needs("payment.take")
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm a count, with words where it differs."""
    row = get_object_or_404(CashCount.objects.at_estate(request.reach.estate), pk=pk)
    form, there = AnswerForm(request.POST), reverse("collection:counts", args=[request.estate.code])
    done = carry_out(
        request,
        form,
        lambda said: row.answer(said["why"], by=request.reach),
        _("已确认，盘点完成。"),
        lambda _made: there,
    )
    if isinstance(done, int):
        messages.error(request, " ".join(map(str, form.non_field_errors())) or _("没有保存，请检查填写的内容。"))
        return redirect(there)
    return done


def _said(made: CashCount) -> str:
    if made.out:
        return _("实点 %(counted)s，账面 %(book)s，相差 %(out)s 元：请收银员写明原因。") % {
            "counted": made.counted,
            "book": made.book,
            "out": made.out,
        }
    return _("账实相符，请收银员确认。")


def _page(request: HttpRequest, form: CountForm) -> dict[str, Any]:
    rows = list(CashCount.objects.at_estate(request.reach.estate).order_by("-at")[:PAGE])
    people = Person.objects.in_bulk({pk for row in rows for pk in (row.counter_id, row.keeper_id)})
    shown = [{"row": row, "counter": people.get(row.counter_id), "keeper": people.get(row.keeper_id)} for row in rows]
    return {"form": form, "rows": shown, "answer_form": AnswerForm()}
