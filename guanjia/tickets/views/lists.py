"""Tickets as a list, as a file and as a board."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import FileResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.estates.models import Zone
from guanjia.people.responsibility import holders
from guanjia.people.roles import Role
from guanjia.web.guard import needs

from .. import workbench
from ..exporting import LIMIT, workbook
from ..kinds import Channel, Kind, Klass, Stage
from ..lines import lines
from ..lists import ListQuery

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

COLUMN = 12  # cards of a column before “more”


@needs()
def tickets(request: HttpRequest) -> HttpResponse:
    """Filters, search, sort and page stand in the address: it can be kept and sent."""
    reach = request.reach
    query = ListQuery(reach, request.GET, clock.now())
    page = query.page()
    shown = {
        "query": query, "page": page, "lines": lines(page.rows, reach), "counts": workbench.counts(reach, query.now),
        "cap": workbench.CAP, "filters": _filters(query), "narrowed": bool(query.picked or request.GET.get("period")),
        "search_url": request.path, "may_export": reach.may("household.read"), "steward_words": _steward_words(query),
    }  # fmt: skip
    return render(request, "tickets/list.html", shown)


def _filters(query: ListQuery) -> list[dict[str, Any]]:
    """The choices above the list: name, label, (value, words, chosen)."""
    reach = query.reach
    people = [] if reach.sees == "own" else [(str(person.pk), person.name) for person in holders(reach.estate, Role.STEWARD)]
    zones = [] if reach.sees == "own" else [(str(zone.pk), zone.name) for zone in Zone.objects.at_estate(reach.estate)]
    periods = [("7", _("近 7 天")), ("30", _("近 30 天")), ("90", _("近 90 天")), ("365", _("近一年")), ("all", _("不限"))]
    offered: list[tuple[str, str, Any]] = [
        ("stage", _("状态"), Stage.choices), ("klass", _("级别"), Klass.choices), ("kind", _("性质"), Kind.choices),
        ("zone", _("片区"), zones), ("channel", _("渠道"), Channel.choices), ("steward", _("管家"), people), ("period", _("报事时间"), periods),
    ]  # fmt: skip
    chosen = {name: str(value) for name, value in query.picked.items()} | {"period": query.period}
    return [
        {"name": name, "label": label, "choices": [(value, words, chosen.get(name) == value) for value, words in choices], "any": name != "period"}
        for name, label, choices in offered
        if len(choices) > 1
    ]


def _steward_words(query: ListQuery) -> str:
    """A building chosen on the plan has no filter box: say it in words."""
    from guanjia.estates.models import Building

    building = query.picked.get("building")
    return str(Building.objects.at_estate(query.reach.estate).filter(pk=building).first() or "") if building else ""


@needs("household.read")
def export(request: HttpRequest) -> HttpResponse | FileResponse:
    """The same list as an Excel file, telephones masked; too many rows are refused with a word on how to narrow."""
    query = ListQuery(request.reach, request.GET, clock.now())
    made = workbook(query)
    if made is None:
        messages.warning(request, _("超过 %(limit)s 单，没有导出。请缩短报事时间或增加筛选条件。") % {"limit": f"{LIMIT:,}"})
        return redirect(f"{reverse('tickets:list', args=[request.estate.code])}?{request.GET.urlencode()}")
    name = _("报事 %(day)s.xlsx") % {"day": f"{clock.today(request.estate):%Y-%m-%d}"}
    answer = FileResponse(made, as_attachment=True, filename=name)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@needs("ticket.dispatch")
def board(request: HttpRequest) -> HttpResponse:
    """The open tickets by stage, the most pressing first in each column."""
    reach = request.reach
    numbers, rows = workbench.board(reach, COLUMN)
    columns = [
        {"stage": stage, "label": Stage(stage).label, "count": numbers[stage], "lines": lines(rows[stage], reach), "more": max(numbers[stage] - len(rows[stage]), 0)}
        for stage in rows
    ]
    page = {"columns": columns, "cap": workbench.CAP, "search_url": reverse("tickets:list", args=[request.estate.code])}
    part = "#live" if request.htmx and not request.htmx.boosted else ""
    return render(request, f"tickets/board.html{part}", page)
