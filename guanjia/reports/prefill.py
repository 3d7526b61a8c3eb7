"""What a report's author finds written already, to be edited: its figures in words (004 一3f); of a survey how many were asked,
answered and satisfied, and what was said most (COM-27, COM-31)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Count
from django.utils.translation import gettext as _

from guanjia.duties.models import Task
from guanjia.events.sentences import listed
from guanjia.people.roles import roles, title_of
from guanjia.surveys.book import programme, surveys_book
from guanjia.surveys.models import Opinion, Poll
from guanjia.surveys.results import results

from .periods import covered
from .saying import translated

if TYPE_CHECKING:
    from datetime import date

    from guanjia.estates.models import Estate

    from .models import Report

SAID = 6  # figures in one sentence
TOPICS = 10  # of opinions
TASKS = 60  # of a sheet


def prefill(report: Report, before: dict[str, str]) -> dict[str, str]:
    """Item of a form → words. Only for an item that nobody has written; `before` are the values of the period before."""
    figures = [row for row in report.figures if row["value"] not in ("0", "—", "")]
    frequent = [row for row in figures if row["key"].startswith("category_")]
    said = {"summary": figures[:SAID], "done": figures[:SAID], "frequent": frequent or figures[:SAID]}
    begun = {"sheet": squad_lines(report)} if report.task.duty.form == "task_sheet" else {}
    if any(row["key"] == "in_hand" for row in figures):  # the morning's meeting: yesterday, what is in hand, whom to call
        said["topics"] = figures[: 2 * SAID]
    return begun | {item: listed([_words(row, before) for row in rows]) for item, rows in said.items() if rows}


def squad_lines(report: Report) -> str:
    """工作任务单 (RPT-29): the day's tasks of the leader's own team, one a line: what, who, result."""
    lead = report.task.role
    squad = [role for role, entry in roles().items() if role == lead or lead in entry["reports_to"]]
    rows = Task.objects.at_estate(report.estate_id).filter(role__in=squad, day=report.task.day, waived_at__isnull=True).exclude(pk=report.task_id).select_related("duty", "person", "done_by")
    return "\n".join(f"{row.title} · {_who(row)} · {_result(row)}" for row in rows.order_by("due_at", "pk")[:TASKS])


def _who(row: Any) -> str:
    who = row.done_by or row.person
    return str(who.name) if who else title_of(row.role)


def _result(row: Any) -> str:
    if not row.done_at:
        return _("没有完成")
    return _("按时完成") if row.done_at <= row.due_at else _("逾期完成")


def _words(row: dict[str, str], before: dict[str, str]) -> str:
    plain = f"{translated(row['label'])} {row['value']} {translated(row['unit'])}".strip()
    past = before.get(row["key"])
    return _("%(now)s（上期 %(past)s）") % {"now": plain, "past": past} if past else plain


def poll_of(estate: Estate, series: str, begins: date, ends: date, task: Task | None = None) -> Poll | None:
    """The closed round that serves a task, else the last one of its kind within the period."""
    rows = Poll.objects.at_estate(estate).filter(closed_at__isnull=False, series=series).select_related("version", "estate").order_by("-closed_at")
    return (rows.filter(task=task).first() if task else None) or rows.filter(ends_on__gte=begins, ends_on__lt=ends).first()


def survey_words(task: Task) -> dict[str, str]:
    """Items of form `survey`, as text; nothing where no round has been closed."""
    series = programme().get(task.key)
    found = poll_of(task.estate, series, *covered(task.duty.cadence, task.day), task) if series else None
    if found is None:
        return {}
    told = results(found)
    satisfied = told.overall.part if told.overall else 0
    return {"sent": str(told.asked), "back": str(told.answered), "satisfied": str(satisfied), "complaints": _said(found)}


def _said(poll: Poll) -> str:
    """What was said about what, the most first, with the first words of each."""
    rows = Opinion.objects.at_estate(poll.estate_id).filter(poll=poll)
    topics = rows.values("topic").annotate(n=Count("pk")).order_by("-n")[:TOPICS]
    known = surveys_book().topics
    lines = []
    for row in topics:
        words = rows.filter(topic=row["topic"]).order_by("-pk").values_list("words", flat=True)[:2]
        title = known[row["topic"]].title if row["topic"] in known else row["topic"]
        lines.append(f"{title} {row['n']}：{'；'.join(text[:60] for text in words)}")
    return "\n".join(lines)
