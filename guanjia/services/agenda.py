"""Service orders on 今日: a worker's own; the desk's that wait for a person or run late."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q

from guanjia.tickets.agenda import Entry

from .models import ServiceOrder

if TYPE_CHECKING:
    from datetime import datetime

    from guanjia.people.reach import Reach

SOON = timedelta(hours=2)


class Services:
    """The source that services register (guanjia/tickets/agenda.py)."""

    def pressing(self, reach: Reach, show: str, now: datetime, most: int) -> list[Entry]:
        rows = self._rows(reach)
        if show == "mine":
            rows = rows.filter(worker_id=reach.person_id)
        elif show == "late":
            rows = rows.filter(due_at__lt=now)
        elif show == "unassigned":
            rows = rows.filter(assigned_at__isnull=True)
        return self._entries(rows, most)

    def worked(self, reach: Reach, show: str, now: datetime, most: int) -> list[Entry]:
        """Those that wait for the household's answer are not to do; what is done leaves the list."""
        rows = self._rows(reach).filter(worker_id=reach.person_id)
        if show == "todo":
            return self._entries(rows.exclude(stage="quoted"), most)
        return self._entries(rows.filter(stage="quoted"), most) if show == "doing" else []

    def counts(self, reach: Reach, now: datetime) -> dict[str, int]:
        if not (reach.may("service.work") or reach.may("service.order")):
            return {}
        found: dict[str, int] = self._rows(reach).aggregate(
            open=Count("pk"), late=Count("pk", Q(due_at__lt=now)), soon=Count("pk", Q(due_at__gte=now, due_at__lt=now + SOON)),
            mine=Count("pk", Q(worker_id=reach.person_id)), unassigned=Count("pk", Q(assigned_at__isnull=True)),
        )  # fmt: skip
        return found

    def here(self, reach: Reach, spot: Any) -> list[Entry]:
        return []

    def _rows(self, reach: Reach) -> Any:
        if not (reach.may("service.work") or reach.may("service.order")):
            return ServiceOrder.objects.none()
        return ServiceOrder.objects.visible_to(reach).open()

    def _entries(self, rows: Any, most: int) -> list[Entry]:
        rows = rows.select_related("unit", "household").order_by("due_at", "pk")[:most]
        return [Entry("services/parts/agenda_line.html", "services/parts/agenda_card.html", row, row.due_at) for row in rows]
