"""The records behind a figure: tasks, tickets, events, and what breaks a named proof."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from guanjia.clocks.models import Clock
from guanjia.duties.models import Suspicion, Task
from guanjia.events.models import Event
from guanjia.people.models import Person

from .context import values
from .counting import run
from .evidence import CLOCK, EVENT, TASK, Part
from .proofs import breaking, known_proof

if TYPE_CHECKING:
    from collections.abc import Callable

    from guanjia.estates.models import Estate

MOST = 20


@dataclass
class Found:
    """One record: what it is, when, whose, and where to read it."""

    title: str
    at: datetime | None
    who: str
    url: str
    kept: bool


def behind(estate: Estate, part: Part, since: datetime, at: datetime, *, kept: bool, zone: int | None = None, person: int | None = None) -> list[Found]:
    """The newest records that kept a part of a clause, or broke it; of one person where only they may be seen. Two statements."""
    found = _READ[part.kind](estate, part.key, since, at, kept, zone, person)
    names = dict(Person.objects.filter(pk__in={who for _t, _a, who, _u in found if who}).values_list("pk", "name"))
    return [Found(title, when, names.get(who, ""), url, kept) for title, when, who, url in found]


Read = list[tuple[str, Any, Any, str]]


def _tasks(estate: Estate, key: str, since: datetime, at: datetime, kept: bool, zone: int | None, person: int | None) -> Read:
    untrue = Q(pk__in=Suspicion.objects.at_estate(estate).filter(stands=True).values("record__task"))
    good = Q(done_at__lte=F("due_at")) & ~untrue
    bad = Q(due_at__lt=at) & (Q(done_at__isnull=True) | Q(done_at__gt=F("due_at"))) | untrue
    rows = Task.objects.at_estate(estate).filter(good if kept else bad, key=key, due_at__gte=since, waived_at__isnull=True, made_at__lte=at)
    if zone:
        rows = rows.filter(zone=zone)
    if person:
        rows = rows.annotate(who=Coalesce("done_by", "person")).filter(who=person)
    rows = rows.select_related("zone", "unit", "place", "building", "duty").order_by("-due_at")[:MOST]
    return [
        (f"{row.duty.title} {row.unit or row.place or row.building or row.zone or ''}".strip(), row.due_at, row.done_by_id or row.person_id, _task_url(estate, row.pk))
        for row in rows
    ]


def _task_url(estate: Estate, pk: int) -> str:
    return reverse("duties:task", args=[estate.code, pk])


def _clocks(estate: Estate, key: str, since: datetime, at: datetime, kept: bool, zone: int | None, person: int | None) -> Read:
    rows = Clock.objects.at_estate(estate).filter(kind=key, due_at__gte=since, started_at__lte=at).exclude(outcome="superseded")
    rows = rows.filter(stopped_at__lte=F("due_at")).exclude(outcome="cancelled") if kept else rows.late(at)
    if zone:
        rows = rows.filter(ticket__zone=zone)
    if person:
        rows = rows.filter(ticket__steward=person)
    found = rows.select_related("ticket").order_by("-due_at")[:MOST]
    return [(f"{row.ticket.number} {row.ticket.words[:30]}", row.due_at, row.ticket.steward_id, reverse("tickets:show", args=[estate.code, row.ticket.number])) for row in found]


def _events(estate: Estate, key: str, since: datetime, at: datetime, kept: bool, zone: int | None, person: int | None) -> Read:
    if not kept:
        return []
    told = Event.objects.at_estate(estate).filter(action=key, at__gte=since, at__lte=at, **({"actor": person} if person else {}))
    rows = list(told.order_by("-at")[:MOST])
    numbers = _numbers(estate, {row.subject_id for row in rows if row.subject_type == "ticket"})
    return [(row.sentence, row.at, row.actor_id, _link(estate, row.subject_type, row.subject_id, numbers.get(row.subject_id, ""))) for row in rows]


def _numbers(estate: Estate, ids: set[int]) -> dict[int, str]:
    return dict(Clock.tickets().at_estate(estate).filter(pk__in=ids).values_list("pk", "number"))


def _proofs(estate: Estate, key: str, since: datetime, at: datetime, kept: bool, zone: int | None, person: int | None) -> Read:
    one = known_proof(key)
    if kept or one is None:
        return []
    statement, named = breaking(one, since, at, zone=zone, person=person, most=MOST)
    rows = run(statement, values(estate, at, statement) | named)
    return [(str(label), when, who, _link(estate, one.source.noun, pk, label)) for pk, label, when, who in rows]


def _link(estate: Estate, noun: str, pk: int, label: str) -> str:
    """Where a row of a noun is read; empty for what has no page."""
    code = estate.code
    made: dict[str, Callable[[], str]] = {
        "ticket": lambda: reverse("tickets:show", args=[code, label]) if label else "",
        "work": lambda: reverse("tickets:work", args=[code, pk]),
        "incident": lambda: reverse("tickets:incident", args=[code, pk]),
        "household": lambda: f"{reverse('tickets:desk', args=[code])}?household={pk}" if pk else "",
        "call": lambda: reverse("collection:household", args=[code, pk]),
        "draft": lambda: reverse("billing:draft_paper", args=[code, pk]),
        "letter": lambda: reverse("collection:letter", args=[code, pk]),
        "shift": lambda: reverse("collection:shift", args=[code, pk]),
        "count": lambda: f"{reverse('collection:bank', args=[code])}?month={label}",
        "debit_batch": lambda: reverse("collection:debit", args=[code, pk]),
        "unit": lambda: f"{reverse('tickets:desk', args=[code])}?unit={pk}",
        "task": lambda: _task_url(estate, pk),
        "record": lambda: reverse("duties:record", args=[code, pk]),
        "inspection": lambda: reverse("quality:inspection", args=[code, pk]),
        "item_score": lambda: reverse("quality:inspection", args=[code, pk]),
        "assessment": lambda: reverse("quality:assessment", args=[code, pk]),
        "campaign": lambda: reverse("quality:campaign", args=[code, pk]),
        "campaign_step": lambda: reverse("quality:step", args=[code, pk]),
        "rectification": lambda: reverse("quality:fix", args=[code, pk]),
        "emergency": lambda: reverse("emergencies:scene", args=[code, pk]),
        "emergency_plan": lambda: reverse("emergencies:plan_row", args=[code, pk]),
        "fire": lambda: reverse("emergencies:fire", args=[code, pk]),
        "hazard": lambda: reverse("emergencies:hazard", args=[code, pk]),
        "training": lambda: reverse("training:session", args=[code, pk]),
        "exam": lambda: reverse("training:exam", args=[code, pk]),
        "parameter": lambda: reverse("rulebooks:rules", args=[code]),
    }
    return made[noun]() if noun in made else ""


_READ = {TASK: _tasks, CLOCK: _clocks, EVENT: _events, "proof": _proofs}


def nothing_words(part: Part) -> str:
    return _("没有违反的记录") if part.kind != EVENT else _("还没有发生过")
