"""满意度调查: the list and what the programme owes; a draft is built, previewed and published (COM-27 … COM-30, CF-07)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia import clock
from guanjia.duties.models import Task
from guanjia.tenancy.reading import row_id
from guanjia.web.acting import act
from guanjia.web.guard import needs

from ..book import programme, surveys_book
from ..forms import PollForm, QuestionForm, asked_of
from ..models import Poll
from .common import READERS, render, shown, to
from .poll import counts

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

SHOWN = 60


@needs(*READERS)
def polls(request: HttpRequest) -> HttpResponse:
    """Rounds, newest first; POST begins one from a template."""
    estate, reach = request.estate, request.reach
    if request.method == "POST":
        made: list[Poll] = []
        if act(request, lambda: made.append(Poll.objects.draft(estate, request.POST.get("template", ""), by=reach)), _("已起草，请核对后发布。")):
            return to(request, "poll", made[0].pk)
        return to(request, "polls")
    rows = list(Poll.objects.at_estate(estate).visible_to(reach).order_by("-begins_on", "-pk")[:SHOWN])
    told = counts(rows)
    templates = surveys_book().templates
    page = {
        "lines": [{"poll": row, "state": row.state(), **told[row.pk]} for row in rows],
        "due": _due(request),
        "templates": [(key, _(entry.title)) for key, entry in templates.items()],
    }
    return render(request, "surveys/polls.html", page)


def _due(request: Any) -> list[dict[str, Any]]:
    """Tasks of the programme that are open now, with the template that serves each."""
    now, found = clock.now(), programme()
    rows = Task.objects.at_estate(request.estate).visible_to(request.reach).open().filter(key__in=found, opens_at__lte=now, missed_at__isnull=True)
    serving = set(Poll.objects.at_estate(request.estate).filter(task__in=rows).values_list("task_id", flat=True))
    return [{"task": task, "template": found[task.key], "serving": task.pk in serving} for task in rows.select_related("duty").order_by("due_at")[:10]]


def draft_of(request: Any, pk: int) -> Poll:
    row: Poll = get_object_or_404(Poll.objects.at_estate(request.estate).select_related("version"), pk=pk)
    return row


def builder(request: Any, poll: Poll, form: Any = None, question: Any = None, status: int = 200) -> HttpResponse:
    """A draft: how it is set up, and its questions one by one."""
    asked = poll.asked
    lines = [
        {"name": name, "question": one, "form": question[1] if question and question[0] == name else QuestionForm(initial=asked_of(one), auto_id=f"id_{name}_%s")}
        for name, one in asked.items()
    ]
    page = {
        "poll": poll, "form": form or PollForm(poll=poll), "lines": lines, "opened": question[0] if question else "",
        "fresh": question[1] if question and not question[0] else QuestionForm(initial={"kind": "scale", "required": True}, auto_id="id_new_%s"),
    }  # fmt: skip
    return render(request, "surveys/builder.html", page, status=status)


@require_POST
@needs("poll.run")
def settings(request: HttpRequest, pk: int) -> HttpResponse:
    poll = draft_of(request, pk)
    form = PollForm(request.POST, poll=poll)
    if not form.is_valid():
        return builder(request, poll, form, status=422)
    act(request, lambda: poll.revise(by=request.reach, **form.said()), _("已保存。"))
    return to(request, "poll", pk)


@require_POST
@needs("poll.run")
def questions(request: HttpRequest, pk: int) -> HttpResponse:
    """Add, change, move or remove one question: `name` says which, `do` what."""
    poll = draft_of(request, pk)
    asked, name, do = poll.asked, request.POST.get("name", ""), request.POST.get("do", "keep")
    known = {key: one.model_dump() for key, one in asked.items()}
    if do in ("up", "down", "remove") and name in known:
        known = _moved(known, name, do)
    else:
        prefix = f"id_{name}_%s" if name in known else "id_new_%s"
        form = QuestionForm(request.POST, auto_id=prefix)
        if not form.is_valid():
            return builder(request, poll, question=(name if name in known else "", form), status=422)
        known[name if name in known else _fresh(known)] = form.question(asked.get(name))
    act(request, lambda: poll.revise(by=request.reach, questions=known), _("已保存。"))
    return to(request, "poll", pk)


def _fresh(known: dict[str, Any]) -> str:
    return next(name for n in range(1, 1000) if (name := f"q{n}") not in known)


def _moved(known: dict[str, Any], name: str, do: str) -> dict[str, Any]:
    order = list(known)
    at = order.index(name)
    order.pop(at)
    if do != "remove":
        order.insert(max(at - 1, 0) if do == "up" else at + 1, name)
    return {key: known[key] for key in order}


@needs("poll.run")
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """As its readers will see it; nothing is sent."""
    poll = draft_of(request, pk)
    return render(request, "surveys/preview.html", {"poll": poll, "questions": shown(poll.asked, {}, {})})


@require_POST
@needs("poll.run")
def publication(request: HttpRequest, pk: int) -> HttpResponse:
    poll = draft_of(request, pk)
    task = row_id(request.POST.get("task")) or 0
    found = programme()
    serves = Task.objects.at_estate(request.estate).visible_to(request.reach).open().filter(key__in=found).order_by("due_at")
    mine = serves.filter(pk=task).first() or next((one for one in serves.filter(opens_at__lte=clock.now()) if found[one.key] == poll.series), None)
    act(request, lambda: poll.publish(by=request.reach, task=mine), _("已发布，已通知要填的人。"))
    return to(request, "poll", pk)


@require_POST
@needs("poll.run")
def copying(request: HttpRequest, pk: int) -> HttpResponse:
    poll, made = draft_of(request, pk), []
    if act(request, lambda: made.append(poll.copy(by=request.reach)), _("已复制成草稿。")):
        return to(request, "poll", made[0].pk)
    return to(request, "poll", pk)


@require_POST
@needs("poll.run")
def dropping(request: HttpRequest, pk: int) -> HttpResponse:
    poll = draft_of(request, pk)
    return to(request, "polls") if act(request, lambda: poll.drop(by=request.reach), _("草稿已删除。")) else to(request, "poll", pk)
