"""来文: what waits and by when, one document, who handles it, what was done (VAS-12)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia import clock
from guanjia.people.models import Person
from guanjia.web.acting import carry_out
from guanjia.web.guard import needs

from ..exporting import directory
from ..forms import HandlerForm, PaperForm, ResultForm
from ..models import Incoming

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

SHOWN = 200


def there(request: Any, name: str, *args: Any) -> str:
    return reverse(f"liaison:{name}", args=[request.estate.code, *args])


@needs()
def papers(request: HttpRequest) -> HttpResponseBase:
    """`?show=` open (the nearest day first), late, done; `?xlsx=1` the whole register for who keeps it."""
    reach, today = request.reach, clock.today(request.estate)
    if request.GET.get("xlsx"):
        reach.must("liaison.keep")
        return FileResponse(directory(reach), as_attachment=True, filename=_("外联与来文 %(day)s.xlsx") % {"day": f"{today:%F}"})
    show, q = request.GET.get("show", "open"), request.GET.get("q", "").strip()[:40]
    rows = Incoming.objects.visible_to(reach).select_related("contact")
    rows = {"done": rows.filter(handled_at__isnull=False), "late": rows.open().filter(due_on__lt=today)}.get(show, rows.open())
    if q:
        rows = rows.filter(Q(title__icontains=q) | Q(number__icontains=q) | Q(contact__name__icontains=q))
    found = list(rows.order_by(*(["-handled_at"] if show == "done" else ["due_on", "pk"]))[:SHOWN])
    people = Person.objects.in_bulk({row.handler_id for row in found})
    page = {"rows": [(row, people.get(row.handler_id)) for row in found], "show": show, "q": q, "today": today, "may_keep": reach.may("liaison.keep")}
    return render(request, "liaison/papers.html", page)


@needs("liaison.keep")
def new(request: HttpRequest) -> HttpResponse:
    form = PaperForm(request.POST or None, request.FILES or None, reach=request.reach, initial={"key": get_random_string(20), "contact": request.GET.get("contact", "")[:18]})
    answer: Any = 200
    if form.is_bound:
        answer = carry_out(
            request, form, lambda data: Incoming.objects.receive(by=request.reach, **data), _("已登记，办理人会收到通知。"), lambda made: there(request, "paper", made.pk)
        )
        if not isinstance(answer, int):
            return answer
    return render(request, "liaison/paper_new.html", {"form": form}, status=answer)


def _found(request: Any, pk: int) -> Incoming:
    row: Incoming = get_object_or_404(Incoming.objects.visible_to(request.reach).select_related("contact", "estate"), pk=pk)
    return row


@needs()
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    return _shown(request, _found(request, pk))


def _shown(request: Any, row: Incoming, form: Any = None, handing: Any = None, status: int = 200) -> HttpResponse:
    people = Person.objects.in_bulk({row.handler_id, row.by_id, *([row.handled_by_id] if row.handled_by_id else [])})
    page = {
        "row": row, "today": clock.today(row.estate), "form": form or ResultForm(), "may_keep": request.reach.may("liaison.keep"), "handler": people.get(row.handler_id),
        "keeper": people.get(row.by_id), "doer": people.get(row.handled_by_id or 0),
        "handing": handing or HandlerForm(reach=request.reach, initial={"handler": row.handler_id, "due_on": row.due_on}),
    }  # fmt: skip
    return render(request, "liaison/paper.html", page, status=status)


@needs()
def file(request: HttpRequest, pk: int) -> FileResponse:
    """The paper as it came, opening nothing by itself."""
    row = _found(request, pk)
    if not row.file:
        raise Http404
    suffix = str(row.file.name).rsplit(".", 1)[-1]
    answer = FileResponse(row.file.open("rb"), as_attachment=True, filename=f"{row.title}.{suffix}")
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


@require_POST
@needs()
def result(request: HttpRequest, pk: int) -> HttpResponse:
    row, form = _found(request, pk), ResultForm(request.POST)
    answer: Any = carry_out(request, form, lambda data: row.handle(data["result"], by=request.reach), _("已办结。"), lambda _made: there(request, "paper", row.pk))
    return answer if not isinstance(answer, int) else _shown(request, row, form=form, status=answer)


@require_POST
@needs("liaison.keep")
def handler(request: HttpRequest, pk: int) -> HttpResponse:
    row, form = _found(request, pk), HandlerForm(request.POST, reach=request.reach)
    answer: Any = carry_out(
        request, form, lambda data: row.pass_on(data["handler"], due_on=data["due_on"], by=request.reach), _("已保存，办理人会收到通知。"),
        lambda _made: there(request, "paper", row.pk),
    )  # fmt: skip
    return answer if not isinstance(answer, int) else _shown(request, row, handing=form, status=answer)
