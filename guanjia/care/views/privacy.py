"""Reading what is masked, for a reason; who read what (HSE-14, design §7)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.events.sentences import kept
from guanjia.households.models import Household, Member, Need
from guanjia.people.privacy import mask_name, unmask
from guanjia.rulebooks.parameters import parameter
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.reading import row_id
from guanjia.web.guard import needs

from ..acts import household_of, row_of

if TYPE_CHECKING:
    from django.http import HttpRequest

SHOWN = 100
LOOKED = (Action.PERSONAL_DATA_READ, Action.PERSONAL_DATA_EXPORTED, Action.PERSON_ERASED)


class ReasonForm(forms.Form):
    why = forms.CharField(label=_("为什么要查看"), max_length=300, min_length=2, help_text=_("会记入查看记录。"))


@needs("household.unmask", "household.needs")
def reading(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """A member's telephone or a need's words, for a reason that is kept. Habits are no secret: they are shown at once."""
    row = row_of(kind, pk, request.reach) if kind in ("member", "need") else None
    if row is None or (isinstance(row, Need) and row.is_sensitive and not request.reach.may("household.needs")):
        raise Http404
    plain = isinstance(row, Need) and row.kind == Need.Kind.HABIT
    form = ReasonForm(request.POST if request.method == "POST" else None)
    shown = row.words if plain else ""
    if form.is_bound and form.is_valid():
        try:
            shown = read(row, form.cleaned_data["why"], request.reach)
        except Refused as refused:
            raise Http404 from refused
    household = household_of(row)
    back = reverse("care:home", args=[request.estate.code, household.pk])
    page = {
        "form": form,
        "home": back,
        "household": household,
        "row": row,
        "shown": shown,
        "is_phone": kind == "member",
        "plain": plain,
    }
    answer = render(request, "care/reading.html", page, status=422 if form.errors else 200)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def read(row: Any, why: str, reach: Any) -> str:
    """The clear words, with their trace."""
    if isinstance(row, Member):
        return unmask(row, "phone", why, reach)
    if row.is_sensitive:
        reach.must("household.needs")
    who = mask_name(row.member.name) if row.member_id else row.household.number
    Event.objects.record(
        Action.PERSONAL_DATA_READ,
        row.household,
        by=reach,
        at=clock.now(),
        told=False,
        what=f"{who} {kept(_('特殊需要'))}",
        field="need",
        why=why,
    )
    return str(row.words)


@needs("privacy.review")
def readings(request: HttpRequest) -> HttpResponse:
    """Who looked at whose data, when and why; by person with `?person=`."""
    estate, now = request.estate, clock.now()
    since = now - timedelta(days=int(parameter(estate, "privacy.reading_days", now)))
    rows = Event.objects.at_estate(estate).filter(action__in=LOOKED, at__gte=since)
    person, before = request.GET.get("person", ""), request.GET.get("before", "")
    if (actor := row_id(person)) is not None:
        rows = rows.filter(actor_id=actor)
    if (last := row_id(before)) is not None:
        rows = rows.filter(pk__lt=last)
    page = list(rows.order_by("-pk")[: SHOWN + 1])
    told = [{"event": row, "why": row.particulars.get("why", ""), "home": _home(row, estate)} for row in page[:SHOWN]]
    busy = _busiest(estate, since)
    return render(
        request,
        "care/readings.html",
        {
            "told": told,
            "before": page[SHOWN - 1].pk if len(page) > SHOWN else "",
            "busy": busy,
            "person": person,
            "since": since,
        },
    )


def _home(row: Event, estate: Any) -> str:
    return reverse("care:home", args=[estate.code, row.subject_id]) if row.subject_type == Household.noun else ""


def _busiest(estate: Any, since: Any) -> list[Any]:
    from django.db.models import Count

    rows = Event.objects.at_estate(estate).filter(action__in=LOOKED, at__gte=since, actor__isnull=False)
    return list(rows.values("actor_id", "actor_name").annotate(count=Count("pk")).order_by("-count")[:10])
