"""Leases from a workbook, as the export writes them: each finds its space or imported bay, its household, and begins its fee (VAS-01, FEE-02)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.households.models import Occupancy
from guanjia.lettings.bays import bay_of
from guanjia.lettings.exporting import LEASE_HEADS
from guanjia.lettings.models import Lease, Space
from guanjia.lettings.models.space import Kind
from guanjia.staffing.finding import unit_for
from guanjia.tenancy.errors import Refused

from .cells import CellError
from .dates import day
from .lines import number_of, read

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from .roster import RefusedRow

__all__ = ["LEASE_HEADS", "leases"]


def leases(path: Path, *, by: Any, dry: bool = False) -> tuple[int, list[RefusedRow]]:
    """类别, 位置编号, 承租房号, 车牌, 租期从, 租期到, 月租金. A contract that is there already stays as it is.

    Without a room the bay's household of the register rents it; a bay that is no space yet becomes one at the price of its contract.
    """
    kinds = {words: value for value, label in Kind.choices for words in (value, str(label))}

    def keep(said: dict[str, str]) -> None:
        kind, code = kinds.get(said["类别"], ""), said["位置编号"].removesuffix(".0").strip().upper()[:20]
        first, last, price = _day(said["租期从"]), _day(said["租期到"]), number_of(said["月租金"] or "—")
        space = Space.objects.visible_to(by).select_related("parking", "estate").filter(kind=kind, code=code).first()
        bay = bay_of(by.estate, code) if kind == Kind.PARKING else None
        if space is None and bay is None:
            raise Refused(_("没有这个位置：%(code)s") % {"code": code or "—"})
        home = _home(by.estate, said.get("承租房号", ""), bay)
        if space is None:
            space = Space.objects.keep(by.estate, kind, code, price, where=bay.kind if bay else "", area=bay.area if bay else number_of(""), by=by)
        known = Lease.objects.at_estate(by.estate).filter(space=space, household=home.household, first=first).first()
        if known is None:
            Lease.objects.let(space, home.unit, home.household, first, last, price, plate=said.get("车牌", "") or _plate(bay), by=by)
        elif (known.last, known.price) != (last, price):
            raise Refused(_("已有这份合同 %(number)s，内容不同；续租、提前结束请在合同页办理。") % {"number": known.number})

    return read(path, LEASE_HEADS, 5, keep, dry=dry)


def _day(words: str) -> date:
    try:
        found = day(words)
    except CellError as slip:
        raise Refused(str(slip)) from None
    if found is None:
        raise Refused(_("请写租期从哪天到哪天。"))
    return found


def _home(estate: Any, room: str, bay: Any) -> Any:
    """Who rents it and whose account pays: of the room, else of the bay's household."""
    rows = Occupancy.objects.at_estate(estate).filter(during__contains=clock.today(estate)).select_related("unit", "household").order_by("-kind", "pk")
    unit = unit_for(estate, room) if room else None
    found = rows.filter(unit=unit).first() if unit else rows.filter(household=bay.household_id).first() if bay and bay.household_id and not room else None
    if found is None:
        raise Refused(_("没有找到这套房的住户。") if room else _("没有写承租房号，车位台账上也没有住户。"))
    return found


def _plate(bay: Any) -> str:
    return bay.vehicle.plate if bay and bay.vehicle_id else ""
