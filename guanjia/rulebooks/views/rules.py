"""The rules in force at an estate: limits with their ladders, and the parameters that move them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.people.models import Person
from guanjia.web.guard import needs

from ..books import books
from ..limits import limits
from ..models import Parameter
from ..parameters import entry_of, parameter
from ..saying import minutes, said
from ..schema import calendars_book, limits_book, parameters_book, switches_book
from ..words import MOMENTS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest, HttpResponse


@needs("rule.change", "report.read")
def rules(request: HttpRequest) -> HttpResponse:
    """What holds now, where it comes from, and what was changed."""
    now = clock.now()
    active = {limit.key: limit for limit in limits(request.estate, now)}
    shown = [_limit(request, key, entry, active.get(key)) for key, entry in limits_book().limits.items()]
    page = {
        "limits": shown,
        "switches": _settings(request, switches_book().parameters, now),
        "changes": _changes(request),
    }
    page["books"] = [
        {"title": _(book.title), "figures": _settings(request, book.figures, now)} for book in books().values()
    ]
    return render(request, "rulebooks/rules.html", page)


def _settings(request: Any, keys: Iterable[str], now: Any) -> list[dict[str, Any]]:
    """Each parameter with what holds now."""
    entries = {key: parameters_book().parameters[key] for key in keys}
    return [
        {
            "key": key, "title": _(entry.title), "value": said(entry, parameter(request.estate, key, now)),
            "unit": _(entry.unit) if entry.unit else "", "rows": "、".join(entry.rows),
            "later": _(entry.register_only) if entry.register_only else "",
        }
        for key, entry in entries.items()
    ]  # fmt: skip


def _limit(request: Any, key: str, entry: Any, limit: Any) -> dict[str, Any]:
    told = [] if limit is None else [f"{minutes(after)} {_TELLS[tell]()}" for after, tell in limit.rungs(limit.within)]
    return {
        "key": key, "setting": entry.follows or f"limit.{key}.within", "title": _(entry.title), "on": limit is not None, "source": entry.source, "rows": "、".join(entry.rows),
        "within": minutes(limit.within) if limit else "", "ladder": "　".join(told),
        "calendar": _(calendars_book().calendars[limit.calendar].title) if limit else "",
        "starts": "、".join(_(MOMENTS.get(name, name)) for name in limit.starts_on) if limit else "",
        "stops": "、".join(_(MOMENTS.get(name, name)) for name in limit.stops_on) if limit else "",
    }  # fmt: skip


def _changes(request: Any) -> list[dict[str, Any]]:
    rows = list(
        Parameter.objects.filter(company_id=request.estate.company_id, estate=request.estate).order_by("-valid_from")[
            :20
        ]
    ) + list(
        Parameter.objects.filter(company_id=request.estate.company_id, estate__isnull=True).order_by("-valid_from")[:20]
    )
    people = Person.objects.in_bulk([row.author_id for row in rows if row.author_id])
    return [
        {
            "row": row,
            "title": _(entry_of(row.key, row.company_id).title),
            "value": said(entry_of(row.key, row.company_id), row.value),
            "who": people.get(row.author_id),
        }
        for row in sorted(rows, key=lambda row: row.valid_from, reverse=True)
    ]


_TELLS = {
    "responsible": lambda: _("责任人"), "deputy": lambda: _("代班"), "dispatcher": lambda: _("调度员"), "supervisor": lambda: _("专业主管"),
    "manager": lambda: _("项目经理"), "company": lambda: _("公司"),
}  # fmt: skip
