"""空置房清册: each vacant house with its last check, the next, its defects, and the months in figures (VAC-06, VAC-07)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404, render

from guanjia import clock
from guanjia.web.guard import needs

from ..models import Record, Task
from ..sampling import KEY
from ..vacancy import EMPTY, counted, empty_units, houses, months
from .patrols import tabs

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

SHOWN = 50


@needs()
def register(request: HttpRequest) -> HttpResponse:
    """By zone and house; late ones first with `?show=late`, those with defects with `?show=defects`."""
    reach, now = request.reach, clock.now()
    show = request.GET.get("show", "all")
    units = empty_units(reach).select_related("zone").order_by("code")
    if show == "defects":
        units = units.filter(pk__in=_with_defects(reach))
    elif show == "late":
        units = units.filter(
            pk__in=Task.objects.at_estate(reach.estate)
            .open()
            .filter(unit__isnull=False, duty__form="vacant_unit_check", due_at__lt=now)
            .values("unit_id")
        )
    after = request.GET.get("after", "")
    page = list(units.filter(code__gt=after)[: SHOWN + 1] if after else units[: SHOWN + 1])
    samples = (
        Task.objects.at_estate(reach.estate)
        .visible_to(reach)
        .filter(key=KEY, day=clock.today(reach.estate, now).replace(day=1))
    )
    context = {
        "houses": houses(reach, page[:SHOWN]), "next": page[SHOWN - 1].code if len(page) > SHOWN else "", "show": show, "counts": counted(reach),
        "months": months(reach, clock.today(reach.estate, now)), "samples": samples.select_related("unit", "person").order_by("done_at", "unit__code"), **tabs(reach),
    }  # fmt: skip
    return render(request, "duties/vacant.html", context)


def _with_defects(reach: object) -> list[int]:
    from .patrols import seen

    return list(seen(reach).filter(subject_kind="unit", mended_at__isnull=True).values_list("subject_id", flat=True))


@needs()
def unit(request: HttpRequest, pk: int) -> HttpResponse:
    """One vacant house: every check of it, newest first."""
    row = get_object_or_404(empty_units(request.reach).select_related("zone"), pk=pk)
    records = (
        Record.objects.visible_to(request.reach)
        .filter(task__unit=row)
        .select_related("task__duty", "by")
        .prefetch_related("findings")
        .order_by("-done_at")
    )
    return render(
        request,
        "duties/vacant_unit.html",
        {"unit": row, "house": houses(request.reach, [row])[0], "records": records[:SHOWN], "empty": EMPTY},
    )
