"""Appointing people to posts, and ending their posts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.tenancy.scope import estate_scope

from .models import Post
from .roles import Role

if TYPE_CHECKING:
    from datetime import date, datetime

    from guanjia.estates.models import Estate, Zone

    from .models import Person


def appoint(
    person: Person, estate: Estate, role: str, *, by: Any, zone: Zone | None = None, since: date | None = None,
    until: date | None = None, deputy: bool = False, at: datetime | None = None,
) -> Post:  # fmt: skip
    """Give a person a post from a business date to another (exclusive). Overlapping holders are the database's to refuse."""
    at = at or clock.now()
    if by is not None:
        by.must("post.manage")
    with estate_scope(estate):
        post = Post.objects.create(
            estate=estate,
            person=person,
            role=role,
            zone=zone,
            deputy=deputy,
            during=(since or clock.today(estate, at), until),
        )
        Event.objects.record(
            Action.POST_HELD,
            post,
            by=by,
            at=at,
            person=person.name,
            role=str(Role(role).label),
            zone=zone.name if zone else "",
            told=False,
        )
        return post
