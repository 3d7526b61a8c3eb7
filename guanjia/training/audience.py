"""Whom a training or an exam is for: everybody in post whose post belongs to one of its groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from guanjia.people.models import Person, Post

from .book import group_of, roles_in

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date


def holders(estate: Any, groups: Iterable[str], day: date) -> Any:
    """People in post on a day in these groups (none named: all), by name."""
    held = Post.objects.at_estate(estate).held_on(day).filter(role__in=roles_in(tuple(sorted(groups))))
    return Person.objects.filter(pk__in=held.values("person_id"), is_active=True).order_by("name", "pk")


def groups_of(estate: Any, person_id: int, day: date) -> frozenset[str]:
    """The groups of the posts somebody holds on a day."""
    held = Post.objects.at_estate(estate).held_on(day).filter(person=person_id)
    return frozenset(group_of(role) for role in held.values_list("role", flat=True))


def is_for(groups: Iterable[str], theirs: frozenset[str]) -> bool:
    return not groups or bool(theirs & set(groups))
