"""What the pages share."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.keys.models import Autograph

from ..book import moves_book, step_title, wanted
from ..models import Handover, Move
from ..models.papered import part_of

if TYPE_CHECKING:
    from django.http import HttpResponse


def to(request: Any, name: str, *args: Any) -> HttpResponse:
    return redirect(reverse(f"moves:{name}", args=[request.estate.code, *args]))


def day_of(request: Any) -> date:
    today = clock.today(request.estate)
    try:
        found = date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return today
    return found if 2000 <= found.year < 2100 else today


def handover_of(request: Any, pk: int) -> Handover:
    rows = Handover.objects.visible_to(request.reach).select_related("unit__estate", "household", "estate__company")
    row: Handover = get_object_or_404(rows, pk=pk)
    return row


def move_of(request: Any, pk: int) -> Move:
    row: Move = get_object_or_404(Move.objects.visible_to(request.reach).select_related("unit", "household", "estate__company"), pk=pk)
    return row


def about(row: Handover) -> dict[str, Any]:
    """What both faces of a handover show: its steps, papers, agreements, rooms."""
    done, signed, book = row.done(), Autograph.objects.under(row), moves_book()
    have = {paper.key: paper for paper in row.papers.select_related("document")}
    now = next((step for step, is_done in done.items() if not is_done), "")
    over = row.stage != "booked"
    state = {step: "done" if is_done else "now" if step == now and not over else "todo" for step, is_done in done.items()}
    steps: list[dict[str, Any]] = [{"label": _("预约"), "state": "done", "note": f"{row.day:%m-%d} {row.hour:%H:%M}"}]
    steps += [{"label": step_title(step), "state": state[step], "note": row.waived.get(step, "")} for step in done]
    steps.append({"label": _("办结"), "state": "done" if row.done_at else "now" if not now and not over else "todo", "at": row.done_at})
    looks = {(look.room, look.point): look for look in row.looks.select_related("ticket")}
    return {
        "handover": row, "steps": steps, "done": done, "left": [step_title(step) for step, is_done in done.items() if not is_done],
        "papers": [(key, _(title), have.get(key), must) for key, (title, must) in wanted(row.direction, row.let).items()],
        "agreements": [(key, _(entry.title), signed.get(part_of(key))) for key, entry in book.agreements.items()] if "agreements" in done else [],
        "rooms": [
            (key, _(entry.title), [(point, _(book.points[point].title), looks.get((key, point))) for point in entry.points], all((key, point) in looks for point in entry.points))
            for key, entry in book.rooms.items()
        ] if "acceptance" in done else [],
        "defects": [look for look in looks.values() if look.verdict == "bad"], "signed": signed,
    }  # fmt: skip
