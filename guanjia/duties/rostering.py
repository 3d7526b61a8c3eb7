"""Keeping the roster: a week of shifts at a time, typed in a grid or pasted from a workbook."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.rulebooks.shifts import shifts_book
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.scope import estate_scope

from .laying import drop, untouched
from .models import Enactment, Roster

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from guanjia.estates.models import Estate

Cell = tuple[int, date, str]  # person, day, shift; an empty shift takes the entry away


def keep_roster(estate: Estate, cells: Iterable[Cell], *, by: Any, at: datetime | None = None) -> int:
    """Write the cells that differ; tasks of those days that nobody has begun are given out anew. Returns how many differ."""
    at = at or clock.now()
    if by is not None:
        by.must("duty.roster")
    wanted = {(person, day): shift for person, day, shift in cells}
    if unknown := {shift for shift in wanted.values() if shift} - set(shifts_book().shifts):
        raise Refused(_("没有这个班次：%(shifts)s") % {"shifts": "、".join(sorted(unknown))}, code="no_such_shift")
    with estate_scope(estate):
        days = {day for _person, day in wanted}
        state = Enactment.objects.held(estate)  # as the generator: two grids of one week follow one another
        rows = Roster.objects.at_estate(estate)
        known = {(row.person_id, row.day): row for row in rows.filter(day__in=days)}
        changed = {key: shift for key, shift in wanted.items() if (known[key].shift if key in known else "") != shift}
        if not changed:
            return 0
        rows.filter(pk__in=[known[key].pk for key in changed if key in known]).delete()
        rows.bulk_create(Roster(estate=estate, person_id=person, day=day, shift=shift) for (person, day), shift in changed.items() if shift)
        _give_out_anew(estate, state, {day for _person, day in changed}, at)
        about = SimpleNamespace(noun="estate", pk=estate.pk, estate_id=estate.pk)
        Event.objects.record(Action.ROSTER_KEPT, about, by=by, at=at, told=False, count=len(changed))
    return len(changed)


def _give_out_anew(estate: Estate, state: Enactment, days: set[date], at: datetime) -> None:
    """Drop what nobody has begun on those days (and the night after); the next generation makes it again, for who works then."""
    nights = days | {day + timedelta(days=1) for day in days}
    if drop(estate, untouched(estate, at).filter(day__in=nights)) and state.made_to and state.made_to > at:
        state.keep(made_to=at, made_at=at - timedelta(hours=1))


def read_pasted(estate: Estate, monday: date, text: str, people: dict[str, int]) -> tuple[list[Cell], list[str]]:
    """(cells, lines that could not be read) of a table: a name, then seven shifts by their titles."""
    titles = {entry.title: key for key, entry in shifts_book().shifts.items()} | {key: key for key in shifts_book().shifts}
    cells: list[Cell] = []
    wrong = []
    for line in text.splitlines():
        name, *said = [part.strip() for part in line.split("\t")]
        if not name:
            continue
        if name not in people or len(said) > 7 or any(each and each not in titles for each in said):
            wrong.append(line[:60])
            continue
        cells += [(people[name], monday + timedelta(days=n), titles[each]) for n, each in enumerate(said) if each]
    return cells, wrong
