"""The demo estate's sorting points: a month of sorts, two gifts handed over, next week's volunteers."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import TYPE_CHECKING

from guanjia import clock
from guanjia.households.models import Household
from guanjia.sorting.models import Gift, Purse, Turn
from guanjia.tenancy.scope import estate_scope

from .activities import _at, _reach

if TYPE_CHECKING:
    from guanjia.estates.models import Estate


def sorting(estate: Estate) -> None:
    """Harmless when run again."""
    with estate_scope(estate):
        if Gift.objects.at_estate(estate).exists():
            return
        desk, steward, dice = _reach(estate, "desk1"), _reach(estate, "steward1"), random.Random(48)
        gifts = [Gift.objects.offer(title, points, stock, by=desk, at=_at(estate, 40, 9)) for title, points, stock in (("垃圾袋 3 卷", 50, 60), ("洗洁精 1 瓶", 60, 40), ("洗衣液 2 千克", 120, 20))]
        homes = list(Household.objects.at_estate(estate).filter(occupancies__isnull=False).distinct().order_by("pk")[:160:9])
        for n, home in enumerate(homes):
            purse = Purse.objects.of(home)
            if n < 4:
                purse.correct(48 + 9 * n, "上季度纸质积分卡转入", by=desk, at=_at(estate, 35, 10, n))
            for ago in sorted(dice.sample(range(1, 22), dice.randint(2, 5)), reverse=True):
                purse.sort(by=steward, at=_at(estate, ago, 7, 30 + n))
        for n in (1, 2):
            Purse.objects.of(homes[n]).redeem(gifts[0], by=desk, at=_at(estate, 0, 0, 30 + n))
        today = clock.today(estate)
        for n, home in enumerate(homes[5:9]):
            Turn.objects.take(home, today + timedelta(days=n + 1), "am" if n % 2 else "pm", by=steward, at=_at(estate, 0, 0, 40))
