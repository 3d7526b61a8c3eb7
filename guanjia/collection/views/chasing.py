"""催收: whom to contact now, one household's arrears and what was said."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Sum
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia import clock
from guanjia.households.models import Household
from guanjia.people.models import Person
from guanjia.tickets import callers
from guanjia.web.acting import carry_out
from guanjia.web.guard import needs

from ..forms import ChaseForm, HoldForm, WhyForm
from ..kinds import Judged
from ..late import terms_of
from ..models import Call, Chase, Hold, LateCharge, Letter, Payer
from ..quiet import resting

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

PAGE = 50


@needs("chase.act")
def calls(request: HttpRequest) -> HttpResponse:
    """Whom to contact, the most pressing first; one row a household."""
    rows = Call.objects.visible_to(request.reach).open().about_money().select_related("household", "unit", "zone")
    if request.GET.get("mine"):
        rows = rows.filter(steward_id=request.reach.person_id)
    sums = rows.aggregate(n=Count("household", distinct=True), owed=Sum("owed"))
    found, seen = [], set()
    for row in rows.order_by("closes_on", "-owed")[: PAGE * 4]:
        if row.household_id not in seen:
            seen.add(row.household_id)
            found.append(row)
    people = Person.objects.in_bulk({row.steward_id for row in found})
    page = {
        "rows": [{"row": row, "steward": people.get(row.steward_id)} for row in found[:PAGE]], "sums": sums, "today": clock.today(request.reach.estate),
        "resting": resting(request.reach.estate, clock.now()), "mine": bool(request.GET.get("mine")),
        "held": Hold.objects.visible_to(request.reach).in_force().count(),
    }  # fmt: skip
    return render(request, "collection/calls.html", page)


@needs("chase.act")
def household(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: one household's arrears, calls and words. POST: record a contact."""
    payer = _payer(request, pk)
    if request.method != "POST":
        return render(request, "collection/household.html", _page(request, payer))
    form = ChaseForm(request.POST)

    def act(said: dict[str, Any]) -> Chase:
        token = said.pop("token")
        return Chase.objects.record(payer, by=request.reach, key=token, **said)

    answer = carry_out(request, form, act, _said, lambda _made: request.path)
    return (
        render(request, "collection/household.html", _page(request, payer) | {"form": form}, status=answer)
        if isinstance(answer, int)
        else answer
    )


def _said(made: Chase) -> str:
    if made.ticket:
        return _("已记录，并开报事单 %(number)s，解决回访前不再催收。") % {"number": made.ticket.number}
    return _("已记录。")


@require_POST
@needs("chase.act")
def holding(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask that a household is left in peace for a while."""
    payer = _payer(request, pk)
    form = HoldForm(request.POST)
    there = reverse("collection:household", args=[request.estate.code, pk])
    answer = carry_out(
        request,
        form,
        lambda said: Hold.objects.begin(payer, said["kind"], said["why"], by=request.reach),
        _("已申请暂缓，审批前也不再催收。"),
        lambda _made: there,
    )
    return (
        render(request, "collection/household.html", _page(request, payer) | {"hold_form": form}, status=answer)
        if isinstance(answer, int)
        else answer
    )


@require_POST
@needs("chase.act")
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a lawyer's letter."""
    payer = _payer(request, pk)
    form = WhyForm(request.POST)
    answer = carry_out(
        request, form, lambda said: Letter.objects.ask(payer, said["why"], by=request.reach), _("已申请，等另一个人审批。"),
        lambda made: reverse("collection:letter", args=[request.estate.code, made.pk]),
    )  # fmt: skip
    return (
        render(request, "collection/household.html", _page(request, payer) | {"letter_form": form}, status=answer)
        if isinstance(answer, int)
        else answer
    )


def _payer(request: HttpRequest, pk: int) -> Payer:
    household = get_object_or_404(callers.may_call(request.reach), pk=pk)
    payer = Payer.of(request.reach.estate, household.pk)
    if payer is None:
        raise Http404
    return payer


def _page(request: HttpRequest, payer: Payer) -> dict[str, Any]:
    reach, now = request.reach, clock.now()
    today = clock.today(reach.estate)
    lines = list(payer.owing())
    mine = {"estate": reach.estate, "household_id": payer.household_id}
    chases = list(Chase.objects.filter(**mine).select_related("ticket").order_by("-at")[:20])
    holds = list(Hold.objects.filter(**mine).in_force().select_related("ticket"))
    people = Person.objects.in_bulk({row.author_id for row in chases})
    late = LateCharge.objects.due(payer, now)
    return {
        "payer": payer, "household": Household.objects.get(estate=reach.estate, pk=payer.household_id), "lines": lines, "today": today,
        "caller": callers.file_of(reach, [callers.may_call(reach).get(pk=payer.household_id)])[0], "owed": sum((line.owed for line in lines), Decimal("0.00")),
        "overdue": sum((line.owed for line in lines if line.bill.due_on < today), Decimal("0.00")), "prepaid": payer.prepaid(),
        "late": sum(late.values(), Decimal("0.00")), "terms": terms_of(reach.estate), "calls": Call.objects.filter(**mine).open().about_money().order_by("closes_on"),
        "chases": [{"row": row, "author": people.get(row.author_id)} for row in chases], "holds": holds, "letters": Letter.objects.filter(**mine).order_by("-pk")[:5],
        "form": ChaseForm(), "hold_form": HoldForm(), "letter_form": WhyForm(), "resting": resting(reach.estate, now), "asked": Judged.ASKED,
    }  # fmt: skip
