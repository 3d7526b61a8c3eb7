"""住户卡 at the desk: the register, one card with what may be done (MOV-03)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia import clock
from guanjia.rulebooks.parameters import parameter
from guanjia.web.acting import act
from guanjia.web.guard import needs

from ..exporting import card_book
from ..forms import CardForm
from ..models import Card
from .common import filled_in, to

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

SHOWN = 200


@needs("card.keep")
def cards(request: HttpRequest) -> HttpResponseBase:
    """By number, holder or room; `?xlsx=1` is the register, which is read again."""
    if request.GET.get("xlsx"):
        name = _("住户卡台账 %(day)s.xlsx") % {"day": f"{clock.today(request.estate):%F}"}
        return FileResponse(card_book(request.reach), as_attachment=True, filename=name)
    q, state = request.GET.get("q", "").strip()[:40], request.GET.get("state", "")
    rows = Card.objects.visible_to(request.reach).select_related("unit", "household")
    if state in Card.State.values:
        rows = rows.filter(state=state)
    if q:
        rows = rows.filter(Q(number__icontains=q) | Q(holder__icontains=q) | Q(unit__code__icontains=q))
    return render(request, "gate/cards.html", {"rows": rows.order_by("-issued_at")[:SHOWN], "q": q, "state": state, "states": Card.State.choices})


@needs("card.keep")
def issue(request: HttpRequest) -> HttpResponse:
    form = CardForm(request.POST or None, reach=request.reach)

    def give(said: dict[str, Any]) -> Card:
        return Card.objects.issue(said["room"], form.household, said["holder"], said["number"], by=request.reach)

    return filled_in(request, form, "gate/issue.html", give, _("已发卡。"), lambda made: to(request, "card", made.pk))


@needs("card.keep")
def card(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Card.objects.visible_to(request.reach).select_related("unit", "household", "issued_by", "replaces", "charge"), pk=pk)
    return render(request, "gate/card.html", {"card": row, "next": row.replaced_by.first(), "fee": parameter(request.estate, "card.fee", clock.now())})


@require_POST
@needs("card.keep", resident=True)
def word(request: HttpRequest, pk: int, noun: str) -> HttpResponse:
    """loss (also the household's own), replacement, return, voiding."""
    row, reach, said = get_object_or_404(Card.objects.visible_to(request.reach).select_related("unit__estate", "household"), pk=pk), request.reach, request.POST
    made: list[Card] = []
    verbs: dict[str, Any] = {
        "loss": (lambda: row.report_lost(said.get("why", ""), by=reach), _("已挂失，卡已停用。")),
        "replacement": (lambda: made.append(row.replace(said.get("number", ""), by=reach)), _("已补卡，工本费已记账。")),
        "return": (lambda: row.end("", returned=True, by=reach), _("已退回。")),
        "voiding": (lambda: row.end(said.get("why", ""), by=reach), _("已注销。")),
    }
    if noun not in verbs:
        raise Http404
    act(request, *verbs[noun])
    return to(request, "card" if reach.is_staff else "mine_card", (made[0] if made else row).pk)
