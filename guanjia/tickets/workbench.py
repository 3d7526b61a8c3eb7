"""What waits, and for whom: the queries behind 今日 and the board (REQ-03).

Counts look at open tickets only (index `ticket_open_due`), at most `CAP` of them; nothing here reads closed history.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db.models import (
    Avg,
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Prefetch,
    Q,
    prefetch_related_objects,
)

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.people.roles import Role

from .kinds import Kind, Stage, WorkStage
from .models import Rating, Ticket, Verdict, WorkOrder

if TYPE_CHECKING:
    from collections.abc import Iterable

    from guanjia.people.reach import Reach

CAP = 5000  # open tickets counted at most; more are shown as “5000+”
RATINGS = 1000  # newest ratings looked at
SOON = timedelta(minutes=30)
WITH_STEWARD = (Stage.RECEIVED, Stage.CLASSIFIED, Stage.DONE, Stage.FED_BACK)
LINKS = ("unit", "place", "zone", "steward")


def seen_by(reach: Reach) -> Any:
    """The tickets a person may see."""
    return Ticket.objects.visible_to(reach)


def open_to(reach: Reach) -> Any:
    return seen_by(reach).open()


def waits_for(reach: Reach) -> Any:
    """Whose turn it is: the steward's, the dispatcher's, the taker's (REQ-37), the judge's, the worker's."""
    me = reach.person_id
    works = WorkOrder.objects.filter(estate=OuterRef("estate"), ticket=OuterRef("pk"))
    turn: Any = Q(steward_id=me, stage__in=WITH_STEWARD) | Q(taken_by_id=me, steward__isnull=True) | Exists(works.open().filter(worker_id=me))
    if Role.DISPATCHER in reach.roles:
        turn |= Q(stage__in=(Stage.RECEIVED, Stage.CLASSIFIED))
    if reach.may("ticket.verdict"):
        judged = Verdict.objects.filter(estate=OuterRef("estate"), ticket=OuterRef("pk"), round=OuterRef("reopened"))
        turn |= Q(kind=Kind.COMPLAINT) & ~Exists(judged)
    if reach.may("work.verdict"):
        turn |= Exists(works.filter(stage=WorkStage.REFUSED, ended_at__isnull=True))
    return turn


def _nobodys() -> Any:
    working = WorkOrder.objects.filter(estate=OuterRef("estate"), ticket=OuterRef("pk")).open()
    return Q(steward__isnull=True) & ~Exists(working)


def _flag(condition: Any) -> ExpressionWrapper:
    return ExpressionWrapper(condition, output_field=BooleanField())


def shown(reach: Reach, show: str, now: datetime) -> Any:
    """Open tickets of one segment: all, mine, late, unassigned."""
    rows = open_to(reach)
    if show == "late":
        return rows.filter(due_at__lt=now)
    if show == "mine":
        return rows.filter(waits_for(reach))
    return rows.unassigned() if show == "unassigned" else rows


def counts(reach: Reach, now: datetime) -> dict[str, int]:
    """open, late, soon, mine, unassigned; one statement over the first `CAP` open tickets by deadline."""
    flags = {
        "is_late": Q(due_at__lt=now), "is_soon": Q(due_at__gte=now, due_at__lte=now + SOON),
        "is_mine": waits_for(reach), "is_nobodys": _nobodys(),
    }  # fmt: skip
    rows = open_to(reach).annotate(**{name: _flag(condition) for name, condition in flags.items()}).by_due()[:CAP]
    found: dict[str, int] = rows.aggregate(
        open=Count("pk"), **{name[3:]: Count("pk", filter=Q(**{name: True})) for name in flags}
    )
    return {"unassigned": found.pop("nobodys"), **found}


def start_of_today(reach: Reach, now: datetime) -> datetime:
    """Midnight at the estate."""
    return datetime.combine(clock.today(reach.estate, now), time(), ZoneInfo(reach.estate.time_zone))


def done_today(reach: Reach, now: datetime) -> int:
    """Tickets completed since midnight, by today's events (index `event_recent`)."""
    events = Event.objects.at_estate(reach.estate).filter(at__gte=start_of_today(reach, now), at__lte=now, action=Action.TICKET_DONE)
    rows: int = Ticket.objects.visible_to(reach).filter(pk__in=events.values("subject_id")).count()
    return rows


def rating(reach: Reach, now: datetime) -> tuple[float | None, int]:
    """Mean of the three stars and number of ratings in the last 30 days, among the newest `RATINGS` of the estate."""
    rows = Rating.objects.at_estate(reach.estate).annotate(stars=(F("speed") + F("result") + F("attitude")) / 3.0)
    which = Q(at__gte=now - timedelta(days=30))
    if reach.sees == "zone":
        rows, which = rows.annotate(steward=F("ticket__steward_id")), which & Q(steward=reach.person_id)
    found = rows.order_by("-ticket_id", "-round")[:RATINGS].aggregate(mean=Avg("stars", filter=which), n=Count("pk", filter=which))
    return found["mean"], found["n"]


def with_workers(tickets: Iterable[Ticket]) -> None:
    """Bring the people at work (and orders refused, waiting for a verdict) in one query for all tickets."""
    tickets = list(tickets)
    if tickets:
        live = WorkOrder.objects.at_estate(tickets[0].estate_id).filter(
            Q(stage__in=(WorkStage.OFFERED, WorkStage.TAKEN, WorkStage.ARRIVED, WorkStage.PAUSED)) | Q(stage=WorkStage.REFUSED, ended_at__isnull=True)
        )
        prefetch_related_objects(tickets, Prefetch("works", live.select_related("worker").order_by("pk"), to_attr="live"))


def board(reach: Reach, each: int) -> tuple[dict[str, int], dict[str, list[Ticket]]]:
    """Per open stage: how many, and the `each` most pressing tickets. Three statements."""
    stages = [stage.value for stage in (*WITH_STEWARD[:2], Stage.DISPATCHED, Stage.HANDLING, *WITH_STEWARD[2:])]
    numbers = dict.fromkeys(stages, 0)
    first = open_to(reach).by_due()[:CAP].values("pk")
    numbers |= dict(Ticket.objects.at_estate(reach.estate).filter(pk__in=first).values_list("stage").annotate(n=Count("pk")).order_by())
    picks = [open_to(reach).filter(stage=stage).by_due().values("pk")[:each] for stage in stages]
    chosen = picks[0].union(*picks[1:], all=True)
    rows = list(Ticket.objects.at_estate(reach.estate).filter(pk__in=chosen).select_related(*LINKS).by_due())
    with_workers(rows)
    return numbers, {stage: [row for row in rows if row.stage == stage] for stage in stages}
