"""One round: how far it is, what it came to; whom interviewers still ask; the file (COM-27, COM-28)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia import clock
from guanjia.duties.models import Task
from guanjia.households.models import Occupancy
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.web.acting import act
from guanjia.web.guard import needs

from ..book import programme, surveys_book
from ..exporting import results_book
from ..models import Invitation, Poll, Response
from ..questions import Unanswered
from ..results import MARKS, mark_words, results
from .common import READERS, given, render, shown, to

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest, HttpResponse

SHOWN = 100
WORDS = 100  # answers in words shown
LEFT = ("waiting", "answered", "missed")


def counts(polls: Iterable[Poll]) -> dict[int, dict[str, int]]:
    """poll → asked, answered; one statement."""
    polls = list(polls)
    found = {poll.pk: {"asked": 0, "answered": 0} for poll in polls}
    if polls:
        rows = Invitation.objects.at_estate(polls[0].estate_id).filter(poll_id__in=found, drawn=True)
        for row in rows.values("poll_id").annotate(asked=Count("pk"), answered=Count("pk", filter=Q(answered=True))):
            found[row["poll_id"]] = {"asked": row["asked"], "answered": row["answered"]}
    return found


def _poll(request: Any, pk: int) -> Poll:
    rows = Poll.objects.at_estate(request.estate).visible_to(request.reach).select_related("version", "task", "estate")
    row: Poll = get_object_or_404(rows, pk=pk)
    return row


@needs(*READERS)
def poll(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft is built; what was published shows its results."""
    from .polls import builder

    row = _poll(request, pk)
    if not row.published_at:
        if not request.reach.may("poll.run"):
            raise Http404
        return builder(request, row)
    found = results(row)
    words = _words(row) if request.reach.may("poll.run") or request.reach.may("opinion.read") else []
    page = {"task": _task(request, row), "poll": row, "state": row.state(), "found": found, "chart": _chart(found), "words": words, "sealed": row.anonymous and not row.closed_at}
    return render(request, "surveys/poll.html", page)


def _task(request: Any, row: Poll) -> int | None:
    """The duty's task whose report tells of this round: the one it was published for, else the one of its period."""
    duty = next((duty for duty, series in programme().items() if series == row.series), "")
    near = Task.objects.at_estate(request.estate).visible_to(request.reach)
    if row.task_id and near.filter(pk=row.task_id).exists():
        return row.task_id
    of_period = near.filter(key=duty, opens_at__date__lte=row.ends_on, due_at__date__gte=row.ends_on, waived_at__isnull=True)
    return of_period.order_by("due_at").values_list("pk", flat=True).first()


def _chart(found: Any) -> dict[str, Any] | None:
    """The scales beside one another, each mark a colour; the tables below have the figures."""
    scales = [line for line in found.lines if line.question.kind == "scale" and line.answered]
    if not scales:
        return None
    tones = ("good", "house", "line-strong", "soon", "bad")
    series = [{"name": line_words, "tone": tone, "values": [line.bars[n][1] for line in scales]} for n, (tone, line_words) in enumerate(zip(tones, map(mark_words, MARKS), strict=True))]
    return {"kind": "stack", "unit": _("份"), "names": [_short(line.question) for line in scales], "series": series}


def _short(question: Any) -> str:
    """A name that fits below a bar."""
    known = surveys_book()
    entry = known.indicators.get(question.core) or known.topics.get(question.topic)
    return _(entry.title) if entry else _(question.title)[:8]


def _words(row: Poll) -> list[tuple[str, list[str]]]:
    """What was written, question by question; of an anonymous round in the order they were mixed."""
    texts = {name: question for name, question in row.asked.items() if question.kind == "text"}
    said: dict[str, list[str]] = {name: [] for name in texts}
    for answers in Response.objects.at_estate(row.estate_id).filter(poll=row).order_by("-pk").values_list("answers", flat=True)[:2000]:
        for name in texts:
            if answers.get(name) and len(said[name]) < WORDS:
                said[name].append(answers[name])
    return [(_(texts[name].title), some) for name, some in said.items() if some]


@needs("poll.run", "opinion.read")
def file(request: HttpRequest, pk: int) -> FileResponse:
    row = _poll(request, pk)
    if not row.published_at:
        raise Http404
    return FileResponse(results_book(results(row)), as_attachment=True, filename=f"{row.title}.xlsx")


@require_POST
@needs("poll.run")
def reminder(request: HttpRequest, pk: int) -> HttpResponse:
    row = _poll(request, pk)
    act(request, lambda: row.remind(by=request.reach), _("已提醒还没填的住户。"))
    return to(request, "poll", pk)


@require_POST
@needs("poll.run")
def closing(request: HttpRequest, pk: int) -> HttpResponse:
    row = _poll(request, pk)
    act(request, lambda: row.close(by=request.reach), _("已结束，不再收答案。"))
    return to(request, "poll", pk)


@needs("poll.ask")
def invitations(request: HttpRequest, pk: int) -> HttpResponse:
    """Whom an interviewer still may ask, by room."""
    row = _poll(request, pk)
    rows = Invitation.objects.at_estate(request.estate).filter(poll=row, drawn=True).visible_to(request.reach)
    show = request.GET.get("show", "")
    show = show if show in LEFT else "waiting"
    told = {"waiting": rows.waiting(), "answered": rows.filter(answered=True), "missed": rows.exclude(missed="")}
    # Of an anonymous round who answered is known as well, and only that.
    found = list(told[show].select_related("household", "zone").order_by("zone__code", "household__number")[:SHOWN])
    codes = _codes(request.estate, [one.household_id for one in found])
    page = {
        "poll": row, "show": show, "state": row.state(), "counts": {name: some.count() for name, some in told.items()}, "reasons": Invitation.Missed.choices,
        "lines": [{"row": one, "code": code} for code, one in sorted(((codes.get(one.household_id or 0, ""), one) for one in found), key=lambda pair: pair[0] or "~")],
    }  # fmt: skip
    return render(request, "surveys/invitations.html", page)


def _codes(estate: Any, homes: list[int | None]) -> dict[int, str]:
    rows = Occupancy.objects.at_estate(estate).filter(household_id__in=homes, during__contains=clock.today(estate)).order_by("-unit__code")
    return dict(rows.values_list("household_id", "unit__code"))


def _invitation(request: Any, pk: int) -> Invitation:
    rows = Invitation.objects.at_estate(request.estate).filter(drawn=True).visible_to(request.reach)
    row: Invitation = get_object_or_404(rows.select_related("poll__version", "poll__estate", "household"), pk=pk)
    return row


@needs("poll.ask")
def interview(request: HttpRequest, pk: int) -> HttpResponse:
    """Filled in for a household on the telephone or at its door."""
    row = _invitation(request, pk)
    asked, said, errors, status = row.poll.asked, {}, {}, 200
    way = request.POST.get("way") or "phone"
    if request.method == "POST":
        said = given(request, asked)
        try:
            row.answer(said, by=request.reach, way=way)
        except NotAllowed as refused:
            raise Http404 from refused
        except Unanswered as lacking:
            errors, status = lacking.items, 422
        except Refused as refused:
            act(request, _raise(refused), "")
            return to(request, "invitations", row.poll_id)
        else:
            act(request, lambda: None, _("已记下这一户的答卷。"))
            return to(request, "invitations", row.poll_id)
    page = {"row": row, "poll": row.poll, "questions": shown(asked, said, errors), "way": way, "errors": errors, "code": _codes(request.estate, [row.household_id]).get(row.household_id or 0, "")}
    return render(request, "surveys/interview.html", page, status=status)


def _raise(refused: Refused) -> Any:
    def again() -> None:
        raise refused

    return again


@require_POST
@needs("poll.ask")
def missing(request: HttpRequest, pk: int) -> HttpResponse:
    """Out of reach; the next in reserve steps in."""
    row = _invitation(request, pk)
    made: list[Any] = []
    act(request, lambda: made.append(row.miss(request.POST.get("why", ""), by=request.reach)), _("已登记。"))
    return to(request, "invitations", row.poll_id)
