"""What stands near the demo estate; two entries were not verified for long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guanjia.nearby.models import Facility
from guanjia.tenancy.scope import estate_scope

from .staffing import _at, _reach

if TYPE_CHECKING:
    from guanjia.estates.models import Estate

# kind, name, telephone, address, hours, price, verified how many days ago
PLACES = [
    ("hotline", "供电服务热线", "95598", "", "24 小时", "", 10), ("hotline", "政务服务便民热线", "12345", "", "24 小时", "", 10),
    ("hospital", "示范路社区卫生服务中心", "028-8000 0120", "示范路 8 号，步行 6 分钟", "8:00–20:00，急诊 24 小时", "挂号 10 元", 20),
    ("hospital", "安康大药房", "028-8000 0121", "南门外 50 米", "8:30–22:00", "按药品标价", 120),
    ("school", "示范路小学", "028-8000 0130", "示范路 20 号", "周一至周五 7:40–17:30", "公办，免学费", 35),
    ("bank", "示范银行示范路支行", "028-8000 0140", "示范路 3 号", "9:00–17:00，周末 9:30–16:00", "按公示价目", 35),
    ("post", "示范路邮政所", "028-8000 0150", "示范路 5 号", "9:00–17:30", "按资费表", 140),
    ("mall", "邻里生鲜超市", "028-8000 0160", "东门对面", "7:00–22:30", "满 39 元送货上门", 15),
    ("sport", "河滨游泳馆", "028-8000 0170", "河滨路 2 号，公交 3 站", "10:00–21:30", "单次 35 元，月卡 280 元", 40),
]  # fmt: skip


def nearby(estate: Estate) -> None:
    """Harmless when run again."""
    with estate_scope(estate):
        if Facility.objects.at_estate(estate).exists():
            return
        steward = _reach(estate, "steward1")
        for kind, name, phone, address, hours, price, ago in PLACES:
            Facility.objects.keep(estate, kind, name, phone=phone, address=address, hours=hours, price=price, by=steward, at=_at(estate, ago, 15))
