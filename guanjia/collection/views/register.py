"""《物管费催收记录表》: contact by contact, a quarter with one line a household, as Excel; and the reasons for not paying."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.http import FileResponse
from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.estates.models import Zone
from guanjia.people.models import Person
from guanjia.tenancy.reading import row_id
from guanjia.web.guard import needs

from ..kinds import Contact, Reason
from ..models import Chase
from ..reasons import by_reason
from ..register import RegisterQuery
from ..sheet import workbook

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

PAGE = 50


@needs("chase.act")
def register(request: HttpRequest) -> HttpResponse:
    """Every contact that fits the filters, the newest first; `view=homes`: the quarter by household."""
    query = RegisterQuery(request.reach, request.GET, clock.now())
    homes = request.GET.get("view") == "homes"
    page = {
        "query": query, "homes": homes, "reasons": Reason.choices, "contacts": Contact.choices, "today": query.today,
        "zones": Zone.objects.at_estate(request.reach.estate).order_by("code") if request.reach.sees == "estate" else [],
    } | (_homes(request, query) if homes else _entries(request, query))  # fmt: skip
    return render(request, "collection/register_homes.html" if homes else "collection/register.html", page)


@needs("chase.act")
def register_file(request: HttpRequest) -> FileResponse:
    """Both readings as one Excel file, by the same filters."""
    query = RegisterQuery(request.reach, request.GET, clock.now())
    name = f"{_('物管费催收记录表')}-{query.first:%Y-%m}.xlsx"
    return FileResponse(workbook(query), as_attachment=True, filename=name)


def _entries(request: HttpRequest, query: RegisterQuery) -> dict[str, Any]:
    rows = query.entries()
    if last := Chase.objects.visible_to(request.reach).filter(pk=row_id(request.GET.get("before", "")) or 0).first():
        rows = rows.before(last)
    found = list(rows[: PAGE + 1])
    people = Person.objects.in_bulk({row.author_id for row in found})
    return {
        "rows": [{"row": row, "author": people.get(row.author_id)} for row in found[:PAGE]],
        "older": found[PAGE - 1].pk if len(found) > PAGE else None,
    }


def _homes(request: HttpRequest, query: RegisterQuery) -> dict[str, Any]:
    found, start = query.homes(), min(row_id(request.GET.get("from", "")) or 0, 100_000)
    more = len(found) > start + PAGE
    owing = [home for home in found if home.owes > 0]
    return {
        "rows": [(home, list(zip(query.heads(), home.windows, strict=True))) for home in found[start : start + PAGE]], "chased": len(found), "next": start + PAGE if more else None, 
        "paid": len(found) - len(owing), "owing": len(owing), "owed": sum((home.owes for home in owing), Decimal("0.00")),
    }  # fmt: skip


@needs("chase.act")
def reasons(request: HttpRequest) -> HttpResponse:
    """欠费原因分析 as of any day; the chart leaves out who was not reached yet: they would dwarf the rest (FEE-16, F-90)."""
    today = clock.today(request.reach.estate)
    with suppress(ValueError):
        today = min(parse_date(request.GET.get("on", "")) or today, today)
    rows = by_reason(request.reach, today)
    labels = {"": _("还没有联系")} | {str(value): str(label) for value, label in Reason.choices}
    said = [row for row in rows if row.reason]
    series = [{"name": _("欠缴（元）"), "values": [float(row.owed) for row in said], "tone": "soon"}]
    page = {
        "rows": [(row, labels[row.reason]) for row in rows], "chart": {"kind": "bars", "names": [labels[row.reason] for row in said], "unit": _("元"), "series": series},
        "total": sum((row.owed for row in rows), Decimal("0.00")), "debtors": sum(row.households for row in rows), "today": today,
    }  # fmt: skip
    return render(request, "collection/reasons.html", page)
