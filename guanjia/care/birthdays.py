"""Birthdays: the steward of the home hears of them beforehand, for those who agreed to it (HSE-02, HSE-22)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.households.models import Consent, Member, Occupancy, Purpose
from guanjia.people.privacy import mask_name
from guanjia.people.responsibility import responsible_for
from guanjia.people.roles import Role
from guanjia.rulebooks.parameters import parameter

if TYPE_CHECKING:
    from datetime import date, datetime

    from guanjia.estates.models import Estate


def on(estate: Estate, day: date) -> list[Member]:
    """Who has their birthday on a date and agreed to be greeted; 29 February is kept on the 28th of other years."""
    days = Q(born_on__month=day.month, born_on__day=day.day)
    if (day.month, day.day) == (2, 28) and (day + timedelta(1)).month == 3:
        days |= Q(born_on__month=2, born_on__day=29)
    agreed = Consent.objects.at_estate(estate).standing().filter(purpose=Purpose.BIRTHDAY)
    rows = Member.objects.at_estate(estate).filter(
        days, left_on__isnull=True, erased_at__isnull=True, pk__in=agreed.values("member_id")
    )
    return list(rows.select_related("household").order_by("pk"))


def remind(estate: Estate, at: datetime) -> int:
    """Tell each home's steward once, some days ahead."""
    today = clock.today(estate, at)
    day = today + timedelta(days=int(parameter(estate, "care.birthday_ahead", at)))
    members = on(estate, day)
    homes = _homes(estate, {member.household_id for member in members}, today)
    for member in members:
        unit = homes.get(member.household_id)
        steward = responsible_for(estate, unit.zone_id, Role.STEWARD, at) if unit else None
        said: dict[str, Any] = {
            "day": day.isoformat(),
            "where": unit.code if unit else member.household.number,
            "who": mask_name(member.name),
        }
        Event.objects.record(
            Action.BIRTHDAY_NEAR, member.household, at=at, worker_id=steward.pk if steward else None, **said
        )
    return len(members)


def _homes(estate: Estate, households: set[int], day: date) -> dict[int, Any]:
    rows = (
        Occupancy.objects.at_estate(estate)
        .filter(household_id__in=households, during__contains=day)
        .select_related("unit")
        .order_by("-unit__code")
    )
    return {row.household_id: row.unit for row in rows}
