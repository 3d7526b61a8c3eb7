"""A resident's homes: which unit, in words, with the steward who answers for it today."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.estates.models import Place
from guanjia.households.models import Occupancy
from guanjia.people.responsibility import responsible_for

from .models import Incident, Ticket

if TYPE_CHECKING:
    from collections.abc import Iterable

    from guanjia.estates.models import Estate, Unit
    from guanjia.people.models import Person


@dataclass(frozen=True)
class Home:
    unit: Unit
    household_id: int

    @property
    def words(self) -> str:
        return unit_words(self.unit)


def unit_words(unit: Unit) -> str:
    """3栋1单元 501; a shop is 3栋 101."""
    entrance = unit.entrance.number if unit.entrance_id and unit.entrance else ""
    if entrance in ("", "0"):
        return _("%(building)s栋 %(room)s") % {"building": unit.building.number, "room": unit.room}
    return _("%(building)s栋%(entrance)s单元 %(room)s") % {
        "building": unit.building.number, "entrance": entrance, "room": unit.room,
    }  # fmt: skip


def homes_of(reach: Any) -> list[Home]:
    """The units the person's households have today, in the order of the house numbers."""
    rows = (
        Occupancy.objects.at_estate(reach.estate)
        .filter(household_id__in=reach.households, during__contains=clock.today(reach.estate))
        .select_related("unit__building", "unit__entrance")
        .order_by("unit__building__order", "unit__code", "pk")
    )
    found = {row.unit_id: Home(row.unit, row.household_id) for row in rows}
    return list(found.values())


@dataclass(frozen=True)
class Contact:
    """Somebody to call: the steward, or the service centre while there is none."""

    name: str
    phone: str
    homes: tuple[Home, ...] = ()
    is_steward: bool = True
    photo: str = ""

    @property
    def said(self) -> str:
        """138 0013 8000."""
        plain = self.phone.removeprefix("+86")
        return f"{plain[:3]} {plain[3:7]} {plain[7:]}" if len(plain) == 11 and plain.isdigit() else self.phone


def contact(steward: Person | None, estate: Estate, homes: Iterable[Home] = ()) -> Contact:
    """A steward without a telephone of their own is reached through the hotline."""
    if steward is None:
        return Contact(estate.name, estate.hotline, tuple(homes), is_steward=False)
    return Contact(steward.name, steward.phone or estate.hotline, tuple(homes), photo=steward.face_url)


def stewards_of(reach: Any, homes: list[Home]) -> list[Contact]:
    """Each steward once, with the homes they answer for."""
    zones: dict[int | None, list[Home]] = {}
    for home in homes:
        zones.setdefault(home.unit.zone_id, []).append(home)
    found: dict[int, tuple[Person, list[Home]]] = {}
    for zone_id, those in zones.items():
        steward = responsible_for(reach.estate, zone_id)
        if steward:
            found.setdefault(steward.pk, (steward, []))[1].extend(those)
    return [contact(steward, reach.estate, theirs) for steward, theirs in found.values()] or [contact(None, reach.estate)]


def incidents_for(reach: Any, homes: list[Home]) -> list[Incident]:
    """Open area-wide incidents of the person's buildings (or their zone's common ground), newest first."""
    buildings = {home.unit.building_id for home in homes}
    zones = {home.unit.zone_id for home in homes} - {None}
    there = (
        Q(unit__building_id__in=buildings)
        | Q(place__building_id__in=buildings)
        | Q(place__isnull=False, place__building__isnull=True, zone_id__in=zones)
        | Q(household_id__in=reach.households)
    )
    tickets = Ticket.objects.at_estate(reach.estate).filter(there, incident__isnull=False)
    rows = Incident.objects.at_estate(reach.estate).open().filter(pk__in=tickets.values("incident_id"))
    return list(rows.order_by("-opened_at")[:5])


def places_near(reach: Any, homes: list[Home], words: str = "", most: int = 8) -> list[Place]:
    """Public places to choose from: those named by the words, else those of one's own building and zone first."""
    rows = Place.objects.at_estate(reach.estate)
    for word in words.split()[:5]:
        rows = rows.filter(name__icontains=word)
    buildings = {home.unit.building_id for home in homes}
    zones = {home.unit.zone_id for home in homes}
    # A few hundred places an estate: sorted here, because "near" is no column.
    found = sorted(rows.order_by("name")[:500], key=lambda row: (row.building_id not in buildings, row.zone_id not in zones))
    return found[:most]
