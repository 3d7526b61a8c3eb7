"""今日: what is late, due, waiting, and for whom. A worker sees their orders, everybody else the tickets in reach."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.shortcuts import redirect, render

from guanjia import clock
from guanjia.web.guard import needs
from guanjia.web.keepable import keepable

from .. import agenda, loads, workbench
from ..acts import WORK_ACTS, next_act, offered
from ..kinds import WorkStage
from ..lines import lines
from ..models import Ticket, WorkOrder

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

    from guanjia.people.reach import Reach

SHOWN, FIRST, RECENT, DONE = 20, 5, 8, 30
MOST_TASKS = 60  # on one phone
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
        answer = render(request, f"tickets/tasks.html{part}", tasks(reach, request.GET.get("show", ""), clock.now()))
    else:
        answer = render(request, f"tickets/today.html{part}", page_of(reach, request.GET.get("show", ""), clock.now()))
    return answer if part or request.GET else keepable(answer, reach)


def page_of(reach: Reach, show: str, now: datetime) -> dict[str, Any]:
    """Everything on 今日; the number of statements does not grow with the number of tickets."""
    show = show if show in SEGMENTS else "all"
    rows = _pressing(reach, show, now)
    recent = list(Ticket.objects.visible_to(reach).select_related(*workbench.LINKS).recent_first()[:RECENT])
    workbench.with_workers([*rows, *recent])
    counts = workbench.counts(reach, now)
    tasks = agenda.counts(reach, now)
    both = {key: counts[key] + tasks[key] for key in counts}
    entries = agenda.pressing(reach, show, now, SHOWN)
    mean, ratings = workbench.rating(reach, now)
    leads = reach.may("work.verdict")
    carried = loads.loads(reach, now) if leads else []
    return {
        "show": show, "entries": _woven(lines(rows, reach), entries), "both": both, "tasks": tasks, "recent": lines(recent, reach), "counts": counts, "cap": workbench.CAP,
        "more": max(counts["open" if show == "all" else show] - len(rows), 0),
        "done_today": workbench.done_today(reach, now), "rating": mean, "ratings": ratings,
        "loads": carried, "heaviest": max((load.open for load in carried), default=1), "refusals": loads.refusals(reach) if leads else [],
        "helps": loads.helps(reach) if reach.may("ticket.dispatch") else [], "zones": loads.spots(reach),
    }  # fmt: skip


def _woven(tickets: list[Any], entries: list[agenda.Entry]) -> list[agenda.Entry]:
    """One list in due order; a ticket that nobody answers for stands above them all."""
    drawn = [agenda.Entry("tickets/parts/line.html", "", line, line.ticket.due_at) for line in tickets]
    first = [entry for entry in drawn if entry.line.nobodys]
    return [*first, *agenda.merged([*(entry for entry in drawn if not entry.line.nobodys), *entries])]


def _pressing(reach: Reach, show: str, now: datetime) -> list[Ticket]:
    """What nobody answers for stands highest, then late ones, then by deadline."""
    def fetch(rows: Any) -> Any:
        return rows.select_related(*workbench.LINKS).by_due()

    first = list(fetch(workbench.shown(reach, "unassigned", now))[:FIRST]) if show == "all" else []
    rest = fetch(workbench.shown(reach, show, now)).exclude(pk__in=[row.pk for row in first])
    return [*first, *rest[: SHOWN - len(first)]]


def tasks(reach: Reach, show: str, now: datetime) -> dict[str, Any]:
    """A worker's own orders and tasks: to do, doing, done; late first."""
    mine = WorkOrder.objects.visible_to(reach).filter(worker_id=reach.person_id)
    live = list(mine.filter(TASKS["todo"] | TASKS["doing"]).select_related("ticket__unit", "ticket__place", "ticket__household").order_by("pk")[:200])
    todo = [work for work in live if work.stage in (WorkStage.OFFERED, WorkStage.TAKEN)]
    doing = [work for work in live if work not in todo]
    due = agenda.worked(reach, "todo", now, MOST_TASKS)
    show = show if show in TASKS else "doing" if doing and not todo and not due else "todo"
    rows = todo if show == "todo" else doing
    if show == "done":
        rows = list(mine.filter(TASKS["done"]).select_related("ticket__unit", "ticket__place", "ticket__household").order_by("-pk")[:DONE])
    cards = [(work.ticket.due_at or agenda.LAST, work, next_act(work, offered(WORK_ACTS, work, reach)), None) for work in rows]
    if show == "todo":
        cards += [(entry.due_at or agenda.LAST, None, None, entry) for entry in due]
    if show != "done":
        cards.sort(key=lambda card: card[0])
    else:
        cards += [(now, None, None, entry) for entry in agenda.worked(reach, "done", now, DONE)]
    return {"show": show, "cards": [card[1:] for card in cards], "todo": len(todo) + len(due), "doing": len(doing)}
