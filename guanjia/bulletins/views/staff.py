"""Written, checked, out, over: the staff's pages of bulletins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia.estates.models import Building, Zone
from guanjia.events.models import Event
from guanjia.households.models import Member, Tier
from guanjia.people.models import Person
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.web.acting import act
from guanjia.web.guard import needs

from ..book import bulletins_book, kinds
from ..forms import BulletinForm, first_values, values_of
from ..models import Bulletin
from ..models.bulletin import OPEN, State

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

SHOWN = 100
GONE = (State.OVER, State.WITHDRAWN)
TONES = {State.ASKED: "soon", State.RETURNED: "bad", State.APPROVED: "info", State.OUT: "good"}


@needs("bulletin.write", "bulletin.check", "board.keep")
def bulletins(request: HttpRequest) -> HttpResponse:
    """What waits first, then what is out; `?show=over` what was."""
    rows = Bulletin.objects.visible_to(request.reach)
    over = request.GET.get("show") == "over"
    rows = rows.filter(state__in=GONE).order_by("-over_at", "-pk") if over else rows.exclude(state__in=GONE).order_by("-starts_at", "-pk")
    found = list(rows[:SHOWN])
    page = {
        "over": over, "kinds": kinds(), "may_write": request.reach.may("bulletin.write"),
        "waiting": [(row, TONES.get(State(row.state), "mute")) for row in found if row.state in OPEN],
        "rows": [(row, TONES.get(State(row.state), "mute")) for row in found if row.state not in OPEN],
    }  # fmt: skip
    return render(request, "bulletins/list.html", page)


@needs("bulletin.write")
def new(request: HttpRequest, kind: str) -> HttpResponse:
    if kind not in kinds():
        raise Http404
    chosen = bulletins_book().templates.get(request.GET.get("template", ""))
    template = chosen if chosen and chosen.kind == kind else None
    form = BulletinForm(
        request.POST or None, estate=request.estate, template=template, initial=first_values(kind, request.estate) | {"client_key": get_random_string(20)}
    )

    def write(said: dict[str, Any]) -> Bulletin:
        row = Bulletin.objects.write(
            kind, said["title"], said["words"], by=request.reach, starts_at=said["starts_at"], ends_at=said["ends_at"],
            audience=said["audience"], client_key=said["client_key"],
        )  # fmt: skip
        if request.POST.get("send") and row.state == State.DRAFT:
            row.send_in(by=request.reach)
        return row

    offered = [] if template else [(key, entry) for key, entry in bulletins_book().templates.items() if entry.kind == kind]
    return _written(request, form, write, {"entry": kinds()[kind], "row": None, "template": template, "offered": offered})


@needs("bulletin.write")
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    row = _row(request, pk)
    form = BulletinForm(request.POST or None, estate=request.estate, initial=values_of(row))

    def revise(said: dict[str, Any]) -> Bulletin:
        row.revise(said["title"], said["words"], by=request.reach, starts_at=said["starts_at"], ends_at=said["ends_at"], audience=said["audience"])
        return row

    return _written(request, form, revise, {"entry": row.entry, "row": row})


def _written(request: HttpRequest, form: BulletinForm, act: Any, page: dict[str, Any]) -> HttpResponse:
    """What is typed is kept when it is refused; what is done leads to the bulletin."""
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            with transaction.atomic():  # nothing is kept of what is refused half-way
                row = act(form.cleaned_data)
        except NotAllowed as refused:
            raise Http404 from refused
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return redirect(reverse("bulletins:show", args=[request.estate.code, row.pk]))
    return render(request, "bulletins/form.html", page | {"form": form}, status=status)


@needs("bulletin.write", "bulletin.check", "board.keep")
def show(request: HttpRequest, pk: int) -> HttpResponse:
    row = _row(request, pk)
    reach = request.reach
    page = {
        "row": row,
        "tone": TONES.get(State(row.state), "mute"),
        "people": Person.objects.in_bulk([pk for pk in (row.writer_id, row.checker_id) if pk]),
        "audience": _audience(row),
        "opened": row.openings.values("household_id").distinct().count(),
        "hangings": row.hangings.select_related("board").order_by("board__name"),
        "events": [{"at": event.at, "sentence": event.sentence} for event in Event.objects.about(row)],
        "may_send": row.state in (State.DRAFT, State.RETURNED) and reach.may("bulletin.write"),
        "may_check": row.state == State.ASKED and reach.may("bulletin.check") and not row.had_a_hand(reach),
        "may_withdraw": row.state not in GONE and reach.may("bulletin.check" if row.state == State.OUT else "bulletin.write"),
    }
    return render(request, "bulletins/show.html", page)


def _audience(row: Bulletin) -> list[tuple[str, str]]:
    """In words; nothing chosen is everybody."""
    zones = Zone.objects.at_estate(row.estate_id).filter(pk__in=row.zones)
    buildings = Building.objects.at_estate(row.estate_id).filter(pk__in=row.buildings)
    where = [*map(str, zones), *map(str, buildings)]
    who = [str(Tier(name).label) for name in row.tiers] + [str(Member.Kind(name).label) for name in row.kinds]
    return [(_("范围"), "、".join(where) or _("全小区")), (_("对象"), "、".join(who) or _("所有住户"))]


@require_POST
@needs("bulletin.write")
def sending(request: HttpRequest, pk: int) -> HttpResponse:
    row = _row(request, pk)
    act(request, lambda: row.send_in(by=request.reach), _("已送审。") if row.entry.checked else _("已提交，到时间自动发布。"))
    return _back(request, pk)


@require_POST
@needs("bulletin.check")
def verdict(request: HttpRequest, pk: int) -> HttpResponse:
    row, approved = _row(request, pk), request.POST.get("approved") == "yes"
    said = _("已通过，到时间自动发布。") if approved else _("已退回。")
    act(request, lambda: row.check_it(approved, request.POST.get("why", ""), by=request.reach), said)
    return _back(request, pk)


@require_POST
@needs("bulletin.write", "bulletin.check")
def withdrawal(request: HttpRequest, pk: int) -> HttpResponse:
    row = _row(request, pk)
    act(request, lambda: row.withdraw(request.POST.get("why", ""), by=request.reach), _("已撤回。"))
    return _back(request, pk)


def _row(request: HttpRequest, pk: int) -> Bulletin:
    return get_object_or_404(Bulletin.objects.visible_to(request.reach).select_related("estate"), pk=pk)


def _back(request: HttpRequest, pk: int) -> HttpResponse:
    return redirect(reverse("bulletins:show", args=[request.estate.code, pk]))
