"""Moving open work from one person to another while somebody is away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db.models import F, Q
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.clocks.calendar import shown
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.people.models import Person, Post
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.scope import estate_scope

from .models import Absence, Task

if TYPE_CHECKING:
    from datetime import datetime


def move_tasks(
    row: Absence | Post, giver: int, taker: int, *, at: datetime, due: Any = None, only: list[int] | None = None
) -> list[int]:
    """Open tasks go from one to the other: those due within the business dates `due`, or `only` those named."""
    rows = Task.objects.at_estate(row.estate_id).open().filter(person_id=giver)
    if only is not None:
        rows = rows.filter(pk__in=only)
    if due is not None:
        tz = ZoneInfo(row.estate.time_zone)
        rows = rows.filter(due_at__gt=shown(due.lower, 0, tz))
        if due.upper:
            rows = rows.filter(due_at__lte=shown(due.upper, 0, tz))
    ids = list(rows.values_list("pk", flat=True))
    Task.objects.at_estate(row.estate_id).open().filter(pk__in=ids, person_id=giver).update(
        person_id=taker, moved_at=at
    )
    return ids


def move_tickets(
    row: Absence | Post, giver: int, taker: int, *, by: Any, at: datetime, why: str, only: list[int] | None = None
) -> list[int]:
    """Open tickets of a steward go to the other one, each with its event."""
    from guanjia.tickets.models import Ticket

    rows = Ticket.objects.at_estate(row.estate_id).open().filter(steward_id=giver)
    if only is not None:
        rows = rows.filter(pk__in=only)
    name = Person.objects.filter(pk=taker).values_list("name", flat=True).first() or ""
    moved = []
    for ticket in rows.select_for_update(of=("self",)):
        ticket.steward_id = taker
        ticket.save(update_fields=["steward"])
        Event.objects.record(Action.TICKET_HANDED_OVER, ticket, by=by, at=at, steward=name, steward_id=taker, why=why)
        moved.append(ticket.pk)
    return moved


def move_orders(
    row: Absence | Post, giver: int, taker: int, *, at: datetime, why: str, only: list[int] | None = None
) -> list[int]:
    """Open orders of a worker go to the other one; the ids of those that took their place.

    An order whose ticket the other one works on already stays: nobody has two orders of one ticket.
    """
    from guanjia.tickets.models import WorkOrder

    rows = WorkOrder.objects.at_estate(row.estate_id).open()
    has = rows.filter(worker_id=taker).values("ticket_id")
    mine = rows.filter(worker_id=giver).exclude(ticket_id__in=has)
    if only is not None:
        mine = mine.filter(pk__in=only, arrived_at__isnull=True)
    worker = Person.objects.get(pk=taker)
    return [order.hand_over(worker, why, by=None, at=at).pk for order in mine.select_related("ticket").order_by("pk")]


def move_work(
    row: Absence | Post, giver: int, taker: int, *, by: Any, at: datetime, why: str, due: Any = None
) -> dict[str, list[int]]:
    """Everything open goes from one to the other, in one act: tasks, tickets and orders."""
    return {
        "tasks": move_tasks(row, giver, taker, at=at, due=due),
        "tickets": move_tickets(row, giver, taker, by=by, at=at, why=why),
        "orders": move_orders(row, giver, taker, at=at, why=why),
    }


def stand_in_for(person: Person, estate: Any, first: Any) -> Person | None:
    """Who takes over when nobody is named: a deputy in the same post, else the post that stands in for it (STF-17)."""
    from guanjia.people.roles import stand_ins

    posts = Post.objects.at_estate(estate).held_on(first).order_by("zone_id", "pk")
    away = Absence.objects.at_estate(estate).filter(ended_at__isnull=True, during__contains=first).values("person_id")
    here = posts.exclude(person=person).exclude(person_id__in=away)
    for mine in posts.filter(person=person):
        near = here.filter(Q(zone_id=mine.zone_id) | Q(zone__isnull=True))
        chain = [near.filter(role=mine.role, deputy=True), *(near.filter(role=role) for role in stand_ins(mine.role))]
        for rows in chain:
            if found := rows.order_by(F("zone_id").asc(nulls_last=True), "pk").first():
                return found.person
    return None


def plan_absence(
    person: Person, estate: Any, first: Any, until: Any, cover: Person | None, *, by: Any, why: str = "", at: datetime | None = None
) -> Absence:  # fmt: skip
    """Somebody will be away from `first` to `until` (exclusive; None: until they come back). The work moves on the first day.

    With no cover named, whoever stands in for the post takes over (STF-17); where there is nobody, the work stays.
    """
    at = at or clock.now()
    if by is not None and by.person_id != person.pk:
        by.must("duty.roster")
    if until is not None and until <= first:
        raise Refused(_("结束日期要在开始之后。"), code="bad_dates")
    with estate_scope(estate):
        if cover is not None:
            here = Post.objects.at_estate(estate).held_on(first).filter(person=cover).exists()
            if cover.pk == person.pk or not here:
                raise Refused(_("请选择另一位在任的同事代班。"), code="no_cover")
        else:
            cover = stand_in_for(person, estate, first)
        known = Absence.objects.at_estate(estate).filter(
            person=person, ended_at__isnull=True, during__overlap=(first, until)
        )
        if known.exists():
            raise Refused(_("这几天已经登记过请假。"), code="already_away")
        made = Absence.objects.create(
            estate=estate, person=person, cover=cover, during=(first, until), why=why.strip()[:300]
        )
        made.refresh_from_db()
        made.tell(Action.ABSENCE_PLANNED, by=by, at=at, why=made.why)
        if first <= clock.today(estate, at):
            made.begin(by=by, at=at)
    return made


def begin_and_end(estate: Any, at: datetime) -> None:
    """What the calendar brings: absences that begin today, and those that are over."""
    today = clock.today(estate, at)
    rows = Absence.objects.at_estate(estate).filter(ended_at__isnull=True)
    for row in rows.filter(begun_at__isnull=True, during__contains=today):
        row.begin(at=at)
    for row in rows.filter(during__endswith__lte=today):
        row.come_back(at=at)
