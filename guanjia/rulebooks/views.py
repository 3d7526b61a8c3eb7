"""The rules in force at an estate: limits with their ladders, and the parameters that move them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.people.models import CompanyPost, Person
from guanjia.tenancy.errors import Refused
from guanjia.web.guard import needs

from .books import books
from .forms import ParameterForm
from .limits import limits
from .models import Parameter
from .parameters import entry_of, parameter
from .schema import calendars_book, limits_book, parameters_book, switches_book
from .words import MOMENTS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest


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


@needs("rule.change")
def change(request: HttpRequest, key: str) -> HttpResponse:
    """Set one parameter for this estate, or for the company by one of its own people."""
    try:
        entry = entry_of(key)
    except KeyError as unknown:
        raise Http404 from unknown
    value = parameter(request.estate, key, clock.now())
    form = ParameterForm(request.POST if request.method == "POST" else None, entry=entry, now=value)
    if not _is_companys(request):
        del form.fields["company_wide"]
    if form.is_bound and form.is_valid() and _set(request, key, form):
        return redirect("rulebooks:rules", request.estate.code)
    page = {"form": form, "title": _(entry.title), "value": _said(entry, value)}
    return render(request, "rulebooks/change.html", page, status=422 if form.errors else 200)


def _set(request: Any, key: str, form: ParameterForm) -> bool:
    said = form.cleaned_data
    where = {"company": request.estate.company} if said.get("company_wide") else {"estate": request.estate}
    try:
        Parameter.objects.set(
            key, said["value"], by=request.reach, reason=said["reason"], valid_from=said["valid_from"], **where
        )
    except Refused as refused:
        form.add_error("valid_from" if refused.code == "in_the_past" else "value", str(refused))
        return False
    messages.success(request, _("已调整，以前的单子仍按原来的规则。"))
    return True


def _is_companys(request: Any) -> bool:
    today = clock.today(request.estate)
    return CompanyPost.objects.filter(
        company_id=request.estate.company_id, person=request.user, during__contains=today
    ).exists()


def _settings(request: Any, keys: Iterable[str], now: Any) -> list[dict[str, Any]]:
    """Each parameter with what holds now."""
    entries = {key: parameters_book().parameters[key] for key in keys}
    return [
        {
            "key": key, "title": _(entry.title), "value": _said(entry, parameter(request.estate, key, now)),
            "unit": _(entry.unit) if entry.unit else "", "rows": "、".join(entry.rows),
            "later": _(entry.register_only) if entry.register_only else "",
        }
        for key, entry in entries.items()
    ]  # fmt: skip


def _limit(request: Any, key: str, entry: Any, limit: Any) -> dict[str, Any]:
    told = [] if limit is None else [f"{_minutes(after)} {_TELLS[tell]()}" for after, tell in limit.rungs(limit.within)]
    return {
        "key": key, "setting": entry.follows or f"limit.{key}.within", "title": _(entry.title), "on": limit is not None, "source": entry.source, "rows": "、".join(entry.rows),
        "within": _minutes(limit.within) if limit else "", "ladder": "　".join(told),
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
            "title": _(entry_of(row.key).title),
            "value": _said(entry_of(row.key), row.value),
            "who": people.get(row.author_id),
        }
        for row in sorted(rows, key=lambda row: row.valid_from, reverse=True)
    ]


def _said(entry: Any, value: Any) -> str:
    if entry.type == "flag":
        return _("启用") if value else _("停用")
    if value is None:
        return _("待公司填定")
    return _(entry.choices[value]) if value in entry.choices else str(value)


def _minutes(span: timedelta) -> str:
    """30 分钟, 2 小时, 1 天 12 小时."""
    minutes = int(span.total_seconds() // 60)
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [(days, _("%d 天")), (hours, _("%d 小时")), (rest, _("%d 分钟"))]
    return " ".join(words % count for count, words in parts if count) or _("即时")


_TELLS = {
    "responsible": lambda: _("责任人"), "deputy": lambda: _("代班"), "dispatcher": lambda: _("调度员"), "supervisor": lambda: _("专业主管"),
    "manager": lambda: _("项目经理"), "company": lambda: _("公司"),
}  # fmt: skip
