"""Zones, posts and leave as they stand, in the sheets that are read again (issue 4 line 9)."""

from __future__ import annotations

from collections import defaultdict
from typing import IO, TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanjia import clock
from guanjia.estates.models import Building, Unit, Zone
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.events.sentences import kept
from guanjia.people.models import Post
from guanjia.people.roles import Role, title_of
from guanjia.staffing.models import Leave
from guanjia.tenancy.workbooks import book_of

from .colleagues import DAY, SHEETS
from .importer import EstateSubject

if TYPE_CHECKING:
    from datetime import datetime

    from guanjia.estates.models import Estate
    from guanjia.people.reach import Reach


def write(file: IO[bytes], reach: Reach, at: datetime) -> None:
    """Fill `file`. Leaves a trace."""
    reach.must("post.manage")
    told = {"片区": _zones(reach.estate, at), "岗位": _posts(reach.estate, at), "请假": _leaves(reach)}
    with book_of([(title, SHEETS[title], rows) for title, rows in told.items()]) as book:
        file.write(book.read())
    Event.objects.record(
        Action.PERSONAL_DATA_EXPORTED, EstateSubject(reach.estate), by=reach, at=at, told=False,
        what=kept(gettext_lazy("片区、岗位与请假")),
    )  # fmt: skip


def _zones(estate: Estate, at: datetime) -> list[list[Any]]:
    """As few rows as say it: a building, else an entrance, else a room each."""
    held = Post.objects.at_estate(estate).filter(role=Role.STEWARD, deputy=False, zone__isnull=False)
    heads = dict(held.held_on(clock.today(estate, at)).values_list("zone_id", "person__name"))
    zones = {zone.pk: zone for zone in Zone.objects.at_estate(estate)}
    inside: dict[Any, dict[str, list[Unit]]] = defaultdict(lambda: defaultdict(list))
    units = Unit.objects.at_estate(estate).select_related("building", "entrance").order_by("building__order", "code")
    for unit in units:
        inside[unit.building_id][unit.entrance.number if unit.entrance else ""].append(unit)
    names = dict(Building.objects.at_estate(estate).values_list("pk", "number"))
    rows: list[list[Any]] = []

    def row(zone: int | None, *place: str) -> None:
        if zone in zones:
            rows.append([zones[zone].code, zones[zone].name, *place, heads.get(zone, "")])

    for building, entrances in inside.items():
        whole = {unit.zone_id for each in entrances.values() for unit in each}
        if len(whole) == 1:
            row(whole.pop(), names[building], "", "")
            continue
        for entrance, each in entrances.items():
            one = {unit.zone_id for unit in each}
            if entrance and len(one) == 1:
                row(one.pop(), names[building], entrance, "")
            else:
                for unit in each:
                    row(unit.zone_id, "", "", unit.code)
    return rows


def _posts(estate: Estate, at: datetime) -> list[list[Any]]:
    """Those in force or still to come."""
    rows = Post.objects.at_estate(estate).filter(during__overlap=(clock.today(estate, at), None))
    return [
        [
            row.person.name, row.person.username or "", title_of(row.role), row.zone.code if row.zone else "", row.during.lower or "",
            row.during.upper - DAY if row.during.upper else "", _("是") if row.deputy else "",
        ]
        for row in rows.select_related("person", "zone").order_by("zone__code", "role", "deputy", "pk")
    ]  # fmt: skip


def _leaves(reach: Reach) -> list[list[Any]]:
    rows = Leave.objects.visible_to(reach).filter(granted=True, withdrawn_at__isnull=True)
    return [
        [row.person.name, row.person.username or "", row.get_kind_display(), row.first, row.last, row.cover.name if row.cover else "", row.why]
        for row in rows.select_related("person", "cover").order_by("-first", "pk")
    ]  # fmt: skip
