"""What stands behind a figure, each row with its words and its page, as far as the reader sees it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from guanjia.care.models import Visit
from guanjia.duties.models import Record, Task
from guanjia.emergencies.models import Fire
from guanjia.estates.models import Building, Unit
from guanjia.quality.models import Inspection
from guanjia.surveys.models import Poll
from guanjia.tickets.models import Ticket
from guanjia.training.models import Exam

if TYPE_CHECKING:
    from guanjia.people.reach import Reach


def linked(rows: list[dict[str, Any]], reach: Reach) -> list[dict[str, Any]]:
    """Rows with `title`, `url`, `place`; at most one statement a noun. What the reader may not see is left out."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        wanted[row["noun"]].add(row["pk"])
    known = {(noun, pk): said for noun, ids in wanted.items() for pk, said in FINDERS[noun](reach, ids).items()}
    return [row | known[row["noun"], row["pk"]] for row in rows if (row["noun"], row["pk"]) in known]


def _tickets(reach: Reach, ids: set[int]) -> dict[int, dict[str, Any]]:
    rows = Ticket.objects.visible_to(reach).filter(pk__in=ids).select_related("unit", "place")
    return {row.pk: {"title": f"{row.number} {row.title}", "place": row.location, "url": reverse("tickets:show", args=[reach.estate.code, row.number])} for row in rows}


def _tasks(reach: Reach, ids: set[int]) -> dict[int, dict[str, Any]]:
    rows = Task.objects.at_estate(reach.estate).visible_to(reach).filter(pk__in=ids).select_related("duty")
    return {row.pk: {"title": row.title, "place": f"{row.day:%m-%d}", "url": reverse("duties:task", args=[reach.estate.code, row.pk])} for row in rows}


def _records(reach: Reach, ids: set[int]) -> dict[int, dict[str, Any]]:
    rows = Record.objects.visible_to(reach).filter(pk__in=ids).select_related("task__duty")
    return {row.pk: {"title": row.task.title, "place": "", "url": reverse("duties:record", args=[reach.estate.code, row.pk])} for row in rows}


def _visits(reach: Reach, ids: set[int]) -> dict[int, dict[str, Any]]:
    rows = Visit.objects.visible_to(reach).filter(pk__in=ids).select_related("household", "unit")
    return {
        row.pk: {"title": str(row.unit or row.household), "place": f"{row.planned_on:%m-%d}" if row.planned_on else "", "url": reverse("care:home", args=[reach.estate.code, row.household_id])}
        for row in rows
    }  # fmt: skip


def _units(reach: Reach, ids: set[int]) -> dict[int, dict[str, Any]]:
    rows = Unit.objects.at_estate(reach.estate).filter(pk__in=ids)
    rows = rows if reach.sees == "estate" else rows.filter(zone_id__in=reach.zones)
    return {row.pk: {"title": row.code, "place": "", "url": ""} for row in rows} if reach.may("bill.read") else {}


def _buildings(reach: Reach, ids: set[int]) -> dict[int, dict[str, Any]]:
    rows = Building.objects.at_estate(reach.estate).filter(pk__in=ids)
    return {row.pk: {"title": str(row), "place": "", "url": reverse("duties:patrols", args=[reach.estate.code])} for row in rows}


def _inspections(reach: Reach, ids: set[int]) -> dict[int, dict[str, Any]]:
    rows = Inspection.objects.visible_to(reach).filter(pk__in=ids)
    return {row.pk: {"title": row.title, "place": row.way, "url": reverse("quality:inspection", args=[reach.estate.code, row.pk])} for row in rows}


def _polls(reach: Reach, ids: set[int]) -> dict[int, dict[str, Any]]:
    rows = Poll.objects.at_estate(reach.estate).visible_to(reach).filter(pk__in=ids)
    opens = reach.may("poll.run") or reach.may("opinion.read")
    return {row.pk: {"title": row.title, "place": f"{row.ends_on:%m-%d}", "url": reverse("surveys:poll", args=[reach.estate.code, row.pk]) if opens else ""} for row in rows}


def _exams(reach: Reach, ids: set[int]) -> dict[int, dict[str, Any]]:
    rows = Exam.objects.at_estate(reach.estate).filter(pk__in=ids)
    url = "training:exam" if reach.may("training.manage") else ""
    return {row.pk: {"title": row.title, "place": "", "url": reverse(url, args=[reach.estate.code, row.pk]) if url else ""} for row in rows}


def _fires(reach: Reach, ids: set[int]) -> dict[int, dict[str, Any]]:
    rows = Fire.objects.visible_to(reach).filter(pk__in=ids).select_related("unit", "building")
    return {row.pk: {"title": f"{row.number} {row.words}", "place": row.place, "url": reverse("emergencies:fire", args=[reach.estate.code, row.pk])} for row in rows}


FINDERS = {
    "ticket": _tickets, "task": _tasks, "record": _records, "visit": _visits, "unit": _units, "building": _buildings, "inspection": _inspections, "poll": _polls, "exam": _exams, "fire": _fires,
}  # fmt: skip
