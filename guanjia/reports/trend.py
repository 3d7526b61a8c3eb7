"""What a report's figures were in the periods before: as they were handed in then, counted anew where nothing was."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from .figures import figures_of
from .saying import translated

if TYPE_CHECKING:
    from datetime import date

    from .models import Report

PAST = 5  # periods before this one
# What is drawn; what a report does not have is left out.
COUNTS = ("tickets", "complaints", "complaints_valid", "vacant")
RATES = ("on_time_sla_classify", "on_time_sla_urgent_onsite", "on_time_sla_routine_response", "patrols", "rate")
# What is so now and was written down nowhere: a past period has it only where its report was handed in.
MOMENTARY = frozenset(("vacant", "households", "reachable", "in_hand", "in_hand_urgent", "in_hand_late", "to_call", "to_follow_up", "due_today", "due_left"))

Number = int | float | None


@dataclass(frozen=True)
class Chart:
    """`data` is what `c-chart` takes; `rows` the table beside it: label → values, as `names` has periods."""

    title: str
    names: list[str]
    rows: list[tuple[str, list[Number]]]
    data: dict[str, Any]


def before(begins: date, ends: date) -> tuple[date, date]:
    """The period just before one: whole months where it is of whole months, as many days otherwise."""
    if begins.day == 1 and ends.day == 1:
        months = (ends.year - begins.year) * 12 + ends.month - begins.month
        count = begins.year * 12 + begins.month - 1 - months
        return begins.replace(year=count // 12, month=count % 12 + 1), begins
    return begins - (ends - begins), begins


def spans(begins: date, ends: date, past: int = PAST) -> list[tuple[date, date]]:
    """This period and those before it, the oldest first."""
    found = [(begins, ends)]
    for _n in range(past):
        found.insert(0, before(*found[0]))
    return found


def label_of(begins: date, ends: date) -> str:
    """A period in few signs: 2026, 2026-10, 11-02."""
    if begins.day == 1 and ends.day == 1:
        return f"{begins:%Y}" if begins.month == ends.month else f"{begins:%Y-%m}"
    return f"{begins:%m-%d}"


def values(report: Report, past: int = PAST) -> list[dict[str, str]]:
    """Key → value of each period, this one last."""
    earlier = spans(report.begins, report.ends, past)[:-1]
    zone: Any = report.task.zone_id
    rows = type(report).objects.at_estate(report.estate_id).filter(key=report.key, task__zone_id=zone, begins__in=[span[0] for span in earlier], submitted_at__isnull=False)
    kept = {row.begins: row.figures for row in rows.only("begins", "figures", "estate_id").order_by("submitted_at")}
    found = [kept.get(span[0]) or _anew(report, *span) for span in earlier]
    return [{one["key"]: str(one["value"]) for one in figures} for figures in (*found, report.figures)]


def _anew(report: Report, begins: date, ends: date) -> list[dict[str, Any]]:
    found = figures_of(report.key, report.task.estate, begins, ends, report.task.zone_id)
    return [one for one in found if one["key"] not in MOMENTARY]


def charts(report: Report, said: list[dict[str, str]]) -> list[Chart]:
    """Counts and rates over the periods; nothing for what has fewer than two values."""
    names = [label_of(*span) for span in spans(report.begins, report.ends)]
    labels = {one["key"]: translated(one["label"]) for one in report.figures}
    found = []
    for title, unit, keys in ((_("数量"), "", COUNTS), (_("比率"), "%", RATES)):
        rows = [(labels[key], [number(each.get(key, ""), unit) for each in said]) for key in keys if key in labels]
        rows = [(label, row) for label, row in rows if sum(value is not None for value in row) > 1]
        if rows:
            data = {"kind": "line", "names": names, "unit": unit, "series": [{"name": label, "values": row} for label, row in rows]}
            found.append(Chart(title, names, rows, data))
    return found


def number(said: str, unit: str = "") -> Number:
    """`1,234.50`, `12`, or with the unit % `93.3%` as a number to draw; None for what is none."""
    if said.endswith("%") != (unit == "%"):
        return None
    try:
        value = Decimal(said.replace(",", "").removesuffix("%"))
    except InvalidOperation:
        return None
    return None if not value.is_finite() else int(value) if value == value.to_integral_value() else float(value)
