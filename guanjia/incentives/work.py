"""The month's scores as a job with a bar: one job for all estates of a company, or one that somebody asked for at theirs."""

from __future__ import annotations

import logging
from datetime import date
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from guanjia import clock
from guanjia.billing.months import month_after
from guanjia.estates.models import Estate
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.jobs.models import Job
from guanjia.jobs.registry import job_kind
from guanjia.people.models import Person
from guanjia.people.reach import reach_of
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.scope import ALL, estate_scope

from .ends import close_of
from .models import Proposal, Reckoning
from .reckoning import reckon

if TYPE_CHECKING:
    from datetime import datetime

logger = logging.getLogger("guanjia.incentives")
KIND = "month_scores"


@job_kind(KIND, _("计算月度指标"))
def scores(job: Any, progress: Any) -> dict[str, Any]:
    """`month`, and `company` for all its estates; whole or not at all."""
    month, whole = date.fromisoformat(job.arguments["month"]), job.arguments.get("company", False)
    with translation.override(job.arguments.get("language") or settings.LANGUAGE_CODE):
        with estate_scope(ALL if whole else job.estate):
            estates = list(Estate.objects.filter(company=job.estate.company_id).order_by("pk")) if whole else [job.estate]
            person = Person.objects.filter(pk=job.by_id).first() if job.by_id else None
            by = reach_of(person, job.estate) if person else None
            found = reckon(estates, month, by=by, why=job.arguments.get("why", ""), progress=progress)
            if by is not None and found["figures"]:
                tell(job.estate, month, found["figures"], by)
        return found | ({"proposals": propose(estates, month)} if whole else {})


def tell(estate: Any, month: date, count: int, by: Any) -> None:
    last = Reckoning.objects.of(estate, month).first()
    if last:
        Event.objects.record(Action.MONTH_RECKONED, last, by=by, at=clock.now(), told=False, month=f"{month:%Y-%m}", count=count)


def propose(estates: list[Any], month: date) -> int:
    """A proposal for each estate whose month is over; one estate's trouble is not the others'."""
    made = 0
    for estate in estates:
        try:
            with estate_scope(estate):
                Proposal.objects.work_out(estate, month)
                made += 1
        except Refused:
            continue
        except Exception:
            logger.exception("proposal of estate %s", estate.pk)
    return made


def ask(estate: Any, month: date, *, by: Any, why: str = "", at: datetime | None = None) -> Job:
    """Somebody wants a month of their estate worked out again; whoever asks meanwhile sees the same job."""
    by.must("incentive.propose")
    at = at or clock.now()
    if month > clock.today(estate, at):
        raise Refused(_("这个月还没有开始。"), code="not_begun")
    waiting = Job.objects.at_estate(estate).filter(kind=KIND, arguments__month=f"{month:%Y-%m-%d}", state__in=[Job.State.WAITING, Job.State.RUNNING]).first()
    return waiting or Job.objects.ask(KIND, estate=estate, by=by, at=at, month=f"{month:%Y-%m-%d}", why=why.strip()[:200], language=translation.get_language())


def run_once(now: datetime) -> int:
    """Once a month is over, one job for each company that has none yet, kept at its first estate. How many companies have had theirs asked for."""
    asked = 0
    seen: set[int] = set()
    for estate in Estate.objects.order_by("company_id", "pk"):
        month = month_after(clock.today(estate, now).replace(day=1), -1)
        if estate.company_id in seen or now < close_of(estate, month):
            continue
        seen.add(estate.company_id)
        with estate_scope(estate):
            key = f"{month:%Y-%m}"
            if not Job.objects.at_estate(estate).filter(kind=KIND, key=key).exclude(state=Job.State.FAILED).exists():
                Job.objects.ask(KIND, estate=estate, key=key, at=now, month=f"{month:%Y-%m-%d}", company=True)
                asked += 1
    return asked
