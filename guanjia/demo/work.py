"""The demo's history as a job with a bar."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanjia import clock
from guanjia.jobs.registry import job_kind
from guanjia.people.models import Person
from guanjia.tenancy.scope import estate_scope

from .history import History
from .homes import homes
from .life import Life
from .money import bill_months
from .payments import collect
from .registers import registers
from .retaking import retake
from .rounds import Rounds
from .scores import score_months
from .sisters import sisters


@job_kind("demo_history", _("生成 90 天演示历史"))
def demo_history(job: Any, progress: Any) -> dict[str, Any]:
    """Six weeks of rounds, then ninety days of tickets, today first; each week and day is told whole, once,
    whoever is killed in between. Homes and money follow: no page of the first minute waits for them."""
    told: dict[str, int] = dict(job.result.get("days", {}))
    walked: dict[str, int] = dict(job.result.get("rounds", {}))

    def remember(day: date, made: int) -> None:
        told[day.isoformat()] = made
        job.remember(days=told)

    def went_round(week: date, made: int) -> None:
        walked[week.isoformat()] = made
        job.remember(rounds=walked)

    def show(done: int, total: int) -> None:
        progress(done, total, f"{done} / {total} 天")

    history = History(job.estate, clock.now())
    with estate_scope(job.estate):
        life = Life(history)
        rounds = Rounds(history, life)
    rounds.tell(lambda done, total: progress(done, total, f"{done} / {total} 周"), went_round, {date.fromisoformat(day) for day in walked})
    history.tell(show, remember, {date.fromisoformat(day) for day in told}, rounds.follow, life)
    has_people = Person.objects.filter(username="manager1").exists()  # an estate of tests has nobody to tell the rest
    if has_people:
        registers(job.estate, clock.now())
    homes(job.estate, clock.now())
    bill_months(job.estate, clock.now())
    collect(job.estate, clock.now())
    if has_people:
        score_months(job.estate, clock.now())
        sisters(job.estate.company, clock.now())
    retake(job.estate)
    return {"tickets": sum(told.values()), "records": sum(walked.values())}
