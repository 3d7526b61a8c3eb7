"""The demo estate's public places, homes under renovation, and where its buildings stand on earth."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from guanjia.estates.models import Building, Entrance, Place, PlaceKind, Unit, UnitState, Zone
from guanjia.tenancy.scope import estate_scope

if TYPE_CHECKING:
    from guanjia.estates.models import Estate

NORTH, EAST = Decimal("30.572000"), Decimal("104.066000")  # of the plan's upper left corner
STEP = Decimal("0.000030")  # degrees for one hundredth of the plan: about three metres
EVERYWHERE = [
    ("gate-south", "南大门", PlaceKind.GATE), ("gate-north", "北门", PlaceKind.GATE), ("garage", "地下车库", PlaceKind.GARAGE),
    ("garden", "中心花园", PlaceKind.GARDEN), ("ring-road", "环形道路", PlaceKind.ROAD), ("children", "儿童乐园", PlaceKind.PLAYGROUND),
    ("fitness", "健身广场", PlaceKind.PLAYGROUND), ("pump-room", "水泵房", PlaceKind.PLANT), ("power-room", "配电房", PlaceKind.PLANT),
    ("board-south", "南门公告栏", PlaceKind.BOARD), ("board-garden", "花园公告栏", PlaceKind.BOARD), ("hall", "服务大厅", PlaceKind.OTHER),
]  # fmt: skip
RENOVATED, LEFT = 12, 10  # homes under renovation; homes whose owners have not moved in


def places(estate: Estate) -> None:
    """Harmless when run again."""
    with estate_scope(estate):
        if Place.objects.at_estate(estate).filter(code=EVERYWHERE[0][0]).exists():
            return
        zones = list(Zone.objects.at_estate(estate).order_by("code"))
        rows = [
            Place(estate=estate, code=code, name=name, kind=kind, zone=zones[n % len(zones)] if zones else None)
            for n, (code, name, kind) in enumerate(EVERYWHERE)
        ]
        buildings = list(Building.objects.at_estate(estate).order_by("order"))
        for building in buildings:
            rows += _of(estate, building)
            if building.plan_x is not None and building.plan_y is not None:
                building.latitude = NORTH - STEP * round(building.plan_y)
                building.longitude = EAST + STEP * round(building.plan_x)
        Place.objects.bulk_create(rows, ignore_conflicts=True)  # lobbies and lifts came with the workbook
        Building.objects.bulk_update(buildings, ["latitude", "longitude"])
        _homes(estate)


def _homes(estate: Estate) -> None:
    """Some are being decorated, some stand empty though they are sold."""
    rows = Unit.objects.at_estate(estate)
    homes = list(rows.filter(state=UnitState.OCCUPIED).order_by("pk").values_list("pk", flat=True))
    most = len(homes) // 20  # a small estate has few of them
    for offset, count, state in ((7, min(RENOVATED, most), UnitState.RENOVATING), (23, min(LEFT, most), UnitState.VACANT)):
        rows.filter(pk__in=homes[offset :: max(1, len(homes) // max(1, count))][:count]).update(state=state)


def _of(estate: Estate, building: Building) -> list[Place]:
    """A lobby and a lift for each entrance, a board on every fourth building, a waste point on every other."""
    number, found = building.number, []
    for entrance in Entrance.objects.at_estate(estate).filter(building=building).exclude(number="0").order_by("number"):
        spot = f"{number}栋{entrance.number}单元"
        found.append(Place(code=f"{number}-{entrance.number}-lobby", name=f"{spot}大堂", kind=PlaceKind.LOBBY))
        kind, name = (PlaceKind.LIFT, f"{spot}电梯") if entrance.has_lift else (PlaceKind.STAIRS, f"{spot}楼道")
        found.append(Place(code=f"{number}-{entrance.number}-{kind}", name=name, kind=kind))
    if building.order % 4 == 1:
        found.append(Place(code=f"{number}-board", name=f"{number}栋公告栏", kind=PlaceKind.BOARD))
    if building.order % 2 == 0:
        found.append(Place(code=f"{number}-waste", name=f"{number}栋垃圾投放点", kind=PlaceKind.WASTE))
    for place in found:
        place.estate, place.building, place.zone = estate, building, building.zone
    return found
