"""A letter of the demo: to one building, most of it handed over with a signature, two doors stayed shut (COM-15 … COM-20)."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from guanjia import clock
from guanjia.collection.models import Mailing
from guanjia.estates.models import Building

from .pictures import signature

if TYPE_CHECKING:
    from datetime import datetime

    from guanjia.estates.models import Estate

TITLE = "电梯年检期间停梯的说明"
WORDS = "按特种设备检验要求，您所在楼栋的电梯将于下周二上午九时至十一时年检，期间停梯。\n请提前安排出行；家中有老人、孕妇或行动不便的，请拨打服务热线，我们安排人员协助。\n给您带来不便，敬请谅解。"


NEXT = "外墙清洗期间关窗的说明"
NEXT_WORDS = "下周起分楼栋清洗外墙，请在施工当日关好门窗，收起阳台外侧物品。\n施工时间为上午八时至下午六时，如有不便请联系服务中心。"


def write_mailing(estate: Estate, until: datetime, by: Any, judge: Any) -> None:
    """Six days ago, approved and handed over a day later; another waits for its approval."""
    building = Building.objects.at_estate(estate).filter(units__occupancies__isnull=False).order_by("pk").first()
    if building is None:
        return
    dice = random.Random(17)
    with clock.at(until - timedelta(days=6)):
        made = Mailing.objects.write(TITLE, WORDS, f"{estate.name}服务中心", by=by, buildings=[building.pk], client_key="demo")
        made.judge_it(True, by=judge, at=until - timedelta(days=6) + timedelta(hours=2))
        Mailing.objects.write(NEXT, NEXT_WORDS, f"{estate.name}服务中心", by=by, buildings=[building.pk], client_key="demo next", at=until - timedelta(hours=20))
    with clock.at(until - timedelta(days=5)):
        for place, row in enumerate(made.handings.exclude(way="post").order_by("unit__code")[:8]):
            if place % 7 == 5:
                row.attempt("敲门没人应，已留便条", by=by)
            else:
                row.deliver(row.household.name, photo=signature(dice), enveloped=True, briefed=True, by=by)
