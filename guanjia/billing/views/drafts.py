"""规定与合同: what is drafted, who joined, what was approved (FIN-05, FIN-11). Every verb is a POST to a noun."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia.billing.drafting_forms import DraftForm, PartForm, WordForm, kinds_of
from guanjia.billing.models import Draft
from guanjia.events.models import Event
from guanjia.people.models import Person
from guanjia.rulebooks.parameters import entry_of
from guanjia.rulebooks.saying import said as worded
from guanjia.tenancy.reading import row_id
from guanjia.web.acting import carry_out
from guanjia.web.guard import needs

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

PAGE = 30
READS = ("draft.write", "draft.finance", "draft.judge")


@needs(*READS)
def drafts(request: HttpRequest) -> HttpResponse:
    """What waits first, then the newest; by kind and state."""
    rows = Draft.objects.visible_to(request.reach)
    kind, state = request.GET.get("kind", ""), request.GET.get("state", "")
    waiting = list(rows.filter(state__in=("drafted", "asked")).order_by("state", "pk")[:PAGE]) if not (kind or state) else []
    rows = rows.filter(kind=kind) if kind in Draft.Kind.values else rows
    rows = rows.filter(state=state) if state in Draft.State.values else rows
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows.order_by("-pk")[: PAGE + 1])
    people = Person.objects.in_bulk([row.author_id for row in [*waiting, *found]])
    page = {
        "rows": [{"row": row, "author": people.get(row.author_id)} for row in found[:PAGE]], "waiting": [{"row": row, "author": people.get(row.author_id)} for row in waiting], "kind": kind, "state": state, "kinds": Draft.Kind.choices,
        "states": Draft.State.choices, "older": found[PAGE - 1].pk if len(found) > PAGE else None, "may_write": bool(kinds_of(request.reach)),
    }  # fmt: skip
    return render(request, "billing/drafts.html", page)


@needs("draft.write", "draft.finance")
def new(request: HttpRequest) -> HttpResponse:
    form = DraftForm(request.POST if request.method == "POST" else None, reach=request.reach, initial={"kind": request.GET.get("kind", "")})
    status: Any = 200
    if request.method == "POST":
        status = carry_out(
            request, form, lambda data: Draft.objects.write(request.estate, data["kind"], by=request.reach, **form.said()), _("已保存。"), lambda made: _there(request, made.pk)
        )  # fmt: skip
    return render(request, "billing/draft_edit.html", {"form": form}, status=status) if isinstance(status, int) else status


@needs("draft.write", "draft.finance")
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """A new revision, by its author."""
    row = _row(request, pk)
    if row.author_id != request.reach.person_id:
        raise Http404
    form = DraftForm(request.POST if request.method == "POST" else None, reach=request.reach, draft=row)
    status: Any = 200
    if request.method == "POST":
        status = carry_out(request, form, lambda _data: row.revise(by=request.reach, **form.said()), _("已保存，请重新会签。"), lambda _made: _there(request, pk))
    return render(request, "billing/draft_edit.html", {"form": form, "draft": row}, status=status) if isinstance(status, int) else status


@needs(*READS)
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """The text, what it sets, who joined in which revision, and what the reader can do now."""
    row, reach = _row(request, pk), request.reach
    parts = list(row.parts.order_by("-pk"))
    people = Person.objects.in_bulk([row.author_id, row.judge_id, *(part.person_id for part in parts)])
    mine, entry = row.author_id == reach.person_id, {key: entry_of(key, request.estate.company_id) for key, _value in row.settings}
    joined = any(part.person_id == reach.person_id and part.revision == row.revision for part in parts)
    page = {
        "draft": row, "author": people.get(row.author_id), "judge": people.get(row.judge_id), "parts": [{"row": part, "who": people.get(part.person_id)} for part in parts],
        "settings": [(_(entry[key].title), worded(entry[key], value), _(entry[key].unit) if entry[key].unit else "") for key, value in row.settings],
        "mine": mine, "may_ask": mine and row.state == "drafted", "ready": row.joined_by_finance, "may_edit": mine and row.state in ("drafted", "refused"),
        "may_withdraw": mine and row.state in ("drafted", "asked", "refused"), "part_form": PartForm(), "word_form": WordForm(),
        "may_join": row.state == "drafted" and not mine and not joined and (reach.may("draft.finance") or reach.may("draft.judge")),
        "may_judge": row.state == "asked" and not mine and reach.may("draft.judge") and not (row.finance and reach.may("draft.finance")),
        "events": [{"at": event.at, "sentence": event.sentence} for event in Event.objects.about(row)],
    }  # fmt: skip
    return render(request, "billing/draft.html", page)


@require_POST
@needs("draft.finance", "draft.judge")
def part(request: HttpRequest, pk: int) -> HttpResponse:
    """Join the drafting."""
    row = _as_read(request, pk)
    return _done(request, PartForm(request.POST), lambda data: row.join(data["agrees"] == "yes", data["words"], by=request.reach), _("已会签。"), pk)


@require_POST
@needs("draft.write", "draft.finance")
def submission(request: HttpRequest, pk: int) -> HttpResponse:
    row = _row(request, pk)
    return _done(request, None, lambda _data: row.ask(by=request.reach), _("已报批。"), pk)


@require_POST
@needs("draft.write", "draft.finance")
def withdrawal(request: HttpRequest, pk: int) -> HttpResponse:
    row = _row(request, pk)
    return _done(request, None, lambda _data: row.withdraw(by=request.reach), _("已撤回。"), pk)


@require_POST
@needs("draft.judge")
def verdict(request: HttpRequest, pk: int) -> HttpResponse:
    """The superior's word."""
    row = _as_read(request, pk)
    return _done(request, WordForm(request.POST), lambda data: row.judge_it(data["verdict"] == "yes", words=data["words"], by=request.reach), _("已审批。"), pk)


def _as_read(request: Any, pk: int) -> Draft:
    """As it stood on the reader's page: a word about a revision that was changed meanwhile is refused by the verb."""
    row = _row(request, pk)
    row.revision = row_id(request.POST.get("revision", "")) or row.revision
    return row


def _row(request: Any, pk: int) -> Draft:
    found: Draft = get_object_or_404(Draft.objects.visible_to(request.reach).select_related("estate", "supplier"), pk=pk)
    return found


def _there(request: Any, pk: int) -> str:
    return reverse("billing:draft_paper", args=[request.estate.code, pk])


def _done(request: Any, form: Any, act: Any, said: str, pk: int) -> HttpResponse:
    """Back to the draft with what came of it."""
    form = form or WordForm({"verdict": "yes"})
    answer = carry_out(request, form, act, said, lambda _made: _there(request, pk))
    if isinstance(answer, int):
        messages.error(request, " ".join(map(str, form.non_field_errors())) or _("没有保存，请检查填写的内容。"))
        return redirect(_there(request, pk))
    return answer
