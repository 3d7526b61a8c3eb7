"""车位信息: a parking place, with whom it is let or sold to, and the car on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..cells import chosen, code, number, words
from ..dates import day
from ..persons import plate
from .rooms import take_household

if TYPE_CHECKING:
    from ..stage import Stage
    from .base import Known, View

TENURE = chosen(
    {
        "h": "H",
        "s": "S",
        "出租": "H",
        "租": "H",
        "租赁": "H",
        "出售": "S",
        "售": "S",
        "已售": "S",
        "产权": "S",
        "i": "",
    },
    gettext_lazy("租售只能填 H（出租）或 S（出售）。"),
)
VEHICLE = chosen({
    "9901": "9901", "9902": "9902", "9903": "9903", "家用小汽车": "9901", "小汽车": "9901", "轿车": "9901", "客车": "9902", "货车": "9903",
}, gettext_lazy("车类型只能填 9901 家用小汽车、9902 客车、9903 货车。"))  # fmt: skip


def read(view: View, known: Known, stage: Stage) -> None:
    lot = (view.take("lot", code) or "1") if view.stands("lot") else "1"
    place = view.take("code", code, must=True) or ""
    values = {"kind": view.take("kind", words(40)), "area": view.take("area", number(2, 9_999))}
    starts, ends = view.take("starts", day), view.take("ends", day)
    if starts and ends and ends < starts:
        view.refuse("ends", _("结束时间早于开始时间，请核对。"))
    tenure = view.take("tenure", TENURE)
    household = take_household(view, known)
    car, details = _take_car(view, known, household)
    view.once(known, "code", "parking", lot, place)
    if view.good(known, "parking", lot, place):
        if car:
            known.seen["plate", car] = view.row.number
            stage.put("vehicle", car, household, *details)
        stage.put("parking", lot, place, *values.values(), household, car, tenure or None, starts, ends)


def _take_car(view: View, known: Known, household: str | None) -> tuple[str | None, list[str | None]]:
    """The plate to register, or None, and brand, colour and kind."""
    car = view.take("plate", plate, keep=True)
    details = [
        view.take("brand", words(20), keep=True),
        view.take("colour", words(20), keep=True),
        view.take("vehicle", VEHICLE, keep=True),
    ]
    if not car:
        return None, details
    if household is None:
        if not any(name == "household" for name, *_rest in view.problems):
            view.refuse("plate", _("有车牌但没有业主编号，请补上。"), keep=True)
        return None, details
    if before := known.seen.get(("plate", car)):
        view.refuse("plate", _("第 %(row)d 行已有这个车牌，请核对。") % {"row": before}, keep=True)
        return None, details
    return car, [detail or None for detail in details]
