"""What the pages share: tabs, the way back, the questions as they are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import redirect
from django.shortcuts import render as rendered
from django.urls import reverse
from django.utils.translation import gettext as _

from ..questions import YESNO
from ..results import MARKS, mark_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse

    from ..questions import Questions

READERS = ("opinion.read", "poll.run", "poll.ask")


def render(request: Any, template: str, page: dict[str, Any], status: int = 200) -> HttpResponse:
    """A page with what its tabs open to the reader."""
    reach = request.reach
    opens = {
        "may_read": reach.may("opinion.read"), "may_run": reach.may("poll.run"), "may_ask": reach.may("poll.ask"), "may_answer": reach.may("opinion.answer"),
        "may_officers": reach.may("officer.manage"), "may_open": reach.may("open_day.manage"),
    }  # fmt: skip
    return rendered(request, template, {**opens, **page}, status=status)


def to(request: Any, name: str, *args: Any) -> HttpResponse:
    return redirect(reverse(f"surveys:{name}", args=[request.estate.code, *args]))


def given(request: HttpRequest, questions: Questions) -> dict[str, Any]:
    """What was posted, by question."""
    return {name: request.POST.getlist(name) if question.kind == "multiple" else request.POST.get(name, "") for name, question in questions.items()}


def shown(questions: Questions, said: Mapping[str, Any], errors: Mapping[str, str]) -> list[dict[str, Any]]:
    """Questions for the page, each with its options and what was chosen; `section` only where one begins."""
    found, last = [], None
    for number, (name, question) in enumerate(questions.items(), 1):
        value = said.get(name) or ""
        chosen = value if isinstance(value, list) else [str(value)]
        found.append({
            "name": name, "n": number, "title": _(question.title), "kind": question.kind, "required": question.required, "error": errors.get(name, ""), "value": value,
            "section": _(question.section) if question.section and question.section != last else "",
            "options": [(key, words, key in chosen) for key, words in _options(question)],
        })  # fmt: skip
        last = question.section
    return found


def _options(question: Any) -> list[tuple[str, str]]:
    if question.kind == "scale":
        return [(str(mark), mark_words(mark)) for mark in reversed(MARKS)]
    if question.kind == "yesno":
        return list(zip(YESNO, (_("是"), _("否")), strict=True))
    return [(key, _(title)) for key, title in question.choices.items()]
