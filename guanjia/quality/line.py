"""The reporting line: who stands above a person, level by level (rulebooks/roles.yaml `reports_to`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q

from guanjia import clock
from guanjia.people.models import CompanyPost, Person, Post
from guanjia.people.roles import fallbacks, roles

if TYPE_CHECKING:
    from datetime import date


def holders(estate: Any, day: date) -> dict[str, list[int]]:
    """Role → who holds it at the estate or at its company; two statements."""
    found: dict[str, list[int]] = {}
    for role, person in Post.objects.at_estate(estate).held_on(day).order_by("pk").values_list("role", "person_id"):
        found.setdefault(role, []).append(person)
    rows = CompanyPost.objects.filter(company=estate.company_id, during__contains=day).order_by("pk")
    for role, person in rows.values_list("role", "person_id"):
        found.setdefault(role, []).append(person)
    return found


def above(person_id: int, level: int, held: dict[str, list[int]]) -> list[int]:
    """Who stands `level` steps above; empty when the line ends before."""
    steps = ladder(person_id, held)
    return steps[level - 1] if 0 < level <= len(steps) else []


def ladder(person_id: int, held: dict[str, list[int]]) -> list[list[int]]:
    """Every level above a person that somebody holds, nearest first; nobody stands on it twice."""
    level = [role for role, people in held.items() if person_id in people]
    seen_roles, seen, steps = set(level), {person_id}, []
    while level:
        level = list(dict.fromkeys(up for role in level for up in roles()[role]["reports_to"] if up not in seen_roles))
        seen_roles |= set(level)
        people = [one for role in level for one in held.get(role, []) if one not in seen]
        if people := list(dict.fromkeys(people)):
            steps.append(people)
            seen |= set(people)
    return steps


def who_does(role: str, held: dict[str, list[int]]) -> int | None:
    """Whoever holds a role, or the first post that does its work where nobody does."""
    return next((held[each][0] for each in (role, *fallbacks(role)) if held.get(each)), None)


def people_of(estate: Any) -> Any:
    """Whoever holds a post at the estate or at its company today."""
    today = clock.today(estate)
    here = Post.objects.at_estate(estate).held_on(today).values("person_id")
    company = CompanyPost.objects.filter(company=estate.company_id, during__contains=today).values("person_id")
    return Person.objects.filter(Q(pk__in=here) | Q(pk__in=company), is_active=True).order_by("name", "pk")
