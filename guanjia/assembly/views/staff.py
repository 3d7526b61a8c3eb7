"""业主大会 at the desk: drafted, announced, papers entered, counted, minuted, signed, published."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia import clock
from guanjia.events.models import Event
from guanjia.keys.models import Autograph
from guanjia.keys.views.common import pdf
from guanjia.staffing.finding import unit_for
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.web.acting import act
from guanjia.web.guard import needs

from ..book import assembly_book
from ..counting import turnout
from ..exporting import roll_book
from ..forms import AssemblyForm, values_of
from ..models import Assembly, Ballot, Choice
from ..paper import ballot_pdf, result_pdf
from ..words import lines, percent

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

EITHER = ("assembly.run", "assembly.assist")
TONES = {"draft": "mute", "open": "info", "counted": "soon", "signed": "good", "called_off": "mute"}
SHOWN, RECENT = 50, 10


def to(request: Any, name: str, *args: Any) -> HttpResponse:
    return redirect(reverse(f"assembly:{name}", args=[request.estate.code, *args]))


def found(request: Any, pk: int) -> Assembly:
    row: Assembly = get_object_or_404(Assembly.objects.visible_to(request.reach).select_related("estate__company", "bulletin"), pk=pk)
    return row


@needs(*EITHER)
def assemblies(request: HttpRequest) -> HttpResponse:
    rows = [(row, TONES[row.state]) for row in Assembly.objects.visible_to(request.reach).order_by("-begins_at")[:SHOWN]]
    return render(request, "assembly/list.html", {"rows": rows, "may_run": request.reach.may("assembly.run"), "law": str(assembly_book().law)})


@needs("assembly.run")
def new(request: HttpRequest) -> HttpResponse:
    form = AssemblyForm(request.POST or None)
    return _written(request, form, lambda: Assembly.objects.draft(by=request.reach, **form.said()), {})


@needs("assembly.run")
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    row = found(request, pk)
    form = AssemblyForm(request.POST or None, initial=values_of(row))

    def revise() -> Assembly:
        row.revise(by=request.reach, **form.said())
        return row

    return _written(request, form, revise, {"row": row})


def _written(request: Any, form: AssemblyForm, verb: Any, page: dict[str, Any]) -> HttpResponse:
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            row = verb()
        except NotAllowed as refused:
            raise Http404 from refused
        except Refused as refused:
            form.add_error(None, str(refused))
            status = 409
        else:
            return to(request, "show", row.pk)
    return render(request, "assembly/form.html", page | {"form": form, "law": str(assembly_book().law)}, status=status)


def about(row: Assembly) -> dict[str, Any]:
    """What both faces show: topics, and after the count how each stands."""
    page: dict[str, Any] = {"row": row, "tone": TONES[row.state], "topics": row.topics.order_by("n"), "law": str(assembly_book().law), "over": clock.now() >= row.ends_at}
    if row.result:
        page |= {"lines": lines(row), "area_share": percent(row.result["area"], row.area), "heads_share": percent(row.result["heads"], row.heads)}
    return page


@needs(*EITHER)
def show(request: HttpRequest, pk: int) -> HttpResponse:
    row = found(request, pk)
    now, far = clock.now(), turnout(row) if row.state in ("open", "counted", "signed") else None
    page = {
        **about(row), "may_run": request.reach.may("assembly.run"), "may_enter": row.state == "open" and row.begins_at <= now < row.ends_at and request.reach.may("assembly.assist"),
        "far": far, "far_area": percent(far["area"], row.area) if far else "", "far_heads": percent(far["heads"], row.heads) if far else "",
        "papers": row.ballots.filter(way="paper").select_related("unit").order_by("-at")[:RECENT], "choices": Choice.Said.choices, "signed": Autograph.objects.under(row),
        "events": [{"at": event.at, "sentence": event.sentence} for event in Event.objects.about(row).exclude(action="assembly.voted")],
    }  # fmt: skip
    return render(request, "assembly/show.html", page)


def said_of(request: Any, row: Assembly) -> dict[int, str]:
    return {topic.pk: request.POST.get(f"topic_{topic.pk}", "") for topic in row.topics.all()}


@require_POST
@needs("assembly.assist")
def papers(request: HttpRequest, pk: int) -> HttpResponse:
    """A signed paper: the room, what is ticked, its photo."""
    row, unit = found(request, pk), unit_for(request.estate, request.POST.get("room", "")[:40])
    if unit is None:
        messages.warning(request, _("没有找到这个房号。"))
    else:
        photo = request.FILES.get("photos")
        act(request, lambda: row.vote(unit, said_of(request, row), by=request.reach, photo=photo), _("%(unit)s 的选票已录入。") % {"unit": unit.code})
    return to(request, "show", pk)


@require_POST
@needs("assembly.run")
def word(request: HttpRequest, pk: int, noun: str) -> HttpResponse:
    """announcement, cancellation, count, minutes, signature, publication."""
    row, reach, post = found(request, pk), request.reach, request.POST
    verbs: dict[str, Any] = {
        "announcement": (lambda: row.announce(by=reach), _("已公告，并通知业主。")),
        "cancellation": (lambda: row.call_off(post.get("why", ""), by=reach), _("已取消，并通知业主。")),
        "count": (lambda: row.count(by=reach), _("已计票。")),
        "minutes": (lambda: row.minute(post.get("minutes", ""), by=reach), _("纪要已保存。")),
        "signature": (lambda: row.sign(post.get("part", ""), post.get("name", ""), post.get("signature", ""), by=reach), _("已签名。")),
        "publication": (lambda: row.publish(by=reach), _("已送审，审核后作为公告发布。")),
    }
    if noun not in verbs:
        raise Http404
    act(request, *verbs[noun])
    return to(request, "show", pk)


@needs(*EITHER)
def paper(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    row = found(request, pk)
    if kind == "ballot":
        return pdf(ballot_pdf(row), f"ballot-{row.pk}")
    if kind == "minutes" and row.result:
        return pdf(result_pdf(row), f"minutes-{row.pk}")
    raise Http404


@needs(*EITHER)
def roll(request: HttpRequest, pk: int) -> HttpResponseBase:
    row = found(request, pk)
    return FileResponse(roll_book(row), as_attachment=True, filename=_("%(title)s 表决名册.xlsx") % {"title": row.title})


@needs(*EITHER)
def ballot_photo(request: HttpRequest, pk: int) -> HttpResponseBase:
    row = get_object_or_404(Ballot.objects.at_estate(request.estate).filter(assembly__in=Assembly.objects.visible_to(request.reach).values("pk")).exclude(photo=""), pk=pk)
    return FileResponse(row.photo.open("rb"), headers={"Cache-Control": "private"})
