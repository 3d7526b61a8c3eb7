"""The arithmetic of the first month, shown, and the days it gives to each steward (HSE-01, CF-36)."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db import connection

from guanjia import clock
from guanjia.clocks import calendars

if TYPE_CHECKING:
    from guanjia.estates.models import Estate

    from .models import Survey


@dataclass(frozen=True)
class Arithmetic:
    """What the month asks and what the stewards can do."""

    homes: int  # households to be known
    online: int  # per cent the questionnaire is to reach
    per_day: int
    stewards: int
    days: int  # working days of the period
    per_steward: bool

    @property
    def by_questionnaire(self) -> int:
        return self.homes * self.online // 100

    @property
    def to_visit(self) -> int:
        return self.homes - self.by_questionnaire

    @property
    def a_day(self) -> int:
        """Visits of all together on one day."""
        return self.per_day * (max(self.stewards, 1) if self.per_steward else 1)

    @property
    def capacity(self) -> int:
        return self.a_day * self.days

    @property
    def days_needed(self) -> int:
        return -(-self.to_visit // self.a_day)

    @property
    def days_for_all(self) -> int:
        """If nobody answered online."""
        return -(-self.homes // self.a_day)

    @property
    def stewards_needed(self) -> int:
        """How many must go so that the visits fit into the days."""
        return -(-self.to_visit // (self.per_day * self.days)) if self.days else 0

    @property
    def fits(self) -> bool:
        return self.days_needed <= self.days

    @property
    def fits_all(self) -> bool:
        return self.days_for_all <= self.days


def period(begins_on: date, months: int) -> tuple[date, date]:
    """[first, end): a month runs to the same day of the next, or to its last."""
    year, month = divmod(begins_on.year * 12 + begins_on.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return begins_on, date(year, month + 1, min(begins_on.day, last))


def workdays(estate: Estate, begins_on: date, months: int) -> list[date]:
    (first, end), works = period(begins_on, months), calendars.workdays(estate)
    return [day for day in (first + timedelta(n) for n in range((end - first).days)) if works(day)]


# Every household with its zone, how far it is, and who answers for the zone.
HOMES = """
SELECT h.id, min(u.id) AS unit_id, min(u.zone_id) AS zone_id, min(u.code) AS code,
    EXISTS (SELECT 1 FROM care_answer a WHERE a.estate_id = h.estate_id AND a.household_id = h.id AND a.at >= %(since)s) AS answered,
    EXISTS (SELECT 1 FROM care_visit v WHERE v.estate_id = h.estate_id AND v.household_id = h.id AND v.outcome = 'met' AND v.made_at >= %(since)s) AS met,
    EXISTS (SELECT 1 FROM care_visit v WHERE v.estate_id = h.estate_id AND v.household_id = h.id AND v.outcome = '') AS planned
FROM households_household h
JOIN households_occupancy o ON o.estate_id = h.estate_id AND o.household_id = h.id AND o.during @> %(today)s::date
JOIN estates_unit u ON u.estate_id = o.estate_id AND u.id = o.unit_id
WHERE h.estate_id = %(estate)s GROUP BY h.id
"""


def homes(survey: Survey, at: datetime) -> list[dict[str, Any]]:
    since = datetime.combine(survey.begins_on, time(), ZoneInfo(survey.estate.time_zone))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT * FROM ({HOMES}) AS x ORDER BY zone_id, code",
            {"estate": survey.estate_id, "today": clock.today(survey.estate, at), "since": since},
        )
        columns = [column[0] for column in cursor.description or ()]
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


def stewards(estate: Estate, at: datetime) -> dict[int | None, list[int]]:
    """zone → who goes there."""
    from guanjia.people.models import Post
    from guanjia.people.roles import working_as

    found: dict[int | None, list[int]] = {}
    posts = (
        Post.objects.at_estate(estate)
        .held_on(clock.today(estate, at))
        .filter(role__in=working_as("steward"), zone__isnull=False)
    )
    for zone, person in posts.order_by("zone_id", "pk").values_list("zone_id", "person_id"):
        if person not in found.setdefault(zone, []):
            found[zone].append(person)
    return found


def arithmetic(
    estate: Estate,
    at: datetime,
    *,
    begins_on: date,
    per_day: int,
    online: int,
    months: int,
    per_steward: bool,
    count: int,
) -> Arithmetic:
    people = {person for some in stewards(estate, at).values() for person in some}
    return Arithmetic(count, online, per_day, len(people), len(workdays(estate, begins_on, months)), per_steward)


def assign(survey: Survey, at: datetime) -> int:
    """Plan a visit for each home that is neither known nor planned: each steward their zones' homes, so many a day, in the order of the doors.

    What does not fit into the period goes on behind it: the page shows that it is late.
    """
    from .models import Visit

    today = clock.today(survey.estate, at)
    days = [day for day in workdays(survey.estate, survey.begins_on, survey.months + 6) if day >= today]
    by_zone = stewards(survey.estate, at)
    each = (
        survey.per_day
        if survey.per_steward
        else max(1, survey.per_day // max(1, len({p for some in by_zone.values() for p in some})))
    )
    load: dict[int, int] = {}
    for person, count in (
        Visit.objects.at_estate(survey.estate_id).open().filter(survey=survey).values_list("person_id", "planned_on")
    ):
        load[person] = load.get(person, 0) + bool(count)
    made = []
    for home in homes(survey, at):
        people = by_zone.get(home["zone_id"], [])
        if home["answered"] or home["met"] or home["planned"] or not people:
            continue
        person = min(people, key=lambda one: (load.get(one, 0), one))
        turn = load.get(person, 0) // each
        if turn >= len(days):
            continue
        load[person] = load.get(person, 0) + 1
        made.append(Visit(
            estate_id=survey.estate_id, household_id=home["id"], unit_id=home["unit_id"], zone_id=home["zone_id"], person_id=person,
            survey=survey, planned_on=days[turn], why="首月摸底",
        ))  # fmt: skip
    Visit.objects.bulk_create(made, ignore_conflicts=True)
    return len(made)
