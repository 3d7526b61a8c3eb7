"""整改: the list with the overdue first, one with its rounds, and what is done about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia import clock
from guanjia.duties.views.tasks import shots
from guanjia.estates.models import Zone
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.reading import row_id
from guanjia.web.acting import act
from guanjia.web.guard import needs

from ..exporting import fix_list, fix_state
from ..models import Campaign, Deduction, FixRound, Inspection, Rectification
from .common import day_of, file, fix_rows, people_of, person_of, render, titled, to

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

SHOWN = 200


@needs()
def fixes(request: HttpRequest) -> HttpResponse:
    """Open ones by due day, so that the overdue come first; `?show=closed` the others, `?xlsx=1` the file."""
    closed, today = request.GET.get("show") == "closed", clock.today(request.estate)
    rows = Rectification.objects.visible_to(request.reach).filter(closed_at__isnull=not closed)
    rows = rows.order_by("-closed_at" if closed else "due_on", "pk")
    if request.GET.get("xlsx"):
        return file(fix_list(fix_rows(request.reach, rows), today), _("整改清单"), "xlsx")
    found = fix_rows(request.reach, rows[:SHOWN])
    for row in found:
        row.state = fix_state(row, today)
    people = titled(request.estate, people_of(request.estate)) if request.reach.may("quality.rectify") else []
    page = {"fixes": found, "closed": closed, "people": people, "zones": Zone.objects.at_estate(request.estate)}
    return render(request, "quality/fixes.html", page)


@require_POST
@needs("quality.rectify")
def ask(request: HttpRequest) -> HttpResponse:
    """Of a deduction, of a campaign's self-check, or by itself: a responsible person and a day are asked for."""
    post, reach = request.POST, request.reach
    lack, zone = _deduction(request), row_id(post.get("zone"))

    def verb() -> Rectification:
        return Rectification.objects.ask(
            post.get("words", "") or (f"{lack.title}：{lack.words}" if lack else ""), person_of(request), day_of(post.get("due_on")), by=reach,
            deduction=lack, campaign=_campaign(request), zone=Zone.objects.at_estate(request.estate).filter(pk=zone).first() if zone else None,
            file_ticket=bool(post.get("ticket")),
        )  # fmt: skip

    act(request, verb, _("已要求整改。"))
    back = post.get("back", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts=None) and back.startswith(f"/e/{request.estate.code}/")
    return to(request, "fixes") if not safe else _redirect(back)


def _redirect(back: str) -> HttpResponse:
    from django.shortcuts import redirect

    return redirect(back)


def _deduction(request: HttpRequest) -> Deduction | None:
    pk = row_id(request.POST.get("deduction"))
    if not pk:
        return None
    seen = Inspection.objects.visible_to(request.reach)
    rows = Deduction.objects.at_estate(request.estate).filter(item_score__inspection__in=seen)
    return get_object_or_404(rows.select_related("item_score__inspection"), pk=pk)


def _campaign(request: HttpRequest) -> Campaign | None:
    pk = row_id(request.POST.get("campaign"))
    return Campaign.objects.at_estate(request.estate).filter(pk=pk, ended_at__isnull=True).first() if pk else None


def _one(request: HttpRequest, pk: int) -> Rectification:
    rows = Rectification.objects.visible_to(request.reach)
    found: Rectification = get_object_or_404(rows.select_related("responsible", "asked_by", "ticket", "zone", "deduction__item_score"), pk=pk)
    return found


@needs()
def fix(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _one(request, pk))


def _page(request: HttpRequest, row: Rectification, error: str = "", status: int = 200) -> HttpResponse:
    reach = request.reach
    rounds = list(FixRound.objects.at_estate(request.estate).filter(rectification=row).order_by("-number").select_related("done_by", "judged_by").prefetch_related("photos"))
    for one in rounds:
        one.shown = _shown(request, one.photos.all())
    row.now = rounds[0]
    judge = reach.may("quality.rectify") and row.now.done_at and not row.closed_at and reach.person_id not in (row.responsible_id, row.now.done_by_id)
    page = {
        "fix": row, "rounds": rounds, "state": fix_state(row, clock.today(request.estate)), "mine": row.responsible_id == reach.person_id and not row.closed_at and not row.now.done_at,
        "may_judge": judge, "may_hand": reach.may("quality.rectify") and not row.closed_at and not row.now.done_at, "error": error, "said": request.POST,
        "found_shown": _shown(request, row.deduction.photos.all()) if row.deduction else [], "people": titled(request.estate, people_of(request.estate)) if reach.may("quality.rectify") else [],
    }  # fmt: skip
    return render(request, "quality/fix.html", page, status=status)


def _shown(request: HttpRequest, photos: Any) -> list[dict[str, str]]:
    urls = [reverse("quality:photo", args=[request.estate.code, photo.pk]) for photo in photos]
    return [{"url": url, "thumb": url, "alt": _("现场照片")} for url in urls]


@require_POST
@needs()
def proof(request: HttpRequest, pk: int) -> HttpResponse:
    """What was done, with photos."""
    row = _one(request, pk)
    try:
        row.submit(request.POST.get("words", ""), shots(request.FILES), by=request.reach)
    except Refused as refused:
        return _page(request, _one(request, pk), str(refused), 422)
    return to(request, "fix", pk)


@require_POST
@needs("quality.rectify")
def verdict(request: HttpRequest, pk: int) -> HttpResponse:
    row, post = _one(request, pk), request.POST
    act(request, lambda: row.judge(post.get("passed") == "1", post.get("words", ""), by=request.reach, due_on=day_of(post.get("due_on"))), _("已复查。"))
    return to(request, "fix", pk)


@require_POST
@needs("quality.rectify")
def handover(request: HttpRequest, pk: int) -> HttpResponse:
    row, person = _one(request, pk), person_of(request)
    if person is not None:
        act(request, lambda: row.hand_over(person, by=request.reach), _("已转给%(name)s。") % {"name": person.name})
    return to(request, "fix", pk)
