"""A month's rewards and penalties: the list, one with its lines, appeals, approval, entries; one's own."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.http import FileResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia import clock
from guanjia.estates.models import Zone
from guanjia.people.models import Person, Post
from guanjia.web.acting import act
from guanjia.web.guard import needs

from ..book import indicators
from ..exporting import proposal_book
from ..facts import blanks
from ..models import Appeal, Line, Proposal, Reckoning
from ..models.line import BY_HAND, Sort
from ..reading import ordered, table
from ..showing import shown
from .common import month_of, render, to

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

SHOWN = 24  # months


def number(text: str) -> Decimal | None:
    """Yuan as typed; None for nonsense."""
    try:
        found = Decimal(text.strip().replace("，", "").replace(",", ""))
    except InvalidOperation:
        return None
    return found.quantize(Decimal("0.01")) if found.is_finite() and abs(found) < 10**8 else None


@needs("incentive.read")
def proposals(request: HttpRequest) -> HttpResponse:
    rows = list(Proposal.objects.visible_to(request.reach).prefetch_related("lines").order_by("-month")[:SHOWN])
    open_appeals = set(Appeal.objects.at_estate(request.estate).open().values_list("line__proposal_id", flat=True))
    month = month_of(request, whole=True)
    page = {
        "blanks": blanks(request.estate),
        "rows": [{"row": row, "totals": row.totals(), "appealed": row.pk in open_appeals} for row in rows], "month": month,
        "lacking": request.reach.may("incentive.propose") and all(row.month != month for row in rows), "reckoned": Reckoning.objects.of(request.estate, month).exists(),
    }  # fmt: skip
    return render(request, "incentives/proposals.html", page)


@needs()
def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """All of it for who reads proposals; others see the lines that concern them."""
    row = get_object_or_404(Proposal.objects.visible_to(request.reach).select_related("approved_by", "by"), pk=pk)
    reach = request.reach
    last = Reckoning.objects.of(request.estate, row.month).first()
    page = {
        "row": row, "entries": shown(row, reach), "totals": row.totals() if reach.may("incentive.read") else None, "rule": row.terms, "newer": bool(last and last.number > row.version),
        "may_approve": reach.may("incentive.approve") and not row.approved_at, "may_add": reach.may("incentive.approve"), "may_judge": reach.may("incentive.judge"),
        "may_propose": reach.may("incentive.propose"), "sorts": [(key, Sort(key).label) for key in BY_HAND], "people": _people(request) if reach.may("incentive.approve") else [],
        "appealing": clock.now() <= row.appeal_until,
    }  # fmt: skip
    return render(request, "incentives/proposal.html", page)


def _people(request: Any) -> list[tuple[int, str]]:
    held = Post.objects.at_estate(request.estate).held_on(clock.today(request.estate)).exclude(person_id=request.reach.person_id).values("person_id")
    return list(Person.objects.filter(pk__in=held).order_by("name").values_list("pk", "name"))


@require_POST
@needs("incentive.propose")
def work_out(request: HttpRequest) -> HttpResponse:
    """`month` from the form: its first working out, or entries for what differs now."""
    from types import SimpleNamespace

    month = month_of(SimpleNamespace(GET=request.POST, estate=request.estate), whole=True)
    act(request, lambda: Proposal.objects.work_out(request.estate, month, by=request.reach), _("已按最新指标计算。"))
    known = Proposal.objects.at_estate(request.estate).filter(month=month).first()
    return to(request, "proposal", known.pk) if known else to(request, "proposals")


@require_POST
@needs("incentive.approve")
def approval(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Proposal.objects.visible_to(request.reach), pk=pk)
    act(request, lambda: row.approve(request.POST.get("words", ""), by=request.reach), _("已批准，之后只能用更正记录调整。"))
    return to(request, "proposal", pk)


@require_POST
@needs("incentive.approve")
def entries(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Proposal.objects.visible_to(request.reach), pk=pk)
    text = request.POST.get("person", "")
    people = Person.objects.filter(pk__in=Post.objects.at_estate(request.estate).values("person_id"))
    person = get_object_or_404(people, pk=int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0)
    amount, grades = number(request.POST.get("amount", "") or "0"), number(request.POST.get("grades", "") or "0")
    said = (request.POST.get("kind", ""), person, amount if amount is not None else Decimal(10**7), request.POST.get("why", ""))
    act(request, lambda: row.add(*said, by=request.reach, grades=int(grades) if grades is not None and abs(grades) < 100 else 99), _("已记入。"))
    return to(request, "proposal", pk)


@require_POST
@needs()
def appeals(request: HttpRequest, pk: int) -> HttpResponse:
    line = get_object_or_404(Line.objects.visible_to(request.reach).select_related("proposal"), pk=pk)
    act(request, lambda: Appeal.objects.file(line, request.POST.get("words", ""), by=request.reach), _("已提出申诉，由别人裁定。"))
    return to(request, "mine") if request.POST.get("back") == "mine" else to(request, "proposal", line.proposal_id)


@require_POST
@needs("incentive.judge")
def verdict(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Appeal.objects.visible_to(request.reach).select_related("line__proposal"), pk=pk)
    upheld = request.POST.get("upheld") == "yes"
    becomes = number(request.POST.get("becomes", "")) if upheld else None
    if upheld and becomes is None:
        becomes = Decimal(10**7)  # refused as no amount
    act(request, lambda: row.judge(becomes, request.POST.get("judgement", ""), by=request.reach), _("已裁定。"))
    return to(request, "proposal", row.line.proposal_id)


@needs("incentive.read")
def export(request: HttpRequest, pk: int) -> FileResponse:
    row = get_object_or_404(Proposal.objects.visible_to(request.reach), pk=pk)
    name = _("月度奖惩 %(estate)s %(month)s.xlsx") % {"estate": request.estate.name, "month": f"{row.month:%Y-%m}"}
    answer = FileResponse(proposal_book(row), as_attachment=True, filename=name)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@needs()
def mine(request: HttpRequest) -> HttpResponse:
    """One's own figures, one's zones', and every line about oneself."""
    estate, reach, month = request.estate, request.reach, month_of(request)
    own = table(estate, month, "person", [reach.person_id]).get(reach.person_id, {})
    zones = {zone.pk: zone.name for zone in Zone.objects.at_estate(estate).filter(pk__in=reach.zones).order_by("code")}
    found = table(estate, month, "zone", zones)
    about = Proposal.objects.at_estate(estate).filter(pk__in=Line.objects.about(reach).values("proposal_id")).order_by("-month")[:6]
    page = {
        "month": month, "scores": [own[key] for key in indicators() if key in own], "zones": [{"pk": pk, "name": name, "scores": ordered(found.get(pk, {}), estate, month)} for pk, name in zones.items()],
        "months": [{"row": row, "entries": shown(row, reach, own=True), "appealing": clock.now() <= row.appeal_until} for row in about],
    }  # fmt: skip
    return render(request, "incentives/mine.html", page)
