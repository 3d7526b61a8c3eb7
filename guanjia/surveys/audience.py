"""Whom news of polls, officers and open days is for, read from their own rows when it is told (guanjia/notices/crowd.py).

Nobody's id stands in an event: who was asked is in the invitations, and whoever has answered meanwhile is left in peace.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from guanjia import clock
from guanjia.households.models import Member, Occupancy

from .models import Invitation, Officer, OpenDay

if TYPE_CHECKING:
    from guanjia.estates.models import Estate
    from guanjia.events.models import Event


def poll_homes(estate: Estate, event: Event) -> set[int]:
    """Everybody who signs in for a household that is asked and has not answered."""
    return _logins(estate, _waiting(estate, event).filter(household__isnull=False).values("household_id"))


def poll_staff(estate: Estate, event: Event) -> set[int]:
    """The staff who are asked and have not answered."""
    return set(_waiting(estate, event).filter(person__isnull=False).values_list("person_id", flat=True))


def officers_invited(estate: Estate, event: Event) -> set[int]:
    """Everybody who signs in for a household that was invited with this event and has not replied."""
    asked = Officer.objects.at_estate(estate).filter(pk__gte=event.subject_id, invited_at=event.at, invited_by=event.actor_id)  # the event's is the first of them
    rows = asked.filter(accepted__isnull=True)
    return _logins(estate, rows.values("household_id"))


def living_here(estate: Estate, event: Event) -> set[int]:
    """Of an open day: everybody who signs in for a household that has a home here today."""
    if event.subject_type != OpenDay.noun:
        return set()
    return _logins(estate, Occupancy.objects.at_estate(estate).filter(during__contains=clock.today(estate)).values("household_id"))


def _waiting(estate: Estate, event: Event) -> Any:
    return Invitation.objects.at_estate(estate).filter(poll_id=event.subject_id).waiting()


def _logins(estate: Estate, homes: Any) -> set[int]:
    rows = Member.objects.at_estate(estate).filter(left_on__isnull=True, login__isnull=False, household_id__in=homes)
    return set(rows.values_list("login_id", flat=True))
