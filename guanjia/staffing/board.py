"""房态图: a building's homes as floors × rooms, each with its state, open reports and arrears."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q

from guanjia import clock
from guanjia.estates.models import Unit
from guanjia.households.models import Occupancy
from guanjia.tickets.models import Ticket

if TYPE_CHECKING:
    from guanjia.estates.models import Building
    from guanjia.people.reach import Reach


@dataclass
class Cell:
    unit: Unit
    name: str = ""
    household: int | None = None
    owes: bool = False
    tickets: int = 0
    late: int = 0


@dataclass
class Stair:
    """One entrance: columns by the room's number on its floor, floors from the top down."""

    number: str
    columns: list[str] = field(default_factory=list)
    floors: list[tuple[int, list[Cell | None]]] = field(default_factory=list)


def board(building: Building, reach: Reach) -> tuple[list[Stair], dict[str, int]]:
    """The entrances, and how many homes are in each state. Three statements, however many homes."""
    today = clock.today(reach.estate)
    units = list(
        Unit.objects.at_estate(reach.estate)
        .filter(building=building)
        .select_related("entrance", "zone")
        .order_by("code")
    )
    cells = {unit.pk: Cell(unit) for unit in units}
    homes = Occupancy.objects.at_estate(reach.estate).filter(unit__in=cells, during__contains=today)
    for row in homes.select_related("household").order_by("kind"):  # the owner first, then whoever rents it
        cell = cells[row.unit_id]
        cell.name = cell.name or row.household.name
        cell.household = cell.household or row.household_id
        cell.owes = cell.owes or row.household.in_arrears
    late = Count("pk", filter=Q(due_at__lt=clock.now()))
    rows = Ticket.objects.visible_to(reach).open().filter(unit__in=cells)
    for unit, count, bad in rows.values_list("unit_id").annotate(n=Count("pk"), late=late).order_by():
        cells[unit].tickets, cells[unit].late = count, bad
    return _stairs(list(cells.values())), _states(units)


def _stairs(cells: list[Cell]) -> list[Stair]:
    groups: dict[str, list[Cell]] = defaultdict(list)
    for cell in cells:
        groups[cell.unit.entrance.number if cell.unit.entrance else ""].append(cell)
    found = []
    for number, group in sorted(groups.items(), key=lambda item: (len(item[0]), item[0])):
        stair = Stair(number, sorted({_column(cell.unit) for cell in group}))
        grid: dict[int, dict[str, Cell]] = defaultdict(dict)
        for cell in group:
            grid[cell.unit.floor][_column(cell.unit)] = cell
        stair.floors = [
            (floor, [grid[floor].get(column) for column in stair.columns]) for floor in sorted(grid, reverse=True)
        ]
        found.append(stair)
    return found


def _column(unit: Unit) -> str:
    """501 on floor 5 is the column 01."""
    floor = str(unit.floor)
    return unit.room[len(floor) :] or unit.room if unit.room.startswith(floor) else unit.room


def _states(units: list[Unit]) -> dict[str, int]:
    counted: dict[str, Any] = defaultdict(int)
    for unit in units:
        counted[unit.state] += 1
    return dict(counted)
