"""片区: every zone with who heads, supports and overloads it; its history; drawing it anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import FileResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.estates.models import Building, Entrance, FormerZone, Unit, Zone
from guanjia.estates.zoning import draw_zone
from guanjia.people.models import Post
from guanjia.people.roles import title_of
from guanjia.rulebooks.parameters import parameter
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.reading import row_id
from guanjia.web.guard import needs

from ..exporting import responsibility_list
from ..forms import ZoneForm
from ..load import loads
from .common import render, to

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

SHOWN = 200


@needs()
def zones(request: HttpRequest) -> HttpResponseBase:
    """Load against 1:150 and 1:200, the four supporters, homes in no zone (EST-01, STF-01, STF-11)."""
    if request.GET.get("xlsx"):
        name = _("责任清单 %(day)s.xlsx") % {"day": f"{clock.today(request.estate):%F}"}
        return FileResponse(responsibility_list(request.estate), as_attachment=True, filename=name)
    now = clock.now()
    rows = loads(request.estate, now)
    bare = Unit.objects.at_estate(request.estate).filter(zone__isnull=True)
    page = {
        "rows": rows,
        "ratios": [int(parameter(request.estate, f"staff.ratio_{which}", now)) for which in "ab"],
        "bare": bare.count(),
        "bare_codes": list(bare.order_by("code").values_list("code", flat=True)[:10]),
        "headless": [row for row in rows if not row.stewards],
        "over": [row for row in rows if row.stewards and row.tone == "bad"],
        "near": [row for row in rows if row.tone == "soon"],
        "may_draw": request.reach.may("post.manage"),
    }
    return render(request, "staffing/zones.html", page)


@needs()
def zone(request: HttpRequest, pk: int) -> HttpResponse:
    """A zone: its buildings, who holds its posts, who held them, which homes came and went."""
    row = get_object_or_404(Zone.objects.at_estate(request.estate), pk=pk)
    posts = list(
        Post.objects.at_estate(request.estate)
        .filter(zone=row)
        .select_related("person")
        .order_by("-during", "pk")[:SHOWN]
    )
    today = clock.today(request.estate)
    for post in posts:
        post.title, post.now = title_of(post.role), today in post.during
        post.ahead = bool(post.during.lower and post.during.lower > today)
    units = Unit.objects.at_estate(request.estate).filter(zone=row)
    parts = units.values("building_id", "building__number", "building__order").annotate(n=Count("pk"))
    former = FormerZone.objects.at_estate(request.estate).filter(zone=row)
    page = {
        "zone": row,
        "load": next(load for load in loads(request.estate) if load.zone.pk == row.pk),
        "posts": posts,
        "parts": parts.order_by("building__order"),
        "gone": former.values("during", "unit__building__number").annotate(n=Count("pk")).order_by("-during")[:20],
        "may_draw": request.reach.may("post.manage"),
    }
    return render(request, "staffing/zone.html", page)


@needs("post.manage")
def draw(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Which buildings, entrances and homes belong to the zone, from today on."""
    row = get_object_or_404(Zone.objects.at_estate(request.estate), pk=pk) if pk else None
    chosen = _chosen(request.estate, row)
    form = ZoneForm(request.POST if request.method == "POST" else None, estate=request.estate, zone=row, initial=chosen)
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        try:
            made = draw_zone(
                request.estate, row.code if row else said["code"], said["name"], said["buildings"], entrances=said["entrances"],
                units=said["rooms"], exactly=True, by=request.reach,
            )  # fmt: skip
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("已划定片区。"))
            return to(request, "zone", made.pk)
    ticked = (
        {name: {row_id(pk) for pk in form.data.getlist(name)} for name in ("buildings", "entrances")}
        if form.is_bound
        else chosen
    )
    page = {"zone": row, "form": form, "buildings": _buildings(request.estate, ticked)}
    return render(request, "staffing/draw.html", page, status=422 if form.errors else 200)


def _chosen(estate: Any, row: Zone | None) -> dict[str, Any]:
    """As it is now: buildings all of whose homes belong to it, else entrances, else single homes."""
    if row is None:
        return {"buildings": set(), "entrances": set(), "rooms": ""}
    mine = Count("units", filter=Q(units__zone=row))
    buildings = Building.objects.at_estate(estate).annotate(mine=mine, all=Count("units"))
    whole = {
        one.pk for one in buildings if (one.mine == one.all and one.mine) or (not one.all and one.zone_id == row.pk)
    }
    entrances = (
        Entrance.objects.at_estate(estate).exclude(building_id__in=whole).annotate(mine=mine, all=Count("units"))
    )
    full = {one.pk for one in entrances if one.mine and one.mine == one.all}
    rest = Unit.objects.at_estate(estate).filter(zone=row).exclude(building_id__in=whole)
    rest = rest.filter(Q(entrance__isnull=True) | ~Q(entrance_id__in=full)).order_by("code")
    return {
        "code": row.code, "name": row.name, "buildings": whole, "entrances": full,
        "rooms": "\n".join(rest.values_list("code", flat=True)),
    }  # fmt: skip


def _buildings(estate: Any, ticked: dict[str, Any]) -> list[dict[str, Any]]:
    rows = Building.objects.at_estate(estate).select_related("zone").prefetch_related("entrances")
    return [
        {
            "row": row,
            "ticked": row.pk in ticked["buildings"],
            "entrances": [
                (one, one.pk in ticked["entrances"])
                for one in sorted(row.entrances.all(), key=lambda one: (len(one.number), one.number))
            ],
            "open": any(one.pk in ticked["entrances"] for one in row.entrances.all()),
        }
        for row in rows
    ]
