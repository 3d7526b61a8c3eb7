"""房屋信息, and the part about the unit that the one-sheet register shares with it (EST-06)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanjia.estates.rooms import code_of, room_number, split

from ..cells import chosen, code, number, several, text, whole, words
from ..dates import days
from .buildings import MOST_FLOORS, building, entrance

if TYPE_CHECKING:
    from decimal import Decimal

    from ..stage import Stage
    from .base import Known, View

MOST_AREA = 99_999  # m²
KIND = chosen({
    "110": "home", "住宅": "home", "公寓": "home", "别墅": "home", "洋房": "home", "普通住宅": "home", "高层": "home", "多层": "home", "小高层": "home",
    "商铺": "shop", "商业": "shop", "底商": "shop", "店面": "shop", "门面": "shop", "门市": "shop", "111": "shop", "119": "office", "办公": "office",
    "写字楼": "office", "办公室": "office", "120": "other", "宿舍": "other", "车库": "other", "储藏室": "other", "其他": "other", "其它": "other",
})  # fmt: skip
STATE = chosen({
    "已入住": "occupied", "入住": "occupied", "自住": "occupied", "2001": "occupied", "空置": "vacant", "空房": "vacant", "未入住": "vacant", "空关": "vacant",
    "2003": "vacant", "2004": "vacant", "已交房": "vacant", "已售": "vacant", "2008": "vacant", "未售": "unsold", "未销售": "unsold", "待售": "unsold", "2002": "unsold",
    "装修中": "renovating", "装修": "renovating", "已装修": "vacant", "2005": "renovating", "2009": "renovating", "已出租": "let", "出租": "let",
    "租住": "let", "2006": "let", "2007": "vacant",
}, gettext_lazy("不认识的房屋状态，可填：已入住、空置、未售、装修中、已出租。"))  # fmt: skip


@dataclass
class Home:
    """A unit as a row states it; None and "" leave what is there."""

    building: str
    entrance: str
    room: str
    floor: int | None
    kind: str | None
    state: str | None
    layout: str | None
    area: Decimal | None
    inner: Decimal | None
    rent: Decimal | None

    @property
    def code(self) -> str:
        return code_of(self.building, self.entrance, self.room)


def take_home(view: View) -> Home:
    """Read what both layouts say about a unit. A room written in full (3-2-501) needs no other columns."""
    room = view.take("room", code, must=True) or ""
    whole_room = split(room) if room and (not view.values.get("building") or room.count("-") == 2) else None
    if whole_room:
        number_, stair, room = whole_room
    else:
        said, room = room, room_number(room)
        if said and not room:
            view.refuse("room", _("必填，不能为空。"))
        number_ = view.take("building", building, must=True) or ""
        # The register of one sheet leaves it empty where houses have no staircases; the five sheets write 0 for a shop.
        stair = view.take("entrance", entrance, must=view.found.layout.key == "rooms" and view.stands("entrance")) or ""
    area = view.take("area", number(2, MOST_AREA))
    home = Home(
        number_, stair, room, view.take("floor", floor), view.take("kind", KIND, keep=True) or None,
        view.take("state", STATE, keep=True) or None, view.take("layout", words(40), keep=True), area,
        view.take("inner", number(2, MOST_AREA), keep=True), view.take("rent", number(2, 100_000_000), keep=True),
    )  # fmt: skip
    if home.inner is not None and area and home.inner > area:
        view.refuse("inner", _("室内面积大于建筑面积，请核对。"), keep=True)
        home.inner = None
    if not stair:
        home.entrance = "0"
    elif stair == "0":
        home.kind = "shop" if home.kind in (None, "home") else home.kind
    if len(home.code) > 60 or len(room) > 20:
        view.refuse("room", _("房号太长，请缩短。"))
    return home


def floor(value: Any) -> int | None:
    """5, 5层, 5F, -1, B1; empty is None."""
    got = text(value).upper().removesuffix("层").removesuffix("楼").removesuffix("F")
    return whole(MOST_FLOORS, -9)(f"-{got[1:]}" if got.startswith("B") else got)


def known_place(view: View, known: Known, home: Home) -> None:
    """Refuse a unit of an unknown building or staircase, or above its roof: it stands in the wrong house."""
    if home.building not in known.buildings:
        if home.building:
            view.refuse(
                "building",
                _("没有 %(number)s 栋：请在「楼栋单元」里补上，或改正楼栋编号。") % {"number": home.building},
            )
        return
    key = (home.building, home.entrance)
    if home.entrance != "0" and key not in known.entrances:
        words_ = {"number": home.building, "entrance": home.entrance}
        view.refuse(
            "entrance", _("%(number)s 栋没有 %(entrance)s 单元：请在「楼栋单元」里补上，或改正单元编号。") % words_
        )
        return
    top = known.entrances.get(key) or known.buildings[home.building]
    if top and home.floor is not None and home.floor > top:
        view.refuse(
            "floor",
            _("楼层 %(floor)d 高于总层数 %(top)d，请核对楼栋、楼层或总层数。") % {"floor": home.floor, "top": top},
        )


def take_household(view: View, known: Known) -> str | None:
    """The household number the row names, None when it names none or one nobody knows."""
    named = view.take("household", code, keep=True)
    if not named or named == "0":
        return None
    if named in known.households:
        return named
    if named in known.lost_households:
        reason = _("业主 %(number)s 在「业主信息」里被拒收；请改正那一行，一起重新导入。")
    else:
        reason = _("没有业主 %(number)s；请在「业主信息」里补上后重新导入。")
    view.refuse("household", reason % {"number": named}, keep=True)
    return None


def take_fees(view: View, known: Known) -> list[tuple[str, Any]]:
    """(fee, since) pairs; one date serves all fees. A fee or date that is wrong is left out, the unit stays."""
    fees = view.take("fees", several, keep=True) or []
    since = view.take("starts", days, keep=True) if fees else []
    if since is None:  # said already
        since = []
    elif len(since) not in (0, 1, len(fees)):
        view.refuse(
            "starts",
            _("%(fees)d 项费用却有 %(days)d 个日期；请一一对应或只填一个。") % {"fees": len(fees), "days": len(since)},
            keep=True,
        )
        since = []
    dates = since * len(fees) if len(since) == 1 else since or [None] * len(fees)
    pairs = []
    for fee, date in zip(fees, dates, strict=True):
        if fee in known.fees:
            pairs.append((fee, date))
        else:
            view.refuse(
                "fees", _("没有费用 %(number)s；请在「费用设置」里补上后重新导入。") % {"number": fee}, keep=True
            )
    return pairs


def read(view: View, known: Known, stage: Stage) -> None:
    home = take_home(view)
    known_place(view, known, home)
    household = take_household(view, known)
    fees = take_fees(view, known)
    view.once(known, "room", "unit", home.code)
    if view.good(known, "unit", home.code):
        stage.unit(home, household)
        for fee, since in fees:
            stage.put("unit_fee", home.code, fee, since)
