"""What is done at a handover: every verb a POST to its noun, for the desk and for the resident where it is theirs."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia.gate.models import Card
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.reading import row_id
from guanjia.web.acting import act
from guanjia.web.guard import needs

from ..book import moves_book
from ..models import Handover, HandoverPaper
from .common import handover_of, to

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase


def back(request: Any, row: Handover) -> HttpResponse:
    return to(request, "handover" if request.reach.is_staff else "mine_handover", row.pk)


@require_POST
@needs("move.take", resident=True)
def papers(request: HttpRequest, pk: int) -> HttpResponse:
    """One paper: an upload, or at the desk the word that it was seen."""
    row, upload = handover_of(request, pk), request.FILES.get("file")
    act(request, lambda: row.supply(request.POST.get("key", ""), upload, by=request.reach), _("已收到。"))
    return back(request, row)


@needs("move.take", resident=True)
def paper_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    mine = Handover.objects.visible_to(request.reach).values("pk")
    row = get_object_or_404(HandoverPaper.objects.at_estate(request.estate).filter(handover__in=mine, document__isnull=False).select_related("document"), pk=pk)
    assert row.document
    return FileResponse(row.document.file.open("rb"), headers={"Cache-Control": "private"})


@require_POST
@needs("move.take", resident=True)
def signing(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """An agreement, or with `acceptance` the list of the home as it was found."""
    row, said = handover_of(request, pk), request.POST
    signature, who = said.get("signature", ""), said.get("name", "")
    if name == "acceptance":
        act(request, lambda: row.accept(signature, by=request.reach, name=who), _("验房单已签字。"))
    else:
        act(request, lambda: row.sign(name, signature, by=request.reach, name=who), _("已签署。"))
    return back(request, row)


@require_POST
@needs("move.take")
def room(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """What was found in a room; every defect becomes a ticket."""
    row, said = handover_of(request, pk), request.POST
    points = moves_book().rooms[name].points if name in moves_book().rooms else []
    verdicts, words = {point: said.get(f"{name}-{point}", "") for point in points}, {point: said.get(f"{name}-{point}-words", "") for point in points}
    photos = {point: request.FILES.get(f"{name}-{point}-photo") for point in points}
    act(request, lambda: row.look(name, verdicts, by=request.reach, words=words, photos=photos), _("已登记，有缺陷的已转报修。"))
    return back(request, row)


@require_POST
@needs("move.take")
def reading(request: HttpRequest, pk: int, work: int) -> HttpResponse:
    row = handover_of(request, pk)
    meter = get_object_or_404(row.meters(), pk=work)

    def read() -> None:
        try:
            value = Decimal(request.POST.get("value", "").strip())
        except InvalidOperation:
            raise Refused(_("读数不对。"), code="bad_value") from None
        row.read_meter(meter, value, by=request.reach, photo=request.FILES.get("photos"))

    act(request, read, _("已抄表，进入账务。"))
    return back(request, row)


@require_POST
@needs("move.take")
def keys(request: HttpRequest, pk: int) -> HttpResponse:
    """Handed over to who moves in, or taken back from who moves out."""
    row, said = handover_of(request, pk), request.POST
    more: dict[str, Any] = {"words": said.get("words", ""), "name": said.get("name", "")}
    if row.direction == Handover.Direction.IN:
        chosen = {found for word in said.getlist("key") if (found := row_id(word))}
        act(request, lambda: row.hand_keys(list(row.ring().filter(pk__in=chosen)), said.get("signature", ""), by=request.reach, **more), _("钥匙已移交。"))
    else:
        more |= {"code": said.get("code", ""), "opens": said.get("opens", ""), "custody": said.get("custody", ""), "copies": row_id(said.get("copies")) or 1}
        act(request, lambda: row.take_keys(said.get("signature", ""), by=request.reach, **more), _("钥匙已收回。"))
    return back(request, row)


@require_POST
@needs("move.take")
def cards(request: HttpRequest, pk: int) -> HttpResponse:
    """A card issued to who moves in; one given back (`card`) by who moves out."""
    row, said = handover_of(request, pk), request.POST
    if found := row_id(said.get("card")):
        card = get_object_or_404(Card.objects.visible_to(request.reach).select_related("unit").filter(unit=row.unit_id, household=row.household_id), pk=found)
        act(request, lambda: card.end("", returned=True, by=request.reach), _("已退回。"))
    else:
        holder = said.get("holder", "") or row.household.name
        act(request, lambda: Card.objects.issue(row.unit, row.household, holder, said.get("number", ""), by=request.reach), _("已发卡。"))
    return back(request, row)


@require_POST
@needs("move.take")
def waiver(request: HttpRequest, pk: int) -> HttpResponse:
    row = handover_of(request, pk)
    act(request, lambda: row.waive(request.POST.get("step", ""), request.POST.get("why", ""), by=request.reach), _("已登记免办。"))
    return back(request, row)


@require_POST
@needs("move.take", resident=True)
def word(request: HttpRequest, pk: int, noun: str) -> HttpResponse:
    """bills, completion, archive (the desk's); cancellation (also the household's)."""
    row, reach = handover_of(request, pk), request.reach
    verbs: dict[str, Any] = {
        "bills": (lambda: row.show_bills(by=reach), _("已核对费用。")),
        "completion": (lambda: row.complete(by=reach), _("已办结。")),
        "archive": (lambda: row.archive(by=reach), _("已归档。")),
        "cancellation": (lambda: row.cancel(request.POST.get("why", ""), by=reach), _("已取消预约。")),
    }
    if noun not in verbs:
        raise Http404
    act(request, *verbs[noun])
    return back(request, row)
