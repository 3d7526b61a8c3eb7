"""访客 at the gate: scan or type a code, register who comes unannounced, what was let in and turned away (SEC-12, SEC-13)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db.models import Q
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia import clock
from guanjia.web.acting import act
from guanjia.web.guard import needs

from ..exporting import visit_book
from ..forms import AwayForm, GuestForm, PassForm
from ..models import Away, Guest
from ..scanning import page_of
from .common import filled_in, to

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

SHOWN = 200


@needs("gate.watch")
def scan(request: HttpRequest, mark: str = "") -> HttpResponse:
    """By camera or by digits: in, or why not. Marks of other nouns lead to the page that answers for them."""
    mark = mark or request.GET.get("mark", "").strip()[:200].rpartition("/q/")[2].strip("/")
    row = Guest.objects.of_mark(mark, request.estate) if mark else None
    if mark and row is None and (there := page_of(mark, request.estate)):
        return redirect(there)
    page = {"mark": mark, "visit": row, "forged": bool(mark) and row is None, "refusal": row.refusal(clock.now()) if row else ""}
    return render(request, "gate/scan.html", page)


@require_POST
@needs("gate.watch")
def answer(request: HttpRequest, mark: str, noun: str) -> HttpResponse:
    """entry or refusal of the pass that was scanned."""
    row = Guest.objects.of_mark(mark, request.estate)
    if row is None or noun not in ("entry", "refusal"):
        raise Http404
    if noun == "entry":
        done = act(request, lambda: row.admit(by=request.reach), _("已登记放行，住户会收到通知。"))
    else:
        done = act(request, lambda: row.turn_away(by=request.reach), _("已登记谢绝，住户会收到通知。"))
    return to(request, "scan") if done else to(request, "seen", mark)


@needs("gate.watch")
def visits(request: HttpRequest) -> HttpResponseBase:
    """The book of comings, newest first; passes that hold now; `?xlsx=1` is the file."""
    if request.GET.get("xlsx"):
        name = _("访客登记 %(day)s.xlsx") % {"day": f"{clock.today(request.estate):%F}"}
        return FileResponse(visit_book(request.reach), as_attachment=True, filename=name)
    q, show = request.GET.get("q", "").strip()[:40], request.GET.get("show", "")
    rows = Guest.objects.visible_to(request.reach).select_related("unit", "household").prefetch_related("passages")
    if show == "expected":
        rows = rows.filter(announced=True, revoked_at__isnull=True, until_at__gte=clock.now(), used=0)
    if q:
        rows = rows.filter(Q(visitor__icontains=q) | Q(unit__code__icontains=q) | Q(plate__icontains=q) | Q(code=q))
    gone = Away.objects.visible_to(request.reach).filter(ended_at__isnull=True, last__gte=clock.today(request.estate)).select_related("unit").order_by("first")
    return render(request, "gate/visits.html", {"rows": rows.order_by("-at")[:SHOWN], "q": q, "show": show, "away": gone[:50], "now": clock.now()})


@needs("gate.watch")
def guest(request: HttpRequest) -> HttpResponse:
    """Unannounced: the household is asked; in when somebody at home agrees, else turned away."""
    form = GuestForm(request.POST or None, reach=request.reach)

    def register(said: dict[str, Any]) -> Any:
        return Guest.objects.register(said.pop("room"), said.pop("visitor"), said.pop("answered"), by=request.reach, **said)

    def there(made: Any) -> HttpResponse:
        (messages.success if made.entered else messages.warning)(request, _("已登记放行。") if made.entered else _("已登记谢绝：%(why)s") % {"why": made.why})
        return to(request, "visit", made.guest_id)

    return filled_in(request, form, "gate/guest.html", register, "", there)


@needs("gate.watch")
def announcing(request: HttpRequest) -> HttpResponse:
    """A pass that a household asks for by telephone."""
    form = PassForm(request.POST or None, reach=request.reach)

    def announce(said: dict[str, Any]) -> Any:
        return Guest.objects.announce(said.pop("room"), form.household, said.pop("visitor"), said.pop("first_at"), said.pop("until_at"), by=request.reach, **said)

    return filled_in(request, form, "gate/announcing.html", announce, _("已开通行证。"), lambda made: to(request, "visit", made.pk))


@needs("gate.watch")
def away(request: HttpRequest) -> HttpResponse:
    form = AwayForm(request.POST or None, reach=request.reach)

    def say(said: dict[str, Any]) -> Any:
        return Away.objects.announce(said["room"], form.household, said["first"], said["last"], by=request.reach)

    return filled_in(request, form, "gate/away.html", say, _("已登记外出。"), lambda _made: to(request, "visits"))


@require_POST
@needs("gate.watch", resident=True)
def away_end(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Away.objects.visible_to(request.reach).select_related("unit"), pk=pk)
    act(request, lambda: row.end(by=request.reach), _("已结束外出。"))
    return to(request, "visits" if request.reach.is_staff else "mine_visits")


@needs("gate.watch")
def visit(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Guest.objects.visible_to(request.reach).select_related("unit", "household", "by"), pk=pk)
    page = {"visit": row, "refusal": row.refusal(clock.now()), "passages": row.passages.select_related("by").order_by("-at")}
    return render(request, "gate/visit.html", page)


@require_POST
@needs("gate.watch", resident=True)
def revocation(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Guest.objects.visible_to(request.reach).select_related("unit"), pk=pk)
    act(request, lambda: row.revoke(by=request.reach), _("已撤销，门岗扫码会提示。"))
    return to(request, "visit" if request.reach.is_staff else "mine_visit", row.pk)
