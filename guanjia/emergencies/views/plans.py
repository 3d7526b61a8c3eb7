"""Plans and the contact tree: readable without signal, read and acknowledged version by version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia.people.roles import title_of
from guanjia.web.acting import act, carry_out
from guanjia.web.guard import needs
from guanjia.web.keepable import keepable

from ..book import emergency_book
from ..contacts import tree
from ..forms import PlanIssueForm, colleagues
from ..models import Plan, PlanReading
from .common import tabs, to

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def tasks_of(plan: Plan | None, kind: str) -> list[dict[str, Any]]:
    """The version's tasks, or the book's own: post, title, minutes."""
    rows: list[dict[str, Any]] = plan.tasks if plan else [{"role": task.role, "title": task.title, "minutes": task.minutes} for task in emergency_book().kinds[kind].tasks]
    return [{"post": title_of(row["role"]), "title": _(row["title"]), "minutes": row["minutes"]} for row in rows]


@needs()
def plans(request: HttpRequest) -> HttpResponse:
    newest, reach = Plan.objects.newest(request.estate), request.reach
    read = set(PlanReading.objects.at_estate(request.estate).filter(person_id=reach.person_id).values_list("plan_id", flat=True))
    rows = []
    for key, entry in emergency_book().kinds.items():
        plan = newest.get(key)
        rows.append({
            "key": key, "title": _(entry.title), "icon": entry.icon, "plan": plan, "read": plan is not None and plan.pk in read,
            "stale": plan is not None and plan.book_version < entry.version, "count": len(entry.tasks),
        })  # fmt: skip
    page = {"tabs": tabs(request, "plans"), "rows": rows, "contacts": reverse("emergencies:contacts", args=[request.estate.code])}
    return keepable(render(request, "emergencies/plans.html", page), reach)


@needs()
def plan(request: HttpRequest, kind: str) -> HttpResponse:
    return shown(request, kind, PlanIssueForm(initial=_words(request, kind)))


def _words(request: Any, kind: str) -> dict[str, str]:
    row = Plan.objects.newest(request.estate).get(kind)
    return {"words": row.words} if row else {}


def shown(request: Any, kind: str, form: PlanIssueForm, status: int = 200) -> HttpResponse:
    entry = emergency_book().kinds.get(kind)
    if entry is None:
        raise Http404
    row, reach = Plan.objects.newest(request.estate).get(kind), request.reach
    readers = set(row.readings.values_list("person_id", flat=True)) if row else set()
    staff = list(colleagues(request.estate)) if reach.may("emergency.review") and row else []
    page = {
        "kind": kind, "title": _(entry.title), "plan": row, "tasks": tasks_of(row, kind), "read": reach.person_id in readers, "notice": _(entry.notice),
        "calls": [(emergency_book().numbers[call].number, _(emergency_book().numbers[call].title)) for call in entry.calls], "form": form,
        "reviews": reach.may("emergency.review"), "stale": row is not None and row.book_version < entry.version, "staff": len(staff),
        "waiting": [person.name for person in staff if person.pk not in readers], "history": Plan.objects.at_estate(request.estate).filter(kind=kind).select_related("issued_by").order_by("-number"),
    }  # fmt: skip
    answer = render(request, "emergencies/plan.html", page, status=status)
    return keepable(answer, reach) if status == 200 else answer


@require_POST
@needs("emergency.review")
def issue(request: HttpRequest, kind: str) -> HttpResponse:
    form = PlanIssueForm(request.POST)
    done = carry_out(
        request, form, lambda said: Plan.objects.issue(kind, said["words"], by=request.reach), _("已发布新版，已通知全员阅读。"),
        lambda made: reverse("emergencies:plan", args=[request.estate.code, kind]),
    )  # fmt: skip
    return shown(request, kind, form, done) if isinstance(done, int) else done


@needs()
def plan_row(request: HttpRequest, pk: int) -> HttpResponse:
    """Where a message about a version leads: the plan as it stands."""
    row = get_object_or_404(Plan.objects.at_estate(request.estate), pk=pk)
    return to(request, "plan", row.kind)


@require_POST
@needs()
def reading(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Plan.objects.at_estate(request.estate), pk=pk)
    act(request, lambda: row.acknowledge(by=request.reach), _("已确认阅读。"))
    return to(request, "plan", row.kind)


@needs()
def contacts(request: HttpRequest) -> HttpResponse:
    book = emergency_book()
    page = {"tabs": tabs(request, "contacts"), "tree": tree(request.estate), "numbers": [(entry.number, _(entry.title)) for entry in book.numbers.values()]}
    return keepable(render(request, "emergencies/contacts.html", page), request.reach)
