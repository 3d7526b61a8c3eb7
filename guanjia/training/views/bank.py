"""题库: questions with their keys, for who manages trainings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia.tenancy.errors import Refused
from guanjia.web.acting import act
from guanjia.web.guard import needs

from ..book import choices, group_titles, title
from ..forms import QuestionForm
from ..models import Question
from ..spelling import as_typed, choices_from, key_from, key_words
from ..starter import take_starter
from .common import render, to

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

SHOWN = 300
BESIDE = {"code_missing": "code", "bad_key": "key", "bad_choices": "choices", "bad_stem": "stem"}


@needs("training.manage")
def bank(request: HttpRequest) -> HttpResponse:
    words, topic = request.GET.get("q", "").replace("\x00", "")[:60].strip(), request.GET.get("topic", "")
    rows = Question.objects.at_estate(request.estate).live().found(words).order_by("topic", "code")
    if topic in dict(choices("topics")):
        rows = rows.filter(topic=topic)
    found = list(rows[:SHOWN])
    for row in found:
        row.topic_title, row.audience = title("topics", row.topic), group_titles(row.groups)
        row.key_words = key_words(row.kind, row.key) if row.key else ""
    page = {"rows": found, "count": rows.count(), "q": words, "topic": topic, "topics": choices("topics")}
    return render(request, "training/bank.html", page)


@require_POST
@needs("training.manage")
def starter(request: HttpRequest) -> HttpResponse:
    """Take over the questions that come with the house."""
    made: list[int] = []
    act(request, lambda: made.append(take_starter(by=request.reach)), _("起始题库已取用。"))
    return to(request, "bank")


@needs("training.manage")
def question(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """A new one, or one that is there; papers drawn before keep their words."""
    row = get_object_or_404(Question.objects.at_estate(request.estate).live(), pk=pk) if pk else None
    first = as_typed(row) if row else {"in_handbook": True, "in_exams": True, "topic": request.GET.get("topic", "")}
    form = QuestionForm(request.POST if request.method == "POST" else None, initial=first)
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        said = said | {"choices": choices_from(said["choices"]), "key": key_from(said["kind"], said["key"])}
        code = row.code if row else said["code"].strip().upper()
        if row is None and Question.objects.at_estate(request.estate).filter(code=code).exists():
            form.add_error("code", _("已经有这个编号。"))
        else:
            try:
                Question.objects.keep(code, said, by=request.reach)
                return to(request, "bank")
            except Refused as refused:
                form.add_error(BESIDE.get(refused.code), str(refused))
    return render(request, "training/question.html", {"form": form, "row": row}, status=422 if form.errors else 200)


@require_POST
@needs("training.manage")
def retirement(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Question.objects.at_estate(request.estate), pk=pk)
    act(request, lambda: row.retire(by=request.reach), _("已停用。"))
    return to(request, "bank")
