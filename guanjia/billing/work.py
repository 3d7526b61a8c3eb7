"""Drafting and posting as jobs: the page shows a bar, a killed worker's job begins again and leaves the same books."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from guanjia import clock
from guanjia.jobs.models import Job
from guanjia.jobs.registry import job_kind
from guanjia.people.models import Person
from guanjia.people.reach import reach_of
from guanjia.tenancy.scope import estate_scope

from .models import BillRun, Fee

DRAFT, POST, SETTLE = "bill_draft", "bill_post", "year_settlement"


def _actor(job: Any) -> Any:
    person = Person.objects.filter(pk=job.by_id).first() if job.by_id else None
    return reach_of(person, job.estate) if person else None


@job_kind(DRAFT, _("生成出账草稿"))
def draft(job: Any, progress: Any) -> dict[str, Any]:
    """The run and its job end in one transaction: killed at any moment, both are undone or both done."""
    with translation.override(job.arguments.get("language") or settings.LANGUAGE_CODE), estate_scope(job.estate):
        period = date.fromisoformat(job.arguments["period"])
        run = BillRun.objects.draft(job.estate, period, by=_actor(job), progress=progress)
        return _ended(job, {"run": run.pk, "lines": run.lines, "total": str(run.total)})


@job_kind(POST, _("过账"))
def post(job: Any, progress: Any) -> dict[str, Any]:
    with translation.override(job.arguments.get("language") or settings.LANGUAGE_CODE), estate_scope(job.estate):
        run = BillRun.objects.at_estate(job.estate).select_related("estate").get(pk=job.arguments["run"])
        run.post(by=_actor(job), progress=progress)
        return _ended(job, {"run": run.pk, "lines": run.lines, "total": str(run.total)})


@job_kind(SETTLE, _("年度结算"))
def settle(job: Any, progress: Any) -> dict[str, Any]:
    with translation.override(job.arguments.get("language") or settings.LANGUAGE_CODE), estate_scope(job.estate):
        fee = Fee.objects.at_estate(job.estate).select_related("estate").get(pk=job.arguments["fee"])
        made = fee.settle_year(job.arguments["year"], Decimal(job.arguments["cost"]), by=_actor(job), progress=progress)
        return _ended(job, {"settlement": made.pk, "shares": made.shares.count(), "total": str(made.cost)})


def _ended(job: Any, result: dict[str, Any]) -> dict[str, Any]:
    job.finish(result, clock.now())
    return {**result, "state": Job.State.DONE}


def ask(kind: str, *, estate: Any, by: Any, key: str = "", **arguments: Any) -> Job:
    """One job of a kind at a time for the same thing: who asks twice sees the first."""
    waiting = (
        Job.objects.at_estate(estate)
        .filter(kind=kind, arguments__contains=arguments, state__in=[Job.State.WAITING, Job.State.RUNNING])
        .first()
    )
    return waiting or Job.objects.ask(
        kind, estate=estate, by=by, key=key, language=translation.get_language(), **arguments
    )
