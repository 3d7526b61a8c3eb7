"""For whom an activity is: the homes of its zone, or everybody (guanjia/notices/crowd.py)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.households.models import Member, Occupancy

if TYPE_CHECKING:
    from guanjia.events.models import Event


def told(estate: Any, event: Event) -> set[int]:
    """Who signs in and lives where it is for."""
    from .models import Activity

    row = Activity.objects.at_estate(estate).filter(pk=event.subject_id).first()
    if row is None:
        return set()
    here = Occupancy.objects.at_estate(estate).filter(household_id=OuterRef("household_id"), during__contains=clock.today(estate))
    if row.zone_id:
        here = here.filter(unit__zone_id=row.zone_id)
    members = Member.objects.at_estate(estate).filter(Exists(here), left_on__isnull=True, login__isnull=False)
    return set(members.values_list("login_id", flat=True))


def guests(estate: Any, event: Event) -> set[int]:
    """Who signed up; that it is off is said to those who wait as well."""
    from .models import SignUp

    rows = SignUp.objects.at_estate(estate).filter(activity_id=event.subject_id, left_at__isnull=True)
    if event.action != Action.ACTIVITY_CALLED_OFF:
        rows = rows.filter(waiting=False)
    members = Member.objects.at_estate(estate).filter(household_id__in=rows.values("household_id"), left_on__isnull=True, login__isnull=False)
    return set(members.values_list("login_id", flat=True))
