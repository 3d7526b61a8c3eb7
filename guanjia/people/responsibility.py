"""Whose is it: who answered for a zone on a date (design decision 6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import F, Q

from guanjia import clock

from .models import Person, Post
from .roles import Role

if TYPE_CHECKING:
    from datetime import datetime

    from guanjia.estates.models import Estate


def responsible_for(
    estate: Estate, zone_id: int | None, role: str = Role.STEWARD, at: datetime | None = None
) -> Person | None:
    """The person who held the role for a zone at an instant; the holder before a deputy, an estate-wide post last."""
    posts = Post.objects.at_estate(estate).filter(role=role).held_on(clock.today(estate, at))
    here = Q(zone__isnull=True) if zone_id is None else Q(zone_id=zone_id) | Q(zone__isnull=True)
    held = posts.filter(here).select_related("person").order_by(F("zone").asc(nulls_last=True), "deputy", "pk").first()
    return held.person if held else None


def holders(estate: Estate, role: str, at: datetime | None = None) -> Any:
    """Everyone who holds a role at an estate on that day, zone by zone."""
    posts = Post.objects.at_estate(estate).filter(role=role).held_on(clock.today(estate, at))
    return Person.objects.filter(pk__in=posts.values("person_id"), is_active=True).order_by("name")
