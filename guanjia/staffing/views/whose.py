"""责任: who answered for a home on a day, in every role (design decision 6)."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from guanjia import clock
from guanjia.estates.models import Zone
from guanjia.people.responsibility import answered_for
from guanjia.people.roles import Role, title_of, works_as
from guanjia.web.guard import needs

from ..finding import unit_for
from .common import day_of, render

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

ORDER = [Role.STEWARD, Role.ASSISTANT_STEWARD, Role.REPAIRER, Role.CLEANER, Role.ORDER_LEADER, Role.ORDER_KEEPER]


@needs()
def whose(request: HttpRequest) -> HttpResponse:
    """`?q=3-2-501&on=2026-03-12`: the zone it belonged to then, and everybody who answered for it."""
    asked, today = request.GET.get("q", "").strip()[:60], clock.today(request.estate)
    on = day_of(request.GET.get("on", ""), today)
    unit = unit_for(request.estate, asked) if asked else None
    page: dict[str, Any] = {"q": asked, "on": on, "today": today, "unit": unit}
    if unit:
        zone, answers = answered_for(request.estate, unit.pk, on)
        page["zone"] = Zone.objects.at_estate(request.estate).filter(pk=zone).first() if zone else None
        page["steward"] = next(
            (row for row in answers if row.role == Role.STEWARD and (row.cover or not row.away)), None
        )
        page["groups"] = _grouped(answers)
    return render(request, "staffing/whose.html", page, status=404 if asked and not unit else 200)


def _grouped(answers: list[Any]) -> list[tuple[str, list[Any]]]:
    """By role: those nearest to the home first, then the house's offices."""
    place = {role: number for number, role in enumerate(ORDER)}

    def rank(row: Any) -> tuple[int, str]:
        return place.get(works_as(row.role), len(ORDER)), row.role  # type: ignore[call-overload]

    return [(title_of(role), list(rows)) for (_n, role), rows in groupby(sorted(answers, key=rank), rank)]
