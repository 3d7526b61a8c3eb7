"""The demo's history as a job with a bar."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanjia import clock
from guanjia.jobs.registry import job_kind

from .history import History
from .homes import homes
from .money import bill_months
from .payments import collect


@job_kind("demo_history", _("生成 90 天演示历史"))
def demo_history(job: Any, progress: Any) -> dict[str, Any]:
    """Ninety days of tickets, today first; each day is told whole, once, whoever is killed in between."""
    told: dict[str, int] = dict(job.result.get("days", {}))

    def remember(day: date, made: int) -> None:
        told[day.isoformat()] = made
        job.remember(days=told)

    def show(done: int, total: int) -> None:
        progress(done, total, f"{done} / {total} 天")

    bill_months(job.estate, clock.now())
    collect(job.estate, clock.now())
    History(job.estate, clock.now()).tell(show, remember, but={date.fromisoformat(day) for day in told})
    homes(job.estate, clock.now())
    return {"tickets": sum(told.values())}
