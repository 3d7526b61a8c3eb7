"""The rows an indicator of a month was counted from, to be looked at one by one (issue 6 line 6: source rows)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import F, Func, IntegerField
from django.utils.translation import gettext as _

from guanjia.tickets.models import Confirmation, Rating

from .models import Poll

if TYPE_CHECKING:
    from datetime import datetime

    from guanjia.estates.models import Estate

MOST = 200
MARK = {"speed": "speed", "solved": "result"}


def rows(estate: Estate, indicator: str, source: str, since: datetime, until: datetime) -> list[dict[str, Any]]:
    """when, what, number of a ticket or id of a poll, whether it counts as satisfied; newest first."""
    if source == "answers":
        return _answers(estate, since, until)
    if source == "calls":
        found = Confirmation.objects.filter(estate=estate, at__gte=since, at__lt=until).exclude(outcome="not_reached")
        calls = found.select_related("ticket").order_by("-at")[:MOST]
        return [{"at": row.at, "ticket": row.ticket, "words": row.get_outcome_display(), "good": row.outcome == "satisfied"} for row in calls]
    least: Any = Func("speed", "result", "attitude", function="LEAST", output_field=IntegerField())
    mark: Any = least if source == "ratings_all" else F(MARK.get(indicator, "result"))
    marks = Rating.objects.filter(estate=estate, at__gte=since, at__lt=until).annotate(mark=mark).select_related("ticket").order_by("-at")[:MOST]
    return [{"at": row.at, "ticket": row.ticket, "words": _("%(n)s 分") % {"n": row.mark}, "good": row.mark >= 4} for row in marks]


def _answers(estate: Estate, since: datetime, until: datetime) -> list[dict[str, Any]]:
    """Rounds, not answers: those given without a name stand only in their totals."""
    found = Poll.objects.at_estate(estate).filter(audience="household", closed_at__gte=since, closed_at__lt=until).order_by("-closed_at")
    return [{"at": row.closed_at, "poll": row, "words": row.title, "good": None} for row in found]
