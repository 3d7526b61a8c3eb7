"""住户: the list by tier, one household on one page, its timeline, and everything one does with it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Count, Q
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.households.models import HouseholdDocument, Tier
from guanjia.jobs.models import Job
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.tenancy.reading import row_id
from guanjia.tickets.callers import find_households
from guanjia.tickets.lines import lines
from guanjia.tickets.models import Ticket
from guanjia.web.guard import needs

from ..acts import ACTS, household_of, row_of
from ..file import file_of
from ..reach import within
from ..story import SIZE, story

if TYPE_CHECKING:
    from django.http import HttpRequest

PAGE, FOUND = 50, 30
TICKET = re.compile(r"\d{6}-\d{1,8}")
JUST_NOW = timedelta(seconds=1)  # what happened this instant is shown as well
SHOWS = {
    "vulnerable": Q(is_vulnerable=True),
    "key": Q(is_key=True),
    "arrears": Q(in_arrears=True),
    "untiered": Q(tier=""),
}


@needs("household.read")
def homes(request: HttpRequest) -> HttpResponse:
    """By number, filtered by tier; with words, what the one search box finds."""
    reach, words = request.reach, request.GET.get("q", "").strip()
    show = request.GET.get("show", "")
    rows = within(reach)
    counts = rows.aggregate(
        all=Count("pk"),
        **{name: Count("pk", filter=test) for name, test in SHOWS.items()},
        **{tier: Count("pk", filter=Q(tier=tier)) for tier in Tier.values},
    )
    hits = None
    if words:
        hits = find_households(reach, words, FOUND)
        found = {row.pk: row for row in rows.filter(pk__in=[hit.household_id for hit in hits if hit.household_id])}
        hits = [(hit, found.get(hit.household_id)) for hit in hits]
    rows = rows.filter(SHOWS.get(show, Q(tier=show) if show in Tier.values else Q()))
    after = row_id(request.GET.get("after"))
    page = list(_with_rooms(reach, rows.filter(pk__gt=after) if after else rows)[: PAGE + 1])
    tabs = [(key, label, counts[key]) for key, label in _tabs() if counts.get(key) or key in ("all", *Tier.values)]
    shown = {"rows": page[:PAGE], "next": page[PAGE - 1].pk if len(page) > PAGE else "", "show": show or "all", "tabs": tabs, "hits": hits, "q": words,
             "search_url": request.path, "full": bool(hits) and len(hits or []) == FOUND}  # fmt: skip
    return render(request, "care/homes.html", shown)


def _tabs() -> list[tuple[str, Any]]:
    return [
        ("all", _("全部")),
        *Tier.choices,
        ("vulnerable", _("上门服务")),
        ("key", _("重点客户")),
        ("arrears", _("有欠费")),
        ("untiered", _("未分层")),
    ]


def _with_rooms(reach: Any, rows: Any) -> Any:
    from django.contrib.postgres.aggregates import ArrayAgg

    today = clock.today(reach.estate)
    rooms = ArrayAgg(
        "occupancies__unit__code", filter=Q(occupancies__during__contains=today), distinct=True, default=[]
    )
    zone = ArrayAgg(
        "occupancies__unit__zone__name", filter=Q(occupancies__during__contains=today), distinct=True, default=[]
    )
    return rows.annotate(rooms=rooms, zone_names=zone).order_by("pk")


@needs()
def search(request: HttpRequest) -> HttpResponse:
    """The box at the head of every page: a ticket's number, one household, several, else the words of tickets."""
    words, reach = request.GET.get("q", "").strip()[:60], request.reach
    tickets = f"{reverse('tickets:list', args=[request.estate.code])}?{urlencode({'q': words})}"
    if not words or TICKET.fullmatch(words) or not reach.may("household.read"):
        return redirect(tickets)
    hits = find_households(reach, words, FOUND)
    if len(hits) == 1 and hits[0].household_id:
        return redirect("care:home", request.estate.code, hits[0].household_id)
    return redirect(
        f"{reverse('care:homes', args=[request.estate.code])}?{urlencode({'q': words})}" if hits else tickets
    )


@needs("household.read")
def home(request: HttpRequest, pk: int) -> HttpResponse:
    """The file: read in half a minute while the telephone rings."""
    household = get_object_or_404(within(request.reach), pk=pk)
    now = clock.now()
    file = file_of(household, request.reach, now)
    told = story(household, request.reach, now + JUST_NOW, 12)
    opened = Ticket.objects.visible_to(request.reach).open().filter(household=household).order_by("due_at", "pk")
    acts = [(noun, act) for (kind, noun), act in ACTS.items() if kind == "home" and request.reach.may(act.permission)]
    page = {"file": file, "household": household, "told": told, "opened": lines(opened.select_related("unit", "place")[:5], request.reach), "acts": acts[1:], "more": len(told) == 12, "may_edit": request.reach.may("household.edit"),
            "may_visit": request.reach.may("visit.make"), "may_tier": request.reach.may("household.tier")}  # fmt: skip
    return render(request, "care/home.html", page)


@needs("household.read")
def timeline(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that happened with the household, older and older."""
    household = get_object_or_404(within(request.reach), pk=pk)
    asked = request.GET.get("before", "").replace(" ", "+")
    try:
        before = parse_datetime(asked) if asked else None
    except ValueError:
        before = None
    told = story(household, request.reach, before if before and before.tzinfo else clock.now() + JUST_NOW)
    return render(
        request,
        "care/timeline.html",
        {"household": household, "told": told, "older": told[-1]["at"].isoformat() if len(told) == SIZE else ""},
    )


@needs("household.read")
def act(request: HttpRequest, kind: str, pk: int, noun: str) -> HttpResponse:
    """One form for every act; what the verb refuses is said on the form."""
    reach, done = request.reach, ACTS.get((kind, noun))
    row = row_of(kind, pk, reach) if done and reach.may(done.permission) else None
    if done is None or row is None:
        raise Http404
    household = household_of(row)
    back = reverse("care:home", args=[request.estate.code, household.pk])
    form = done.form(
        request.POST or None, request.FILES or None, row=row, reach=reach, initial={"client_key": get_random_string(20)}
    )
    status = 200
    if request.method == "POST":
        form = done.form(request.POST, request.FILES, row=row, reach=reach)
        status = 422
        if form.is_valid():
            try:
                made = done.run(row, dict(form.cleaned_data), reach)
            except NotAllowed as refused:
                raise Http404 from refused
            except Refused as refused:
                form.add_error(None, str(refused))
                status = 409
            else:
                messages.success(request, _("已保存。"))
                return redirect("jobs:job", request.estate.code, made.pk) if isinstance(made, Job) else redirect(back)
    template = "care/visit.html" if "heard" in form.fields else "care/act.html"
    return render(
        request, template, {"form": form, "act": done, "row": row, "household": household, "home": back}, status=status
    )


@needs("household.read")
def document(request: HttpRequest, pk: int) -> FileResponse:
    """A paper of the household, as a file that opens nothing by itself."""
    rows = HouseholdDocument.objects.at_estate(request.estate).live().filter(household__in=within(request.reach))
    row = get_object_or_404(rows, pk=pk)
    suffix = str(row.file.name).rsplit(".", 1)[-1]
    answer = FileResponse(row.file.open("rb"), as_attachment=True, filename=f"{row.title}.{suffix}")
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
