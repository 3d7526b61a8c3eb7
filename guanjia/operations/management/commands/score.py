"""`score MONTH [--estate E] [--json]`: a month's figures of every estate, or of one (INC-09). Run again, it writes nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

from guanjia.estates.models import Estate
from guanjia.incentives.reckoning import reckon
from guanjia.incentives.work import propose
from guanjia.operations.answer import HouseCommand, estate_named
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.scope import ALL, estate_scope

from .bill import month


class Command(HouseCommand):
    help = "Work out a month's indicators for every estate, and propose its rewards and penalties. A second run writes nothing."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("month", type=month, help="the month, e.g. 2026-03")
        parser.add_argument("--estate", help="code of one estate; all of them when absent")
        parser.add_argument("--no-proposal", action="store_true", help="figures only")

    def answer(self, *, month: date, estate: str | None, no_proposal: bool, **options: Any) -> dict[str, Any]:
        one = estate_named(estate)
        estates = [one] if one else list(Estate.objects.order_by("pk"))
        if not estates:
            raise Refused("没有小区 / no estates", code="no_estates")
        with estate_scope(one or ALL):
            found = reckon(estates, month)
        return {"month": f"{month:%Y-%m}", "estates": len(estates), "figures": found["figures"], "changed": found["estates"], "proposals": 0 if no_proposal else propose(estates, month)}

    def tell(self, value: dict[str, Any]) -> None:
        self.stdout.write(f"{value['month']}  {value['estates']} 个小区  {value['figures']} 个数有变化  {value['proposals']} 份奖惩建议")
