"""Drawing zones: which buildings, entrances and units one steward answers for, since when (EST-01)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.scope import estate_scope

from .models import Building, Place, Unit, Zone

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from .models import Entrance, Estate

# What a moving unit belonged to until that day. Nobody asks where a unit was before it first had a zone.
REMEMBER = """
INSERT INTO estates_formerzone (estate_id, unit_id, zone_id, during)
SELECT unit.estate_id, unit.id, unit.zone_id, daterange(before.day, %(day)s)
FROM estates_unit unit CROSS JOIN LATERAL (
    SELECT max(upper(during)) AS day FROM estates_formerzone former WHERE former.estate_id = unit.estate_id AND former.unit_id = unit.id
) before
WHERE unit.estate_id = %(estate)s AND unit.id = ANY(%(units)s) AND unit.zone_id IS DISTINCT FROM %(zone)s::bigint
  AND (before.day IS NULL OR before.day < %(day)s) AND (unit.zone_id IS NOT NULL OR before.day IS NOT NULL)
"""


def draw_zone(
    estate: Estate, code: str, name: str, buildings: Iterable[Building] = (), *, by: Any, entrances: Iterable[Entrance] = (),
    units: Iterable[Unit] = (), but: Iterable[Unit] = (), exactly: bool = False, at: datetime | None = None,
) -> Zone:  # fmt: skip
    """Make or redraw a zone of whole buildings, entrances or single units; places come along with their building.

    `but`: homes that stay where they are although their building or entrance is named. `exactly`: what is not named leaves the zone and has none until it is given one. From the business date of `at` on;
    what a unit belonged to before is remembered. Five statements, however many units.
    """
    at = at or clock.now()
    if by is not None:
        by.must("post.manage")
    code, name = code.strip(), name.strip()
    if not code or not name:
        raise Refused(_("请写明片区的编号和名称。"), code="name_missing")
    whole = [building.pk for building in buildings]
    named = (
        Q(building_id__in=whole)
        | Q(entrance_id__in=[row.pk for row in entrances])
        | Q(pk__in=[row.pk for row in units])
    ) & ~Q(pk__in=[row.pk for row in but])
    with estate_scope(estate):
        zone, _new = Zone.objects.update_or_create(estate=estate, code=code, defaults={"name": name})
        rows = Unit.objects.at_estate(estate)
        if exactly:
            _move(estate, rows.filter(zone=zone).exclude(named), None, clock.today(estate, at))
        moved = _move(estate, rows.filter(named), zone, clock.today(estate, at))
        _settle(estate, zone, whole, exactly)
        Event.objects.record(
            Action.ZONE_DRAWN, zone, by=by, at=at, zone=name, buildings=len(whole), units=moved, told=False
        )
        return zone


def _move(estate: Estate, rows: Any, zone: Zone | None, day: date) -> int:
    """Units go to a zone, or to none; how many moved. Locked in one order, so that two who draw wait for each other."""
    ids = list(rows.order_by("pk").select_for_update().values_list("pk", flat=True))
    said: dict[str, Any] = {"estate": estate.pk, "units": ids, "zone": zone and zone.pk, "day": day}
    with connection.cursor() as cursor:
        cursor.execute(REMEMBER, said)
    elsewhere = Q(zone__isnull=False) if zone is None else ~Q(zone=zone) | Q(zone__isnull=True)
    return Unit.objects.at_estate(estate).filter(elsewhere, pk__in=ids).update(zone=zone)


def _settle(estate: Estate, zone: Zone, whole: list[int], exactly: bool) -> None:
    """A building, with its places, belongs to the zone when it is named or all its homes do."""
    others = Unit.objects.at_estate(estate).filter(building=OuterRef("pk"))
    apart = Exists(others.exclude(zone=zone) | others.filter(zone__isnull=True))
    rows = Building.objects.at_estate(estate)
    if exactly:
        gone = rows.filter(zone=zone).exclude(pk__in=whole).exclude(Exists(others.filter(zone=zone)))
        Place.objects.at_estate(estate).filter(building__in=gone.values("pk"), zone=zone).update(zone=None)
        gone.update(zone=None)
    full = rows.filter(Q(pk__in=whole) | (Exists(others) & ~apart))
    ids = list(full.exclude(zone__isnull=False, zone=zone).values_list("pk", flat=True)) + whole
    Building.objects.at_estate(estate).filter(pk__in=ids).update(zone=zone)
    Place.objects.at_estate(estate).filter(building_id__in=ids).update(zone=zone)
