"""Named calendars: `rulebooks/calendars.yaml` on the table of Chinese work-days, remembered per company and zone."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from django.db.models import F, Q
from django.utils.translation import gettext as _

from guanjia.rulebooks.parameters import house
from guanjia.rulebooks.schema import calendars_book

from .calendar import ALL_DAY, ALWAYS, Calendar, Interval

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from guanjia.estates.models import Estate

LIFE = 60.0  # seconds another process may still reckon with a day as it was
_calendars: dict[tuple[int, str, str], tuple[float, Calendar]] = {}


def forget() -> None:
    """Drop what this process remembers (after a day was changed, between tests)."""
    _calendars.clear()


def calendar(estate: Estate | int, key: str) -> Calendar:
    """A calendar of the rulebook in the estate's time zone. KeyError for an unknown key."""
    if key == "always":
        return ALWAYS
    where = house(estate)
    slot = (where.company_id, where.time_zone, key)
    read_at, found = _calendars.get(slot, (0.0, ALWAYS))
    if slot not in _calendars or monotonic() - read_at > LIFE:
        found = _build(*slot)
        _calendars[slot] = (monotonic(), found)
    return found


def workdays(estate: Estate | int) -> Callable[[date], bool]:
    """Whether a date is worked, by the table of Chinese work-days and the company's own."""
    office = calendar(estate, "office")
    return lambda day: bool(office.exceptions.get(day, office.week[day.weekday()]))


def title_of(key: str) -> str:
    """A calendar's name in the reader's language."""
    entry = calendars_book().calendars.get(key)
    return _(entry.title) if entry else key


def _build(company_id: int, zone: str, key: str) -> Calendar:
    entry = calendars_book().calendars[key]
    every, work, rest = (tuple(Interval.parse(text) for text in texts) for texts in (entry.everyday, entry.workday, entry.restday))
    if every or not (work or rest):
        return Calendar(zone, (every or ALL_DAY,) * 7)
    return Calendar(zone, (work,) * 5 + (rest,) * 2, {day: work if works else rest for day, works in _days(company_id).items()})


def _days(company_id: int) -> dict[date, bool]:
    """The dates that differ from the week: date → worked. A company's own word counts before the nation's."""
    from .models import CalendarDay

    rows = CalendarDay.objects.filter(Q(company__isnull=True) | Q(company_id=company_id))
    return dict(rows.order_by(F("company").asc(nulls_first=True)).values_list("day", "works"))
