"""今日: what is late, due, waiting, and for whom. A worker sees their orders, everybody else the tickets in reach."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.shortcuts import redirect, render

from guanjia import clock
from guanjia.web.guard import needs

from .. import loads, workbench
from ..acts import WORK_ACTS, next_act, offered
from ..kinds import WorkStage
from ..lines import lines
from ..models import Ticket, WorkOrder

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

    from guanjia.people.reach import Reach

SHOWN, FIRST, RECENT, DONE = 20, 5, 8, 30
SEGMENTS = ("all", "mine", "late", "unassigned")
TASKS = {
    "todo": Q(stage__in=(WorkStage.OFFERED, WorkStage.TAKEN)),
    "doing": Q(stage__in=(WorkStage.ARRIVED, WorkStage.PAUSED)) | Q(stage=WorkStage.REFUSED, ended_at__isnull=True),
    "done": Q(stage=WorkStage.FINISHED),
}


@needs(resident=True)
def today(request: HttpRequest) -> HttpResponse:
    """The same address for every role; residents have a home of their own."""
    reach = request.reach
    if not reach.is_staff:
        return redirect("tickets:home", reach.estate.code)
    part = "#live" if request.htmx and not request.htmx.boosted else ""
    if reach.sees == "own":
        return render(request, f"tickets/tasks.html{part}", tasks(reach, request.GET.get("show", "")))
    return render(request, f"tickets/today.html{part}", page_of(reach, request.GET.get("show", ""), clock.now()))


def page_of(reach: Reach, show: str, now: datetime) -> dict[str, Any]:
    """Everything on 今日; the number of statements does not grow with the number of tickets."""
    show = show if show in SEGMENTS else "all"
    rows = _pressing(reach, show, now)
    recent = list(Ticket.objects.visible_to(reach).select_related(*workbench.LINKS).recent_first()[:RECENT])
    workbench.with_workers([*rows, *recent])
    counts = workbench.counts(reach, now)
    mean, ratings = workbench.rating(reach, now)
    leads = reach.may("work.verdict")
    carried = loads.loads(reach, now) if leads else []
    return {
        "show": show, "lines": lines(rows, reach), "recent": lines(recent, reach), "counts": counts, "cap": workbench.CAP,
        "more": max(counts["open" if show == "all" else show] - len(rows), 0),
        "done_today": workbench.done_today(reach, now), "rating": mean, "ratings": ratings,
        "loads": carried, "heaviest": max((load.open for load in carried), default=1), "refusals": loads.refusals(reach) if leads else [],
        "helps": loads.helps(reach) if reach.may("ticket.dispatch") else [], "zones": loads.spots(reach),
    }  # fmt: skip


def _pressing(reach: Reach, show: str, now: datetime) -> list[Ticket]:
    """What nobody answers for stands highest, then late ones, then by deadline."""
    def fetch(rows: Any) -> Any:
        return rows.select_related(*workbench.LINKS).by_due()

    first = list(fetch(workbench.shown(reach, "unassigned", now))[:FIRST]) if show == "all" else []
    rest = fetch(workbench.shown(reach, show, now)).exclude(pk__in=[row.pk for row in first])
    return [*first, *rest[: SHOWN - len(first)]]


def tasks(reach: Reach, show: str) -> dict[str, Any]:
    """A worker's own orders: to do, doing, done; late first."""
    mine = WorkOrder.objects.visible_to(reach).filter(worker_id=reach.person_id)
    live = list(mine.filter(TASKS["todo"] | TASKS["doing"]).select_related("ticket__unit", "ticket__place", "ticket__household").order_by("pk")[:200])
    todo = [work for work in live if work.stage in (WorkStage.OFFERED, WorkStage.TAKEN)]
    doing = [work for work in live if work not in todo]
    show = show if show in TASKS else "doing" if doing and not todo else "todo"
    rows = todo if show == "todo" else doing
    if show == "done":
        rows = list(mine.filter(TASKS["done"]).select_related("ticket__unit", "ticket__place", "ticket__household").order_by("-pk")[:DONE])
    else:
        rows.sort(key=lambda work: (work.ticket.due_at is None, work.ticket.due_at, work.pk))
    cards = []
    for work in rows:
        acts = offered(WORK_ACTS, work, reach)
        cards.append((work, next_act(work, acts)))
    return {"show": show, "cards": cards, "todo": len(todo), "doing": len(doing)}
