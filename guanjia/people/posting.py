"""Appointing people to posts, and ending their posts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.tenancy.scope import estate_scope

from .models import Post
from .roles import permissions_of, roles, title_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from guanjia.estates.models import Estate, Zone

    from .models import Person

_FOLLOWERS: list[Any] = []
_ASKED: list[Any] = []


def asks(check: Callable[..., Any]) -> Any:
    """Register `(person, estate, role, by, despite, at)`: asked before a person gives a post (TRN-15).

    It raises Refused, or returns what the giver should know: `post.warnings`, in words.
    """
    if check not in _ASKED:
        _ASKED.append(check)
    return check


def follows(follower: Callable[..., Any]) -> Any:
    """Register `(post, by, at)`: asked once a post was given or ended, in its estate's scope (moving.py does so of rules)."""
    if follower not in _FOLLOWERS:
        _FOLLOWERS.append(follower)
    return follower


def _followed(post: Post, by: Any, at: datetime) -> None:
    for follower in _FOLLOWERS:
        follower(post, by=by, at=at)


def may_give(by: Any, role: str) -> bool:
    """Whether somebody may give a post: those of the company, which judge the estate's own, are given by the company's people."""
    return bool(by.may("post.manage")) and (by.may("post.company") or "post.company" not in permissions_of(role))


def appoint(
    person: Person, estate: Estate, role: str, *, by: Any, zone: Zone | None = None, since: date | None = None,
    until: date | None = None, deputy: bool = False, despite: str = "", at: datetime | None = None,
) -> Post:  # fmt: skip
    """Give a person a post from a business date to another (exclusive). Overlapping holders are the database's to refuse.

    `despite` is why somebody begins who does not yet meet what the post asks for; who may say so is the check's to judge.
    """
    at = at or clock.now()
    if by is not None:
        by.must("post.manage")
    if role not in roles():
        raise Refused(_("没有这个岗位。"), code="no_such_role")
    if by is not None and not may_give(by, role):
        raise NotAllowed("post.company")
    with estate_scope(estate):
        warnings: list[str] = []
        for check in _ASKED if by is not None else ():
            warnings += check(person, estate, role, by=by, despite=despite.strip(), at=at)
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
            role=title_of(role),
            zone=zone.name if zone else "",
            told=False,
        )
        _followed(post, by, at)
        post.warnings = warnings
        return post


def relieve(post: Post, *, by: Any, until: date | None = None, at: datetime | None = None) -> None:
    """End a post on a business date (exclusive; today when none is given). What was done in it keeps its holder.

    Refused for a post that has ended by then, or would end before it began.
    """
    at = at or clock.now()
    if by is not None:
        by.must("post.manage")
    with estate_scope(post.estate_id):
        row = Post.objects.at_estate(post.estate_id).select_for_update().get(pk=post.pk)
        until = until or clock.today(row.estate, at)
        if (row.during.upper and row.during.upper <= until) or (row.during.lower and until <= row.during.lower):
            raise Refused(_("这个岗位那时不在任。"), code="not_in_force")
        post.during = row.during = (row.during.lower, until)
        row.save(update_fields=["during"])
        names = {
            "person": row.person.name,
            "role": title_of(row.role),
            "zone": row.zone.name if row.zone else "",
        }
        Event.objects.record(Action.POST_ENDED, row, by=by, at=at, told=False, **names)
        _followed(row, by, at)
