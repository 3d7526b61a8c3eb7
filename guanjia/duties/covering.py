"""Moving open work from one person to another while somebody is away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from guanjia.clocks.calendar import shown
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.people.models import Person

from .models import Task

if TYPE_CHECKING:
    from datetime import datetime

    from .models import Absence


def move_tasks(
    absence: Absence, giver: int, taker: int, *, at: datetime, due: Any = None, only: list[int] | None = None
) -> list[int]:
    """Open tasks go from one to the other: those due within the business dates `due`, or `only` those named."""
    rows = Task.objects.at_estate(absence.estate_id).open().filter(person_id=giver)
    if only is not None:
        rows = rows.filter(pk__in=only)
    if due is not None:
        tz = ZoneInfo(absence.estate.time_zone)
        rows = rows.filter(due_at__gt=shown(due.lower, 0, tz))
        if due.upper:
            rows = rows.filter(due_at__lte=shown(due.upper, 0, tz))
    ids = list(rows.values_list("pk", flat=True))
    Task.objects.at_estate(absence.estate_id).open().filter(pk__in=ids, person_id=giver).update(
        person_id=taker, moved_at=at
    )
    return ids


def move_tickets(
    absence: Absence, giver: int, taker: int, *, by: Any, at: datetime, only: list[int] | None = None
) -> list[int]:
    """Open tickets of a steward go to the other one, each with its event. Orders stay: they are handed over one by one."""
    from guanjia.tickets.models import Ticket

    rows = Ticket.objects.at_estate(absence.estate_id).open().filter(steward_id=giver)
    if only is not None:
        rows = rows.filter(pk__in=only)
    name = Person.objects.filter(pk=taker).values_list("name", flat=True).first() or ""
    moved = []
    for ticket in rows.select_for_update(of=("self",)):
        ticket.steward_id = taker
        ticket.save(update_fields=["steward"])
        why = _("代班") if only is None else _("销假")
        Event.objects.record(Action.TICKET_HANDED_OVER, ticket, by=by, at=at, steward=name, steward_id=taker, why=why)
        moved.append(ticket.pk)
    return moved


def plan_absence(
    person: Person, estate: Any, first: Any, until: Any, cover: Person | None, *, by: Any, why: str = "", at: datetime | None = None
) -> Absence:  # fmt: skip
    """Somebody will be away from `first` to `until` (exclusive; None: until they come back). The work moves on the first day."""
    from guanjia import clock
    from guanjia.people.models import Post
    from guanjia.tenancy.errors import Refused
    from guanjia.tenancy.scope import estate_scope

    from .models import Absence

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
    from guanjia import clock

    from .models import Absence

    today = clock.today(estate, at)
    rows = Absence.objects.at_estate(estate).filter(ended_at__isnull=True)
    for row in rows.filter(begun_at__isnull=True, during__contains=today):
        row.begin(at=at)
    for row in rows.filter(during__endswith__lte=today):
        row.come_back(at=at)
