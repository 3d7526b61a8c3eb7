"""律师函: what it says, where it stands, on paper; judged by another, sent by registered post (FEE-11)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia.people.models import Person
from guanjia.web.guard import needs

from ..forms import ParcelForm, VerdictForm
from ..kinds import Judged
from ..models import Letter
from ..paper import letter_words
from .judging import judged

if TYPE_CHECKING:
    from django.http import HttpRequest


@needs("chase.act", "chase.judge")
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """What the letter says, and where it stands."""
    row = _letter(request, pk)
    page = {
        "letter": row, "words": letter_words(row), "late": row.terms is not None, "steps": _steps(row), "form": ParcelForm(),
        "may_judge": request.reach.may("chase.judge") and row.state == Judged.ASKED and row.asker_id != request.reach.person_id,
    }  # fmt: skip
    return render(request, "collection/letter.html", page)


@needs("chase.act", "chase.judge")
def letter_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The letter for paper: once it is approved, and as it was sent once it was."""
    row = _letter(request, pk)
    if row.state != Judged.APPROVED:
        raise Http404
    answer = HttpResponse(row.pdf(), content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="letter-{row}.pdf"'
    return answer


def _letter(request: HttpRequest, pk: int) -> Letter:
    rows = Letter.objects.visible_to(request.reach).select_related("household", "unit", "estate__company", "document")
    return get_object_or_404(rows, pk=pk)


@require_POST
@needs("chase.judge")
def letter_verdict(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Letter.objects.at_estate(request.reach.estate), pk=pk)
    return judged(
        request,
        VerdictForm(request.POST),
        lambda said: row.judge_it(said["verdict"] == "yes", by=request.reach),
        ("letter", pk),
    )


@require_POST
@needs("chase.act")
def letter_post(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Letter.objects.visible_to(request.reach), pk=pk)
    return judged(
        request, ParcelForm(request.POST), lambda said: row.send(said["parcel"], by=request.reach), ("letter", pk)
    )


def _steps(row: Letter) -> list[dict[str, Any]]:
    """Asked, judged by another, sent: who and when."""
    people = Person.objects.in_bulk({row.asker_id, row.judge_id})
    names = {pk: person.name for pk, person in people.items()}
    refused = row.state == Judged.REFUSED
    return [
        {"label": _("申请"), "state": "done", "at": row.asked_at, "who": names.get(row.asker_id)},
        {"label": _("不同意") if refused else _("审批"), "state": "late" if refused else "done" if row.judged_at else "now", "at": row.judged_at, "who": names.get(row.judge_id)},
        {"label": _("寄出"), "state": "done" if row.sent_at else "now" if row.state == Judged.APPROVED else "todo", "at": row.sent_at, "who": row.parcel},
    ]  # fmt: skip
