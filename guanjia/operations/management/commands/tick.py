"""Look at the clocks and tell what is due: once, at any instant."""

from __future__ import annotations

from typing import Any

from guanjia import clock
from guanjia.operations.answer import HouseCommand, estate_named, instant
from guanjia.operations.tick import tick


class Command(HouseCommand):
    help = "Tell every limit that fell due, deliver what is to be told."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--now", type=instant, help="the instant to look from, e.g. 2026-03-10T10:00+08:00")
        parser.add_argument("--estate", help="only this estate (its code)")

    def answer(self, *, now: Any, estate: Any, **options: Any) -> dict[str, int]:
        return tick(now or clock.now(), estate_named(estate))
