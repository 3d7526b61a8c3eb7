"""楼栋单元: a row is a staircase of a building; staircase 0 stands for a building of shops only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from guanjia.estates.rooms import building_number, entrance_number

from ..cells import CellError, chosen, code, whole

if TYPE_CHECKING:
    from typing import Any

    from ..stage import Stage
    from .base import Known, View

MOST_FLOORS = 200
LIFT = chosen({"有": "1", "无": "0", "是": "1", "否": "0", "1": "1", "0": "0", "有电梯": "1", "无电梯": "0", "没有": "0", "yes": "1", "no": "0", "1010": "1", "2020": "0"})  # fmt: skip


def building(value: Any) -> str:
    return _part(building_number, value)


def entrance(value: Any) -> str:
    return _part(entrance_number, value)


def _part(tidy: Any, value: Any) -> str:
    got = code(value, 20)
    if "-" in (number := tidy(got) if got else ""):
        raise CellError(_("编号里不能有“-”，请改写。"))
    return str(number)


def lift(value: Any) -> bool | None:
    """有 or 无; some write how many there are."""
    try:
        said = LIFT(value)
    except CellError:
        return bool(whole(20)(value))
    return None if said == "" else said == "1"


def read(view: View, known: Known, stage: Stage) -> None:
    number = view.take("building", building, must=True) or ""
    stair = view.take("entrance", entrance, must=True) or ""
    floors = view.take("floors", whole(MOST_FLOORS))
    has_lift = view.take("lift", lift, keep=True)
    view.once(known, "entrance", "entrance", number, stair)
    if not view.good(known, "entrance", number, stair):
        return
    known.buildings[number] = max(known.buildings.get(number, 0), floors or 0)
    stage.building(number, floors or 0)
    if stair != "0":
        known.entrances[number, stair] = floors or known.entrances.get((number, stair), 0)
        stage.put("entrance", number, stair, floors, has_lift, False)
