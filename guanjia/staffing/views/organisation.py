"""组织架构: the reporting lines of the roles that somebody holds here (EST-11, EST-12)."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from guanjia import clock
from guanjia.people.models import CompanyPost, Post
from guanjia.people.roles import roles, title_of
from guanjia.web.guard import needs

from .common import render

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@needs()
def chart(request: HttpRequest) -> HttpResponse:
    """A tree from the roles as data: each held role stands below the nearest held role it reports to."""
    today = clock.today(request.estate)
    held: dict[str, list[Any]] = defaultdict(list)
    for post in (
        Post.objects.at_estate(request.estate)
        .held_on(today)
        .select_related("person", "zone")
        .order_by("zone__code", "deputy", "pk")
    ):
        held[post.role].append(post)
    company = CompanyPost.objects.filter(company=request.estate.company_id, during__contains=today).select_related(
        "person"
    )
    for row in company:
        held[row.role].append(row)
    return render(
        request, "staffing/organisation.html", {"lines": list(_lines(held)), "unheld": len(roles()) - len(held)}
    )


def _lines(held: dict[str, list[Any]]) -> Any:
    """(depth, role, title, holders) from the top down."""
    below: dict[str, list[str]] = defaultdict(list)
    for role in roles():
        if role in held:
            below[_above(role, held)].append(role)
    stack = [(0, role) for role in reversed(below[""])]
    while stack:
        depth, role = stack.pop()
        yield {
            "depth": depth,
            "role": role,
            "title": title_of(role),
            "holders": held[role],
            "up": [title_of(key) for key in roles()[role]["reports_to"]],
        }
        stack += [(depth + 1, each) for each in reversed(below[role])]


def _above(role: str, held: dict[str, list[Any]]) -> str:
    """The nearest superior whose post somebody holds; "" for the top."""
    level, seen = list(roles()[role]["reports_to"]), {role}
    while level:
        if found := next((key for key in level if key in held), None):
            return found
        seen |= set(level)
        level = [up for key in level for up in roles()[key]["reports_to"] if up not in seen]
    return ""
