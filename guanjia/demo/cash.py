"""The demo's month end at the counter: cash counted by the manager, last month's bank balance signed by two (FIN-02)."""

from __future__ import annotations

import base64
import random
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from guanjia import clock
from guanjia.billing.chart import CASH
from guanjia.billing.months import month_after
from guanjia.collection.balancing import balance
from guanjia.collection.models import CashCount, Reconciliation
from guanjia.collection.models.bank import standing
from guanjia.collection.models.cashcount import FACES

from .pictures import signature

if TYPE_CHECKING:
    from datetime import datetime

    from guanjia.estates.models import Estate


def close_month(estate: Estate, until: datetime, by: dict[str, Any]) -> None:
    """Today's drawer is counted a moment ago; a few cents are out, as they are."""
    drawn = base64.b64encode(signature(random.Random(3)).read()).decode()
    left = standing(estate, clock.today(estate, until), CASH)
    pieces = {}
    for face in FACES:
        pieces[f"{face:f}"], left = int(left // face), left % face
    counted = CashCount.objects.count_up(
        estate, pieces, signature=f"data:image/png;base64,{drawn}", by=by["manager1"], at=until - timedelta(minutes=5)
    )
    counted.answer("收款分币抹零" if counted.out else "", by=by["cashier1"], at=until)
    month = month_after(clock.today(estate, until).replace(day=1), -1)
    if balance(estate, month).bank is not None:
        Reconciliation.objects.draw_up(estate, month, "", by=by["cashier1"], at=until - timedelta(days=1))
        Reconciliation.objects.get(estate=estate, month=month).check_it(by=by["manager1"], at=until)
