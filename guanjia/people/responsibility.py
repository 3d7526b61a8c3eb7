"""Whose is it: who answered for a zone on a date (design decision 6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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
    held = [
        (post.zone_id != zone_id, post.deputy, post.pk, post.person_id)
        for post in posts
        if post.zone_id in (zone_id, None)
    ]
    if zone_id is None:
        held = [entry for entry in held if not entry[0]]
    return Person.objects.filter(pk=min(held)[3]).first() if held else None


def holders(estate: Estate, role: str, at: datetime | None = None) -> Any:
    """Everyone who holds a role at an estate on that day, zone by zone."""
    posts = Post.objects.at_estate(estate).filter(role=role).held_on(clock.today(estate, at))
    return Person.objects.filter(pk__in=posts.values("person_id"), is_active=True).order_by("name")
