"""The front desk: one box finds the household, its file stands beside the form, the answer is read back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.clocks.models import Clock
from guanjia.estates.models import Place, Unit
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.tenancy.reading import row_id
from guanjia.web.guard import needs

from .. import callers, workbench
from ..acts import TICKET_ACTS
from ..categories import categories, propose
from ..desk_forms import CLEAR, ICONS, DeskForm
from ..kinds import Klass, Stage
from ..lines import lines
from ..models import Incident, Ticket

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from guanjia.people.reach import Reach

FOUND, ALIKE = 10, 5
RECENT = timedelta(hours=48)


@needs("household.read")
def desk(request: HttpRequest) -> HttpResponse:
    """GET: the desk, with a household's file when one is chosen. POST: file what was said."""
    reach = request.reach
    caller, unit = _caller(request, request.POST or request.GET)
    if request.method == "POST":
        if not reach.may("ticket.file"):
            raise Http404
        form = DeskForm(request.POST, reach=reach, caller=caller, unit=unit)
        if form.is_valid():
            try:
                ticket, said = _file(form, reach)
            except NotAllowed as refused:
                raise Http404 from refused
            except Refused as refused:
                form.add_error(None, str(refused))
            else:
                if way_back := getattr(ticket, "way_back", ""):
                    return _told_once(request, ticket, way_back)
                messages.success(request, said)
                return redirect(f"{request.path}?filed={ticket.number}")
        return render(request, "tickets/desk.html", _page(request, form, caller, unit), status=422)
    if request.GET.get("q") and not caller and not unit:
        hits = callers.find_households(reach, request.GET["q"], FOUND)
        if len(hits) == 1:
            return redirect(f"{request.path}?{f'household={hits[0].household_id}' if hits[0].household_id else f'unit={hits[0].unit_id}'}")
    return render(request, "tickets/desk.html", _page(request, DeskForm(reach=reach, caller=caller, unit=unit), caller, unit))


@needs("household.read")
def search(request: HttpRequest) -> HttpResponse:
    """GET: households for what was typed. POST: what the words suggest, and open reports like it."""
    if request.method == "POST":
        return render(request, "tickets/desk.html#hints", _hints(request.reach, request.POST))
    words = request.GET.get("q", "").strip()
    if not request.htmx:
        return redirect(f"{reverse('tickets:desk', args=[request.estate.code])}?{urlencode({'q': words})}")
    hits = callers.find_households(request.reach, words, FOUND) if words else []
    return render(request, "tickets/desk.html#found", {"q": words, "hits": hits, "full": len(hits) == FOUND})


@needs("household.read")
def household(request: HttpRequest, pk: int) -> HttpResponse:
    """A household was chosen: its file and the form, in place of what stood there."""
    caller = _chosen(request.reach, pk)
    page = _page(request, DeskForm(reach=request.reach, caller=caller), caller, None)
    if not request.htmx:
        return redirect(f"{reverse('tickets:desk', args=[request.estate.code])}?household={pk}")
    answer = render(request, "tickets/desk.html#work", page)
    answer.headers["HX-Push-Url"] = f"{reverse('tickets:desk', args=[request.estate.code])}?household={pk}"
    return answer


def _caller(request: HttpRequest, given: Any) -> tuple[callers.Caller | None, Unit | None]:
    """The household chosen, or an empty unit; nonsense is nobody."""
    if pk := row_id(given.get("household", "")):
        return _chosen(request.reach, pk), None
    if unit := row_id(given.get("unit", "")):
        here = Unit.objects.at_estate(request.reach.estate)
        here = here.filter(zone_id__in=request.reach.zones) if request.reach.sees != "estate" else here
        return None, here.filter(pk=unit).first()
    return None, None


def _chosen(reach: Reach, pk: int) -> callers.Caller:
    return callers.file_of(reach, [get_object_or_404(callers.may_call(reach), pk=pk)])[0]


def _page(request: HttpRequest, form: DeskForm, caller: Any, unit: Unit | None) -> dict[str, Any]:
    reach = request.reach
    words = request.GET.get("q", "").strip()
    live, past = callers.history(reach, caller.household) if caller else ([], [])
    page = {
        "form": form, "caller": caller, "unit": unit, "live": lines(live, reach), "past": lines(past, reach), "q": words,
        "hits": callers.find_households(reach, words, FOUND) if words else None, "icons": ICONS,
        "channels": [(value, label, ICONS[value]) for value, label in form.fields["channel"].choices],
        "incidents": Incident.objects.at_estate(reach.estate).open().order_by("-opened_at")[:3],
        "clear": [form[name] for name in CLEAR], "may_pass": reach.may("ticket.pass_on"), "may_classify": reach.may("ticket.classify"), "may_file": reach.may("ticket.file"),
        "search_url": reverse("tickets:list", args=[reach.estate.code]),
    }  # fmt: skip
    if form.is_bound:
        page |= _hints(reach, request.POST)
    return page | _filed(reach, request.GET.get("filed", ""))


def _told_once(request: HttpRequest, ticket: Ticket, way_back: str) -> HttpResponse:
    """An anonymous complaint: its secret stands in this answer alone; the same form sent again shows it again."""
    reach = request.reach
    path = reverse("tickets:anonymous", args=[request.estate.code, way_back])
    page = _page(request, DeskForm(reach=reach), None, None) | _filed(reach, ticket.number) | {"way_back": request.build_absolute_uri(path)}
    answer = render(request, "tickets/desk.html", page)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def _filed(reach: Reach, number: str) -> dict[str, Any]:
    """What is read back to the caller: the number, what was understood, what is promised by when."""
    ticket = Ticket.objects.visible_to(reach).select_related(*workbench.LINKS, "household").filter(number=number).first() if number else None
    if ticket is None:
        return {}
    noun = {Stage.RECEIVED: "classification", Stage.CLASSIFIED: "dispatch"}.get(Stage(ticket.stage), "")
    act = next((act for act in TICKET_ACTS if act.noun == noun and reach.may(act.permission)), None)
    promises = Clock.objects.of(ticket).running().order_by("due_at")
    return {"filed": ticket, "act": act, "promises": promises}


def _file(form: DeskForm, reach: Reach) -> tuple[Ticket, str]:
    """Take the report by the verbs, all or nothing: add to one that is open, or report, classify, pass on, merge."""
    data = form.cleaned_data
    with transaction.atomic():
        if known := data["add_to"]:
            known.add(data["words"], by=reach)
            return known, _("已补充到 %(number)s。") % {"number": known.number}
        fields = form.report_fields()
        ticket = Ticket.objects.report(by=reach, estate=reach.estate, **fields)
        if data["klass"] and reach.may("ticket.classify") and ticket.stage == Stage.RECEIVED:
            category = data["category"] or propose(data["words"]).key
            ticket.classify(by=reach, klass=data["klass"], category=category, kind=data["kind"])
        if data["elsewhere"] and not ticket.passings.exists():
            ticket.pass_on(data["pass_to"], by=reach)
        if (target := data["merge_into"]) and ticket.stage != Stage.MERGED:
            ticket.merge_into(target, by=reach)
            return ticket, _("已登记 %(number)s，并入 %(target)s。") % {"number": ticket.number, "target": target.number}
    return ticket, _("已登记 %(number)s。") % {"number": ticket.number}


def _zones(reach: Reach, typed: Any) -> Any:
    """The zone of the home or place in question: a lamp at the other end of the estate is another lamp."""
    unit, place = row_id(typed.get("unit", "")), row_id(typed.get("place", ""))
    rows = Unit.objects.at_estate(reach.estate).filter(pk=unit) if unit else Place.objects.at_estate(reach.estate).filter(pk=place)
    return rows.values("zone_id")


def _hints(reach: Reach, typed: Any) -> dict[str, Any]:
    """What the words suggest, and open reports of the same home, place or category of the last 48 hours."""
    words = typed.get("words", "")[:2000].strip()
    if len(words) < 2:
        return {"guess": None, "alike": []}
    guess = propose(words)
    category = typed.get("category", "") or (guess.key if guess.key != "other" else "")
    rows = workbench.open_to(reach).filter(reported_at__gte=clock.now() - RECENT, incident__isnull=True)
    same = Q()
    for name in ("unit", "place"):
        if value := row_id(typed.get(name, "")):
            same |= Q(**{f"{name}_id": value})
    alike = list(rows.filter(same).select_related(*workbench.LINKS).recent_first()[:ALIKE]) if same else []
    if category and len(alike) < ALIKE:
        near = rows.filter(category=category, **({"zone_id__in": _zones(reach, typed)} if same else {})).exclude(pk__in=[row.pk for row in alike])
        alike += near.select_related(*workbench.LINKS).recent_first()[: ALIKE - len(alike)]
    workbench.with_workers(alike)
    chosen = categories().get(typed.get("category", ""))
    return {
        "guess": guess if guess.key != "other" and guess != chosen else None, "guess_klass": Klass(guess.klass).label,
        "alike": lines(alike, reach),
    }  # fmt: skip
