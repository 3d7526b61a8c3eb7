"""What the second person decides in chasing: holds, waivers, late charges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia.billing.models import BillLine
from guanjia.people.models import Person
from guanjia.tickets import callers
from guanjia.web.acting import carry_out
from guanjia.web.guard import needs

from ..forms import UntilForm, VerdictForm, WaiverForm
from ..kinds import Judged
from ..models import Hold, LateCharge, Letter, Payer, Waiver

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

LAST = 30


@needs("chase.act", "chase.judge")
def holds(request: HttpRequest) -> HttpResponse:
    """Who is not chased, why and until when; then what waits: waivers, letters."""
    reach = request.reach
    rows = list(
        Hold.objects.visible_to(reach).in_force().select_related("household", "unit", "ticket").order_by("-since")[:200]
    )
    waivers = list(
        Waiver.objects.visible_to(reach)
        .filter(state=Judged.ASKED)
        .select_related("line__fee", "line__unit", "line__bill__household")[:100]
    )
    letters = list(Letter.objects.visible_to(reach).select_related("household", "unit").order_by("-pk")[:LAST])
    people = Person.objects.in_bulk({row.asker_id for row in [*rows, *waivers, *letters]})
    page = {
        "rows": [{"row": row, "asker": people.get(row.asker_id)} for row in rows], "waivers": [{"row": row, "asker": people.get(row.asker_id)} for row in waivers],
        "letters": [{"row": row, "asker": people.get(row.asker_id)} for row in letters], "form": UntilForm(),
    }  # fmt: skip
    return render(request, "collection/holds.html", page)


@require_POST
@needs("chase.judge")
def hold_verdict(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Hold.objects.at_estate(request.reach.estate), pk=pk)
    form = UntilForm(request.POST)
    return judged(
        request,
        form,
        lambda said: row.judge_it(said["verdict"] == "yes", until=said["until"], by=request.reach),
        "holds",
    )


@require_POST
@needs("chase.judge")
def hold_end(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Hold.objects.at_estate(request.reach.estate), pk=pk)
    return judged(request, Nothing(), lambda _said: row.end(by=request.reach), "holds")


@require_POST
@needs("discount.ask")
def waiving(request: HttpRequest) -> HttpResponse:
    """Ask that a line, or a part of it, need not be paid."""
    form = WaiverForm(request.POST)

    def act(said: dict[str, Any]) -> Waiver:
        line = get_object_or_404(BillLine.objects.at_estate(request.reach.estate).filter(live=True), pk=said["line"])
        if not callers.may_call(request.reach).filter(pk=line.bill.household_id).exists():
            raise Http404
        return Waiver.objects.ask(line, said["amount"], said["why"], by=request.reach)

    return judged(request, form, act, "holds", _("已申请，等另一个人审批。"))


@require_POST
@needs("chase.judge")
def waiver_verdict(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Waiver.objects.at_estate(request.reach.estate).select_related("line__bill"), pk=pk)
    return judged(
        request,
        VerdictForm(request.POST),
        lambda said: row.judge_it(said["verdict"] == "yes", by=request.reach),
        "holds",
    )


@require_POST
@needs("chase.judge")
def late(request: HttpRequest, pk: int) -> HttpResponse:
    """Charge a household what being late has cost."""
    payer = Payer.of(request.reach.estate, get_object_or_404(callers.may_call(request.reach), pk=pk).pk)
    if payer is None:
        raise Http404
    return judged(
        request,
        Nothing(),
        lambda _said: LateCharge.objects.charge(payer, by=request.reach),
        ("household", pk),
        _("违约金已记账。"),
    )


class Nothing:
    """A form without fields: the verb's refusal is its only mistake."""

    cleaned_data: dict[str, Any] = {}

    def __init__(self) -> None:
        self.errors: list[str] = []

    def is_valid(self) -> bool:
        return True

    def add_error(self, _field: Any, words: str) -> None:
        self.errors.append(words)

    def non_field_errors(self) -> list[str]:
        return self.errors


def judged(request: HttpRequest, form: Any, act: Any, there: Any, said: Any = None) -> HttpResponse:
    """Back to where it was asked, with what came of it."""
    name, *more = (there,) if isinstance(there, str) else there
    address = reverse(f"collection:{name}", args=[request.estate.code, *more])
    answer = carry_out(request, form, act, said or _("已保存。"), lambda _made: address)
    if isinstance(answer, int):
        messages.error(request, " ".join(map(str, form.non_field_errors())) or _("没有保存，请检查填写的内容。"))
        return redirect(address)
    return answer
