"""Scoring on the phone, with or without signal: the outbox of the duties keeps and sends it (assets/js/field)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia.duties.answers import Unanswered
from guanjia.duties.views.tasks import instant, raw_answers, shots, uuid_of
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.tenancy.reading import row_id
from guanjia.training.models import Exam
from guanjia.web.acting import act
from guanjia.web.guard import needs
from guanjia.web.keepable import keepable

from ..models import Inspection, ItemScore
from ..rubrics import turned
from .common import inspections_seen, render, to

if TYPE_CHECKING:
    from django.http import HttpRequest


def _mine(request: HttpRequest, pk: int) -> Inspection:
    row: Inspection = get_object_or_404(inspections_seen(request), pk=pk)
    if not row.is_inspector(request.reach):
        raise Http404
    return row


@needs("quality.inspect")
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The items that are still open, or all of one's own with `?again=1`; kept on the phone for the time without signal."""
    row = _mine(request, pk)
    return to(request, "inspection", pk) if row.by_samples or not row.is_open else _page(request, row)


def _page(request: HttpRequest, row: Inspection, raw: Any = None, errors: Any = None, status: int = 200) -> HttpResponse:
    taken = ItemScore.objects.at_estate(row.estate_id).current().filter(inspection=row)
    if request.GET.get("again"):
        taken = taken.exclude(by_id=request.reach.person_id)
    done = set(taken.values_list("rubric", "item"))
    page = {"inspection": row, "parts": open_parts(row.rubrics, done, raw or {}, errors or {}), "done": len(done), "errors": errors}
    answer = render(request, "quality/sheet.html", page, status=status)
    return keepable(answer, request.reach) if status == 200 and not request.GET else answer


def open_parts(rubrics: list[dict[str, Any]], done: set[tuple[str, str]], raw: Any, errors: Any) -> list[dict[str, Any]]:
    """Rubrics with the items to be scored; what was typed and what is wrong with it stand beside each check point."""
    found = []
    for rubric in rubrics:
        items = []
        for item in rubric["items"]:
            if (rubric["key"], item["key"]) in done:
                continue
            names = {check: f"{rubric['key']}-{item['key']}-{check}" for check in item["checks"]}
            checks = [
                {"name": name, "label": turned(item["checks"][check]), "value": raw.get(name, ""), "words": raw.get(f"{name}-words", ""),
                 "amount": raw.get(f"{name}-amount") or item["low"], "error": errors.get(name, ""), "help": ""}
                for check, name in names.items()
            ]  # fmt: skip
            items.append({**item, "name": turned(item["title"]), "rows": checks})
        if items:
            na = f"{rubric['key']}-na"
            found.append({**rubric, "name": turned(rubric["title"]), "rows": items, "na": na, "na_words": raw.get(na, ""), "na_error": errors.get(na, "")})
    return found


@require_POST
@needs("quality.inspect")
def marks(request: HttpRequest, pk: int) -> HttpResponse:
    """Items as they were scored. A phone asks for JSON: 201 kept, 422 with what is missing, 409 when somebody was faster."""
    plain = "application/json" not in request.headers.get("Accept", "")
    sender = request.POST.get("person")
    if sender and sender != str(request.reach.person_id):
        return JsonResponse({"code": "other_person", "words": _("这份记录是另一位同事做的，请他登录后发送。")}, status=409)
    row, post = _mine(request, pk), request.POST
    try:
        made = row.mark(
            raw_answers(request), shots(request.FILES), by=request.reach, client_id=uuid_of(post.get("client_id")), beside=post.get("beside") == "1",
            done_at=instant(post.get("done_at")),
        )  # fmt: skip
    except Unanswered as lacking:
        if plain:
            return _page(request, row, raw_answers(request), lacking.items, 422)
        return JsonResponse({"code": lacking.code, "words": str(lacking), "items": lacking.items}, status=422)
    except NotAllowed as refused:
        raise Http404 from refused
    except Refused as refused:
        if plain:
            messages.error(request, str(refused))
            return to(request, "sheet", pk)
        return JsonResponse({"code": refused.code, "words": str(refused)}, status=422 if "photo" in refused.code or refused.code == "nothing" else 409)
    if not plain:
        return JsonResponse({"items": len(made), "late": False}, status=201)
    messages.success(request, _("已打分 %(n)s 项。") % {"n": len(made)})
    return to(request, "inspection", pk)


@require_POST
@needs("quality.inspect")
def samples(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody was asked, called or tested."""
    row, post = _mine(request, pk), request.POST
    said = (post.get("who", ""), post.get("score", ""), post.get("words", ""))
    act(request, lambda: row.note(*said, by=request.reach, client_id=uuid_of(post.get("client_id"))), _("已记下。"))
    return to(request, "inspection", pk)


@require_POST
@needs("quality.inspect")
def exam(request: HttpRequest, pk: int) -> HttpResponse:
    """The written test's scores, taken over from an exam."""
    row = _mine(request, pk)
    found = get_object_or_404(Exam.objects.at_estate(request.estate), pk=row_id(request.POST.get("exam")) or 0)
    act(request, lambda: row.take_exam(found, by=request.reach), _("成绩已取来。"))
    return to(request, "inspection", pk)


@require_POST
@needs("quality.inspect")
def closure(request: HttpRequest, pk: int) -> HttpResponse:
    row = _mine(request, pk)
    act(request, lambda: row.finish(request.POST.get("conclusion", ""), by=request.reach), _("检查完成，分数已定。"))
    return to(request, "inspection", pk)
