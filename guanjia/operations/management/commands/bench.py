"""Measure speed as a ratio to a raw baseline in the same run; never a timed test."""

from __future__ import annotations

import importlib
from typing import Any

from guanjia.operations.answer import HouseCommand

BENCHES = {
    "comply": "guanjia.reports.bench:comply",
    "filing": "guanjia.tickets.bench:filing",
    "lists": "guanjia.tickets.bench_lists:lists",
    "clocks": "guanjia.clocks.bench:due_scan",
    "duties": "guanjia.duties.bench:duties",
    "search": "guanjia.households.bench:search",
    "billing": "guanjia.billing.bench:billing",
    "scores": "guanjia.incentives.bench:scores",
}


class Command(HouseCommand):
    help = "Benchmarks: " + ", ".join(BENCHES)

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("name", choices=BENCHES)
        parser.add_argument("--size", type=int, help="rows to measure among; the default is the issue's figure")

    def answer(self, *, name: str, size: int | None, **options: Any) -> dict[str, Any]:
        module, _colon, function = BENCHES[name].partition(":")
        bench = getattr(importlib.import_module(module), function)
        result: dict[str, Any] = bench(size) if size else bench()
        return result
